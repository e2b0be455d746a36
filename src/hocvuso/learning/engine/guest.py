"""What a guest has learnt, packed small enough for a cookie: 21 bytes a lesson, the newest lessons only."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from struct import Struct
from uuid import UUID

from hocvuso.base.ids import moment_of

KEPT = 60
TRIES_MAX = 127
ENTRY = Struct(">16sIB")  # deed; lesson; tries, and in the lowest bit whether the last was right


@dataclass(frozen=True)
class GuestLesson:
    lesson_id: int
    deed: UUID
    tries: int = 1
    right: bool = False

    @property
    def completed_at(self) -> datetime:
        return moment_of(self.deed)

    def again(self, right: bool) -> "GuestLesson":
        """After another answer; what is right stays right, the moment stays that of the first answer."""
        if self.right:
            return self
        return replace(self, tries=min(self.tries + 1, TRIES_MAX), right=right)


Guest = Mapping[int, GuestLesson]


def pack(lessons: Iterable[GuestLesson]) -> bytes:
    newest = sorted(lessons, key=lambda one: one.completed_at)[-KEPT:]
    return b"".join(ENTRY.pack(one.deed.bytes, one.lesson_id, one.tries << 1 | one.right) for one in newest)


def unpack(packed: bytes) -> dict[int, GuestLesson]:
    """Raises struct.error for anything `pack` has not made."""
    lessons = (
        GuestLesson(number, UUID(bytes=deed), tries=last >> 1, right=bool(last & 1))
        for deed, number, last in ENTRY.iter_unpack(packed)
    )
    return {one.lesson_id: one for one in lessons}
