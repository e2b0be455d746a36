"""UUIDv7 identifiers: made by whoever does the deed, sortable by their moment (RFC 9562 §5.7)."""

from datetime import UTC, datetime
from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    return uuid7()


def moment_of(identifier: UUID) -> datetime:
    """The UTC moment, to the millisecond, written into a UUIDv7."""
    return datetime.fromtimestamp((identifier.int >> 80) / 1000, tz=UTC)
