"""Two tabs, two taps, two devices at the same moment: nothing lost, nothing twice. On both databases."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from hocvuso.assessment.actions import Given, Outcome, answer_item, begin_attempt, expire_attempts
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.tests.make import give_answer, make_attempt, make_test
from hocvuso.assessment.tests.test_actions import move_deadline
from hocvuso.assessment.tests.test_adaptive import make_adaptive
from hocvuso.base.ids import new_id
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record, Unsealed

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("shared")]


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database for threads: on SQLite a file with the schema of the tests' own, which is in memory."""
    if connection.vendor == "postgresql":
        yield
        return
    memory = connection.connection
    options = dict(connection.settings_dict)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "shared.db"))
    connection.connection = None
    connection.connect()
    memory.backup(connection.connection)
    yield
    connection.connection.close()
    connection.connection = memory
    connection.settings_dict.update(options)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """Run all deeds at the same moment, each on its own connection; what each gave back."""
    gate = Barrier(len(deeds))

    def run(deed: Callable[[], Any]) -> Any:
        gate.wait()
        try:
            return deed()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return list(pool.map(run, deeds))


def test_one_position_answered_twice_at_once_is_answered_once() -> None:
    attempt = make_attempt()

    def answer(position: int, shown: int) -> Outcome:
        return answer_item(attempt.pk, by=attempt.person_id, given=Given(position, [shown]))

    for position in (1, 2, 3):
        outcomes = at_once(*(partial(answer, position, shown) for shown in (0, 1, 2, 3)))
        assert sorted(outcomes, key=str) == [Outcome.KEPT] + [Outcome.PASSED_BY] * 3

    assert attempt.responses.exclude(answered_at=None).count() == 3
    assert Record.objects.filter(verb="answered").count() == 3


def test_the_last_position_answered_twice_at_once_ends_once() -> None:
    attempt = make_attempt()
    for position in (1, 2, 3):
        give_answer(attempt, position)

    outcomes = at_once(*[lambda: answer_item(attempt.pk, by=attempt.person_id, given=Given(4, [0]))] * 3)

    assert outcomes.count(Outcome.FINISHED) == 1
    assert Record.objects.filter(verb__in=("passed", "failed")).count() == 1


def test_beginning_in_two_tabs_at_once_begins_once() -> None:
    test, person = make_test(), make_person()

    attempts = at_once(*[lambda: begin_attempt(test, by=person, deed=new_id()).pk] * 3)

    assert len(set(attempts)) == Attempt.objects.count() == 1
    assert Record.objects.filter(verb="attempted").count() == 1


def test_ending_by_the_clock_at_once_ends_once() -> None:
    attempt = make_attempt()
    give_answer(attempt, 1)
    move_deadline(attempt, minutes=5)

    ended = at_once(expire_attempts, expire_attempts, lambda: give_answer(attempt, 2) and 0)

    assert sum(ended) in (0, 1)  # 0: the late answer ended it
    assert Record.objects.filter(verb="failed").count() == 1
    assert attempt.responses.exclude(answered_at=None).count() == 1


def test_many_people_answering_at_once_lose_nothing() -> None:
    test = make_test()
    attempts = [make_attempt(test) for _ in range(8)]

    def answer_all(attempt: Attempt) -> None:
        for position in (1, 2, 3, 4):
            give_answer(attempt, position)

    at_once(*(partial(answer_all, attempt) for attempt in attempts))

    assert Attempt.objects.filter(status="passed").count() == 8
    assert Record.objects.filter(verb="answered").count() == 32
    assert Unsealed.objects.count() == Record.objects.count() == 8 + 32 + 8


def test_two_hundred_people_in_an_adaptive_test_lose_nothing_and_answer_nothing_twice() -> None:
    """As in a hall: more people than the server has threads, and everybody taps twice."""
    test = make_adaptive(length=12, min_length=4)
    attempts = [begin_attempt(test, by=make_person()) for _ in range(200)]

    def tap_twice(attempt: Attempt) -> list[Outcome]:
        try:
            return [
                answer_item(attempt.pk, by=attempt.person_id, given=Given(position, text="1"))
                for position in (1, 1, 2, 2, 3, 3)
            ]
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(24) as pool:
        outcomes = list(pool.map(tap_twice, attempts))

    assert set(map(tuple, outcomes)) == {(Outcome.KEPT, Outcome.PASSED_BY) * 3}
    assert Record.objects.filter(verb="answered").count() == 600
    assert all(
        list(attempt.responses.values_list("position", "right"))
        == [(1, True), (2, True), (3, True), (4, None)]
        for attempt in attempts
    )
