"""Identifiers for deeds that arrive without one, and whether to believe the others."""

from datetime import datetime, timedelta
from hashlib import blake2b
from uuid import UUID

from hocvuso.base.ids import moment_of

TAP = timedelta(seconds=10)
KEPT_OFFLINE = timedelta(days=90)
CLOCK_AHEAD = timedelta(minutes=10)  # as records.actions allows
VERSION_AND_VARIANT = 0x7000_8000_0000_0000_0000
RANDOM_BITS = 0x0FFF_3FFF_FFFF_FFFF_FFFF


def tap_id(now: datetime, *parts: object) -> UUID:
    """Without script a cached page carries no deed: a double tap within ten seconds is then the same deed."""
    tap = int(now.timestamp() / TAP.total_seconds()) * int(TAP.total_seconds() * 1000)
    digest = blake2b("/".join(map(str, (tap, *parts))).encode(), digest_size=10).digest()
    return UUID(int=tap << 80 | VERSION_AND_VARIANT | int.from_bytes(digest, "big") & RANDOM_BITS)


def is_believable(deed: UUID, now: datetime) -> bool:
    """Whether the moment a device has written into its deed can be true; phones' clocks are often wrong."""
    if deed.version != 7:
        return False
    try:
        return now - KEPT_OFFLINE <= moment_of(deed) <= now + CLOCK_AHEAD
    except (ValueError, OverflowError):
        return False
