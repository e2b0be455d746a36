"""What has been learnt, and what comes next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet, Sum

from hocvuso.learning.models import Course, Lesson, LessonProgress, LessonQuerySet, Pathway
from hocvuso.people.models.persons import Person

CITIZENS = "citizen"


@dataclass(frozen=True)
class Step:
    """One step of a pathway: a single lesson, or a whole course."""

    course: Course
    lessons: list[Lesson]
    whole: bool
    done: int

    @property
    def shown(self) -> Course | Lesson:
        return self.course if self.whole else self.lessons[0]

    @property
    def minutes(self) -> int:
        return sum(lesson.minutes for lesson in self.lessons)

    @property
    def finished(self) -> bool:
        return self.done == len(self.lessons)


def lessons_in_order() -> LessonQuerySet:
    return Lesson.objects.published().in_order().without_text()


def completed_at_by_lesson(person: Person) -> dict[int, datetime]:
    """Lesson id → when it was completed."""
    done = LessonProgress.objects.filter(person=person, completed_at__isnull=False)
    return {lesson: at for lesson, at in done.values_list("lesson_id", "completed_at") if at is not None}


def completed_keys(person: Person) -> set[str]:
    """`course/lesson` of everything the person has completed."""
    done = LessonProgress.objects.filter(person=person, completed_at__isnull=False)
    return {
        f"{course}/{lesson}" for course, lesson in done.values_list("lesson__course__slug", "lesson__slug")
    }


def lessons_for_skill_groups(codes: Iterable[str], framework: str = CITIZENS) -> list[Lesson]:
    """What to learn for these groups of skills, group by group: the next step after a test."""
    lessons = lessons_in_order().for_skill_groups(codes, framework).select_related("skill__group")
    return sorted(lessons, key=lambda lesson: lesson.skill.group.position)


def next_lesson(person: Person) -> Lesson | None:
    return choose_next(list(lessons_in_order()), completed_at_by_lesson(person))


def choose_next(lessons: Collection[Lesson], done: dict[int, datetime]) -> Lesson | None:
    """The rest of the course learnt last, the courses after it, those before it; None when all is learnt."""
    courses = list(dict.fromkeys(lesson.course_id for lesson in lessons))
    latest = max(
        (lesson for lesson in lessons if lesson.pk in done), key=lambda one: done[one.pk], default=None
    )
    start = courses.index(latest.course_id) if latest else 0
    turn = {course: number for number, course in enumerate(courses[start:] + courses[:start])}
    open_ones = (lesson for lesson in lessons if lesson.pk not in done)
    return min(open_ones, key=lambda lesson: (turn[lesson.course_id], lesson.position), default=None)


def courses_with_counts() -> QuerySet[Course]:
    """Published courses that have lessons: how many, and how many minutes they take."""
    published = Q(lessons__published=True)
    courses = Course.objects.filter(published=True, lessons__published=True).annotate(
        lesson_count=Count("lessons", filter=published), minutes=Sum("lessons__minutes", filter=published)
    )
    return courses.order_by("position", "slug")  # grouping drops the model's own order


def pathway_steps(pathway: Pathway, done: Collection[int]) -> list[Step]:
    """The steps that still lead somewhere: retired courses and lessons are left out."""
    slugs = {step.split("/")[0] for step in pathway.steps}
    by_course: dict[str, list[Lesson]] = {}
    for lesson in lessons_in_order().filter(course__slug__in=slugs):
        by_course.setdefault(lesson.course.slug, []).append(lesson)
    steps = []
    for name in pathway.steps:
        course, _, slug = name.partition("/")
        lessons = [lesson for lesson in by_course.get(course, []) if slug in ("", lesson.slug)]
        if lessons:
            learnt = sum(lesson.pk in done for lesson in lessons)
            steps.append(Step(lessons[0].course, lessons, not slug, learnt))
    return steps
