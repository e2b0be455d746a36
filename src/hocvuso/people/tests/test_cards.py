from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.people import codes
from hocvuso.people.actions import cards, grant_role
from hocvuso.people.actions.cards import Opening, issue_cards, open_card, revoke_cards
from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.doors import QRCard, Session
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_person
from hocvuso.places.tests.make import make_place

pytestmark = pytest.mark.django_db


def issue(person: Person):
    return issue_cards([person], by=make_helper(person.place))[0]


def wrong(pin: str) -> str:
    return "8642" if pin != "8642" else "8643"


def test_the_right_pin_opens_and_forgets_the_wrong_ones():
    person = make_person()
    card = issue(person)

    assert open_card(card.code, wrong(card.pin)).outcome is Opening.WRONG_PIN
    assert open_card(card.code, card.pin).person == person
    assert QRCard.objects.get().wrong_tries == 0


def test_a_code_may_be_typed_in_small_letters_and_groups():
    card = issue(make_person())

    assert open_card(codes.spaced(card.code).lower(), card.pin).outcome is Opening.OPENED


def test_nothing_in_the_database_tells_code_or_pin():
    card = issue(make_person())

    kept = " ".join(str(value) for row in QRCard.objects.values() for value in row.values())
    assert card.code not in kept
    assert card.pin not in kept
    assert QRCard.objects.get().pin_hash.startswith("$argon2id$")


def test_five_wrong_pins_lock_for_a_quarter_of_an_hour_then_twice_as_long():
    card = issue(make_person())
    tries = [open_card(card.code, wrong(card.pin)) for _ in range(5)]

    assert [t.outcome for t in tries] == [Opening.WRONG_PIN] * 4 + [Opening.LOCKED]
    assert [t.tries_left for t in tries[:4]] == [4, 3, 2, 1]
    assert QRCard.objects.get().minutes_locked() == 15
    assert open_card(card.code, card.pin).outcome is Opening.LOCKED

    QRCard.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    open_card(card.code, wrong(card.pin))
    assert QRCard.objects.get().minutes_locked() == 30


def test_the_tenth_wrong_pin_ends_the_card():
    card = issue(make_person())
    for _ in range(10):
        QRCard.objects.update(locked_until=None)
        last = open_card(card.code, wrong(card.pin))

    assert last.outcome is Opening.ENDED
    assert open_card(card.code, card.pin).outcome is Opening.ENDED


def test_a_reprint_ends_the_old_card_and_its_devices():
    person = make_person()
    old = issue(person)
    Session.objects.create(
        session_key="k" * 32, session_data="", expire_date=timezone.now() + timedelta(days=1), person=person
    )
    new = issue(person)

    assert open_card(old.code, old.pin).outcome is Opening.ENDED
    assert open_card(new.code, new.pin).outcome is Opening.OPENED
    assert not person.sessions.exists()


def test_a_lost_card_opens_nothing():
    person = make_person()
    card = issue(person)

    revoke_cards(person, by=make_helper(person.place))

    assert open_card(card.code, card.pin).outcome is Opening.ENDED


def test_people_with_a_role_get_no_card_and_lose_theirs():
    place = make_place()
    learner, helper = make_person(place=place), make_helper(place)
    card = issue(learner)

    grant_role(learner, kind="helper", place=place, by=helper)

    assert open_card(card.code, card.pin).outcome is Opening.ENDED
    assert issue_cards([learner, helper], by=helper) == []


@pytest.mark.parametrize("changes", [{"is_active": False}, {"erased_at": timezone.now()}])
def test_the_card_of_somebody_gone_opens_nothing(changes):
    person = make_person()
    card = issue(person)
    Person.objects.filter(pk=person.pk).update(**changes)

    assert open_card(card.code, card.pin).outcome is Opening.ENDED


def test_an_invented_code_opens_nothing():
    assert open_card("K7M4Q2XDPR", "4827").outcome is Opening.ENDED


def test_each_sees_who_printed_the_card():
    place = make_place()
    helper, people = make_helper(place), [make_person(place=place), make_person(place=place)]

    issue_cards(people, by=helper)

    looks = AccessLog.objects.filter(what="cards printed", viewer=helper, place=place)
    assert {look.subject_id for look in looks} == {person.pk for person in people}


def test_a_card_that_ended_meanwhile_is_not_brought_back(monkeypatch):
    """PostgreSQL lets another transaction end the card between finding and locking it."""
    person = make_person()
    card = issue(person)
    found = cards.find_card(card.code)
    revoke_cards(person, by=make_helper(person.place))
    monkeypatch.setattr(cards, "find_card", lambda code: found)

    assert open_card(card.code, card.pin).outcome is Opening.ENDED
    assert QRCard.objects.filter(revoked_at=None).count() == 0


def test_cards_of_invented_people_open_nothing_in_production(settings):
    card = issue(make_person(invented=True))
    settings.DEMO = False

    assert open_card(card.code, card.pin).outcome is Opening.ENDED


@pytest.mark.parametrize("pin", ["0000", "1111", "1234", "4321", "0123", "9876", "1958", "2004", "1212"])
def test_pins_that_people_guess_first_are_not_given(pin):
    assert codes.is_good_pin(pin) is False


def test_new_pins_are_good_and_differ():
    pins = {codes.new_pin() for _ in range(300)}

    assert len(pins) > 200
    assert all(len(pin) == 4 and pin.isdigit() and codes.is_good_pin(pin) for pin in pins)


@given(st.text(max_size=30))
def test_cleaning_a_code_twice_changes_nothing(typed):
    assert codes.clean_code(codes.clean_code(typed)) == codes.clean_code(typed)
