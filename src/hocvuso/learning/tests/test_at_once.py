"""Two tabs, or a queue and a finger, at the same moment: really committed, on several connections."""

from collections import Counter
from itertools import cycle

import pytest

from hocvuso.learning.actions import answer_check
from hocvuso.learning.models import LessonProgress
from hocvuso.learning.tests.make import RIGHT, make_course
from hocvuso.people.models.persons import Person
from hocvuso.records.models import Record
from hocvuso.records.tests.test_at_once import at_once, shared

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["shared"]


def test_many_tabs_complete_each_lesson_and_the_course_once(shared: Person) -> None:
    lessons = cycle(make_course(lessons=2).lessons.select_related("course"))

    at_once(lambda: answer_check(shared, next(lessons), choice=RIGHT))

    counts = Counter(Record.objects.values_list("verb", "object_kind"))
    assert counts == {
        ("experienced", "lesson"): 2,
        ("answered", "check"): 2,
        ("completed", "lesson"): 2,
        ("completed", "course"): 1,
    }
    assert list(LessonProgress.objects.values_list("tries", flat=True)) == [1, 1]
