"""The statements that a fold repeats for every record, written out: the ORM takes several times as long.

Ids are hexadecimal text here. Many rows travel as a list of marks on SQLite, on PostgreSQL as one JSON text,
which costs less than half.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any
from uuid import UUID

from django.db import connection

from hocvuso.indicators.engine.measures import Fact

IN_ONE_STATEMENT = 1000
READ_RECORDS = "SELECT {columns} FROM records_record WHERE id {among}"
RECALL = "SELECT subject, facts FROM indicators_share WHERE measure = %s AND subject {among}"
REMEMBER = (
    "INSERT INTO indicators_share ({columns}) {rows}"
    " ON CONFLICT (measure, subject) DO UPDATE SET facts = excluded.facts"
)
ADD = (
    "INSERT INTO indicators_tally ({columns}) {rows}"
    " ON CONFLICT (measure, dimension, period, place_id)"
    " DO UPDATE SET value = indicators_tally.value + excluded.value"
)

SHARE = {"measure": "varchar", "subject": "varchar", "facts": "jsonb"}
TALLY = {
    "place_id": "bigint",
    "measure": "varchar",
    "dimension": "varchar",
    "period": "date",
    "value": "bigint",
}

Facts = list[Fact]


def read_records(identifiers: Iterable[str | UUID], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """The columns of these records, in any order."""
    for part in parts(
        identifier.hex if isinstance(identifier, UUID) else identifier for identifier in identifiers
    ):
        among, parameters = one_of(part, "uuid")
        yield from fetch(READ_RECORDS.format(columns=", ".join(columns), among=among), parameters)


def recall(measure: str, subjects: Collection[str]) -> dict[str, Facts]:
    """What is remembered of these subjects."""
    found: dict[str, Facts] = {}
    for part in parts(subjects):
        among, parameters = one_of(part, "varchar")
        for subject, facts in fetch(RECALL.format(among=among), [measure, *parameters]):
            found[subject] = [Fact._make(fact) for fact in json.loads(facts)]
    return found


def remember(measure: str, shares: Mapping[str, Facts]) -> None:
    rows = ((measure, subject, json.dumps(facts, ensure_ascii=False)) for subject, facts in shares.items())
    insert(REMEMBER, SHARE, rows)


def add_to_tallies(measure: str, sums: Mapping[tuple[str, str, int], int]) -> None:
    """Add to each (dimension, period, place), in the order of the index: neighbours are written together."""
    rows = (
        (place, measure, dimension, period, sums[dimension, period, place])
        for dimension, period, place in sorted(sums)
    )
    insert(ADD, TALLY, rows)


def insert(statement: str, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> None:
    for part in parts(rows):
        source, parameters = many(part, columns)
        with connection.cursor() as cursor:
            cursor.execute(statement.format(columns=", ".join(columns), rows=source), parameters)


def many(rows: Sequence[Sequence[Any]], columns: Mapping[str, str]) -> tuple[str, list[Any]]:
    """The rows as a source of INSERT; `columns` gives their types."""
    if connection.vendor == "postgresql":
        wanted = ", ".join(f"{name}::{kind}" for name, kind in columns.items())
        given = ", ".join(f"{name} text" for name in columns)
        text = json.dumps([dict(zip(columns, row, strict=True)) for row in rows], ensure_ascii=False)
        return f"SELECT {wanted} FROM json_to_recordset(%s) AS given({given})", [text]  # noqa: S608 - own names
    row = f"({marks(len(columns))})"
    return f"VALUES {', '.join([row] * len(rows))}", list(chain.from_iterable(rows))


def one_of(values: list[str], kind: str) -> tuple[str, list[Any]]:
    if connection.vendor == "postgresql":
        return f"= ANY(%s::{kind}[])", [values]
    return f"IN ({marks(len(values))})", values


def fetch(statement: str, parameters: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def parts(items: Iterable[Any]) -> Iterator[list[Any]]:
    rest = iter(items)
    while part := list(islice(rest, IN_ONE_STATEMENT)):
        yield part


def marks(count: int) -> str:
    return ", ".join(["%s"] * count)
