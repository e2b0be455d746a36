import pytest
from django.test import Client

from hocvuso.people.models.persons import Person, Role
from hocvuso.people.tests.make import make_helper, make_officer, make_person, make_role
from hocvuso.people.tests.pages import sound, text
from hocvuso.places.tests.make import make_country_tree

pytestmark = pytest.mark.django_db
PAGE = "/nguoi-huong-dan"


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def tree():
    return make_country_tree()


def test_only_a_communes_officer_names_helpers(tree):
    for who in (
        make_person(place=tree.tho_xuan),
        make_helper(tree.tho_xuan),
        make_officer(tree.thanh_hoa),
        make_officer(tree.village_one),
    ):
        assert signed_in(who).get(PAGE).status_code == 404
        assert signed_in(who).post(PAGE, {}).status_code == 404


def test_the_page_shows_the_communes_own(tree):
    make_helper(tree.village_one, "Trần Văn Gần")
    make_helper(tree.lam_son, "Lê Văn Xa")

    words = text(sound(signed_in(make_officer(tree.tho_xuan)).get(PAGE)))

    assert "Trần Văn Gần" in words
    assert "Lê Văn Xa" not in words


def test_a_helper_is_named(tree):
    person = make_person(place=tree.village_one, phone="+84912345678")
    client = signed_in(make_officer(tree.tho_xuan))

    client.post(PAGE, {"person": "0912 345 678", "kind": "helper", "place": tree.village_one.pk})

    role = person.roles.get()
    assert (role.kind, role.place) == ("helper", tree.village_one)


@pytest.mark.parametrize(
    "wrong", [{"person": "ai-do"}, {"kind": "officer"}, {"kind": "operator"}, {"place": 0}, {"person": ""}]
)
def test_bad_input_names_nobody(tree, wrong):
    make_person(place=tree.village_one, username="hoa")
    officer = make_officer(tree.tho_xuan)
    answers = {"person": "hoa", "kind": "helper", "place": tree.village_one.pk} | wrong

    sound(signed_in(officer).post(PAGE, answers))

    assert Role.objects.exclude(person=officer).count() == 0


def test_people_and_places_of_others_are_no_choice(tree):
    make_person(place=tree.lam_son, username="xa")
    make_person(place=tree.village_one, username="gan")
    officer = make_officer(tree.tho_xuan)
    client = signed_in(officer)

    client.post(PAGE, {"person": "xa", "kind": "helper", "place": tree.village_one.pk})
    client.post(PAGE, {"person": "gan", "kind": "helper", "place": tree.lam_son.pk})

    assert Role.objects.exclude(person=officer).count() == 0


def test_a_role_ends_and_devices_with_it(tree):
    helper = make_helper(tree.village_one)
    helpers_phone = signed_in(helper)

    signed_in(make_officer(tree.tho_xuan)).post(f"{PAGE}/{helper.roles.get().pk}/thoi")

    assert not helper.roles.in_force().exists()
    assert helpers_phone.get("/toi").status_code == 302


def test_a_password_is_shown_once_and_works(tree):
    helper = make_helper(tree.village_one)

    response = signed_in(make_officer(tree.tho_xuan)).post(f"{PAGE}/{helper.roles.get().pk}/mat-khau")

    sound(response)
    assert Person.objects.get(pk=helper.pk).check_password(response.context["password"])


@pytest.mark.parametrize("path", ["thoi", "mat-khau"])
def test_roles_of_others_and_of_officers_are_out_of_reach(tree, path):
    client = signed_in(make_officer(tree.tho_xuan))
    far, equal = make_helper(tree.lam_son), make_officer(tree.tho_xuan)

    answers = [client.post(f"{PAGE}/{who.roles.get().pk}/{path}").status_code for who in (far, equal)]

    assert answers == [404, 404]


def test_nobody_takes_over_somebody_with_more_rights(tree):
    helper = make_helper(tree.village_one)
    helpers_role = helper.roles.get()
    make_role(helper, "officer", tree.thanh_hoa)

    response = signed_in(make_officer(tree.tho_xuan)).post(f"{PAGE}/{helpers_role.pk}/mat-khau")

    assert response.status_code == 404
    assert not Person.objects.get(pk=helper.pk).has_usable_password()
