"""What dashboards ask of tallies: sums, parts, trends, who has not reported, targets, and the records behind.

A tally stays where its records were made; a unit is summed over all that lies in it, by path. `on="today"`
reads every series on today's map (a unit that has ended lies inside what it became), `on="then"` each month
on the map of its own last day.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from typing import Literal

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from hocvuso.indicators.behind import amounts_behind, events_behind, shares_in
from hocvuso.indicators.engine.measures import Rule
from hocvuso.indicators.maps import EVER, Atlas, last_day, months_from, part_code, part_of
from hocvuso.indicators.models import Indicator, Tally, Target
from hocvuso.places.models import Baseline, Place
from hocvuso.records.models import Record

REPORTED = "reported"
On = Literal["today", "then"]
Key = tuple[str, str, date]  # measure, dimension, period


# -- sums


def totals(
    place: Place,
    measures: Collection[str],
    dimensions: Collection[str] = ("",),
    periods: Collection[date] = (EVER,),
    *,
    on: On = "today",
) -> dict[Key, int]:
    """The sum for a place with all in it, for each measure, dimension and period asked for.

    EVER is the running total (of a stock: how many there are now); a month of a stock: its change.
    """
    asked = Tally.objects.filter(measure__in=measures, dimension__in=dimensions)
    found = {
        (one, dimension, period): 0 for one in measures for dimension in dimensions for period in periods
    }
    for tallies, alike in located(asked, place, periods, on):
        rows = (
            tallies.filter(period__in=alike)
            .values_list("measure", "dimension", "period")
            .annotate(Sum("value"))
        )
        found |= {
            (measure, dimension, period): value for measure, dimension, period, value in rows.order_by()
        }
    return found


def located(
    tallies: QuerySet[Tally], place: Place, periods: Collection[date], on: On
) -> Iterator[tuple[QuerySet[Tally], list[date]]]:
    """The tallies that lie in a place, with the periods for which they do. In the country lies everything."""
    if place.kind == Place.Kind.COUNTRY:
        yield tallies, list(periods)
    elif on == "today":
        yield tallies.filter(place__in=Place.objects.within(place).order_by().values("pk")), list(periods)
    else:
        atlas = Atlas()
        for alike in atlas.alike(periods):
            yield tallies.filter(place__in=atlas.inside(place, last_day(alike[-1]))), alike


def by_child(
    place: Place,
    measure: str,
    dimension: str = "",
    period: date = EVER,
    *,
    levels: int = 1,
    on: On = "today",
) -> dict[str, int]:
    """Sums by the code of each child (`levels=2`: grandchild) in which there is anything.

    What lies in the place itself and in none of its parts stands under its own code.
    """
    tallies = Tally.objects.filter(measure=measure, dimension=dimension, period=period)
    if on == "then":
        return by_child_then(tallies, place, period, levels)
    (lying, _periods), *_rest = located(tallies, place, [period], on)
    rows = lying.annotate(part=part_code(place, levels)).values_list("part").annotate(Sum("value")).order_by()
    return {part.rstrip("/") or place.code: value for part, value in rows}


def by_child_then(tallies: QuerySet[Tally], place: Place, period: date, levels: int) -> dict[str, int]:
    atlas, day = Atlas(), last_day(period)
    above = atlas.path(place.pk, day)
    found: Counter[str] = Counter()
    for place_id, value in tallies.values_list("place_id", "value"):
        path = atlas.path(place_id, day)
        if path.startswith(above):
            found[part_of(path, above, levels) or place.code] += value
    return dict(found)


# -- trends


def trend(
    place: Place, measure: str, dimension: str = "", months: Sequence[date] = (), *, on: On = "today"
) -> dict[date, int]:
    """A value for each month: of a stock how many there were at its end, else how many in it."""
    tallies = Tally.objects.filter(measure=measure, dimension=dimension)
    stock = Indicator.objects.filter(slug=measure, rule__count="stock").exists()
    found: dict[date, int] = {}
    for lying, alike in located(tallies, place, months, on):
        periods = [EVER, *months_from(min(alike))] if stock else alike
        rows = lying.filter(period__in=periods).values_list("period").annotate(Sum("value"))
        values = dict(rows.order_by())
        found |= levels_of(values, alike) if stock else {month: values.get(month, 0) for month in alike}
    return dict(sorted(found.items()))


def levels_of(values: dict[date, int], months: Collection[date]) -> dict[date, int]:
    """How many there are now, less what came after a month, is how many there were at its end."""
    now = values.get(EVER, 0)
    changes = {month: value for month, value in values.items() if month != EVER}
    return {month: now - sum(value for later, value in changes.items() if later > month) for month in months}


# -- who has reported


@dataclass(frozen=True)
class Part:
    """A part of a place: how many of the units in it that report did so."""

    place: Place
    units: int
    reported: int

    @property
    def complete(self) -> bool:
        return self.reported == self.units


@dataclass(frozen=True)
class Reporting:
    """From how many of how many units a month's figures of a place come. Missing is not zero."""

    place: Place
    month: date
    parts: list[Part]

    @property
    def units(self) -> int:
        return sum(part.units for part in self.parts)

    @property
    def reported(self) -> int:
        return sum(part.reported for part in self.parts)

    @property
    def complete(self) -> bool:
        return self.reported == self.units

    @property
    def missing(self) -> list[Part]:
        """The parts from which something is missing."""
        return [part for part in self.parts if not part.complete]


def reporting(place: Place, month: date) -> Reporting:
    """Villages report, and communes that have no villages; the parts are those of today's map."""
    units = reporting_units(place, month)
    said = Tally.objects.filter(measure=REPORTED, dimension="", period=month, value__gt=0).values("place")
    expected, heard = count_by_part(units, place), count_by_part(units.filter(pk__in=said), place)
    places = {one.code: one for one in Place.objects.filter(code__in=expected)}
    parts = [Part(places[code], count, heard.get(code, 0)) for code, count in expected.items()]
    return Reporting(place, month, sorted(parts, key=lambda part: part.place.path))


def reporting_units(place: Place, month: date) -> QuerySet[Place]:
    """The lowest units that existed at the end of the month."""
    there = Place.objects.within(place).as_of(last_day(month))
    villages = Place.objects.of_kind(Place.Kind.VILLAGE).as_of(last_day(month)).filter(parent=OuterRef("pk"))
    lowest = Q(kind=Place.Kind.VILLAGE) | (Q(kind=Place.Kind.COMMUNE) & ~Exists(villages))
    return there.filter(lowest).order_by()


def count_by_part(units: QuerySet[Place], place: Place) -> dict[str, int]:
    rows = units.annotate(part=part_code(place, 1, "path")).values_list("part").annotate(Count("pk"))
    return {part.rstrip("/") or place.code: count for part, count in rows}


# -- targets


@dataclass(frozen=True)
class Progress:
    """A target and how far it is reached. Without a counted denominator the share is unknown, not 0."""

    target: Target
    reached: int
    baseline: Baseline | None

    @property
    def needed(self) -> float | None:
        """How many make the target."""
        if self.target.kind == Target.Kind.COUNT:
            return self.target.value
        return self.target.value / 100 * self.baseline.value if self.baseline else None

    @property
    def percent(self) -> float | None:
        """Reached, in percent of the denominator; of a head-count in percent of the target."""
        whole = (
            self.target.value
            if self.target.kind == Target.Kind.COUNT
            else self.baseline and self.baseline.value
        )
        return 100 * self.reached / whole if whole else None

    @property
    def met(self) -> bool | None:
        return None if self.needed is None else self.reached >= self.needed


def progress(place: Place) -> list[Progress]:
    """All targets of the place itself, in order of their day, with what is reached now."""
    targets = list(
        place.targets.select_related("indicator").order_by("due_on", "indicator__position", "dimension")
    )
    reached = totals(place, {one.indicator.slug for one in targets}, {one.dimension for one in targets})
    baselines = list(place.baselines.order_by("-year"))
    return [
        Progress(
            target=one,
            reached=reached[one.indicator.slug, one.dimension, EVER],
            baseline=baseline_of(baselines, one),
        )
        for one in targets
    ]


def baseline_of(baselines: Iterable[Baseline], target: Target) -> Baseline | None:
    """The newest count up to the year in which the target is due (`baselines`: newest first)."""
    fitting = (one for one in baselines if one.count == target.denominator and one.year <= target.due_on.year)
    return next(fitting, None)


# -- the records behind a figure


def open_figure(
    place: Place, measure: str, dimension: str = "", period: date = EVER, *, on: On = "today"
) -> QuerySet[Record]:
    """The records behind a figure of `totals`, newest first, each with `n`: what it adds (-1: somebody left).

    Their sum is the figure (the two differ for the seconds until new records are folded). Meant for villages
    and communes: reads every subject of the place.
    """
    rule = Rule.read(Indicator.objects.get(slug=measure).rule)
    places = None if place.kind == Place.Kind.COUNTRY else set(ids_in(place, period, on))
    records = Record.objects.all() if places is None else Record.objects.filter(place__in=places)
    if rule.count == "events":
        found = events_behind(records, rule, dimension, period)
        return found.annotate(n=Value(1)).order_by("-happened_at", "-pk")
    subjects = shares_in(None if places is None else records, measure, rule)
    amounts = amounts_behind(rule, subjects, places, dimension, period)
    left = [identifier for identifier, amount in amounts.items() if amount < 0]
    sign = Case(When(pk__in=left, then=-1), default=1, output_field=IntegerField()) if left else Value(1)
    return Record.objects.filter(pk__in=amounts).annotate(n=sign).order_by("-happened_at", "-pk")


def ids_in(place: Place, period: date, on: On) -> Iterable[int]:
    if on == "today":
        return Place.objects.within(place).values_list("pk", flat=True)
    return Atlas().inside(place, last_day(period))


def hash_tallies() -> str:
    """One hash over all tallies, the same for the same figures."""
    rows = Tally.objects.order_by("measure", "dimension", "period", "place__code")
    digest = sha256()
    for row in rows.values_list("measure", "dimension", "period", "place__code", "value").iterator(5000):
        digest.update(f"{row}\n".encode())
    return digest.hexdigest()
