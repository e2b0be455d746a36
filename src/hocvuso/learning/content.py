"""Courses, lessons and pathways as content files."""

import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Literal

from django.utils import timezone
from pydantic import Field

from hocvuso.base.content import Document, Head, Kind, Library, Outcome, Parsed, Problem, dump_model
from hocvuso.base.icons import ICONS
from hocvuso.learning.engine.lesson import LessonError, Published, publish
from hocvuso.learning.models import Course, Lesson, Pathway
from hocvuso.skills.models import Skill

Slug = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")


class CourseShape(Head):
    slug: str = Field(pattern=Slug.pattern)
    title: str
    title_en: str
    summary: str
    summary_en: str
    audience: list[str]
    framework: str
    icon: str
    order: int = 100


class LessonShape(Head):
    slug: str = Field(pattern=Slug.pattern)
    title: str = Field(max_length=80)
    title_en: str
    summary: str = Field(max_length=300)
    skill: str
    minutes: int = Field(ge=1, le=5)


class PathwayShape(Head):
    slug: str = Field(pattern=Slug.pattern)
    kind: Literal["need", "audience"]
    title: str
    title_en: str
    icon: str
    order: int
    steps: list[str] = Field(min_length=1)


def course_slug(document: Document) -> str:
    return PurePosixPath(document.path).parent.name


def position_of(document: Document) -> int:
    number = PurePosixPath(document.path).name.split("-", 1)[0]
    return int(number) if number.isdigit() else 0


def check_courses(parsed: Sequence[Parsed[CourseShape]], library: Library) -> Iterable[Problem]:
    for one in parsed:
        if one.model.slug != course_slug(one.document):
            yield one.document.problem(("slug",), "the slug must equal the folder's name")
        if one.model.icon not in ICONS:
            yield one.document.problem(("icon",), f"unknown icon {one.model.icon}")


def check_lessons(parsed: Sequence[Parsed[LessonShape]], library: Library) -> Iterable[Problem]:
    codes = {code for framework in library.models("frameworks") for code in framework.skill_codes()}
    for one in parsed:
        if not one.model.sources:
            yield one.document.problem(("sources",), "a lesson names its sources")
        if one.model.skill not in codes:
            yield one.document.problem(("skill",), f"no framework has the skill {one.model.skill}")
        if position_of(one.document) == 0:
            yield one.document.problem((), "the file name begins with the lesson's number: 01-…")
        try:
            publish(one.document.body)
        except LessonError as error:
            yield Problem(
                one.document.path, one.document.body_line + error.line - 1, error.field, error.message
            )


def check_pathways(parsed: Sequence[Parsed[PathwayShape]], library: Library) -> Iterable[Problem]:
    lessons = {f"{course_slug(one.document)}/{one.model.slug}" for one in library.parsed["lessons"]}
    known = lessons | {model.slug for model in library.models("courses")}
    for one in parsed:
        for index, step in enumerate(one.model.steps):
            if step not in known:
                yield one.document.problem(("steps", index), f"no course or lesson {step}")


def load_course(one: Parsed[CourseShape]) -> Outcome:
    model = one.model
    known = Course.objects.filter(slug=model.slug).first()
    if known and known.content_hash == one.content_hash and known.published:
        return "same"
    Course.objects.update_or_create(
        slug=model.slug,
        defaults={
            **model.model_dump(include={"title", "title_en", "summary", "summary_en", "icon"}),
            "audiences": model.audience,
            "position": model.order,
            "published": True,
            "head": {**model.head(), "framework": model.framework},
            "content_hash": one.content_hash,
        },
    )
    return "changed" if known else "added"


def load_lesson(one: Parsed[LessonShape]) -> Outcome:
    model, course = one.model, Course.objects.get(slug=course_slug(one.document))
    known = Lesson.objects.filter(course=course, slug=model.slug).first()
    position, published = position_of(one.document), publish(one.document.body)
    if known and known.published and known.position == position and is_same(known, one, published):
        return "same"
    skill = Skill.objects.get(
        code=model.skill, group__framework__slug=course.head["framework"], group__framework__current=True
    )
    Lesson.objects.update_or_create(
        course=course,
        slug=model.slug,
        defaults={
            **model.model_dump(include={"title", "title_en", "summary", "minutes"}),
            "position": position,
            "skill": skill,
            "source_text": one.document.text,
            "html": published.html,
            "pages": published.pages,
            "check_question": published.check,
            "published": True,
            "published_at": timezone.now(),
            "version": known.version + 1 if known else 1,
            "head": model.head(),
            "content_hash": one.content_hash,
        },
    )
    return "changed" if known else "added"


def is_same(known: Lesson, one: Parsed[LessonShape], published: Published) -> bool:
    """A new release may draw the same words differently: then the lesson is published anew."""
    return known.content_hash == one.content_hash and (known.html, known.pages) == (
        published.html,
        published.pages,
    )


def load_pathway(one: Parsed[PathwayShape]) -> Outcome:
    model = one.model
    known = Pathway.objects.filter(slug=model.slug).first()
    if known and known.content_hash == one.content_hash and known.published:
        return "same"
    Pathway.objects.update_or_create(
        slug=model.slug,
        defaults={
            **model.model_dump(include={"kind", "title", "title_en", "icon", "steps"}),
            "position": model.order,
            "published": True,
            "head": model.head(),
            "content_hash": one.content_hash,
        },
    )
    return "changed" if known else "added"


def retire_courses(parsed: Sequence[Parsed[CourseShape]]) -> int:
    slugs = {one.model.slug for one in parsed}
    return Course.objects.filter(published=True).exclude(slug__in=slugs).update(published=False)


def retire_lessons(parsed: Sequence[Parsed[LessonShape]]) -> int:
    keys = {(course_slug(one.document), one.model.slug) for one in parsed}
    gone = [
        pk
        for pk, course, slug in Lesson.objects.filter(published=True).values_list(
            "pk", "course__slug", "slug"
        )
        if (course, slug) not in keys
    ]
    return Lesson.objects.filter(pk__in=gone).update(published=False)


def retire_pathways(parsed: Sequence[Parsed[PathwayShape]]) -> int:
    slugs = {one.model.slug for one in parsed}
    return Pathway.objects.filter(published=True).exclude(slug__in=slugs).update(published=False)


def export_courses() -> Iterable[tuple[str, str]]:
    for course in Course.objects.filter(published=True):
        fields = {
            name: getattr(course, name)
            for name in ("slug", "title", "title_en", "summary", "summary_en", "icon")
        }
        shape = CourseShape.model_validate(
            {**fields, **course.head, "audience": course.audiences, "order": course.position}
        )
        yield f"courses/{course.slug}/course.yaml", dump_model(shape)


def export_lessons() -> Iterable[tuple[str, str]]:
    for lesson in Lesson.objects.filter(published=True).select_related("course"):
        yield f"courses/{lesson.course.slug}/{lesson.position:02d}-{lesson.slug}.md", lesson.source_text


def export_pathways() -> Iterable[tuple[str, str]]:
    for pathway in Pathway.objects.filter(published=True):
        fields = {
            name: getattr(pathway, name) for name in ("slug", "kind", "title", "title_en", "icon", "steps")
        }
        shape = PathwayShape.model_validate({**fields, **pathway.head, "order": pathway.position})
        yield f"pathways/{pathway.slug}.yaml", dump_model(shape)


KINDS = [
    Kind(
        "courses",
        "courses/*/course.yaml",
        CourseShape,
        load_course,
        export_courses,
        check_courses,
        retire_courses,
    ),
    Kind(
        "lessons",
        "courses/*/[0-9]*.md",
        LessonShape,
        load_lesson,
        export_lessons,
        check_lessons,
        retire_lessons,
    ),
    Kind(
        "pathways",
        "pathways/*.yaml",
        PathwayShape,
        load_pathway,
        export_pathways,
        check_pathways,
        retire_pathways,
    ),
]
