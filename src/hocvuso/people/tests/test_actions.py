from datetime import date

import pytest
from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.people.actions import (
    become_learner,
    change_person,
    erase_person,
    give_consent,
    grant_role,
    log_look,
    move_person,
    register_person,
    revoke_role,
    withdraw_consent,
)
from hocvuso.people.actions.cards import issue_cards
from hocvuso.people.consents import wording
from hocvuso.people.models.consents import AccessLog, Consent
from hocvuso.people.models.doors import Session
from hocvuso.people.models.persons import Person, Role
from hocvuso.people.models.rosters import Roster
from hocvuso.people.tests.make import make_helper, make_household, make_person, make_role
from hocvuso.places.tests.make import make_place
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db


def records_of(person: Person) -> list[tuple[str, str | None, str]]:
    return [
        (r.verb, r.place and r.place.code, r.audience)
        for r in Record.objects.filter(person=person).order_by("id")
    ]


def test_registering_writes_person_consent_and_record():
    commune = make_place("Xã Mẫu", code="90900")
    helper = make_helper(commune)

    person = register_person(
        "Nguyễn Thị  Hoa", place=commune, by=helper, birth_year=1958, sex="female", how="spoken"
    )

    person.refresh_from_db()
    assert person.assisted is True
    assert person.has_usable_password() is False
    consent = person.consents.get()
    assert (consent.purpose, consent.how, consent.noted_by) == ("learning", "spoken", helper)
    assert "Học Vụ Số" in consent.wording
    record = Record.objects.get(person=person)
    assert (record.verb, record.object_kind, record.object_key) == ("registered", "person", str(person.pk))
    assert (record.place, record.sex, record.age_band, record.entered_by) == (
        commune,
        "female",
        "65+",
        helper,
    )


def test_the_same_deed_registers_once():
    commune = make_place()
    deed = new_id()

    first = register_person("Nguyễn Thị Hoa", place=commune, by=None, deed=deed)
    second = register_person("Nguyễn Thị Hoa", place=commune, by=None, deed=deed)

    assert first == second
    assert (Person.objects.count(), Record.objects.count(), Consent.objects.count()) == (1, 1, 1)


def test_nobody_is_registered_without_the_learning_consent():
    with pytest.raises(ValidationError):
        register_person("Nguyễn Thị Hoa", place=make_place(), by=None, consents=["contact"])

    assert Person.objects.count() == 0


def test_a_minors_consent_names_the_guardian():
    child = register_person(
        "Lê Văn Bé", place=make_place(), by=None, birth_year=timezone.localdate().year - 12
    )

    assert child.consents.get().wording == wording("learning", 12)
    assert wording("learning", 12).startswith(wording("learning", 18))
    assert wording("learning", 12) != wording("learning", 18)


def test_becoming_a_learner_twice_is_one_record():
    officer = make_person(registered_at=None)

    become_learner(officer, by=officer)
    become_learner(officer, by=officer)

    assert [verb for verb, _, _ in records_of(officer)] == ["registered"]


def test_moving_records_both_places_and_leaves_the_household():
    old, new = make_place("Xã Cũ", code="90901"), make_place("Xã Mới", code="90902")
    person = register_person("Nguyễn Thị Hoa", place=old, by=None, household=make_household(old))

    move_person(person, place=new, by=None)

    person.refresh_from_db()
    assert (person.place, person.household) == (new, None)
    moved = Record.objects.get(person=person, verb="moved")
    assert (moved.place, moved.result, moved.household_id) == (new, {"from_place": "90901"}, None)


def test_an_old_deed_played_again_does_not_move_back():
    a, b, c = make_place("Xã A"), make_place("Xã B"), make_place("Xã C")
    person = register_person("Nguyễn Thị Hoa", place=a, by=None)
    deed = new_id()
    move_person(person, place=b, by=None, deed=deed)
    move_person(person, place=c, by=None)

    move_person(person, place=b, by=None, deed=deed)

    person.refresh_from_db()
    assert person.place == c


@pytest.mark.parametrize(
    ("changes", "verbs"),
    [
        ({"audience": "worker"}, ["registered", "moved"]),
        ({"sex": "male"}, ["registered", "moved"]),
        ({"birth_year": 2001}, ["registered", "moved"]),
        ({"full_name": "Nguyễn Thị Huệ"}, ["registered"]),
        ({"phone": "+84912345678"}, ["registered"]),
        ({}, ["registered"]),
    ],
)
def test_only_what_figures_count_by_is_recorded(changes, verbs):
    person = register_person("Nguyễn Thị Hoa", place=make_place(), by=None, birth_year=1958, sex="female")

    change_person(person, by=None, **changes)

    assert [verb for verb, _, _ in records_of(person)] == verbs


def test_a_change_keeps_the_searchable_name_in_step():
    person = register_person("Nguyễn Thị Hoa", place=make_place(), by=None)

    change_person(person, by=None, full_name="Đỗ Thị Huệ", phone="+84912345678")

    person.refresh_from_db()
    assert (person.full_name, person.folded_name, person.assisted) == ("Đỗ Thị Huệ", "do thi hue", False)


def test_consent_is_kept_once_and_withdrawn():
    person = make_person()

    first = give_consent(person, purpose="contact", by=person, how="screen")
    second = give_consent(person, purpose="contact", by=person, how="screen")
    withdraw_consent(person, purpose="contact", by=person)
    third = give_consent(person, purpose="contact", by=person, how="screen")

    assert first == second
    assert third != first
    assert [c.withdrawn_at is None for c in person.consents.order_by("id")] == [False, True]


def test_the_learning_consent_is_withdrawn_by_erasing():
    person = register_person("Nguyễn Thị Hoa", place=make_place(), by=None)

    with pytest.raises(ValidationError):
        withdraw_consent(person, purpose="learning", by=person)


def test_erasing_empties_the_person_and_keeps_the_records():
    commune = make_place()
    home = make_household(commune, name="Nguyễn Thị Hoa", number="17")
    person = register_person(
        "Nguyễn Thị Hoa",
        place=commune,
        by=None,
        phone="+84912345678",
        birth_on=date(1958, 1, 2),
        household=home,
        id_number_cipher=b"x",
        id_number_hash="h",
    )
    make_role(person, "helper", commune)

    erase_person(person, by=person)

    kept = Person.objects.values().get(pk=person.pk)
    words = {str(value) for value in kept.values()}
    assert not words & {"Nguyễn Thị Hoa", "nguyen thi hoa", "+84912345678", "1958-01-02", "h", str(b"x")}
    assert kept["erased_at"] is not None
    assert kept["is_active"] is False
    home.refresh_from_db()
    assert (home.name, home.number) == ("", "")
    assert Record.objects.filter(person=person).count() == 1
    assert person.consents.get().withdrawn_at is not None
    assert not Role.objects.in_force().filter(person=person).exists()


def test_with_its_head_a_household_loses_its_name():
    commune = make_place()
    home = make_household(commune, name="Nguyễn Thị Hoa", number="17")
    head, child = (make_person(name, place=commune, household=home) for name in ("Nguyễn Thị Hoa", "Con"))

    erase_person(head, by=head)

    home.refresh_from_db()
    assert (home.name, home.number, home.members.get()) == ("", "17", child)


def test_erasing_takes_addresses_and_open_lists_along():
    helper = make_helper(make_place())
    EmailAddress.objects.create(user=helper, email="giup@example.vn")
    Roster.objects.create(place=helper.place, by=helper, file_name="lop.xlsx")

    erase_person(helper, by=helper)

    assert (EmailAddress.objects.count(), Roster.objects.count()) == (0, 0)


def test_whoever_gets_a_role_signs_in_anew():
    """A device that four digits have opened must not open others' data."""
    commune = make_place()
    learner, officer = make_person(place=commune), make_person(place=commune)
    issue_cards([learner], by=officer)
    Session.objects.create(person=learner, session_key="k" * 32, expire_date=timezone.now())

    grant_role(learner, kind="helper", place=commune, by=officer)

    assert not learner.sessions.exists()


def test_two_people_can_be_erased():
    commune = make_place()
    for name in ("Nguyễn Thị Hoa", "Trần Văn Bình"):
        person = make_person(name, place=commune)
        erase_person(person, by=person)

    assert Person.objects.filter(erased_at__isnull=False).count() == 2


def test_a_role_is_granted_once_and_ends():
    commune = make_place()
    officer, person = make_person(), make_person()

    first = grant_role(person, kind="helper", place=commune, by=officer)
    second = grant_role(person, kind="helper", place=commune, by=officer)
    revoke_role(first, by=officer)

    assert first == second
    assert not person.roles.in_force().exists()


def test_looking_at_oneself_is_not_logged():
    viewer, subject = make_person(), make_person()

    log_look(viewer, viewer, what="page")
    log_look(viewer, subject, what="page")

    look = AccessLog.objects.get()
    assert (look.viewer, look.subject, look.what, look.count) == (viewer, subject, "page", 1)


def test_person_ids_are_the_deeds_ids():
    deed = new_id()

    assert register_person("Nguyễn Thị Hoa", place=make_place(), by=None, deed=deed).pk == deed
