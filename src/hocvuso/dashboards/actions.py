"""What is done on the boards themselves: a place says that its records of the month are complete."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place
from hocvuso.records.actions import write_record
from hocvuso.records.models import Record, Verb


@transaction.atomic
def send_report(place: Place, *, month: date, by: Person, deed: UUID | None = None) -> tuple[Record, bool]:
    """Record that a place reports for a month. A past month is dated at its last moment, this month now."""
    now = timezone.now()
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    end = timezone.make_aware(datetime.combine(following, time.min)) - timedelta(seconds=1)
    return write_record(
        Verb.REPORTED,
        object_kind="place",
        object_key=place.code,
        place=place,
        by=by,
        happened_at=min(now, end),
        deed=deed,
        result={"month": month.isoformat()},
    )
