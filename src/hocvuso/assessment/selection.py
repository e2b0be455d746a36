"""The one place that decides which items a person meets, and what an adaptive attempt has shown.

A fixed test is drawn whole at its beginning. An adaptive one is asked item by item: each step is worked out
anew from the attempt's answers, its seed and its version of the bank, so any worker may take it, and any
attempt can be replayed.
"""

from uuid import UUID

from hocvuso.assessment.banks import OpenBank, open_bank, version_for
from hocvuso.assessment.engine import cat, ladder, profile
from hocvuso.assessment.engine.drawing import ShortBank, draw
from hocvuso.assessment.engine.verdict import Verdict, judge
from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.items import Neutralised
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.queries import Question, read_bank, read_question, recently_met

Answers = list[tuple[int, bool]]
ROOM = 2  # an adaptive test leaves out what was met before while this many times its length remain


def policy_of(test: Test) -> cat.Policy:
    total = sum(test.blueprint.values())
    shares = {group: count / total for group, count in test.blueprint.items()}
    return cat.Policy(shares=shares, max_length=test.length, **test.policy)


def begin(attempt: Attempt) -> list[int]:
    """The items to ask at once, by primary key; an adaptive attempt is told its bank. Raises ShortBank."""
    if attempt.test.is_fixed():
        bank = read_bank(attempt.test, attempt.person)
        return [one.item for one in draw(attempt.test.blueprint, bank, attempt.seed)]
    attempt.bank = version_for(attempt.test)
    opened = open_bank(bank_of(attempt))
    attempt.excluded = leave_out(attempt, opened)
    attempt.save(update_fields=["bank", "excluded"])
    first = follow(attempt)
    if first is None:
        raise ShortBank(f"the bank of {attempt.test} is empty")
    return [first]


def bank_of(attempt: Attempt) -> str:
    if attempt.bank_id is None:
        raise ValueError(f"attempt {attempt.pk} is of a fixed test")
    return attempt.bank_id


def leave_out(attempt: Attempt, opened: OpenBank) -> list[int]:
    """Numbers of items that the person has met, the latest attempt first, while enough others remain."""
    room = len(opened.items) - ROOM * attempt.test.length
    met = recently_met(attempt.person, opened.bank.slugs)
    return sorted(met[: max(room, 0)])


def follow(attempt: Attempt) -> int | None:
    """The next item of an adaptive attempt, by primary key; None when it has come to its end."""
    item = next_step(attempt).item
    return None if item is None else open_bank(bank_of(attempt)).items[item]


def next_step(attempt: Attempt) -> cat.Step:
    opened, answers = open_bank(bank_of(attempt)), answers_of(attempt)
    policy, excluded = policy_of(attempt.test), frozenset(attempt.excluded) | neutralised_in(opened)
    if attempt.test.mode == Test.Mode.LADDER:
        return ladder.next_step(opened.ladder, policy, answers, attempt.seed, excluded=excluded)
    return cat.next_step(opened.table, policy, answers, attempt.seed, excluded=excluded)


def neutralised_in(opened: OpenBank) -> set[int]:
    """Numbers of items that were found to be bad after this version was made."""
    found = Neutralised.objects.values_list("item", flat=True)
    return {opened.number_of[item] for item in found if item in opened.number_of}


def answers_of(attempt: Attempt) -> Answers:
    number_of = open_bank(bank_of(attempt)).number_of
    """Those that count: not to items that were neutralised."""
    counting = Response.objects.filter(attempt=attempt, answered_at__isnull=False, item__neutralised=None)
    answered = counting.order_by("position")
    return [(number_of[item], bool(right)) for item, right in answered.values_list("item", "right")]


def judge_attempt(attempt: Attempt) -> Verdict:
    """What an adaptive attempt has shown so far."""
    opened, policy, answers = open_bank(bank_of(attempt)), policy_of(attempt.test), answers_of(attempt)
    if attempt.test.mode == Test.Mode.LADDER:
        groups = ladder.score_groups(opened.ladder, policy, answers)
    else:
        groups = profile.score_groups(opened.table, policy, answers)
    return judge(next_step(attempt), policy, groups)


def next_item(attempt: UUID, person: UUID) -> Question | None:
    """What the person is asked next; None when the attempt is not theirs, has ended, or all is answered."""
    return read_question(attempt, person)
