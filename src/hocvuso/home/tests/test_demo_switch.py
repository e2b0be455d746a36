"""Becoming one of the demo people: in the demo world only, and only those."""

import pytest
from django.test import Client, override_settings

from hocvuso.home.demo.logins import LOGINS
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.places.tests.make import make_place

SWITCH = "/thu/doi-vai"


@pytest.fixture
def demo_people(db: None) -> None:
    place = make_place()
    for login in LOGINS:
        make_person(login.full_name, place=place, username=login.username, invented=True)


def signed_in(client: Client) -> str:
    key = client.session.get("_auth_user_id")
    return Person.objects.get(pk=key).username if key else ""


def test_visitor_becomes_each_of_them_and_a_guest_again(client: Client, demo_people: None) -> None:
    for login in LOGINS:
        answer = client.post(SWITCH, {"who": login.username}, HTTP_SEC_FETCH_SITE="same-origin")

        assert answer.headers["Location"] == "/"
        assert signed_in(client) == login.username

    client.post(SWITCH, {"who": "khach"}, HTTP_SEC_FETCH_SITE="same-origin")

    assert signed_in(client) == ""


@override_settings(DEMO=False)
def test_production_has_no_such_page(client: Client, demo_people: None) -> None:
    answer = client.post(SWITCH, {"who": "hocvien"}, HTTP_SEC_FETCH_SITE="same-origin")

    assert answer.status_code == 404
    assert signed_in(client) == ""


@pytest.mark.django_db
def test_production_shows_no_banner(client: Client) -> None:
    shown = SWITCH in client.get("/").content.decode()
    with override_settings(DEMO=False):
        hidden = SWITCH not in client.get("/").content.decode()

    assert shown
    assert hidden


def test_a_real_person_of_that_name_is_not_entered(client: Client, db: None) -> None:
    make_person(username="canboxa", place=make_place(), invented=False)

    answer = client.post(SWITCH, {"who": "canboxa"}, HTTP_SEC_FETCH_SITE="same-origin")

    assert answer.status_code == 404
    assert signed_in(client) == ""


@pytest.mark.parametrize("who", ["", "admin", "hocvien2"])
def test_nobody_else_may_be_chosen(client: Client, demo_people: None, who: str) -> None:
    make_person(username="admin", place=make_place(), invented=True)

    assert client.post(SWITCH, {"who": who}, HTTP_SEC_FETCH_SITE="same-origin").status_code == 404


def test_a_foreign_page_cannot_switch(client: Client, demo_people: None) -> None:
    answer = client.post(SWITCH, {"who": "hocvien"}, HTTP_SEC_FETCH_SITE="cross-site")

    assert answer.status_code == 403
    assert signed_in(client) == ""


def test_looking_changes_nothing(client: Client, demo_people: None) -> None:
    assert client.get(SWITCH).status_code == 405
