"""A bad item is taken out: it counts for nobody, is asked no more, and nobody loses by it."""

from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from hocvuso.assessment.actions import begin_attempt
from hocvuso.assessment.actions.neutralising import neutralise_item
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.items import Item, Neutralised
from hocvuso.assessment.tests.make import give_answer, make_attempt, make_test
from hocvuso.assessment.tests.test_adaptive import give_typed, make_adaptive, take
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db


def sat(wrong: set[int]) -> Attempt:
    """A fixed test of four questions (three right pass) with these positions wrong."""
    attempt = make_attempt(make_test())
    for position in range(1, 5):
        give_answer(attempt, position, right=position not in wrong)
    attempt.refresh_from_db()
    return attempt


def item_at(attempt: Attempt, position: int) -> Item:
    return attempt.responses.select_related("item").get(position=position).item


def test_who_passes_without_the_item_has_passed_and_a_record_says_so() -> None:
    attempt = sat(wrong={1, 2})

    made = neutralise_item(item_at(attempt, 1), reason="Hai đáp án đúng", by=make_person())
    neutralise_item(item_at(attempt, 2), reason="Câu hỏi cũ", by=make_person())

    attempt.refresh_from_db()
    assert made.changed == {"touched": 1, "gained": 0, "kept": 0}
    assert (attempt.status, attempt.score) == ("passed", 1.0)
    assert list(Record.objects.filter(verb__in=("passed", "failed")).values_list("verb", flat=True)) == [
        "failed",
        "passed",
    ]


def test_who_passed_only_thanks_to_it_keeps_the_pass() -> None:
    attempt = sat(wrong={4})

    made = neutralise_item(item_at(attempt, 1), reason="Lộ đề", by=make_person())

    attempt.refresh_from_db()
    assert made.changed == {"touched": 1, "gained": 0, "kept": 1}
    assert (attempt.status, round(attempt.score or 0, 3)) == ("passed", 0.667)


def test_it_is_asked_no_more_and_does_not_count_in_what_is_under_way() -> None:
    test = make_adaptive(length=12)
    running = begin_attempt(test, by=make_person())
    give_typed(running, 1, False)
    bad = item_at(running, 1)

    neutralise_item(bad, reason="Sai đáp án", by=make_person())

    take_rest = take(running, lambda position: True, first=2)
    fresh = take(begin_attempt(test, by=make_person()), lambda position: True)
    assert take_rest.status == "passed"
    assert take_rest.responses.filter(item=bad).count() == 1
    assert not fresh.responses.filter(item=bad).exists()
    assert sum(asked for _right, asked in take_rest.profile.values()) == take_rest.responses.count() - 1


def test_an_adaptive_attempt_is_replayed_without_it() -> None:
    attempt = take(begin_attempt(make_adaptive(), by=make_person()), lambda position: position != 1)
    before = attempt.estimate["estimate"]

    neutralise_item(item_at(attempt, 1), reason="Sai đáp án", by=make_person())

    attempt.refresh_from_db()
    assert attempt.estimate["estimate"] > before


def test_it_takes_a_reason_and_happens_once() -> None:
    item, author = item_at(sat(wrong=set()), 1), make_person()
    for _again in range(2):
        with pytest.raises(ValidationError):
            neutralise_item(item, reason="  ", by=author)
    neutralise_item(item, reason="Hai đáp án đúng", by=author)

    with pytest.raises(ValidationError) as refusal:
        neutralise_item(item, reason="Lần nữa", by=author)

    assert refusal.value.code == "done"
    assert Neutralised.objects.get().by == author


def test_the_command_tells_whom_it_touched() -> None:
    attempt, out = sat(wrong={1, 2}), StringIO()
    make_person(username="soan")

    call_command(
        "items_neutralise", item_at(attempt, 1).slug, by="soan", reason="Hai đáp án đúng", stdout=out
    )

    assert out.getvalue().startswith("1 attempts looked at again: 0 pass now")
    with pytest.raises(CommandError, match="no item"):
        call_command("items_neutralise", "khong-co", by="soan", reason="x")
    with pytest.raises(CommandError, match="no person"):
        call_command("items_neutralise", item_at(attempt, 2).slug, by="ai-do", reason="x")
