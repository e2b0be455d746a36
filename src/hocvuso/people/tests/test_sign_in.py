import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hocvuso.people.actions.cards import issue_cards
from hocvuso.people.models.doors import Session
from hocvuso.people.tests.make import make_helper, make_person
from hocvuso.people.tests.pages import sound, text

pytestmark = pytest.mark.django_db
DOOR = "/dang-nhap"


@pytest.fixture(autouse=True)
def forget_tries():
    cache.clear()


def who(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_doors_are_sound(client):
    root = sound(client.get(DOOR + "?next=/hoc/"))

    assert [node.get("value") for node in root.iter("input") if node.get("name") == "next"] == [
        "/hoc/",
        "/hoc/",
    ]


@pytest.mark.parametrize("name", ["huongdan", "HuongDan ", "0912345678", "+84 912 345 678", "912345678"])
def test_name_or_phone_and_password_open(client, name):
    person = make_person(username="huongdan", phone="+84912345678", password="mot hai ba bon")

    response = client.post(DOOR, {"name": name, "password": "mot hai ba bon", "next": "/hoc/"})

    assert (response.status_code, response["Location"]) == (302, "/hoc/")
    assert who(client) == str(person.pk)


@pytest.mark.parametrize(
    ("name", "password"), [("huongdan", "sai"), ("ai-do", "mot hai ba bon"), ("", ""), ("x" * 500, "y")]
)
def test_what_was_wrong_is_not_said(client, name, password):
    make_person(username="huongdan", password="mot hai ba bon")

    response = client.post(DOOR, {"name": name, "password": password})

    sound(response)
    assert who(client) is None


def test_a_foreign_next_leads_home(client):
    make_person(username="huongdan", password="mot hai ba bon")

    response = client.post(
        DOOR, {"name": "huongdan", "password": "mot hai ba bon", "next": "https://evil.example/"}
    )

    assert response["Location"] == "/"


def test_after_five_wrong_passwords_even_the_right_one_waits(client):
    make_person(username="huongdan", password="mot hai ba bon")
    for _ in range(5):
        client.post(DOOR, {"name": "huongdan", "password": "sai"})

    response = client.post(DOOR, {"name": "huongdan", "password": "mot hai ba bon"})

    assert "15" in text(sound(response))
    assert who(client) is None


def test_a_number_written_otherwise_gives_no_more_tries(client):
    make_person(phone="+84912345678", password="mot hai ba bon")
    for number in ("0912345678", "0912 345 678", "+84912345678", "0912.345.678", "912345678"):
        client.post(DOOR, {"name": number, "password": "sai"})

    client.post(DOOR, {"name": "0912-345-678", "password": "mot hai ba bon"})

    assert who(client) is None


def test_invented_people_do_not_enter_production(client, settings):
    person = make_person(username="canboxa", password="hocvuso-2026", invented=True)
    inside = Client()
    inside.force_login(person)
    settings.DEMO = False

    client.post(DOOR, {"name": "canboxa", "password": "hocvuso-2026"})

    assert who(client) is None
    assert inside.get("/toi").status_code == 302


def test_signing_in_rotates_the_session_and_names_the_device(client):
    person = make_person(username="huongdan", password="mot hai ba bon")
    client.get(DOOR)
    session = client.session
    session["before"] = 1
    session.save()
    before = session.session_key
    client.cookies["hvs_session"] = before

    client.post(
        DOOR,
        {"name": "huongdan", "password": "mot hai ba bon", "remember": "on"},
        headers={"user-agent": "Mozilla/5.0 (Linux; Android 11) Chrome/120 Mobile Safari/537"},
    )

    kept = Session.objects.get(person=person)
    assert kept.session_key != before
    assert "Chrome" in kept.device
    assert "Android" in kept.device
    assert client.cookies["hvs_session"]["max-age"] == 60 * 60 * 24 * 30


def test_without_remembering_the_session_ends_with_the_browser(client):
    make_person(username="huongdan", password="mot hai ba bon")

    client.post(DOOR, {"name": "huongdan", "password": "mot hai ba bon"})

    assert client.cookies["hvs_session"]["max-age"] == ""


def test_reading_tools_come_along_to_a_new_device(client):
    make_person(username="huongdan", password="mot hai ba bon", profile="xl.c.vi")

    client.post(DOOR, {"name": "huongdan", "password": "mot hai ba bon"})

    assert client.cookies["hvs_profile"].value == "xl.c.vi"


# -- the card


def make_card(**fields):
    person = make_person("Nguyễn Thị Hoa", **fields)
    (card,) = issue_cards([person], by=make_helper(person.place))
    return card


def test_a_typed_code_leads_to_the_card(client):
    card = make_card()

    response = client.post(
        "/dang-nhap/the", {"code": f" {card.code[:5].lower()}-{card.code[5:]} ", "next": "/hoc/"}
    )

    assert response["Location"] == f"/the/{card.code}?next=%2Fhoc%2F"


def test_a_code_of_the_wrong_length_is_told(client):
    sound(client.post("/dang-nhap/the", {"code": "ABC"}))


def test_the_card_tells_one_letter_and_no_name(client):
    card = make_card()

    words = text(sound(client.get(f"/the/{card.code}")))

    assert re.search(r"\bH\.", words)
    assert "Hoa" not in words
    assert "Nguyễn" not in words


def test_the_pin_opens(client):
    card = make_card()

    response = client.post(f"/the/{card.code}", {"pin": card.pin, "next": "/hoc/"})

    assert response["Location"] == "/hoc/"
    assert who(client) == str(card.person.pk)


@pytest.mark.parametrize("pin", ["", "12", "abcd", "12345", "٤٨٢٧"])
def test_what_is_no_pin_costs_no_try(client, pin):
    card = make_card()

    sound(client.post(f"/the/{card.code}", {"pin": pin}))

    assert card.person.cards.get().wrong_tries == 0


def test_five_wrong_pins_show_how_long_the_card_rests(client):
    card = make_card()
    bad = "8642" if card.pin != "8642" else "8643"
    for _ in range(4):
        sound(client.post(f"/the/{card.code}", {"pin": bad}))

    sound(client.post(f"/the/{card.code}", {"pin": bad}), status=429)
    assert "15" in text(sound(client.get(f"/the/{card.code}"), status=429))
    sound(client.post(f"/the/{card.code}", {"pin": card.pin}), status=429)
    assert who(client) is None


@pytest.mark.parametrize("code", ["K7M4Q2XDPR", "x", "%20", "a" * 300])
def test_an_invented_card_gets_a_kind_word(client, code):
    sound(client.get(f"/the/{code}"))
    sound(client.post(f"/the/{code}", {"pin": "4827"}))


def test_guessing_codes_from_one_address_ends(client):
    card = make_card()
    for _ in range(60):
        client.get("/the/K7M4Q2XDPR")

    sound(client.get(f"/the/{card.code}"), status=429)


def test_signing_out_takes_a_post(client):
    person = make_person()
    client.force_login(person)

    assert client.get("/dang-xuat").status_code == 405
    assert client.post("/dang-xuat")["Location"] == "/"
    assert who(client) is None


def test_someone_signed_in_needs_no_door(client):
    client.force_login(make_person())

    assert client.get(reverse("people:sign_in"))["Location"] == "/"
