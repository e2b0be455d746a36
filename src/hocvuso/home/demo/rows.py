"""One chunk of the world on its way to the database; memory holds no more than this."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault

from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.learning.models import LessonProgress
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Household, Person, Role
from hocvuso.places.models import Baseline
from hocvuso.recognition.models import Certificate, Claim, Decision, Evidence
from hocvuso.records.models import Record, Unsealed

IN_ORDER: tuple[type[models.Model], ...] = (
    Baseline, Household, Person, Role, Consent, LessonProgress, Attempt, Response, Claim, Evidence, Decision,
    Certificate, Record, Unsealed,
)  # fmt: skip


@dataclass(slots=True)
class Rows:
    waiting: dict[type[models.Model], list[models.Model]] = field(default_factory=lambda: defaultdict(list))
    size: int = 0

    def add(self, *rows: models.Model) -> None:
        self.size += len(rows)
        for row in rows:
            self.waiting[type(row)].append(row)

    def add_record(self, record: Record) -> None:
        """With its place in the queue for sealing, as records.actions does."""
        self.add(record, Unsealed(record_id=record.pk))

    @transaction.atomic
    def write(self) -> None:
        """What others point to first; afterwards there is room for the next chunk."""
        for model in IN_ORDER:
            if rows := self.waiting.pop(model, []):
                insert(rows)
        self.size = 0


def insert(rows: Sequence[models.Model]) -> None:
    """Like bulk_create, at a third of its cost: a million people bring some twenty million rows.

    Columns that the database fills (keys, defaults) are those it fills for the first row.
    """
    table = rows[0]._meta.db_table
    fields = [
        each for each in rows[0]._meta.concrete_fields if is_given(getattr(rows[0], each.attname), each)
    ]
    columns = ", ".join(f'"{each.column}"' for each in fields)
    values = ([json_text(getattr(row, each.attname), each) for each in fields] for row in rows)
    if connection.vendor == "postgresql":
        copy(f'COPY "{table}" ({columns}) FROM STDIN', values)
        return
    places = ", ".join(["%s"] * len(fields))
    with connection.cursor() as cursor:
        cursor.executemany(
            f'INSERT INTO "{table}" ({columns}) VALUES ({places})',  # noqa: S608 - our own names
            [[plain(value) for value in row] for row in values],
        )


def copy(statement: str, values: Iterator[list[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(statement) as stream:
        for row in values:
            stream.write_row(row)


def is_given(value: Any, each: models.Field[Any, Any]) -> bool:
    return not isinstance(value, DatabaseDefault) and not (
        isinstance(each, models.AutoField) and value is None
    )


def json_text(value: Any, each: models.Field[Any, Any]) -> Any:
    return json.dumps(value) if isinstance(each, models.JSONField) and value is not None else value


def plain(value: Any) -> Any:
    """As Django keeps it on SQLite."""
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return value.isoformat()
    return value
