"""Is the spine whole? A walk over all seals and all records names every row that is not as it was sealed."""

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

from django.db import connection, models

from hocvuso.records.engine import seals
from hocvuso.records.models import Record, Seal, Unsealed

PAGE = 5000


class FaultKind(models.TextChoices):
    """In the operators' English, as all commands."""

    ALTERED = "altered", "the record was changed after it was sealed"
    REMOVED = "removed", "the record was sealed and is gone"
    INSERTED = "inserted", "the record was put in from outside: it has no seal and waits for none"
    SEALED_TWICE = "sealed_twice", "the record is in more than one seal"
    SEAL_ALTERED = "seal_altered", "the seal does not fit its own content"
    SEAL_REMOVED = "seal_removed", "one or more seals are missing from here on"
    CHAIN_BROKEN = "chain_broken", "the seal does not follow from the one before"


@dataclass(frozen=True)
class Fault:
    kind: FaultKind
    seal: int | None = None
    record: str | None = None

    def __str__(self) -> str:
        where = [f"seal {self.seal}"] * (self.seal is not None) + [f"record {self.record}"] * bool(
            self.record
        )
        return f"{', '.join(where)}: {self.kind.value}: {self.kind.label}"


class Inspection:
    """One walk; iterate over `faults()`, then read how much was seen.

    Memory is one page of records and one seal: the ids seen in seals wait in a file. Writing and sealing may
    go on meanwhile. What the chain alone cannot show is that its newest seals were cut off together with
    their records: note `head` outside (in the monthly report) and compare.
    """

    def __init__(self) -> None:
        self.records = 0
        self.seals = 0
        self.head = seals.GENESIS

    def faults(self) -> Iterator[Fault]:
        with TemporaryDirectory(prefix="hocvuso-verify-") as folder:
            seen = SeenIds(Path(folder) / "seen.db")
            yield from self.walk_seals(seen)
            yield from self.walk_records(seen)
            seen.close()
        gone = Unsealed.objects.exclude(models.Exists(Record.objects.filter(pk=models.OuterRef("record_id"))))
        for identifier in gone.values_list("record_id", flat=True):
            yield Fault(FaultKind.REMOVED, record=str(identifier))

    def walk_seals(self, seen: "SeenIds") -> Iterator[Fault]:
        """Check the seals made since the last call, and the records in them."""
        while seal := Seal.objects.filter(number__gt=self.seals).order_by("number").first():
            yield from self.check_seal(seal)
            self.seals, self.head = seal.number, bytes(seal.digest)
            entries = list(seals.unpack(bytes(seal.entries)))
            for identifier in seen.add([identifier.hex for identifier, _digest in entries]):
                yield Fault(FaultKind.SEALED_TWICE, seal.number, str(UUID(identifier)))
            yield from check_rows(seal.number, entries)

    def check_seal(self, seal: Seal) -> Iterator[Fault]:
        entries, previous = bytes(seal.entries), bytes(seal.previous)
        if seal.number != self.seals + 1:
            yield Fault(FaultKind.SEAL_REMOVED, self.seals + 1)
        elif previous != self.head:
            yield Fault(FaultKind.CHAIN_BROKEN, seal.number)
        fits = seals.seal_digest(previous, seal.number, entries) == bytes(seal.digest)
        if not fits or len(entries) != seal.count * seals.ENTRY_BYTES:
            yield Fault(FaultKind.SEAL_ALTERED, seal.number)

    def walk_records(self, seen: "SeenIds") -> Iterator[Fault]:
        """Every record is in a seal or waits for one; those sealed since the walk began are looked up."""
        for page in pages_of_ids():
            self.records += len(page)
            if strange := without_waiting(seen.unknown(page)):
                yield from self.walk_seals(seen)
                for identifier in seen.unknown(strange):
                    yield Fault(FaultKind.INSERTED, record=spell(identifier))


class SeenIds:
    """The ids found in seals, kept in a file so that memory stays small."""

    def __init__(self, path: Path) -> None:
        self.file = sqlite3.connect(path, isolation_level=None)
        self.file.execute("PRAGMA journal_mode = OFF")
        self.file.execute("PRAGMA synchronous = OFF")
        self.file.execute("CREATE TABLE seen (id TEXT PRIMARY KEY) WITHOUT ROWID")

    def add(self, identifiers: Sequence[str]) -> list[str]:
        """Remember; returns those that were known or came twice."""
        known = set(identifiers) - set(self.unknown(identifiers))
        twice = [one for one, times in Counter(identifiers).items() if times > 1 or one in known]
        self.file.execute("BEGIN")
        self.file.executemany("INSERT OR IGNORE INTO seen VALUES (?)", [(one,) for one in identifiers])
        self.file.execute("COMMIT")
        return twice

    def unknown(self, identifiers: Iterable[str]) -> list[str]:
        found: list[str] = []
        rest = iter(identifiers)
        while part := list(islice(rest, 900)):
            marks = ",".join("?" * len(part))
            rows = self.file.execute(f"SELECT id FROM seen WHERE id IN ({marks})", part)  # noqa: S608 - marks
            known = {row[0] for row in rows}
            found += [one for one in part if one not in known]
        return found

    def close(self) -> None:
        self.file.close()


def check_rows(number: int, entries: Sequence[tuple[UUID, bytes]]) -> Iterator[Fault]:
    found = digests([identifier for identifier, _digest in entries])
    for identifier, digest in entries:
        if identifier not in found:
            yield Fault(FaultKind.REMOVED, number, str(identifier))
        elif found[identifier] != digest:
            yield Fault(FaultKind.ALTERED, number, str(identifier))


def digests(identifiers: Sequence[UUID]) -> dict[UUID, bytes | None]:
    """Digest by id of the records that are there; None for one that cannot even be read any more."""
    rows = Record.objects.filter(pk__in=identifiers).values_list(*seals.FIELDS)
    try:
        return {row[0]: seals.record_digest(row) for row in rows}
    except (ValueError, TypeError, AttributeError):
        if len(identifiers) == 1:
            return {identifiers[0]: None}
        return {key: value for one in identifiers for key, value in digests([one]).items()}


def pages_of_ids() -> Iterator[list[str]]:
    """All ids as the database holds them, as text, in their order; raw, for a forged one may be no UUID."""
    select = "SELECT id FROM records_record {} ORDER BY id LIMIT %s"
    page = raw_ids(select.format(""), [PAGE])
    while page:
        yield [one.hex if isinstance(one, UUID) else str(one) for one in page]
        page = raw_ids(select.format("WHERE id > %s"), [page[-1], PAGE])


def raw_ids(sql: str, parameters: list[Any]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        return [row[0] for row in cursor.fetchall()]


def without_waiting(identifiers: Sequence[str]) -> list[str]:
    """Those that no row of the sealing queue names."""
    readable = [UUID(one) for one in identifiers if is_uuid(one)]
    waiting = (
        Unsealed.objects.filter(record__in=readable).values_list("record_id", flat=True) if readable else ()
    )
    known = {one.hex for one in waiting}
    return [one for one in identifiers if one not in known]


def is_uuid(text: str) -> bool:
    return len(text) == 32 and all(letter in "0123456789abcdef" for letter in text)


def spell(identifier: str) -> str:
    return str(UUID(identifier)) if is_uuid(identifier) else identifier
