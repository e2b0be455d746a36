"""What has been learnt, and what comes next."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.learning.actions import answer_check
from hocvuso.learning.models import Lesson
from hocvuso.learning.queries import (
    choose_next,
    completed_keys,
    courses_with_counts,
    lessons_for_skill_groups,
    next_lesson,
    pathway_steps,
)
from hocvuso.learning.tests.make import RIGHT, make_course, make_lesson, make_pathway
from hocvuso.people.tests.make import make_person
from hocvuso.skills.tests.make import make_framework, make_skill

NOW = timezone.now()


@pytest.mark.django_db
def test_completed_keys_name_course_and_lesson() -> None:
    person, course = make_person(), make_course("goi-dien")
    first = make_lesson(course, slug="bam-so")
    make_lesson(course, slug="nghe-may")

    answer_check(person, first, choice=RIGHT)

    assert completed_keys(person) == {"goi-dien/bam-so"}


@pytest.mark.django_db
def test_next_is_the_rest_of_the_course_then_the_courses_after() -> None:
    person = make_person()
    make_course(lessons=1, position=1)
    middle, after = make_course(lessons=2, position=2), make_course(lessons=1, position=3)
    found = [next_lesson(person)]

    for lesson in (middle.lessons.last(), middle.lessons.first(), after.lessons.get()):
        answer_check(person, lesson, choice=RIGHT, happened_at=NOW)
        found.append(next_lesson(person))

    before = Lesson.objects.get(course__position=1)
    assert found == [before, middle.lessons.first(), after.lessons.get(), before]


@pytest.mark.django_db
def test_nothing_is_next_when_all_is_learnt() -> None:
    person, lesson = make_person(), make_lesson()
    answer_check(person, lesson, choice=RIGHT)

    assert next_lesson(person) is None


LESSONS = [Lesson(pk=number, course_id=number // 3, position=number % 3) for number in range(9)]


@given(st.dictionaries(st.integers(0, 8), st.integers(0, 1000)))
def test_next_is_never_a_lesson_already_learnt(learnt: dict[int, int]) -> None:
    done = {number: NOW + timedelta(seconds=second) for number, second in learnt.items()}

    found = choose_next(LESSONS, done)

    assert (found is None) == (len(done) == len(LESSONS))
    assert found is None or found.pk not in done


@pytest.mark.django_db
def test_lessons_for_skill_groups_in_the_groups_order_without_retired_ones() -> None:
    framework = make_framework(groups=3, skills=1)
    make_framework("student", groups=2, skills=1)
    lessons = {code: make_lesson(skill=make_skill(code, framework)) for code in ("2.1", "0.1", "1.1")}
    make_lesson(skill=make_skill("0.1", framework), published=False)
    make_lesson(make_course(published=False), skill=make_skill("2.1", framework))

    assert lessons_for_skill_groups(["2", "0", "9"]) == [lessons["0.1"], lessons["2.1"]]
    assert lessons_for_skill_groups([]) == []


@pytest.mark.django_db
def test_pathway_leaves_out_what_is_retired() -> None:
    whole, single = make_course(lessons=3), make_lesson()
    gone, retired = make_lesson(published=False), make_course(lessons=1, published=False)
    pathway = make_pathway(single, whole, gone, retired)

    steps = pathway_steps(pathway, {single.pk, whole.lessons.first().pk})

    assert [(step.shown, step.whole, step.done, step.finished, step.minutes) for step in steps] == [
        (single, False, 1, True, 5),
        (whole, True, 1, False, 15),
    ]


@pytest.mark.django_db
def test_courses_are_counted_by_their_published_lessons() -> None:
    course = make_course(lessons=2)
    make_lesson(course, published=False)
    make_course()
    make_course(lessons=1, published=False)

    assert [(one, one.lesson_count, one.minutes) for one in courses_with_counts()] == [(course, 2, 10)]


@pytest.mark.django_db
def test_courses_stand_in_their_own_order() -> None:
    later, first = make_course(lessons=1, position=20), make_course(lessons=1, position=10)

    assert list(courses_with_counts()) == [first, later]
