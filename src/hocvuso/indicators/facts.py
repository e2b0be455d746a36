"""From records to the facts that measures are made of."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, NamedTuple
from uuid import UUID

from django.utils import timezone

from hocvuso.indicators.engine.measures import Fact, Rule
from hocvuso.indicators.store import parts, read_records
from hocvuso.places.models import Place
from hocvuso.records.models import Record, RecordQuerySet

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
COLUMNS = (
    "happened_at",
    "id",
    "verb",
    "object_key",
    "person_id",
    "household_id",
    "place_id",
    "audience",
    "age_band",
    "sex",
    "object_kind",
    "mode",
    "undoes_id",
)


class Row(NamedTuple):
    """A record on its way into the tallies."""

    fact: Fact
    kind: str
    mode: str
    undoes: str


def wanted(rule: Rule, rows: Iterable[Row]) -> list[Row]:
    return [row for row in rows if rule.wants(row.fact.verb, row.kind, row.mode)]


def rows_of_records(identifiers: Iterable[UUID | str]) -> list[Row]:
    return make_rows(read_records(identifiers, COLUMNS))


def rows_of_persons(persons: Collection[str], rule: Rule) -> list[Row]:
    """All that stands and matters to the rule, of these persons."""
    return wanted(rule, read_in_parts(standing(rule), "person__in", persons))


def rows_of_places(places: Collection[str], rule: Rule) -> list[Row]:
    return wanted(rule, read_in_parts(standing(rule), "place__in", places))


def standing(rule: Rule) -> RecordQuerySet:
    return Record.objects.standing().filter(verb__in=rule.verbs)


def read_in_parts(records: RecordQuerySet, lookup: str, keys: Collection[Any]) -> list[Row]:
    """The rows whose key is among these; many keys are asked for in several queries."""
    return make_rows(
        values for part in parts(keys) for values in records.filter(**{lookup: part}).values_list(*COLUMNS)
    )


def make_rows(records: Iterable[tuple[Any, ...]]) -> list[Row]:
    """A record without a place counts for the country as a whole."""
    home = Place.objects.filter(parent=None).values_list("pk", flat=True).first() or 0
    zone = timezone.get_default_timezone()
    return [make_row(values, home, zone) for values in records]


def make_row(values: tuple[Any, ...], home: int, zone: tzinfo) -> Row:
    moment, identifier, verb, key, person, household, place, audience, age, sex, kind, mode, undoes = values
    if moment.tzinfo is None:  # as SQLite gives it
        moment = moment.replace(tzinfo=UTC)
    local = moment.astimezone(zone)
    fact = Fact(
        (moment - EPOCH) // MICROSECOND,
        hexed(identifier),
        verb,
        key,
        hexed(person),
        hexed(household),
        place or home,
        audience,
        age,
        sex,
        f"{local.year}-{local.month:02}-01",
    )
    return Row(fact, kind, mode, hexed(undoes))


def hexed(identifier: UUID | str | None) -> str:
    """SQLite's own text of an id, or PostgreSQL's UUID."""
    return identifier.hex if isinstance(identifier, UUID) else identifier or ""
