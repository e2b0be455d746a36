"""Records for tests of every room."""

from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from hocvuso.people.models.persons import Person
from hocvuso.records.actions import write_record
from hocvuso.records.models import Record, Verb


def make_record(
    verb: Verb | str = Verb.COMPLETED,
    person: Person | None = None,
    *,
    on: date | None = None,
    **fields: Any,
) -> Record:
    """What happened at noon of `on` (or now), written as every room writes it; unsealed."""
    if on is not None:
        fields["happened_at"] = timezone.make_aware(datetime.combine(on, time(12)))
    defaults = {"object_kind": "lesson", "object_key": "tra-tien-bang-ma-qr/quet-ma-tra-tien"}
    return write_record(verb, person=person, **defaults | fields)[0]
