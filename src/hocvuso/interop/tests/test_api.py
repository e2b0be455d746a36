import pytest
from django.test import Client

from hocvuso.learning.tests.make import make_lesson
from hocvuso.places.tests.make import make_country_tree

pytestmark = pytest.mark.django_db


def test_a_unit_is_found_without_diacritics() -> None:
    make_country_tree()

    found = Client().get("/api/places", {"q": "tho xuan"}).json()

    assert [hit["name"] for hit in found] == ["Xã Thọ Xuân"]


def test_a_query_too_long_is_refused_in_words() -> None:
    response = Client().get("/api/places", {"q": "x" * 201})

    assert response.status_code == 422
    assert response.json()["detail"][0]["loc"] == ["query", "q"]


def test_one_unit_says_what_is_above_it() -> None:
    tree = make_country_tree()

    unit = Client().get(f"/api/places/{tree.tho_xuan.code}").json()

    assert (unit["name"], unit["above"]) == ("Xã Thọ Xuân", ["VN", "38"])


def test_an_unknown_unit_is_not_found() -> None:
    assert Client().get("/api/places/00000").status_code == 404


def test_only_published_lessons_are_listed() -> None:
    lesson = make_lesson()
    make_lesson(published=False)

    listed = Client().get("/api/lessons").json()

    assert [one["slug"] for one in listed] == [lesson.slug]
    assert listed[0]["url"].endswith(lesson.get_absolute_url())


def test_the_description_is_openapi_3_1_and_the_docs_are_ours_alone() -> None:
    described = Client().get("/api/openapi.json").json()
    docs = Client().get("/api/docs").content.decode()

    assert described["openapi"].startswith("3.1")
    assert "https://" not in docs.replace("https://django-ninja.dev", "")
