from datetime import date
from uuid import UUID, uuid4

import pytest
from django.test import Client

from hocvuso.base.ids import new_id
from hocvuso.people.actions import register_person
from hocvuso.people.actions.cards import issue_cards
from hocvuso.people.id_numbers import unlock_id_number
from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_household, make_officer, make_person
from hocvuso.people.tests.pages import sound, text
from hocvuso.places.tests.make import make_country, make_country_tree, make_place
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
ANSWERS = {
    "full_name": "NGUYỄN THỊ  HOA",
    "birth": "15/3/1958",
    "sex": "female",
    "audience": "citizen",
    "phone": "912 345 678",
    "household": "12",
    "id_number": "001058012345",
    "learning": "on",
    "how": "spoken",
}


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def tree():
    return make_country_tree()


# -- who may


def outsiders(tree):
    return {
        "learner": make_person(place=tree.tho_xuan),
        "helper of another commune": make_helper(tree.lam_son),
        "province officer": make_officer(tree.thanh_hoa),
        "national officer": make_officer(make_country()),
        "helper of another village": make_helper(tree.village_two),
    }


@pytest.mark.parametrize("path", ["", "/sua", "/xoa"])
def test_outsiders_find_nothing(tree, path):
    person = make_person(place=tree.village_one)

    answers = {
        name: signed_in(who).get(f"/nguoi-hoc/{person.pk}{path}").status_code
        for name, who in outsiders(tree).items()
    }

    assert set(answers.values()) == {404}
    assert not AccessLog.objects.filter(subject=person).exists()


@pytest.mark.parametrize("path", ["/dong-y", "/the", "/the/thu-hoi", "/sua", "/xoa"])
def test_outsiders_change_nothing(tree, path):
    person = make_person(place=tree.village_one)

    answers = {
        name: signed_in(who)
        .post(f"/nguoi-hoc/{person.pk}{path}", ANSWERS | {"sure": "on", "contact": "x"})
        .status_code
        for name, who in outsiders(tree).items()
    }

    assert set(answers.values()) == {404}
    assert not person.cards.exists()
    assert Person.objects.get(pk=person.pk).full_name == person.full_name


@pytest.mark.parametrize("page", ["/nguoi-hoc", "/nguoi-hoc/them", "/danh-sach-lop"])
def test_those_who_see_no_names_have_no_lists(tree, page):
    for who in (make_person(), make_officer(tree.thanh_hoa), make_officer(make_country())):
        assert signed_in(who).get(page).status_code == 404


@pytest.mark.parametrize("page", ["/nguoi-hoc", "/nguoi-hoc/them", "/danh-sach-lop", "/nguoi-huong-dan"])
def test_strangers_are_led_to_the_doors(client, page):
    assert client.get(page)["Location"].startswith("/dang-nhap")


def test_a_role_that_ended_opens_nothing(tree):
    helper = make_helper(tree.tho_xuan)
    helper.roles.update(until=date(2026, 1, 1))

    assert signed_in(helper).get("/nguoi-hoc").status_code == 404


# -- the list


def test_the_list_leads_the_commune_officer_to_helpers_and_villages(tree):
    paths = ("/nguoi-huong-dan", f"/noi-o/nhap-thon/{tree.tho_xuan.code}")

    officers = signed_in(make_officer(tree.tho_xuan)).get("/nguoi-hoc").content.decode()
    helpers = signed_in(make_helper(tree.tho_xuan)).get("/nguoi-hoc").content.decode()

    assert [f'href="{path}"' in officers for path in paths] == [True, True]
    assert [f'href="{path}"' in helpers for path in paths] == [False, False]


def test_the_list_shows_ones_own_places_only(tree):
    make_person("Nguyễn Thị Hoa", place=tree.village_one)
    make_person("Trần Văn Xa", place=tree.lam_son)
    gone = make_person("Lê Thị Mất", place=tree.village_one)
    Person.objects.filter(pk=gone.pk).update(erased_at="2026-01-01T00:00Z")

    words = text(sound(signed_in(make_helper(tree.tho_xuan)).get("/nguoi-hoc")))

    assert "Nguyễn Thị Hoa" in words
    assert "Trần Văn Xa" not in words
    assert "Lê Thị Mất" not in words


@pytest.mark.parametrize(
    ("words", "found"), [("hoa", 1), ("HÒA", 1), ("nguyen thi", 1), ("0912345678", 1), ("ai đó", 0), ("", 2)]
)
def test_searching_with_or_without_diacritics(tree, words, found):
    make_person("Nguyễn Thị Hòa", place=tree.village_one, phone="+84912345678")
    make_person("Trần Văn Bình", place=tree.village_two)

    response = signed_in(make_helper(tree.tho_xuan)).get("/nguoi-hoc", {"q": words})

    assert response.context["page_obj"].paginator.count == found


def test_the_list_of_one_village(tree):
    make_person(place=tree.village_one)
    make_person(place=tree.village_two)

    response = signed_in(make_helper(tree.tho_xuan)).get("/nguoi-hoc", {"place": tree.village_one.pk})

    assert [person.place for person in response.context["page_obj"]] == [tree.village_one]


def test_a_look_at_the_list_is_noted(tree):
    make_person(place=tree.village_one)
    helper = make_helper(tree.tho_xuan)

    signed_in(helper).get("/nguoi-hoc")

    look = AccessLog.objects.get()
    assert (look.viewer, look.what, look.count) == (helper, "person_list", 1)


def test_more_people_take_no_more_queries(tree, django_assert_num_queries, django_assert_max_num_queries):
    client = signed_in(make_helper(tree.tho_xuan))
    make_person(place=tree.village_one)
    with django_assert_max_num_queries(20) as few:
        client.get("/nguoi-hoc")
    count = len(few)
    for _ in range(3):
        make_person(place=tree.village_two)

    with django_assert_num_queries(count):
        client.get("/nguoi-hoc")


# -- one person


def test_the_page_is_sound_and_the_look_is_noted(tree):
    person = make_person(place=tree.village_one, household=make_household(tree.village_one))
    helper = make_helper(tree.tho_xuan)
    issue_cards([person], by=helper)

    sound(signed_in(helper).get(f"/nguoi-hoc/{person.pk}"))

    assert AccessLog.objects.filter(viewer=helper, subject=person, what="person_show").count() == 1


def test_a_learner_is_registered_with_consent(tree):
    helper = make_helper(tree.tho_xuan)
    answers = ANSWERS | {"place": tree.village_one.pk, "deed": new_id()}

    response = signed_in(helper).post("/nguoi-hoc/them", answers)

    person = Person.objects.get(phone="+84912345678")
    assert response["Location"] == f"/nguoi-hoc/{person.pk}"
    assert (person.full_name, person.birth_on, person.place) == (
        "Nguyễn Thị Hoa",
        date(1958, 3, 15),
        tree.village_one,
    )
    assert person.household.number == "12"
    assert unlock_id_number(person.id_number_cipher) == "001058012345"
    assert b"001058012345" not in bytes(person.id_number_cipher)
    consent = person.consents.get()
    assert (consent.purpose, consent.how, consent.noted_by) == ("learning", "spoken", helper)
    assert Record.objects.get().entered_by == helper


def test_sending_the_form_twice_registers_once(tree):
    client = signed_in(make_helper(tree.tho_xuan))
    answers = ANSWERS | {"place": tree.village_one.pk, "deed": new_id()}

    first, second = client.post("/nguoi-hoc/them", answers), client.post("/nguoi-hoc/them", answers)

    assert first["Location"] == second["Location"]
    assert Record.objects.count() == 1


def test_a_deed_of_somebody_elsewhere_tells_no_name(tree):
    stranger = make_person("Phạm Văn Kín", place=tree.cao_xanh, id=new_id())
    client = signed_in(make_helper(tree.tho_xuan))

    answers = ANSWERS | {"place": tree.village_one.pk, "deed": stranger.pk}
    response = client.post("/nguoi-hoc/them", answers)

    assert "Phạm Văn Kín" not in text(sound(response))
    assert not Record.objects.exists()


@pytest.mark.parametrize("deed", [uuid4(), UUID("00000000-0000-7000-8000-000000000000")])
def test_a_deed_that_cannot_be_is_said_on_the_form(tree, deed):
    client = signed_in(make_helper(tree.tho_xuan))

    response = client.post("/nguoi-hoc/them", ANSWERS | {"place": tree.village_one.pk, "deed": deed})

    sound(response)
    assert not Person.objects.filter(pk=deed).exists()


def test_nothing_is_ticked_beforehand(tree):
    root = sound(signed_in(make_helper(tree.tho_xuan)).get("/nguoi-hoc/them"))

    ticked = [node.get("name") for node in root.iter("input") if node.get("checked") is not None]
    assert set(ticked) <= {"sex"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"learning": ""},
        {"how": ""},
        {"full_name": ""},
        {"full_name": "x" * 500},
        {"birth": "32/13/1958"},
        {"birth": "2999"},
        {"phone": "12345"},
        {"id_number": "123"},
        {"place": "999999"},
        {"deed": "no uuid"},
    ],
)
def test_bad_input_is_told_at_its_field(tree, wrong):
    answers = ANSWERS | {"place": tree.village_one.pk, "deed": new_id()} | wrong

    response = signed_in(make_helper(tree.tho_xuan)).post("/nguoi-hoc/them", answers)

    sound(response)
    assert set(wrong) <= set(response.context["form"].errors)
    assert Record.objects.count() == 0


def test_a_place_outside_the_role_is_no_choice(tree):
    answers = ANSWERS | {"place": tree.lam_son.pk, "deed": new_id()}

    response = signed_in(make_helper(tree.tho_xuan)).post("/nguoi-hoc/them", answers)

    assert list(response.context["form"].errors) == ["place"]


def test_somebody_of_that_name_is_shown_first(tree):
    make_person("Nguyễn Thị Hoa", place=tree.village_two, birth_year=1958)
    client = signed_in(make_helper(tree.tho_xuan))
    answers = ANSWERS | {"place": tree.village_one.pk, "deed": new_id()}

    sound(client.post("/nguoi-hoc/them", answers))
    assert Record.objects.count() == 0

    client.post("/nguoi-hoc/them", answers | {"sure": "on"})
    assert Record.objects.count() == 1


def test_a_taken_phone_is_told_without_a_name(tree):
    make_person("Trần Văn Xa", place=tree.lam_son, phone="+84912345678")

    response = signed_in(make_helper(tree.tho_xuan)).post(
        "/nguoi-hoc/them", ANSWERS | {"place": tree.village_one.pk, "deed": new_id()}
    )

    assert list(response.context["form"].errors) == ["phone"]
    assert "Xa" not in text(sound(response)).split()


def test_correcting_writes_what_figures_need(tree):
    person = register_person("Nguyễn Thị Hoa", place=tree.village_one, by=None, birth_year=1958, sex="female")
    client = signed_in(make_helper(tree.tho_xuan))
    sound(client.get(f"/nguoi-hoc/{person.pk}/sua"))

    client.post(
        f"/nguoi-hoc/{person.pk}/sua",
        {
            "full_name": "Nguyễn Thị Huệ",
            "birth": "1958",
            "sex": "female",
            "audience": "worker",
            "place": tree.village_two.pk,
        },
    )

    person.refresh_from_db()
    assert (person.full_name, person.place, person.audience) == ("Nguyễn Thị Huệ", tree.village_two, "worker")
    moved = Record.objects.get(verb="moved")
    assert (moved.place, moved.audience, moved.result) == (
        tree.village_two,
        "worker",
        {"from_place": tree.village_one.code},
    )


def test_correcting_leaves_an_id_number_that_was_not_typed_again(tree):
    person = make_person(place=tree.village_one)
    client = signed_in(make_helper(tree.tho_xuan))
    page = f"/nguoi-hoc/{person.pk}/sua"
    answers = {
        "full_name": "Nguyễn Thị Mẫu",
        "birth": "1958",
        "audience": "citizen",
        "place": tree.village_one.pk,
    }

    client.post(page, answers | {"id_number": "001058012345"})
    client.post(page, answers)

    person.refresh_from_db()
    assert unlock_id_number(person.id_number_cipher) == "001058012345"


def test_a_helper_notes_consent_and_its_withdrawal(tree):
    person = make_person(place=tree.village_one)
    helper = make_helper(tree.tho_xuan)
    client, page = signed_in(helper), f"/nguoi-hoc/{person.pk}/dong-y"

    client.post(page, {"purpose": "contact", "given": "yes"})
    assert not person.consents.exists()
    client.post(page, {"purpose": "contact", "given": "yes", "how": "paper"})
    client.post(page, {"purpose": "contact", "given": "no"})

    consent = person.consents.get()
    assert (consent.how, consent.noted_by, consent.withdrawn_at is not None) == ("paper", helper, True)


def test_erasing_at_the_persons_wish(tree):
    person = make_person(place=tree.village_one)
    client = signed_in(make_helper(tree.tho_xuan))
    sound(client.get(f"/nguoi-hoc/{person.pk}/xoa"))

    client.post(f"/nguoi-hoc/{person.pk}/xoa", {"sure": "on"})

    assert Person.objects.get(pk=person.pk).full_name == ""


def test_helpers_do_not_erase_one_another(tree):
    other = make_helper(tree.tho_xuan)

    response = signed_in(make_helper(tree.tho_xuan)).post(f"/nguoi-hoc/{other.pk}/xoa", {"sure": "on"})

    assert response.status_code == 404


# -- cards


def test_the_card_is_printed_and_nothing_keeps_the_file(tree):
    person = make_person(place=tree.village_one)

    response = signed_in(make_helper(tree.tho_xuan)).post(
        f"/nguoi-hoc/{person.pk}/the", {"contact": "Tổ công nghệ số"}
    )

    assert response.content.startswith(b"%PDF")
    assert "no-store" in response["Cache-Control"]
    assert person.cards.filter(revoked_at=None).count() == 1


def test_a_card_needs_to_say_whom_to_ask(tree):
    person = make_person(place=tree.village_one)

    signed_in(make_helper(tree.tho_xuan)).post(f"/nguoi-hoc/{person.pk}/the", {"contact": ""})

    assert not person.cards.exists()


def test_a_lost_card_is_ended(tree):
    person = make_person(place=tree.village_one)
    helper = make_helper(tree.tho_xuan)
    issue_cards([person], by=helper)

    signed_in(helper).post(f"/nguoi-hoc/{person.pk}/the/thu-hoi")

    assert not person.cards.filter(revoked_at=None).exists()


def test_a_helper_of_one_village_adds_there_only():
    village = make_place("Thôn Mẫu", "village")

    response = signed_in(make_helper(village)).get("/nguoi-hoc/them")

    assert list(response.context["form"].fields["place"].queryset) == [village]
    assert response.context["form"]["place"].value() == village.pk


def test_a_helper_does_not_change_an_officers_sign_in(tree):
    officer = make_officer(tree.tho_xuan, phone="+84912345678")
    helper = make_helper(tree.tho_xuan)
    answers = ANSWERS | {"place": tree.village_one.pk, "phone": "0987654321"}

    by_helper = signed_in(helper).post(f"/nguoi-hoc/{officer.pk}/sua", answers)
    by_officer = signed_in(officer).get(f"/nguoi-hoc/{helper.pk}/sua")

    officer.refresh_from_db()
    assert (by_helper.status_code, by_officer.status_code) == (404, 200)
    assert officer.phone == "+84912345678"
    assert f"/nguoi-hoc/{officer.pk}/sua" not in signed_in(helper).get(f"/nguoi-hoc/{officer.pk}").text


def test_opening_the_form_of_somebody_is_a_look_too(tree):
    person, helper = make_person(place=tree.village_one), make_helper(tree.tho_xuan)

    signed_in(helper).get(f"/nguoi-hoc/{person.pk}/sua")

    assert AccessLog.objects.get().subject == person
