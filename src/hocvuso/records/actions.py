"""The one way to write a record, to undo one, and to seal what has been written."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import moment_of, new_id
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place
from hocvuso.records.engine import seals
from hocvuso.records.models import Record, Seal, Unsealed, Verb

FUTURE_TOLERANCE = timedelta(minutes=10)  # phones' clocks run ahead
OLDEST_DEED = timedelta(days=400)  # a phone that lay in a drawer for a year may still send
SEALING_LOCK = 0x5EA1
QUEUE = f"INSERT INTO {Unsealed._meta.db_table} (record_id) VALUES (%s)"  # noqa: S608 - own names


def write_record(
    verb: Verb | str,
    *,
    object_kind: str,
    object_key: str,
    person: Person | None = None,
    place: Place | None = None,
    by: Person | None = None,
    mode: str = Record.Mode.ALONE,
    helper: Person | None = None,
    happened_at: datetime | None = None,
    deed: UUID | None = None,
    result: dict[str, Any] | None = None,
    undoes: Record | None = None,
    source: str = "web",
) -> tuple[Record, bool]:
    """Write what happened, once. Returns the record and whether it is new; call it in the deed's transaction.

    `deed` is the UUIDv7 made by whoever did it: the same deed again returns the record already there.
    `place` is the person's own unless given (a record about a place has no person).
    Raises ValidationError for a moment in the future, a deed that is no UUIDv7 or too old, a helped record
    without its helper. Records are undone by `void_record` only.
    """
    if verb == Verb.VOIDED:
        raise ValueError("use void_record")
    now = timezone.now()
    moment = happened_at or now
    check_deed(deed, moment, now)
    if mode != Record.Mode.ALONE and helper is None:
        raise ValidationError(_("Say who helped."), code="helper")
    home_id = place.pk if place else person.place_id if person else None
    record = Record(
        id=deed or new_id(),
        person=person,
        verb=str(verb),
        object_kind=object_kind,
        object_key=object_key,
        place_id=home_id,
        household_id=person.household_id if person else None,
        audience=person.audience if person else "",
        age_band=person.age_band(timezone.localdate(moment)) if person else "",
        sex=person.sex if person else "",
        mode=mode,
        helper=helper,
        happened_at=moment,
        learnt_at=now,
        entered_by=by or person,
        result=result or {},
        undoes=undoes,
        source=source,
    )
    return keep(record)


def check_deed(deed: UUID | None, moment: datetime, now: datetime) -> None:
    latest = now + FUTURE_TOLERANCE
    if moment > latest:
        raise ValidationError(_("The date lies in the future. Check the date on the device."), code="future")
    if deed is None:
        return
    if deed.version != 7:
        raise ValidationError(_("This entry carries a wrong number. Open the page again."), code="deed")
    if moment_of(deed) > latest:
        raise ValidationError(_("The date lies in the future. Check the date on the device."), code="future")
    if moment_of(deed) < now - OLDEST_DEED:
        raise ValidationError(
            _("This entry is more than 400 days old and cannot be taken in."), code="too_old"
        )


def keep(record: Record) -> tuple[Record, bool]:
    """Insert a record and queue it for sealing, or give back the one that is already there."""
    with transaction.atomic(savepoint=False):
        if not Record.objects.insert_new(record):
            return Record.objects.get(pk=record.pk), False
        queue_for_seal(record)
    record._state.adding = False
    return record, True


def queue_for_seal(record: Record) -> None:
    """By cursor, as insert_new: a learner waits for it."""
    with connection.cursor() as cursor:
        cursor.execute(QUEUE, [Record._meta.pk.get_db_prep_value(record.pk, connection)])


@transaction.atomic
def write_records(records: Iterable[Record], *, batch: int = 2000) -> int:
    """Write many made by the caller (imports, the demo world); those whose id is there are passed over.

    The caller fills every field as `write_record` does. Memory: one batch.
    """
    written, stream = 0, iter(records)
    while part := list(islice(stream, batch)):
        known = set(Record.objects.filter(pk__in=[one.pk for one in part]).values_list("pk", flat=True))
        fresh = list({one.pk: one for one in part if one.pk not in known}.values())
        Record.objects.bulk_create(fresh)
        Unsealed.objects.bulk_create([Unsealed(record=one) for one in fresh])
        written += len(fresh)
    return written


def void_record(record: Record, *, by: Person | None, reason: str) -> tuple[Record, bool]:
    """Undo a record by another: it stays, and counts no more. Undoing twice does nothing the second time."""
    if record.verb == Verb.VOIDED:
        raise ValidationError(_("What undoes cannot be undone. Enter the record again."), code="voided")
    now = timezone.now()
    return keep(
        Record(
            id=seals.void_id(record.pk),
            person_id=record.person_id,
            verb=Verb.VOIDED.value,
            object_kind=record.object_kind,
            object_key=record.object_key,
            place_id=record.place_id,
            household_id=record.household_id,
            audience=record.audience,
            age_band=record.age_band,
            sex=record.sex,
            happened_at=now,
            learnt_at=now,
            entered_by=by,
            result={"reason": reason},
            undoes=record,
        )
    )


@transaction.atomic
def seal_batch(limit: int = 1000) -> Seal | None:
    """Seal the records that wait, at most `limit`; None when none does.

    Only committed records are seen and only those sealed leave the queue, so one whose transaction ends late
    is sealed in a later batch: the seals are the final order. Several workers take turns.
    """
    take_turns()
    waiting = Unsealed.objects.order_by("id").values_list(
        "id", *(f"record__{name}" for name in seals.FIELDS)
    )[:limit]
    rows: Sequence[Sequence[Any]] = list(waiting)
    if not rows:
        return None
    last = Seal.objects.order_by("-number").only("number", "digest").first()
    number, previous = (last.number + 1, bytes(last.digest)) if last else (1, seals.GENESIS)
    entries = seals.pack(row[1:] for row in rows)
    Unsealed.objects.filter(pk__in=[row[0] for row in rows]).delete()
    return Seal.objects.create(
        number=number,
        previous=previous,
        digest=seals.seal_digest(previous, number, entries),
        count=len(rows),
        entries=entries,
        sealed_at=timezone.now(),
    )


def seal_all(limit: int = 1000) -> int:
    """Seal until nobody waits; returns how many records."""
    sealed = 0
    while Unsealed.objects.exists() and (seal := seal_batch(limit)):
        sealed += seal.count
    return sealed


def take_turns() -> None:
    """One sealer at a time: PostgreSQL by a lock until the transaction ends; SQLite has one writer anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [SEALING_LOCK])
