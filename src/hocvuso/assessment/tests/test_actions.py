from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hocvuso.assessment import actions
from hocvuso.assessment.actions import (
    Given,
    Outcome,
    answer_item,
    begin_attempt,
    expire_attempt,
    expire_attempts,
)
from hocvuso.assessment.engine.drawing import ShortBank
from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.queries import find_standings
from hocvuso.assessment.selection import next_item
from hocvuso.assessment.tests.make import answer_all, give_answer, make_attempt, make_test, place_of
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record, Unsealed
from hocvuso.skills.models import Framework

pytestmark = pytest.mark.django_db


def records(person: Person) -> list[tuple[str, str, str, dict[str, Any]]]:
    rows = Record.objects.filter(person=person).order_by("learnt_at", "id")
    return [(row.verb, row.object_kind, row.object_key, row.result) for row in rows]


def read_choices(attempt: Attempt) -> list[tuple[Any, ...]]:
    return list(attempt.responses.values_list("position", "answer", "right", "answered_at"))


def move_deadline(attempt: Attempt, **ago: float) -> None:
    """As if the clock had run on: the deadline lies so far in the past."""
    Attempt.objects.filter(pk=attempt.pk).update(deadline_at=timezone.now() - timedelta(**ago))


def begin_again_later(attempt: Attempt) -> Attempt:
    """The same person's next attempt, once the waiting time is over."""
    Attempt.objects.filter(pk=attempt.pk).update(finished_at=timezone.now() - timedelta(days=8))
    return begin_attempt(attempt.test, by=attempt.person)


# -- beginning


def test_beginning_draws_the_blueprint_and_starts_the_clock() -> None:
    test = make_test(minutes=40)
    person = make_person()

    attempt = begin_attempt(test, by=person)

    groups = attempt.responses.order_by("position").values_list("position", "item__skill__group__code")
    assert [position for position, _group in groups] == [1, 2, 3, 4]
    assert sorted(group for _position, group in groups) == ["0", "0", "1", "1"]
    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=40)
    assert records(person) == [("attempted", "test", "thu", {"attempt": str(attempt.pk)})]


def test_beginning_twice_goes_on_with_the_same_attempt() -> None:
    test, person, deed = make_test(), make_person(), new_id()

    attempts = {begin_attempt(test, by=person, deed=one).pk for one in (deed, deed, new_id(), None)}

    assert attempts == {deed}
    assert len(records(person)) == 1


def test_another_persons_deed_opens_nothing_of_theirs() -> None:
    theirs = make_attempt()

    mine = begin_attempt(theirs.test, by=make_person(), deed=theirs.pk)

    assert mine.pk != theirs.pk
    assert theirs.responses.count() == mine.responses.count() == 4


def test_a_failed_test_waits() -> None:
    attempt = make_attempt(right=0)

    with pytest.raises(ValidationError) as refusal:
        begin_attempt(attempt.test, by=attempt.person)

    assert refusal.value.code == "wait"
    assert Attempt.objects.count() == 1


def test_a_failed_test_may_be_taken_again_after_the_waiting_days() -> None:
    attempt = make_attempt(right=0)
    ended_on = timezone.localdate() - timedelta(days=7)
    ended_at = timezone.make_aware(timezone.datetime(ended_on.year, ended_on.month, ended_on.day, 23, 59))
    Attempt.objects.filter(pk=attempt.pk).update(finished_at=ended_at)

    again = begin_attempt(attempt.test, by=attempt.person)

    assert again.pk != attempt.pk


def test_a_passed_test_is_not_taken_again() -> None:
    attempt = make_attempt(right=4)

    with pytest.raises(ValidationError) as refusal:
        begin_attempt(attempt.test, by=attempt.person)

    assert refusal.value.code == "passed"


def test_a_new_version_may_be_taken_after_passing_the_old() -> None:
    attempt = make_attempt(right=4)
    Test.objects.update(current=False)
    newer = make_test(version="2", framework=attempt.test.framework)

    assert begin_attempt(newer, by=attempt.person).test == newer


def test_a_second_try_asks_what_was_not_asked_before() -> None:
    first = make_attempt(right=0)

    second = begin_again_later(first)

    asked = [set(attempt.responses.values_list("item_id", flat=True)) for attempt in (first, second)]
    assert asked[0].isdisjoint(asked[1])


def test_who_needs_time_gets_half_as_much_again() -> None:
    attempt = begin_attempt(make_test(minutes=25), by=make_person(vulnerabilities=["needs_time"]))

    assert attempt.deadline_at - attempt.started_at == timedelta(minutes=38)


def test_a_bank_too_small_leaves_no_half_attempt() -> None:
    test = make_test(
        framework=Framework.objects.create(slug="rong", version="1", title="Rỗng", content_hash="-")
    )

    with pytest.raises(ShortBank):
        begin_attempt(test, by=make_person())

    assert (Attempt.objects.count(), Record.objects.count()) == (0, 0)


# -- answering


def test_an_answer_is_kept_graded_and_recorded() -> None:
    attempt = make_attempt()
    first = attempt.responses.get(position=1)

    outcome = give_answer(attempt, 1, right=True)

    first.refresh_from_db()
    assert outcome == Outcome.KEPT
    assert [first.answer] == [first.item.keys()[0]]
    assert first.right
    assert first.answered_at is not None
    verb, kind, key, result = records(attempt.person)[-1]
    assert (verb, kind, key) == ("answered", "item", first.item.slug)
    assert result == {"attempt": str(attempt.pk), "right": True}


def test_the_record_of_an_answer_carries_the_persons_facets_and_waits_for_its_seal() -> None:
    person = make_person(birth_year=1958, sex="male", audience="worker")
    attempt = make_attempt(person=person)

    give_answer(attempt, 1)

    record = Record.objects.get(verb="answered")
    assert (record.place_id, record.household_id) == (person.place_id, person.household_id)
    assert (record.audience, record.age_band, record.sex, record.mode) == ("worker", "65+", "male", "alone")
    assert (record.person_id, record.entered_by_id) == (person.pk, person.pk)
    assert Unsealed.objects.filter(record=record).exists()


def test_the_option_is_found_by_its_place_on_the_screen() -> None:
    attempt = make_attempt()
    Response.objects.filter(attempt=attempt, position=1).update(order=[2, 0, 3, 1])

    answer_item(attempt.pk, by=attempt.person_id, given=Given(1, [2]))

    assert attempt.responses.get(position=1).answer == [3]


def test_answering_a_position_twice_changes_nothing() -> None:
    attempt = make_attempt()
    give_answer(attempt, 1, right=True)
    before = read_choices(attempt)

    outcome = give_answer(attempt, 1, right=False)

    assert outcome == Outcome.PASSED_BY
    assert read_choices(attempt) == before
    assert Record.objects.filter(verb="answered").count() == 1


def test_a_question_not_yet_shown_cannot_be_answered() -> None:
    attempt = make_attempt()

    assert give_answer(attempt, 3) == Outcome.PASSED_BY
    assert not attempt.responses.exclude(answered_at=None).exists()


@pytest.mark.parametrize("shown", [4, 99, -1])
def test_an_option_not_shown_is_refused(shown: int) -> None:
    attempt = make_attempt()

    with pytest.raises(ValidationError) as refusal:
        answer_item(attempt.pk, by=attempt.person_id, given=Given(1, [shown]))

    assert refusal.value.code == "option"
    assert not attempt.responses.exclude(answered_at=None).exists()
    assert Record.objects.filter(verb="answered").count() == 0


def test_anothers_attempt_and_a_position_never_asked_are_not_there() -> None:
    attempt, stranger = make_attempt(), make_person()

    for attempt_id, person_id, position in [
        (attempt.pk, stranger.pk, 1),
        (new_id(), attempt.person_id, 1),
        (attempt.pk, attempt.person_id, 5),
    ]:
        with pytest.raises(Attempt.DoesNotExist):
            answer_item(attempt_id, by=person_id, given=Given(position, [0]))

    assert not Response.objects.exclude(answered_at=None).exists()


def test_an_ended_attempt_takes_no_answer() -> None:
    attempt = make_attempt(right=4)
    before = read_choices(attempt)

    assert give_answer(attempt, 4, right=False) == Outcome.CLOSED
    assert read_choices(attempt) == before


def test_an_answer_within_the_grace_is_kept() -> None:
    attempt = make_attempt()
    move_deadline(attempt, seconds=20)

    assert give_answer(attempt, 1) == Outcome.KEPT


def test_an_answer_after_time_ends_the_attempt_and_does_not_count() -> None:
    attempt = make_attempt()
    give_answer(attempt, 1, right=True)
    move_deadline(attempt, seconds=40)

    outcome = give_answer(attempt, 2, right=True)

    attempt.refresh_from_db()
    assert (outcome, attempt.status, attempt.score) == (Outcome.LATE, "expired", 0.25)
    assert attempt.responses.exclude(answered_at=None).count() == 1


def test_an_answer_costs_a_handful_of_statements(django_assert_num_queries: Any) -> None:
    attempt = make_attempt()
    shown = place_of(attempt, 1, True)

    with django_assert_num_queries(6):  # savepoint, read, keep, record, queue for the seal, release
        answer_item(attempt.pk, by=attempt.person_id, given=Given(1, [shown]))


# -- the question


def test_the_next_item_is_the_first_unanswered_with_its_options_as_shuffled() -> None:
    attempt = make_attempt()
    give_answer(attempt, 1)
    response = attempt.responses.get(position=2)

    question = next_item(attempt.pk, attempt.person_id)

    assert question is not None
    texts = [response.item.body["options"][index]["text"] for index in response.order]
    assert (question.position, question.length, question.stem) == (2, 4, response.item.body["stem"])
    assert question.texts == texts
    assert question.deadline_at == attempt.deadline_at
    assert question.minutes_left(attempt.started_at) == 40


def test_there_is_no_next_item_for_a_stranger_or_after_the_end() -> None:
    attempt = make_attempt(right=4)
    running = make_attempt(attempt.test)

    assert next_item(running.pk, attempt.person_id) is None
    assert next_item(attempt.pk, attempt.person_id) is None


# -- ending


@pytest.mark.parametrize(("right", "status", "verb"), [(3, "passed", "passed"), (2, "failed", "failed")])
def test_the_last_answer_ends_the_attempt(right: int, status: str, verb: str) -> None:
    attempt = make_attempt(right=right)

    assert (attempt.status, attempt.score, attempt.right_answers()) == (status, right / 4, right)
    assert sorted(attempt.profile) == ["0", "1"]
    result = {"attempt": str(attempt.pk), "score": right / 4}
    assert records(attempt.person)[-1] == (verb, "test", "thu", result)
    assert [row[0] for row in records(attempt.person)].count(verb) == 1


def test_a_group_below_its_floor_does_not_pass() -> None:
    test = make_test(pass_share=0.5, group_floor=0.5)
    attempt = make_attempt(test)
    for response in attempt.responses.select_related("item__skill__group").order_by("position"):
        give_answer(attempt, response.position, right=response.item.skill.group.code == "0")

    attempt.refresh_from_db()

    assert (attempt.status, attempt.score, attempt.profile) == ("failed", 0.5, {"0": [2, 2], "1": [0, 2]})


def test_time_that_ran_out_is_scored_from_what_was_answered() -> None:
    attempt = make_attempt()
    give_answer(attempt, 1, right=True)
    give_answer(attempt, 2, right=False)
    move_deadline(attempt, minutes=5)

    assert expire_attempts() == 1

    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == ("expired", 0.25)
    assert attempt.finished_at == attempt.deadline_at
    record = Record.objects.get(verb="failed")
    assert (record.happened_at, record.result["score"]) == (attempt.deadline_at, 0.25)


def test_enough_right_answers_pass_even_when_time_ran_out() -> None:
    attempt = make_attempt()
    for position in (1, 2, 3):
        give_answer(attempt, position)
    move_deadline(attempt, minutes=5)

    expire_attempts()

    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == ("passed", 0.75)


def test_without_a_single_answer_nothing_is_failed_and_nobody_waits() -> None:
    attempt = make_attempt()
    move_deadline(attempt, minutes=5)

    expire_attempts()

    attempt.refresh_from_db()
    assert (attempt.status, attempt.score, attempt.profile) == ("expired", None, {})
    assert [row[0] for row in records(attempt.person)] == ["attempted"]
    assert begin_attempt(attempt.test, by=attempt.person).pk != attempt.pk


def test_attempts_in_time_are_left_alone_and_ending_twice_does_nothing() -> None:
    running, late = make_attempt(), None
    late = make_attempt(running.test)
    give_answer(late, 1)
    move_deadline(late, minutes=5)

    assert [expire_attempts(), expire_attempts()] == [1, 0]
    assert not expire_attempt(late.pk)

    running.refresh_from_db()
    assert running.status == "open"
    assert Record.objects.filter(verb="failed").count() == 1


def test_beginning_ends_what_had_run_out_before() -> None:
    attempt = make_attempt()
    give_answer(attempt, 1)
    move_deadline(attempt, minutes=5)

    with pytest.raises(ValidationError) as refusal:
        begin_attempt(attempt.test, by=attempt.person)

    assert refusal.value.code == "wait"
    attempt.refresh_from_db()
    assert attempt.status == "expired"


def test_beginning_ends_a_few_of_those_who_never_came_back() -> None:
    test = make_test()
    left = [make_attempt(test) for _ in range(7)]
    for number, attempt in enumerate(left):
        move_deadline(attempt, minutes=60 - number)

    begin_attempt(test, by=make_person())

    statuses = [Attempt.objects.get(pk=attempt.pk).status for attempt in left]
    assert statuses == ["expired"] * 5 + ["open"] * 2


def test_a_failure_while_recording_leaves_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    attempt = make_attempt()

    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("disk full")

    monkeypatch.setattr(actions, "write_record", fail)
    with pytest.raises(RuntimeError):
        give_answer(attempt, 1)

    assert not attempt.responses.exclude(answered_at=None).exists()


# -- where a person stands


def test_standing_follows_the_attempts() -> None:
    test, person, today = make_test(), make_person(), timezone.localdate()

    def stand() -> tuple[bool, bool, bool, date | None]:
        standing = find_standings([test], person, today)[0]
        return bool(standing.open), standing.passed, standing.may_begin, standing.retake_on

    before = stand()
    attempt = begin_attempt(test, by=person)
    during = stand()
    answer_all(attempt, right=0)
    failed = stand()
    answer_all(begin_again_later(attempt), right=4)
    passed = stand()

    assert before == (False, False, True, None)
    assert during == (True, False, False, None)
    assert failed == (False, False, False, today + timedelta(days=7))
    assert passed == (False, True, False, None)
