"""Deeds of learners: answering a check question, completing a lesson, taking over what a guest has learnt."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from hocvuso.learning.engine.deeds import tap_id
from hocvuso.learning.engine.guest import GuestLesson
from hocvuso.learning.models import Course, Lesson, LessonProgress
from hocvuso.people.models.persons import Person
from hocvuso.records.actions import write_record
from hocvuso.records.models import Record, Verb


@dataclass(frozen=True)
class Done:
    """What a deed has changed; all false when it had been done before."""

    new: bool = False
    lesson: bool = False
    course: bool = False


@transaction.atomic
def answer_check(
    person: Person,
    lesson: Lesson,
    *,
    choice: int,
    by: Person | None = None,
    mode: str = Record.Mode.ALONE,
    helper: Person | None = None,
    deed: UUID | None = None,
    happened_at: datetime | None = None,
    source: str = "web",
) -> Done:
    """Answer the question of a lesson. Any answer shows the reason, and so completes the lesson.

    Nothing is written for a deed already known, nor after the right answer: practising again is free.
    """
    moment = happened_at or timezone.now()
    deed = deed or tap_id(moment, person.pk, lesson.pk, choice)
    how = spell_out(person, by, mode, helper, moment, source)
    progress = open_progress(person, lesson, moment)
    if progress.right or Record.objects.filter(pk=deed).exists():
        return Done()
    note_reading(progress, how)
    note_try(progress, right=choice == lesson.right_choice, deed=deed, how=how)
    return finish(progress, how)


@transaction.atomic
def complete_lesson(
    person: Person,
    lesson: Lesson,
    *,
    by: Person | None = None,
    mode: str = Record.Mode.ALONE,
    helper: Person | None = None,
    deed: UUID | None = None,
    happened_at: datetime | None = None,
    source: str = "web",
) -> Done:
    """Complete a lesson without its question: read together in a class, or on paper."""
    how = spell_out(person, by, mode, helper, happened_at or timezone.now(), source)
    progress = open_progress(person, lesson, how["happened_at"])
    if progress.completed_at or (deed and Record.objects.filter(pk=deed).exists()):
        return Done()
    note_reading(progress, how)
    return finish(progress, how, deed)


@transaction.atomic
def adopt_guest_progress(person: Person, lessons: Iterable[GuestLesson], *, by: Person | None = None) -> int:
    """Write what was learnt on a device before signing in, at its true moments. Returns how many were new."""
    learnt = {one.lesson_id: one for one in lessons}
    known = Lesson.objects.select_related("course").in_bulk(learnt)
    in_time = sorted(
        (one for one in learnt.values() if one.lesson_id in known), key=lambda one: one.completed_at
    )
    return sum(adopt_one(person, known[one.lesson_id], one, by or person) for one in in_time)


def adopt_one(person: Person, lesson: Lesson, learnt: GuestLesson, by: Person) -> bool:
    """A deed belongs to one person: what someone has taken over already is nobody else's."""
    how = spell_out(person, by, Record.Mode.ALONE, None, learnt.completed_at, "web")
    progress = open_progress(person, lesson, learnt.completed_at)
    if progress.completed_at or Record.objects.filter(pk=learnt.deed).exists():
        return False
    note_reading(progress, how)
    progress.tries += learnt.tries - 1
    note_try(progress, right=learnt.right, deed=learnt.deed, how=how)
    return finish(progress, how).lesson


def spell_out(
    person: Person, by: Person | None, mode: str, helper: Person | None, moment: datetime, source: str
) -> dict[str, Any]:
    """What all records of one deed have in common."""
    return {
        "person": person,
        "by": by or person,
        "mode": mode,
        "helper": helper,
        "happened_at": moment,
        "source": source,
    }


def open_progress(person: Person, lesson: Lesson, moment: datetime) -> LessonProgress:
    """What the person has done in this lesson, new and not yet saved if nothing.

    One person's deeds come one after another: two tabs cannot complete a lesson twice, nor a course never.
    """
    Person.objects.select_for_update(no_key=True).only("pk").get(pk=person.pk)
    known = LessonProgress.objects.filter(person=person, lesson=lesson).first()
    progress = known or LessonProgress(person=person, opened_at=moment)
    progress.lesson = lesson
    return progress


def note_reading(progress: LessonProgress, how: dict[str, Any]) -> None:
    if progress.pk is None:
        write_record(Verb.EXPERIENCED, object_kind="lesson", object_key=progress.lesson.key, **how)


def note_try(progress: LessonProgress, *, right: bool, deed: UUID, how: dict[str, Any]) -> None:
    progress.tries += 1
    progress.right = right
    progress.right_first = right and progress.tries == 1
    result = {"right": right, "try": progress.tries}
    write_record(
        Verb.ANSWERED, object_kind="check", object_key=progress.lesson.key, deed=deed, result=result, **how
    )


def finish(progress: LessonProgress, how: dict[str, Any], deed: UUID | None = None) -> Done:
    """Save; the lesson, and with the last of its lessons the course, are completed once."""
    before, lesson = progress.completed_at, progress.lesson
    progress.completed_at = before or how["happened_at"]
    progress.save()
    if before:
        return Done(new=True)
    write_record(Verb.COMPLETED, object_kind="lesson", object_key=lesson.key, deed=deed, **how)
    return Done(new=True, lesson=True, course=finish_course(lesson.course, how))


def finish_course(course: Course, how: dict[str, Any]) -> bool:
    person = how["person"]
    done = LessonProgress.objects.filter(person=person, lesson=OuterRef("pk"), completed_at__isnull=False)
    if course.lessons.filter(~Exists(done), published=True).exists():
        return False
    known = {"person": person, "verb": Verb.COMPLETED, "object_kind": "course", "object_key": course.slug}
    if Record.objects.filter(**known).exists():
        return False
    write_record(Verb.COMPLETED, object_kind="course", object_key=course.slug, **how)
    return True
