"""`hocvuso records verify` against someone who holds the database and lifts its guards."""

import json
from collections.abc import Callable, Iterator
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from hocvuso.base.ids import new_id
from hocvuso.people.tests.make import make_person
from hocvuso.records import queries
from hocvuso.records.actions import seal_all, seal_batch, void_record
from hocvuso.records.engine import seals
from hocvuso.records.models import Record, Seal, Unsealed
from hocvuso.records.queries import Fault, FaultKind, Inspection
from hocvuso.records.tests.guards import without_guards
from hocvuso.records.tests.make import make_record

pytestmark = pytest.mark.django_db
CHANGES = {
    "verb": "passed",
    "object_key": "khac",
    "sex": "male",
    "happened_at": "2026-01-01 00:00:00",
    "learnt_at": "2026-01-01 00:00:00",
    "result": '{"right": true}',
    "person_id": None,
    "place_id": None,
}


@pytest.fixture
def records() -> Iterator[list[Record]]:
    """Seven records in three seals, one undone, an eighth waiting; swept before keys are checked."""
    person = make_person()
    made = [make_record(person=person, result={"score": 0.85, "note": "Hoà"}) for _ in range(6)]
    made.append(void_record(made[0], by=person, reason="wrong person")[0])
    seal_all(limit=3)
    made.append(make_record(person=person))
    yield made
    for table in ("unsealed", "seal", "record"):
        tamper(f"DELETE FROM records_{table}")


def tamper(sql: str, *values: object) -> None:
    with without_guards(), connection.cursor() as cursor:
        cursor.execute(sql, [key(value) for value in values])


def key(value: object) -> object:
    return value.hex if isinstance(value, UUID) and connection.vendor == "sqlite" else value


def faults() -> list[Fault]:
    return list(Inspection().faults())


def test_untouched_records_are_whole(records: list[Record]):
    inspection = Inspection()

    assert list(inspection.faults()) == []
    assert (inspection.records, inspection.seals) == (8, 3)
    assert inspection.head == bytes(Seal.objects.get(number=3).digest)


@pytest.mark.parametrize("column", CHANGES)
def test_altered_record_is_named(records: list[Record], column: str):
    tamper(f"UPDATE records_record SET {column} = %s WHERE id = %s", CHANGES[column], records[4].pk)

    assert faults() == [Fault(FaultKind.ALTERED, 2, str(records[4].pk))]


@pytest.mark.parametrize("column", ["happened_at", "person_id"])
def test_record_made_unreadable_is_named(records: list[Record], column: str):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL holds its types")
    tamper(f"UPDATE records_record SET {column} = 'rubbish' WHERE id = %s", records[1].pk)

    assert faults() == [Fault(FaultKind.ALTERED, 1, str(records[1].pk))]


def test_removed_records_are_named(records: list[Record]):
    tamper("DELETE FROM records_record WHERE id IN (%s, %s)", records[2].pk, records[6].pk)

    assert faults() == [
        Fault(FaultKind.REMOVED, 1, str(records[2].pk)),
        Fault(FaultKind.REMOVED, 3, str(records[6].pk)),
    ]


def test_record_removed_before_its_seal_is_named(records: list[Record]):
    tamper("DELETE FROM records_record WHERE id = %s", records[7].pk)

    assert faults() == [Fault(FaultKind.REMOVED, None, str(records[7].pk))]


def test_inserted_record_is_named_even_when_one_was_removed(records: list[Record]):
    """Counting would not notice: as many rows as before."""
    forged = new_id()
    tamper("UPDATE records_record SET id = %s WHERE id = %s", forged, records[5].pk)

    assert faults() == [
        Fault(FaultKind.REMOVED, 2, str(records[5].pk)),
        Fault(FaultKind.INSERTED, None, str(forged)),
    ]


def test_inserted_record_with_a_forged_id_is_named(records: list[Record]):
    if connection.vendor == "postgresql":
        pytest.skip("PostgreSQL holds its types")
    tamper("UPDATE records_record SET id = 'rubbish' WHERE id = %s", records[7].pk)

    assert faults() == [
        Fault(FaultKind.INSERTED, None, "rubbish"),
        Fault(FaultKind.REMOVED, None, str(records[7].pk)),
    ]


def test_record_taken_out_of_the_queue_is_named(records: list[Record]):
    Unsealed.objects.all().delete()

    assert faults() == [Fault(FaultKind.INSERTED, None, str(records[7].pk))]


def test_record_sealed_twice_is_named(records: list[Record]):
    Unsealed.objects.create(record=records[1])
    seal_all()

    assert faults() == [Fault(FaultKind.SEALED_TWICE, 4, str(records[1].pk))]


def test_seal_with_other_entries_is_named(records: list[Record]):
    """The record is changed and its digest in the seal with it."""
    tamper("UPDATE records_record SET sex = 'male' WHERE id = %s", records[4].pk)
    tamper("UPDATE records_seal SET entries = %s WHERE number = 2", reseal(2))

    assert faults() == [Fault(FaultKind.SEAL_ALTERED, 2)]


def test_seal_made_again_breaks_the_chain(records: list[Record]):
    """The record, its entry and the seal's digest are changed to fit each other."""
    tamper("UPDATE records_record SET sex = 'male' WHERE id = %s", records[4].pk)
    entries, previous = reseal(2), bytes(Seal.objects.get(number=2).previous)
    digest = seals.seal_digest(previous, 2, entries)
    tamper("UPDATE records_seal SET entries = %s, digest = %s WHERE number = 2", entries, digest)

    assert faults() == [Fault(FaultKind.CHAIN_BROKEN, 3)]


def reseal(number: int) -> bytes:
    identifiers = [one for one, _digest in seals.unpack(bytes(Seal.objects.get(number=number).entries))]
    rows = {row[0]: row for row in Record.objects.filter(pk__in=identifiers).values_list(*seals.FIELDS)}
    return seals.pack(rows[one] for one in identifiers)


@pytest.mark.parametrize("change", ["count = count + 1", "previous = digest"])
def test_seal_with_a_changed_field_is_named(records: list[Record], change: str):
    tamper(f"UPDATE records_seal SET {change} WHERE number = 2")

    assert Fault(FaultKind.SEAL_ALTERED, 2) in faults()


def test_removed_seal_leaves_a_gap_and_records_without_seal(records: list[Record]):
    tamper("DELETE FROM records_seal WHERE number = 2")

    assert faults() == [
        Fault(FaultKind.SEAL_REMOVED, 2),
        *[
            Fault(FaultKind.INSERTED, None, str(record.pk))
            for record in sorted(records[3:6], key=lambda one: one.pk)
        ],
    ]


def test_newest_seal_cut_off_leaves_records_without_seal(records: list[Record]):
    tamper("DELETE FROM records_seal WHERE number = 3")

    assert faults() == [Fault(FaultKind.INSERTED, None, str(records[6].pk))]


def test_sealing_meanwhile_is_no_fault(records: list[Record], monkeypatch: pytest.MonkeyPatch):
    """A record may leave the queue for a seal between the two looks of the walk."""
    pages: Callable[[], Iterator[list[str]]] = queries.pages_of_ids

    def seal_then_read() -> Iterator[list[str]]:
        assert seal_batch().number == 4
        yield from pages()

    monkeypatch.setattr(queries, "pages_of_ids", seal_then_read)

    assert faults() == []


def test_pages_of_ids_cover_all(records: list[Record], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(queries, "PAGE", 3)

    pages = list(queries.pages_of_ids())

    assert [len(page) for page in pages] == [3, 3, 2]
    assert sorted(one for page in pages for one in page) == sorted(record.pk.hex for record in records)


def test_command_is_quiet_about_whole_records(records: list[Record], capsys: pytest.CaptureFixture[str]):
    call_command("records_verify")

    assert capsys.readouterr().out.startswith("faults 0, records 8, seals 3, head ")


def test_command_ends_with_1_and_names_the_row(records: list[Record], capsys: pytest.CaptureFixture[str]):
    tamper("UPDATE records_record SET sex = 'male' WHERE id = %s", records[4].pk)

    with pytest.raises(SystemExit) as end:
        call_command("records_verify", "--json")

    first, summary = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert end.value.code == 1
    assert first == {"fault": "altered", "seal": 2, "record": str(records[4].pk)}
    assert summary["faults"] == 1
