"""Where tallies lie: on today's map by the path of their place, on an earlier map by what it was that day."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Expression, Value
from django.db.models.functions import Left, StrIndex, Substr
from django.utils import timezone

from hocvuso.indicators.engine import measures
from hocvuso.places.models import Place, PlaceVersion

EVER = date.fromisoformat(measures.EVER)
SLASH = Value("/")


def last_day(period: date) -> date:
    """Of a month; of EVER, today."""
    if period == EVER:
        return timezone.localdate()
    return (period.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def months_from(first: date) -> list[date]:
    """First days of the months from one on, to the one after this month (clocks of phones run ahead)."""
    months, end = [first], last_day(timezone.localdate()) + timedelta(days=1)
    while months[-1] < end:
        months.append(last_day(months[-1]) + timedelta(days=1))
    return months


def part_code(place: Place, levels: int, path: str = "place__path") -> Expression:
    """SQL: the code of the part of `place` in which a tally lies, '/' behind it; '' for the place itself."""
    rest: Expression = Substr(path, len(place.path) + 1)
    for _ in range(levels - 1):
        rest = Substr(rest, StrIndex(rest, SLASH) + 1)
    return Left(rest, StrIndex(rest, SLASH))


def part_of(path: str, above: str, levels: int) -> str:
    """The same in Python."""
    codes = path.removeprefix(above).split("/")
    return codes[levels - 1] if len(codes) > levels else ""


class Atlas:
    """The path of every place on any day, from two queries.

    A unit that had ended by that day lies in what it had become; one that had not begun yet, where it began.
    """

    def __init__(self) -> None:
        self.places = {
            place.pk: place for place in Place.objects.only("code", "valid_to", "successor").order_by()
        }
        self.versions: dict[int, list[tuple[date, str]]] = defaultdict(list)
        for place_id, since, path in PlaceVersion.objects.order_by("valid_from").values_list(
            "place_id", "valid_from", "path"
        ):
            self.versions[place_id].append((since, path))

    def path(self, place_id: int, day: date) -> str:
        place = self.places[place_id]
        if place.valid_to and place.valid_to <= day and place.successor_id:
            return f"{self.path(place.successor_id, day)}{place.code}/"
        versions = self.versions[place_id]
        number = bisect_right(versions, day, key=lambda version: version[0])
        return versions[max(number - 1, 0)][1]

    def inside(self, place: Place, day: date) -> list[int]:
        """Ids of all that lay in a place on a day, itself included."""
        above = self.path(place.pk, day)
        return [place_id for place_id in self.places if self.path(place_id, day).startswith(above)]

    def alike(self, periods: Collection[date]) -> list[list[date]]:
        """Periods between two changes of the map, together."""
        changes = sorted({since for versions in self.versions.values() for since, _path in versions})
        shared: dict[int, list[date]] = defaultdict(list)
        for period in sorted(periods):
            shared[bisect_right(changes, last_day(period))].append(period)
        return list(shared.values())
