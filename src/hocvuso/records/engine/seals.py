"""How records are sealed: the canonical form of one, the entries of a batch, the chain of batches."""

import json
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

FORM = "hocvuso.record.1"
FIELDS = (
    "id",
    "person_id",
    "verb",
    "object_kind",
    "object_key",
    "place_id",
    "household_id",
    "audience",
    "age_band",
    "sex",
    "mode",
    "helper_id",
    "happened_at",
    "learnt_at",
    "entered_by_id",
    "source",
    "result",
    "undoes_id",
)
GENESIS = bytes(32)
ID_BYTES = 16
ENTRY_BYTES = 48


def canonical(values: Sequence[Any]) -> bytes:
    """The bytes that are hashed: a JSON array of the form's name and the values in the order of FIELDS."""
    plain_values = [FORM, *(plain(value) for value in values)]
    text = json.dumps(
        plain_values, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def plain(value: Any) -> Any:
    """One spelling on every engine: NFC text, UTC microseconds, whole numbers without a fraction."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, dict):
        return {plain(key): plain(inner) for key, inner in value.items()}
    return [plain(inner) for inner in value]


def record_digest(values: Sequence[Any]) -> bytes:
    return sha256(canonical(values)).digest()


def pack(rows: Iterable[Sequence[Any]]) -> bytes:
    """The entries of a seal: for each row (values in the order of FIELDS) its id and its digest."""
    return b"".join(row[0].bytes + record_digest(row) for row in rows)


def unpack(entries: bytes) -> Iterator[tuple[UUID, bytes]]:
    for start in range(0, len(entries) - ENTRY_BYTES + 1, ENTRY_BYTES):
        middle = start + ID_BYTES
        yield UUID(bytes=entries[start:middle]), entries[middle : start + ENTRY_BYTES]


def seal_digest(previous: bytes, number: int, entries: bytes) -> bytes:
    return sha256(previous + number.to_bytes(8, "big") + entries).digest()


def void_id(identifier: UUID) -> UUID:
    """The id that the record undoing this one must have: a UUIDv7 of the same moment.

    One id, one row: so a record can be undone only once, whoever tries at the same time.
    """
    moment = identifier.int >> 80
    noise = int.from_bytes(sha256(b"voided" + identifier.bytes).digest()[:10], "big")
    high, low = noise >> 62 & 0xFFF, noise & (1 << 62) - 1
    return UUID(int=moment << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)
