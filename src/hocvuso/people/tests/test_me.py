import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.people.actions import log_look, register_person
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.doors import Session
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_person
from hocvuso.people.tests.pages import sound, text
from hocvuso.places.home import remember_place
from hocvuso.places.tests.make import make_place
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
PAGES = ["/toi", "/toi/bat-dau", "/toi/xoa", "/toi/mat-khau", "/toi/thiet-bi", "/toi/du-lieu"]


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.mark.parametrize("page", PAGES)
def test_strangers_are_led_to_the_doors(client, page):
    response = client.get(page)

    assert response["Location"].startswith("/dang-nhap?next=")


@pytest.mark.parametrize("page", ["/toi", "/toi/xoa", "/toi/mat-khau", "/toi/thiet-bi"])
def test_pages_are_sound(page):
    person = make_person(password="mot hai ba bon")
    log_look(make_helper(person.place), person, what="person_show")

    sound(signed_in(person).get(page))


def test_one_sees_who_looked():
    person = make_person()
    log_look(make_helper(person.place, "Trần Văn Giúp"), person, what="person_show")

    assert "Trần Văn Giúp" in text(sound(signed_in(person).get("/toi")))


def test_consent_is_given_and_withdrawn_on_screen():
    person = make_person()
    client = signed_in(person)

    client.post("/toi/dong-y", {"purpose": "contact", "given": "yes"})
    given = Consent.objects.get(person=person)
    client.post("/toi/dong-y", {"purpose": "contact", "given": "no"})

    assert (given.how, given.noted_by) == ("screen", None)
    given.refresh_from_db()
    assert given.withdrawn_at is not None


def test_withdrawing_the_learning_consent_leads_to_erasure():
    person = register_person("Nguyễn Thị Hoa", place=make_place(), by=None)

    response = signed_in(person).post("/toi/dong-y", {"purpose": "learning", "given": "no"})

    assert response["Location"] == "/toi/xoa"


def test_the_copy_holds_all_and_no_secret():
    person = register_person("Nguyễn Thị Hoa", place=make_place("Xã Mẫu"), by=None)
    client = signed_in(person)

    response = client.get("/toi/du-lieu")

    data = json.loads(response.content)
    assert data["person"]["full_name"] == "Nguyễn Thị Hoa"
    assert data["person"]["place"] == "Xã Mẫu"
    assert [row["verb"] for row in data["records"]] == ["registered"]
    assert [row["purpose"] for row in data["consents"]] == ["learning"]
    assert "attachment" in response["Content-Disposition"]
    assert client.session.session_key not in response.content.decode()
    assert "looks" not in data


def test_erasing_asks_first_and_then_does_it():
    person = register_person("Nguyễn Thị Hoa", place=make_place(), by=None)
    client = signed_in(person)

    sound(client.post("/toi/xoa", {}))
    assert Person.objects.get(pk=person.pk).full_name == "Nguyễn Thị Hoa"

    response = client.post("/toi/xoa", {"sure": "on"})
    assert response["Location"] == "/"
    gone = Person.objects.get(pk=person.pk)
    assert (gone.full_name, gone.erased_at is not None) == ("", True)
    assert client.get("/toi").status_code == 302
    assert not Session.objects.filter(person=person).exists()


def test_a_new_password_signs_other_devices_out():
    person = make_person(password="mot hai ba bon")
    here, there = signed_in(person), signed_in(person)

    sound(here.post("/toi/mat-khau", {"old": "sai", "new": "nam sau bay tam"}))
    sound(here.post("/toi/mat-khau", {"old": "mot hai ba bon", "new": "ngan"}))
    response = here.post("/toi/mat-khau", {"old": "mot hai ba bon", "new": "nam sau bay tam"})

    assert response["Location"] == "/toi"
    assert here.get("/toi").status_code == 200
    assert there.get("/toi").status_code == 302
    person.refresh_from_db()
    assert person.check_password("nam sau bay tam")


def test_one_device_is_signed_out_and_the_other_stays():
    person = make_person()
    here, there = signed_in(person), signed_in(person)

    here.post(f"/toi/thiet-bi/{there.session.session_key[:12]}/ra")

    assert there.get("/toi").status_code == 302
    assert here.get("/toi").status_code == 200


def test_nobody_signs_out_anothers_device():
    mine, other = signed_in(make_person()), signed_in(make_person())

    response = mine.post(f"/toi/thiet-bi/{other.session.session_key[:12]}/ra")

    assert response.status_code == 404
    assert other.get("/toi").status_code == 200


def test_all_devices_are_signed_out():
    person = make_person()
    here, there = signed_in(person), signed_in(person)

    assert here.post("/toi/thiet-bi/ra-het")["Location"] == "/dang-nhap"
    assert [client.get("/toi").status_code for client in (here, there)] == [302, 302]


def test_ended_devices_are_not_listed():
    person = make_person()
    client = signed_in(person)
    Session.objects.create(
        session_key="old",
        session_data="",
        expire_date=timezone.now() - timedelta(days=1),
        person=person,
        device="Cũ",
    )

    assert "Cũ" not in text(sound(client.get("/toi/thiet-bi")))


def test_being_addressed_as_one_likes():
    person = make_person("Nguyễn Thị Hoa")
    client = signed_in(person)

    client.post("/toi/xung-ho", {"address_as": "bà"})

    assert "bà Hoa" in text(sound(client.get("/toi")))


def test_beginning_needs_a_place_and_consent():
    person = make_person("Nguyễn Thị Hoa", registered_at=None)
    Person.objects.filter(pk=person.pk).update(place=None)
    client = signed_in(person)
    home = make_place()

    sound(client.get("/toi/bat-dau"))
    client.post("/toi/bat-dau", {"full_name": "Nguyễn Thị Hoa", "learning": "on"})
    assert Record.objects.count() == 0

    response = client.get("/toi")
    remember_place(response, home)
    client.cookies.update(response.cookies)
    sound(client.post("/toi/bat-dau", {"full_name": "Nguyễn Thị Hoa"}))
    sound(client.post("/toi/bat-dau", {"full_name": "...", "learning": "on"}))
    client.post("/toi/bat-dau", {"full_name": "NGUYỄN THỊ \u202eHOA", "learning": "on"})

    person.refresh_from_db()
    assert person.full_name == "Nguyễn Thị Hoa"
    record = Record.objects.get()
    assert (record.verb, record.person, record.place) == ("registered", person, home)
    assert person.consents.get().how == "screen"
