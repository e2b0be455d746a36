"""Titles of indicators and of what records are about, names of dimensions, in the reader's language."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hocvuso.assessment.models.tests import Test
from hocvuso.indicators.models import Indicator
from hocvuso.learning.models import Course, Lesson
from hocvuso.people.models.persons import Audience, Sex
from hocvuso.recognition.models import CriteriaSet
from hocvuso.records.models import Record


def title_of(indicator: Indicator) -> str:
    return indicator.title_en if get_language() == "en" and indicator.title_en else indicator.title


def meaning_of(indicator: Indicator) -> str:
    return indicator.meaning_en if get_language() == "en" and indicator.meaning_en else indicator.meaning


def name_dimension(dimension: str) -> str:
    """`audience=official` as people read it; '' for all."""
    kind, _sign, value = dimension.partition("=")
    names: Mapping[str, Any] = {"audience": dict(Audience.choices), "sex": dict(Sex.choices)}.get(kind, {})
    if kind == "age":
        return _("%(ages)s years old") % {"ages": value}
    return str(names.get(value, _("adults") if kind == "adult" else value))


def name_objects(records: Iterable[Record]) -> list[tuple[Record, str]]:
    """Each record with the title of what it is about; '' where it is about the person alone."""
    rows = list(records)
    titles = titles_of({row.object_kind for row in rows})
    return [(row, titles.get((row.object_kind, row.object_key), "")) for row in rows]


def titles_of(kinds: set[str]) -> dict[tuple[str, str], str]:
    """One query a kind, whatever the number of records; content is some hundred rows."""
    titles: dict[tuple[str, str], str] = {}
    if "lesson" in kinds:
        lessons = Lesson.objects.select_related("course")
        titles |= {("lesson", lesson.key): lesson.shown_title for lesson in lessons}
    if "course" in kinds:
        titles |= {("course", course.slug): course.shown_title for course in Course.objects.all()}
    if "test" in kinds:
        titles |= {("test", test.slug): test.name() for test in Test.objects.filter(current=True)}
    if "person" in kinds:
        sets = CriteriaSet.objects.order_by("version")
        titles |= {("person", criteria.slug): criteria.local_title for criteria in sets}
    return titles
