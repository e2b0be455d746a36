"""The canonical form and the chain, without a database."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.ids import moment_of, new_id
from hocvuso.records.engine import seals

ID = UUID("019a9c3e-0000-7000-8000-000000000001")
NOON = datetime(2026, 11, 22, 12, 0, 0, 5, tzinfo=UTC)


def row(**changes: object) -> list[object]:
    values = dict.fromkeys(seals.FIELDS) | {
        "id": ID,
        "verb": "passed",
        "object_kind": "test",
        "object_key": "co-ban",
        "place_id": 7,
        "happened_at": NOON,
        "learnt_at": NOON,
        "result": {"score": 0.85, "attempt": "a"},
    }
    return list((values | changes).values())


def test_canonical_form_is_the_documented_one():
    text = seals.canonical(row()).decode()

    assert text == (
        '["hocvuso.record.1","019a9c3e-0000-7000-8000-000000000001",null,"passed","test","co-ban",7,null,null,null,'
        'null,null,null,"2026-11-22T12:00:00.000005Z","2026-11-22T12:00:00.000005Z",null,null,'
        '{"attempt":"a","score":0.85},null]'
    )


def test_same_record_has_one_form_however_an_engine_spells_it():
    hanoi = NOON.astimezone(timezone(timedelta(hours=7)))
    name = "Hoà Bình"

    one = row(happened_at=NOON, object_key=unicodedata.normalize("NFC", name), result={"b": 1, "a": 2.0})
    other = row(happened_at=hanoi, object_key=unicodedata.normalize("NFD", name), result={"a": 2, "b": 1.0})

    assert seals.canonical(one) == seals.canonical(other)


@given(st.sampled_from([name for name in seals.FIELDS if name not in ("id", "result")]))
def test_any_changed_field_changes_the_digest(name: str):
    assert seals.record_digest(row(**{name: "changed"})) != seals.record_digest(row())


def test_entries_come_back_as_packed():
    rows = [row(id=new_id()) for _ in range(5)]

    entries = seals.pack(rows)

    assert len(entries) == 5 * 48
    assert list(seals.unpack(entries)) == [(one[0], seals.record_digest(one)) for one in rows]


def test_seal_digest_depends_on_all_three_parts():
    digests = {
        seals.seal_digest(previous, number, entries)
        for previous in (seals.GENESIS, b"\x01" * 32)
        for number in (1, 2)
        for entries in (b"", b"x" * 48)
    }

    assert len(digests) == 8


@given(st.integers(min_value=0, max_value=2**128 - 1))
def test_id_of_the_undoing_record_is_a_uuid7_of_the_same_moment(number: int):
    identifier = UUID(int=number & ~(0xF << 76) | 0x7 << 76)

    undoing = seals.void_id(identifier)

    assert undoing.version == 7
    assert undoing.variant == "specified in RFC 4122"
    assert undoing.int >> 80 == identifier.int >> 80
    assert undoing == seals.void_id(identifier) != identifier


def test_moment_is_kept_in_the_undoing_id():
    identifier = new_id()

    assert moment_of(seals.void_id(identifier)) == moment_of(identifier)
