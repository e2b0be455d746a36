"""Answers given on paper or on a phone without a network: read, marked again, decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hocvuso.assessment.banks import open_bank
from hocvuso.assessment.booklet.making import LETTERS, BadSheet, Booklet
from hocvuso.assessment.engine import cat, profile
from hocvuso.assessment.engine.marking import LONGEST_TEXT, Answer, is_right
from hocvuso.assessment.engine.multistage import Outcome, replay_form
from hocvuso.assessment.engine.policy import Decision, Stop
from hocvuso.assessment.engine.verdict import Verdict, sureness
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.selection import policy_of

BLANKS = ("", "-")


@dataclass(frozen=True)
class Marked:
    """`answer` as responses keep it; none where the question was left open."""

    item: Item
    answer: Answer | None

    @property
    def right(self) -> bool:
        return self.answer is not None and is_right(self.item.kind, self.item.body, self.answer)


Marks = dict[str, Marked]


def read_sheets(booklet: Booklet, sheets: Mapping[str, Sequence[str]]) -> Marks:
    """What stands on the sheets handed in: by sheet, one entry a question.

    An entry is the letters circled (`B`, `AC`), the word or number written, or empty. Raises BadSheet.
    """
    marks: Marks = {}
    for name, entries in sheets.items():
        module = booklet.sheet(name)
        if len(entries) != len(module.slugs):
            raise BadSheet(f"sheet {name}: {len(entries)} answers for {len(module.slugs)} questions")
        for slug, entry in zip(module.slugs, entries, strict=True):
            item = booklet.items[slug]
            marks[slug] = Marked(item, read_entry(booklet, item, entry.strip()))
    return marks


def read_entry(booklet: Booklet, item: Item, written: str) -> Answer | None:
    if written in BLANKS:
        return None
    if item.kind == Item.Kind.SHORT:
        return written[:LONGEST_TEXT]
    order = booklet.order(item)
    places = [LETTERS.find(letter) for letter in written.upper()]
    if not all(0 <= place < len(order) for place in places):
        raise BadSheet(f"{item.slug}: {written!r} is none of the letters A to {LETTERS[len(order) - 1]}")
    return sorted({order[place] for place in places})


def read_sent(booklet: Booklet, sent: Mapping[str, Answer]) -> Marks:
    """What a phone kept, by slug: own indexes of the options chosen, or the text. Raises BadSheet."""
    marks: Marks = {}
    for slug, answer in sent.items():
        item = booklet.items.get(slug)
        if item is None:
            raise BadSheet(f"{slug}: not in this booklet")
        if isinstance(answer, str) != (item.kind == Item.Kind.SHORT):
            raise BadSheet(f"{slug}: {answer!r} is no answer to it")
        if not isinstance(answer, str) and not set(answer) <= set(range(item.parts())):
            raise BadSheet(f"{slug}: {answer!r} is no answer to it")
        marks[slug] = Marked(item, answer if isinstance(answer, str) else sorted(set(answer)))
    return marks


def decide(booklet: Booklet, marks: Marks) -> Outcome:
    return replay_form(booklet.form, {slug: one.right for slug, one in marks.items()})


def judge_marks(booklet: Booklet, marks: Marks) -> Verdict:
    """What an adaptive attempt would keep. The form decides; estimate and groups are those of the same
    answers in the bank, open ones counting as not right. Raises BadSheet where nothing was handed in."""
    outcome = decide(booklet, marks)
    if not outcome.asked:
        raise BadSheet("no sheet was handed in")
    table, policy = open_bank(booklet.bank).table, policy_of(booklet.test)
    answers = [
        (item, slug in marks and marks[slug].right)
        for name in outcome.modules
        for item, slug in zip(booklet.sheet(name).items, booklet.sheet(name).slugs, strict=True)
    ]
    step = cat.next_step(table, policy, answers)
    whole = outcome.modules[-1] in [one.name for one in booklet.form.stages[-1].modules]
    decided = "" if outcome.decision is Decision.UNDECIDED else Stop.DECIDED
    return Verdict(
        estimate=step.estimate,
        error=step.error,
        asked=outcome.asked,
        passed=outcome.passed,
        sure=sureness(step, policy, outcome.passed),
        stop=Stop.LENGTH if whole else decided,
        groups=profile.score_groups(table, policy, answers),
    )
