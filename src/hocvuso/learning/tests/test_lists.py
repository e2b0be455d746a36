"""Needs, pathways, courses: what there is to learn, and how far one has come."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from hocvuso.learning.actions import answer_check
from hocvuso.learning.tests.make import RIGHT, make_course, make_lesson, make_pathway
from hocvuso.learning.tests.pages import parsed, sound, words
from hocvuso.people.tests.make import make_person
from hocvuso.skills.tests.make import make_framework, make_skill

pytestmark = pytest.mark.django_db


def cards(root) -> list[str]:
    return [words(node) for node in root.iter("span") if node.get("class") == "card-title"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_needs_come_first_then_audiences(client: Client, language: str) -> None:
    client.cookies["hvs_profile"] = f"m.{language}"
    make_pathway(make_lesson(), kind="audience", title="Bạn là người dân", title_en="You are a citizen")
    make_pathway(make_lesson(), title="Gọi video", title_en="Video call")
    make_pathway(make_lesson(), published=False)

    root = sound(client.get("/hoc/"), language)

    wanted = {"vi": ["Gọi video", "Bạn là người dân"], "en": ["Video call", "You are a citizen"]}
    assert cards(root) == wanted[language]


def test_need_list_without_content_says_so(client: Client) -> None:
    root = sound(client.get("/hoc/"))

    assert root.find(".//div[@class='empty']/h2") is not None


def test_who_has_begun_is_led_on(client: Client) -> None:
    person, course = make_person(), make_course(lessons=2)
    answer_check(person, course.lessons.first(), choice=RIGHT)
    client.force_login(person)

    root = sound(client.get("/hoc/"))

    assert root.find(".//a[@class='card card-main']").get("href") == course.lessons.last().get_absolute_url()


def test_pathway_shows_steps_and_what_is_done(client: Client) -> None:
    person, course, single = make_person(), make_course(lessons=2), make_lesson()
    pathway = make_pathway(single, course)
    answer_check(person, single, choice=RIGHT)
    client.force_login(person)

    root = sound(client.get(pathway.get_absolute_url()))

    steps = [(link.get("href"), link.get("class")) for link in root.findall(".//ol//a")]
    assert steps == [(single.get_absolute_url(), "card card-done"), (course.get_absolute_url(), "card")]
    assert words(root.find(".//main//b[@class='num']")) == "1/3"
    assert (
        root.find(".//a[@class='button button-main']").get("href")
        == course.lessons.first().get_absolute_url()
    )


def test_course_shows_its_lessons_in_order(client: Client) -> None:
    person, course = make_person(), make_course(lessons=3)
    make_lesson(course, published=False)
    first, second, third = course.lessons.filter(published=True)
    answer_check(person, second, choice=RIGHT)
    client.force_login(person)

    root = sound(client.get(course.get_absolute_url()))

    assert [(link.get("href"), link.get("class")) for link in root.findall(".//ol//a")] == [
        (first.get_absolute_url(), "card"),
        (second.get_absolute_url(), "card card-done"),
        (third.get_absolute_url(), "card"),
    ]
    assert timezone.localdate().strftime("%d/%m/%Y") in words(root.findall(".//ol//a")[1])


def test_course_list_shows_courses_that_can_be_learnt(client: Client) -> None:
    shown = make_course(lessons=1)
    make_course(lessons=1, published=False)
    make_course()

    root = sound(client.get("/hoc/khoa"))

    assert cards(root) == [shown.title]


def test_next_for_groups_shows_lessons_group_by_group(client: Client) -> None:
    framework = make_framework(groups=2, skills=1)
    first, second = (make_lesson(skill=make_skill(code, framework)) for code in ("0.1", "1.1"))

    root = sound(client.get("/hoc/hoc-tiep?nhom=1,0"))

    assert cards(root) == [first.title, second.title]
    assert [words(node) for node in root.iter("h2")] == ["Nhóm 0", "Nhóm 1"]


@pytest.mark.parametrize(
    "asked", ["", "nhom=", "nhom=5&khung=official", "nhom=99", "nhom=%00", f"nhom={'0,' * 999}"]
)
def test_next_for_groups_without_lessons_leads_elsewhere(client: Client, asked: str) -> None:
    make_lesson(skill=make_skill("5.1"))

    root = sound(client.get(f"/hoc/hoc-tiep?{asked}"))

    assert root.find(".//div[@class='empty']//a").get("href") == "/hoc/"


@pytest.mark.parametrize("page", ["toi-muon/khong-co", "khoa/khong-co", "toi-muon/an", "khoa/an"])
def test_what_is_not_published_is_not_found(client: Client, page: str) -> None:
    make_course("an", published=False)
    make_pathway(slug="an", published=False)

    assert client.get(f"/hoc/{page}").status_code == 404


@pytest.mark.parametrize("page", ["", "khoa", "khoa/tai", "toi-muon/tai", "hoc-tiep?nhom=0", "cua-toi"])
def test_longer_lists_cost_no_more_statements(
    client: Client, page: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    person, course = make_person(), make_course("tai", lessons=2)
    make_pathway(course, slug="tai")
    answer_check(person, course.lessons.first(), choice=RIGHT)
    client.force_login(person)
    client.get(f"/hoc/{page}")
    with CaptureQueriesContext(connection) as few:
        client.get(f"/hoc/{page}")
    for _ in range(2):
        make_pathway(make_course(lessons=2))
        answer_check(person, make_lesson(course), choice=RIGHT)

    with django_assert_num_queries(len(few)):
        client.get(f"/hoc/{page}")


def test_guest_and_person_see_the_same_needs(client: Client) -> None:
    make_pathway(make_lesson())
    guest = client.get("/hoc/")
    client.force_login(make_person())

    assert cards(parsed(client.get("/hoc/"))) == cards(parsed(guest))
