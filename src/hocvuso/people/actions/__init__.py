"""What changes a person: registering, moving, consent, roles, erasure, and the log of looks."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TypedDict, Unpack
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.folding import fold
from hocvuso.base.ids import new_id
from hocvuso.people.codes import new_password
from hocvuso.people.consents import wording
from hocvuso.people.models.consents import AccessLog, Consent
from hocvuso.people.models.persons import Audience, Household, Person, Role
from hocvuso.people.models.rosters import Roster, RosterRow
from hocvuso.places.models import Place
from hocvuso.records.actions import write_record

LEARNING = Consent.Purpose.LEARNING


class Details(TypedDict, total=False):
    """What may be known of a person besides the name and the home place."""

    address_as: str
    birth_year: int | None
    birth_on: date | None
    sex: str
    audience: str
    phone: str | None
    household: Household | None
    vulnerabilities: list[str]
    speaks: str
    id_number_cipher: bytes | None
    id_number_hash: str | None
    invented: bool


class Changes(Details, total=False):
    full_name: str
    place: Place | None


USED_DEED = _("This form was already used. Open the page again.")
FACETS = frozenset({"place", "birth_year", "birth_on", "sex", "audience", "household"})


@transaction.atomic
def register_person(
    full_name: str,
    *,
    place: Place | None,
    by: Person | None,
    consents: Iterable[str] = (LEARNING,),
    how: str = "spoken",
    deed: UUID | None = None,
    happened_at: datetime | None = None,
    source: str = "web",
    **details: Unpack[Details],
) -> Person:
    """A new learner with the consents given and the record that the learner began.

    The deed's id becomes the person's: the same deed again finds the same person.
    """
    if deed is not None and Person.objects.filter(pk=deed).exists():
        return same_person(deed, by)
    person = Person(id=deed or new_id(), full_name=full_name, place=place, **details)
    person.birth_year = person.birth_on.year if person.birth_on else person.birth_year
    person.assisted = person.phone is None
    person.registered_at = happened_at or timezone.now()
    person.set_unusable_password()
    purposes = with_learning(consents)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
    except IntegrityError:  # the same form sent twice at the same moment
        if not Person.objects.filter(pk=person.pk).exists():
            raise
        return same_person(person.pk, by)
    Consent.objects.bulk_create([new_consent(person, purpose, by, how) for purpose in purposes])
    told = {"by": by, "deed": person.pk, "happened_at": happened_at, "source": source}
    if not _write_change("registered", person, **told):  # type: ignore[arg-type]
        raise ValidationError(USED_DEED, code="deed")
    return person


def same_person(deed: UUID, by: Person | None) -> Person:
    """Whom the deed has registered before; a number that is another's tells a stranger nothing."""
    seen = Person.objects.visible_to(by) if by else Person.objects.all()
    person = seen.filter(pk=deed).first()
    if person is None:
        raise ValidationError(USED_DEED, code="deed")
    return person


@transaction.atomic
def become_learner(
    person: Person,
    *,
    by: Person | None,
    consents: Iterable[str] = (LEARNING,),
    how: str = "screen",
    deed: UUID | None = None,
    happened_at: datetime | None = None,
    source: str = "web",
) -> None:
    """From now on counted as a learner of the home place; nothing happens to one who already is."""
    purposes = with_learning(consents)
    if person.registered_at is not None:
        return
    person.registered_at = happened_at or timezone.now()
    person.save(update_fields=["registered_at"])
    for purpose in purposes:
        give_consent(person, purpose=purpose, by=by, how=how)
    _write_change("registered", person, by=by, deed=deed, happened_at=happened_at, source=source)


def with_learning(consents: Iterable[str]) -> list[str]:
    purposes = sorted(set(consents))
    if LEARNING not in purposes:
        raise ValidationError(_("Without this consent nobody can be registered."), code="consent")
    return purposes


def new_consent(person: Person, purpose: str, by: Person | None, how: str) -> Consent:
    """With the words as they are shown in the reader's language."""
    words = wording(purpose, person.age_on(timezone.localdate()))
    noted_by = None if by == person else by
    return Consent(person=person, purpose=purpose, wording=words, how=how, noted_by=noted_by)


def _write_change(
    verb: str,
    person: Person,
    *,
    by: Person | None,
    deed: UUID | None,
    happened_at: datetime | None,
    source: str,
    came_from: Place | None = None,
) -> bool:
    """Whether this deed is new; one that was done before must not be done again later."""
    _record, new = write_record(
        verb,
        person=person,
        object_kind="person",
        object_key=str(person.pk),
        by=by,
        deed=deed,
        happened_at=happened_at,
        result={"from_place": came_from.code if came_from else ""} if verb == "moved" else {},
        source=source,
    )
    return new


@transaction.atomic
def move_person(
    person: Person,
    *,
    by: Person | None,
    place: Place | None,
    deed: UUID | None = None,
    happened_at: datetime | None = None,
    source: str = "web",
) -> None:
    """A new home place; the household stays behind."""
    changes = {"place": place, "household": None}
    _change(person, changes, by=by, deed=deed, happened_at=happened_at, source=source)


@transaction.atomic
def change_person(
    person: Person, *, by: Person | None, deed: UUID | None = None, **changes: Unpack[Changes]
) -> None:
    """Correct what is known. Where a figure counts by it (facets), that is recorded as `moved`."""
    assisted = {"assisted": False} if changes.get("phone") else {}
    _change(person, {**changes, **assisted}, by=by, deed=deed)


def find_household(place: Place, text: str) -> Household | None:
    """The household that a village calls by this number or name; made if there is none yet."""
    if not text:
        return None
    is_number = any(letter.isdigit() for letter in text) and len(text) <= 30
    called = {"number": text} if is_number else {"name": text}
    found = Household.objects.filter(place=place, **called).first()
    return found or Household.objects.create(place=place, **called)


def _change(
    person: Person,
    changes: Mapping[str, object],
    *,
    by: Person | None,
    deed: UUID | None,
    happened_at: datetime | None = None,
    source: str = "web",
) -> None:
    Person.objects.select_for_update().get(pk=person.pk)
    person.refresh_from_db()
    came_from = person.place
    new = {name: value for name, value in changes.items() if getattr(person, name) != value}
    for name, value in new.items():
        setattr(person, name, value)
    counted = person.registered_at is not None and bool(FACETS & new.keys())
    told = {"by": by, "deed": deed, "happened_at": happened_at, "source": source, "came_from": came_from}
    if not new or (counted and not _write_change("moved", person, **told)):  # type: ignore[arg-type]
        person.refresh_from_db()
        return
    person.save(update_fields=[*new, "folded_name"])


@transaction.atomic
def give_consent(person: Person, *, purpose: str, by: Person | None, how: str) -> Consent:
    """The yes, with the words shown; a second yes to the same purpose changes nothing."""
    open_one = Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).first()
    if open_one is not None:
        return open_one
    consent = new_consent(person, purpose, by, how)
    consent.save()
    return consent


@transaction.atomic
def withdraw_consent(person: Person, *, purpose: str, by: Person | None) -> None:
    """Stops one purpose. `learning` is withdrawn by erasing: see erase_person."""
    if purpose == LEARNING:
        raise ValidationError(_("To withdraw this consent, erase the data."), code="erase")
    Consent.objects.filter(person=person, purpose=purpose, withdrawn_at=None).update(
        withdrawn_at=timezone.now()
    )
    if by is not None and by != person:
        log_look(by, person, what="consent withdrawn")


@transaction.atomic
def erase_person(person: Person, *, by: Person) -> None:
    """Empties every personal field and every way in.

    Records stay, without a face; so does the proof of consent.
    """
    now = timezone.now()
    _leave_household(person)
    for name, empty in FACELESS.items():
        setattr(person, name, empty)
    person.set_unusable_password()
    person.erased_at = now
    person.save(update_fields=[*FACELESS, "folded_name", "password", "erased_at"])
    person.cards.all().delete()
    person.sessions.all().delete()
    SocialAccount.objects.filter(user=person).delete()
    Authenticator.objects.filter(user=person).delete()
    person.consents.filter(withdrawn_at=None).update(withdrawn_at=now)
    person.roles.in_force().update(until=timezone.localdate())
    EmailAddress.objects.filter(user=person).delete()
    RosterRow.objects.filter(person=person).update(raw={}, values={}, problems=[], choice="skip")
    Roster.objects.filter(by=person, status=Roster.Status.DRAFT).delete()
    log_look(by, person, what="erased")


FACELESS: dict[str, object] = {
    "username": None,
    "phone": None,
    "email": "",
    "full_name": "",
    "address_as": "",
    "birth_year": None,
    "birth_on": None,
    "sex": "",
    "audience": Audience.CITIZEN,
    "place": None,
    "household": None,
    "organization": None,
    "vulnerabilities": [],
    "speaks": "",
    "profile": "",
    "id_number_cipher": None,
    "id_number_hash": None,
    "is_active": False,
}


def _leave_household(person: Person) -> None:
    """A household is called after its head; with the head goes the name, with the last member all."""
    home = person.household
    if home is None:
        return
    alone = not home.members.exclude(pk=person.pk).exists()
    if alone or fold(home.name) == person.folded_name:
        home.name, home.number = "", "" if alone else home.number
        home.save(update_fields=["name", "number"])


@transaction.atomic
def change_password(person: Person, *, new: str, keep: str | None) -> None:
    """Every device but the one in hand (its session key is `keep`) must sign in again."""
    person.set_password(new)
    person.save(update_fields=["password"])
    person.sessions.exclude(session_key=keep or "").delete()


@transaction.atomic
def set_first_password(person: Person, *, by: Person) -> str:
    """A password for somebody with a role, made here and shown once; never for a learner, who has a card."""
    if not person.roles.in_force().exists():
        raise ValidationError(
            _("Only people with a role sign in with a password set by others."), code="role"
        )
    password = new_password()
    change_password(person, new=password, keep=None)
    log_look(by, person, what="password set")
    return password


@transaction.atomic
def grant_role(
    person: Person, *, kind: str, place: Place | None, by: Person | None, since: date | None = None
) -> Role:
    """A right over a place from today; asked twice it is one role. Four digits no longer do: cards end."""
    today = timezone.localdate()
    held = person.roles.in_force().filter(kind=kind, place=place, organization=None).first()
    if held is not None:
        return held
    if person.cards.filter(revoked_at=None).update(revoked_at=timezone.now()):
        person.sessions.all().delete()  # what four digits have opened
    if by is not None:
        log_look(by, person, place=place, what=f"role given: {kind}")
    return Role.objects.create(person=person, kind=kind, place=place, since=since or today)


@transaction.atomic
def revoke_role(role: Role, *, by: Person) -> None:
    """Ends today; the person's devices are signed out."""
    if role.until is None:
        role.until = timezone.localdate()
        role.save(update_fields=["until"])
        role.person.sessions.all().delete()
        log_look(by, role.person, place=role.place, what=f"role ended: {role.kind}")


def log_look(
    viewer: Person, subject: Person | None = None, place: Place | None = None, *, what: str, count: int = 1
) -> None:
    """Note that somebody looked at somebody else's data; looking at one's own is nobody's business."""
    if viewer != subject:
        AccessLog.objects.create(viewer=viewer, subject=subject, place=place, what=what, count=count)
