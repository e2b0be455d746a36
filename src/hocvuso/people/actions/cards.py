"""Cards: issuing (the PIN is seen once), opening with the PIN, revoking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from django.db import transaction
from django.utils import timezone

from hocvuso.people.actions import log_look
from hocvuso.people.codes import hash_code, hash_pin, is_pin, new_code, new_pin
from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.doors import QRCard
from hocvuso.people.models.persons import Person, Role

FREE_TRIES = 5
MOST_TRIES = 10
FIRST_LOCK = timedelta(minutes=15)
NO_CARD = hash_code("no such card")
NO_PIN = hash_pin("none", NO_CARD)


@dataclass(frozen=True)
class IssuedCard:
    """In memory only, until it is printed."""

    person: Person
    code: str
    pin: str


class Opening(Enum):
    OPENED = "opened"
    WRONG_PIN = "wrong_pin"
    LOCKED = "locked"
    ENDED = "ended"  # revoked, or never was


@dataclass(frozen=True)
class CardTry:
    outcome: Opening
    person: Person | None = None
    tries_left: int = 0  # until the next lock
    card: QRCard | None = None


@transaction.atomic
def issue_cards(people: Iterable[Person], *, by: Person) -> list[IssuedCard]:
    """New codes and PINs for those who may have a card; their old cards and signed-in devices end.

    Whoever holds a role sees others' data: four digits do not guard that, so no card.
    """
    trusted = set(Role.objects.in_force().values_list("person_id", flat=True))
    holders = [person for person in people if person.pk not in trusted and person.erased_at is None]
    end_cards(holders)
    issued = [IssuedCard(person, new_code(), new_pin()) for person in holders]
    QRCard.objects.bulk_create([as_row(card, by) for card in issued])
    AccessLog.objects.bulk_create(
        AccessLog(viewer=by, subject=person, place_id=person.place_id, what="cards printed")
        for person in holders  # each sees who has printed a card, and so has seen the PIN
    )
    return issued


def as_row(card: IssuedCard, by: Person) -> QRCard:
    code_hash = hash_code(card.code)
    return QRCard(
        person=card.person, token_hash=code_hash, pin_hash=hash_pin(card.pin, code_hash), issued_by=by
    )


def end_cards(people: Iterable[Person]) -> None:
    cards = QRCard.objects.filter(person__in=people, revoked_at=None)
    holders = list(cards.values_list("person_id", flat=True))
    cards.update(revoked_at=timezone.now())
    for holder in Person.objects.filter(pk__in=holders):
        holder.sessions.all().delete()


@transaction.atomic
def revoke_cards(person: Person, *, by: Person) -> None:
    """A lost card opens nothing any more."""
    end_cards([person])
    log_look(by, person, what="card ended")


def find_card(code: str) -> QRCard | None:
    """The card if it still opens anything."""
    found = (
        QRCard.objects.select_related("person").filter(token_hash=hash_code(code), revoked_at=None).first()
    )
    return found if found and found.person.may_enter() else None


@transaction.atomic
def open_card(code: str, pin: str) -> CardTry:
    """Five wrong PINs lock the card for 15 minutes, each more doubles that, the tenth ends the card.

    Takes the same time for a card that never was.
    """
    found = find_card(code)
    card = lock_card(found) if found else None
    if card is None:
        is_pin(pin, NO_CARD, NO_PIN)
        return CardTry(Opening.ENDED)
    if card.locked_until is not None and card.locked_until > timezone.now():
        return CardTry(Opening.LOCKED, card=card)
    if is_pin(pin, card.token_hash, card.pin_hash):
        note_tries(card, 0)
        return CardTry(Opening.OPENED, person=card.person, card=card)
    note_tries(card, card.wrong_tries + 1)
    return judge_wrong_try(card)


def lock_card(found: QRCard) -> QRCard | None:
    """None if it has ended since it was found."""
    return QRCard.objects.select_for_update().filter(pk=found.pk, revoked_at=None).first()


def note_tries(card: QRCard, tries: int) -> None:
    now = timezone.now()
    doublings = tries - FREE_TRIES
    card.wrong_tries = tries
    card.locked_until = now + FIRST_LOCK * 2**doublings if doublings >= 0 else None
    card.revoked_at = now if tries >= MOST_TRIES else None
    card.save(update_fields=["wrong_tries", "locked_until", "revoked_at"])


def judge_wrong_try(card: QRCard) -> CardTry:
    if card.revoked_at is not None:
        return CardTry(Opening.ENDED, card=card)
    if card.locked_until is not None:
        return CardTry(Opening.LOCKED, card=card)
    return CardTry(Opening.WRONG_PIN, tries_left=FREE_TRIES - card.wrong_tries, card=card)
