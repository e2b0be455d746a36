"""Answering, completing, taking over what a guest has learnt: what is written, and written once."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from hocvuso.base.ids import moment_of, new_id
from hocvuso.learning.actions import Done, adopt_guest_progress, answer_check, complete_lesson
from hocvuso.learning.engine.deeds import tap_id
from hocvuso.learning.engine.guest import GuestLesson
from hocvuso.learning.models import LessonProgress
from hocvuso.learning.tests.make import RIGHT, WRONG, make_course, make_lesson
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_person
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
YESTERDAY = timezone.now() - timedelta(days=1)


def story(person: Person) -> list[tuple[str, str, dict]]:
    """The person's records in the order in which they happened and were written."""
    records = Record.objects.filter(person=person).order_by("waiting__pk")
    return [(one.verb, f"{one.object_kind}/{one.object_key}", one.result) for one in records]


@pytest.fixture
def person() -> Person:
    return make_person()


def test_a_right_answer_is_read_answered_completed(person: Person) -> None:
    lesson = make_lesson(make_course("goi-dien", lessons=1))

    done = answer_check(person, lesson, choice=RIGHT, happened_at=YESTERDAY)

    assert done == Done(new=True, lesson=True)
    assert story(person) == [
        ("experienced", f"lesson/{lesson.key}", {}),
        ("answered", f"check/{lesson.key}", {"right": True, "try": 1}),
        ("completed", f"lesson/{lesson.key}", {}),
    ]
    progress = LessonProgress.objects.get()
    assert (progress.tries, progress.right, progress.right_first) == (1, True, True)
    assert progress.completed_at == progress.opened_at == YESTERDAY


def test_the_record_tells_who_where_and_how(person: Person) -> None:
    helper, lesson, deed = make_helper(person.place), make_lesson(), new_id()

    answer_check(
        person, lesson, choice=RIGHT, by=helper, mode="helped", helper=helper, deed=deed, source="offline"
    )

    record = Record.objects.get(pk=deed)
    assert (record.verb, record.place, record.mode, record.helper, record.entered_by, record.source) == (
        "answered",
        person.place,
        "helped",
        helper,
        helper,
        "offline",
    )


def test_helped_needs_its_helper_and_then_nothing_is_written(person: Person) -> None:
    with pytest.raises(ValidationError):
        answer_check(person, make_lesson(), choice=RIGHT, mode="helped")

    assert (LessonProgress.objects.count(), Record.objects.count()) == (0, 0)


def test_a_wrong_answer_shows_the_reason_and_completes_and_may_be_mended(person: Person) -> None:
    lesson = make_lesson(make_course(lessons=1))

    answer_check(person, lesson, choice=WRONG)
    again = answer_check(person, lesson, choice=RIGHT)

    assert again == Done(new=True)
    assert [(verb, result) for verb, _, result in story(person)] == [
        ("experienced", {}),
        ("answered", {"right": False, "try": 1}),
        ("completed", {}),
        ("answered", {"right": True, "try": 2}),
    ]
    progress = LessonProgress.objects.get()
    assert (progress.tries, progress.right, progress.right_first) == (2, True, False)


def test_after_the_right_answer_practising_is_free(person: Person) -> None:
    lesson = make_lesson()
    answer_check(person, lesson, choice=RIGHT)
    before = story(person)

    assert answer_check(person, lesson, choice=WRONG, deed=new_id()) == Done()

    assert story(person) == before


def test_the_same_deed_twice_does_nothing(person: Person) -> None:
    lesson, deed = make_lesson(), new_id()
    answer_check(person, lesson, choice=WRONG, deed=deed)
    before = story(person)

    assert answer_check(person, lesson, choice=WRONG, deed=deed) == Done()

    assert story(person) == before
    assert LessonProgress.objects.get().tries == 1


def test_a_double_tap_without_script_is_one_answer(person: Person) -> None:
    lesson, moment = make_lesson(), datetime(2026, 11, 20, 8, 0, 3, tzinfo=UTC)
    answer_check(person, lesson, choice=WRONG, happened_at=moment)

    answer_check(person, lesson, choice=WRONG, happened_at=moment + timedelta(seconds=2))

    assert LessonProgress.objects.get().tries == 1


def test_a_deed_of_someone_else_is_not_taken(person: Person) -> None:
    lesson, deed, thief = make_lesson(), new_id(), make_person(place=person.place)
    answer_check(person, lesson, choice=RIGHT, deed=deed)

    assert answer_check(thief, lesson, choice=RIGHT, deed=deed) == Done()

    assert story(thief) == []


def test_the_last_lesson_completes_the_course_once(person: Person) -> None:
    course = make_course("goi-dien", lessons=2)
    make_lesson(course, published=False)
    first, second = course.lessons.filter(published=True)

    done = [answer_check(person, lesson, choice=RIGHT).course for lesson in (first, second)]
    added = make_lesson(course)
    done.append(answer_check(person, added, choice=RIGHT).course)

    assert done == [False, True, False]
    assert [key for verb, key, _ in story(person) if key.startswith("course")] == ["course/goi-dien"]


def test_completing_without_the_question(person: Person) -> None:
    lesson, helper, deed = make_lesson(), make_helper(person.place), new_id()

    done = [
        complete_lesson(person, lesson, by=helper, mode="helped", helper=helper, deed=deed) for _ in range(2)
    ]

    assert done == [Done(new=True, lesson=True, course=True), Done()]
    assert [verb for verb, _, _ in story(person)] == ["experienced", "completed", "completed"]
    assert Record.objects.get(pk=deed).object_key == lesson.key


def test_a_guests_lessons_are_written_at_their_true_moments(person: Person) -> None:
    lessons = [make_lesson() for _ in range(2)]
    deeds = [tap_id(timezone.now() - timedelta(days=days), days) for days in (3, 9)]
    learnt = [
        GuestLesson(lesson.pk, deed, tries=2, right=True) for lesson, deed in zip(lessons, deeds, strict=True)
    ]

    count = adopt_guest_progress(person, learnt)

    assert count == 2
    assert [key for verb, key, _ in story(person) if verb == "answered"] == [
        f"check/{lesson.key}" for lesson in reversed(lessons)
    ]
    record = Record.objects.get(pk=deeds[0])
    assert (record.happened_at, record.result) == (moment_of(deeds[0]), {"right": True, "try": 2})
    assert LessonProgress.objects.get(lesson=lessons[0]).right_first is False


def test_taking_over_twice_or_by_another_person_writes_nothing(person: Person) -> None:
    learnt = [GuestLesson(make_lesson().pk, new_id(), right=True)]
    adopt_guest_progress(person, learnt)
    other = make_person(place=person.place)
    before = Record.objects.count()

    assert (adopt_guest_progress(person, learnt), adopt_guest_progress(other, learnt)) == (0, 0)

    assert Record.objects.count() == before
    assert LessonProgress.objects.filter(person=other).count() == 0


def test_what_the_person_had_learnt_already_stays_as_it_was(person: Person) -> None:
    lesson = make_lesson()
    answer_check(person, lesson, choice=RIGHT, happened_at=YESTERDAY)
    before = story(person)

    assert adopt_guest_progress(person, [GuestLesson(lesson.pk, new_id())]) == 0

    assert story(person) == before


def test_a_lesson_that_is_gone_is_left_out(person: Person) -> None:
    assert adopt_guest_progress(person, [GuestLesson(4_000_000, new_id())]) == 0
