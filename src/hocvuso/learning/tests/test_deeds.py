"""Identifiers of deeds, and what a guest's device keeps."""

from datetime import UTC, datetime, timedelta
from struct import error as StructError
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.ids import moment_of, new_id
from hocvuso.learning.engine.deeds import is_believable, tap_id
from hocvuso.learning.engine.guest import KEPT, GuestLesson, pack, unpack

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MOMENTS = st.integers(1_577_836_800, 3_786_912_000).map(lambda second: datetime.fromtimestamp(second, UTC))


@given(MOMENTS, st.integers(), st.integers())
def test_a_double_tap_is_one_deed_and_another_answer_is_another(
    moment: datetime, lesson: int, choice: int
) -> None:
    deed = tap_id(moment, lesson, choice)

    assert deed == tap_id(moment, lesson, choice)
    assert deed != tap_id(moment, lesson, choice + 1)
    assert (deed.version, deed.variant) == (7, "specified in RFC 4122")
    assert timedelta(0) <= moment - moment_of(deed) < timedelta(seconds=10, milliseconds=1)


def test_the_next_minute_is_another_deed() -> None:
    assert tap_id(NOON, 1) != tap_id(NOON + timedelta(minutes=1), 1)


@given(st.uuids())
def test_any_identifier_is_judged_without_a_crash(deed: UUID) -> None:
    assert is_believable(deed, NOON) in (True, False)


@pytest.mark.parametrize(
    ("days", "believed"), [(-91, False), (-89, True), (0, True), (1, False), (365 * 60, False)]
)
def test_a_clock_that_runs_wrong_is_not_believed(days: int, believed: bool) -> None:
    assert is_believable(tap_id(NOON + timedelta(days=days)), NOON) is believed


LESSONS = st.builds(
    GuestLesson,
    lesson_id=st.integers(1, 2**32 - 1),
    deed=MOMENTS.map(tap_id),
    tries=st.integers(1, 127),
    right=st.booleans(),
)


@given(st.lists(LESSONS, unique_by=lambda one: one.lesson_id, max_size=KEPT))
def test_what_is_packed_comes_back(lessons: list[GuestLesson]) -> None:
    assert unpack(pack(lessons)) == {one.lesson_id: one for one in lessons}


def test_only_the_newest_lessons_are_kept() -> None:
    lessons = [GuestLesson(day + 1, tap_id(NOON + timedelta(days=day))) for day in range(KEPT + 5)]

    assert list(unpack(pack(lessons))) == list(range(6, KEPT + 6))
    assert len(pack(lessons)) == 21 * KEPT


def test_half_an_entry_is_refused() -> None:
    with pytest.raises(StructError):
        unpack(pack([GuestLesson(1, new_id())])[:-1])


def test_what_was_right_stays_right() -> None:
    first = GuestLesson(1, new_id(), right=False)

    second = first.again(right=True)

    assert (second.deed, second.tries, second.right) == (first.deed, 2, True)
    assert second.again(right=False) == second
