"""One place's board: targets, groups, parts, trend, and who has not reported."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from hocvuso.dashboards.queries.words import name_dimension, title_of
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Fold, Indicator, Tally, Target
from hocvuso.indicators.queries import (
    Reporting,
    by_child,
    progress,
    reporting,
    reporting_units,
    totals,
    trend,
)
from hocvuso.people.models.persons import AGE_BANDS, Audience, Sex
from hocvuso.places.models import Baseline, Place

SMALL_COUNT = 5  # fewer people than this are not shown to those who may not see names
COLUMNS = ("learners", "active", "lessons_done", "tested", "confirmed")
MONTHLY = frozenset({"active"})
EVENTS = frozenset({"lessons_done"})  # twelve lessons may be one person's: hidden with the people behind


@dataclass(frozen=True)
class Cell:
    """A figure. None is missing; `partial`: some places that belong to it have not reported."""

    value: int | None
    url: str = ""
    hidden: bool = False
    partial: bool = False
    label: str = ""


@dataclass(frozen=True)
class Row:
    title: str
    cells: list[Cell]
    url: str = ""
    share: float | None = None
    units: int = 0
    missing: int = 0

    @property
    def silent(self) -> bool:
        """Nothing is known from there."""
        return all(cell.value is None for cell in self.cells)


@dataclass(frozen=True)
class Group:
    title: str
    rows: list[Row]


@dataclass(frozen=True)
class Goal:
    title: str
    dimension: str
    reached: int
    denominator: int | None
    denominator_name: str
    denominator_year: int | None
    denominator_source: str
    share: float | None
    target: str
    due_on: date
    state: str
    left: int
    url: str
    source: str


@dataclass
class Board:
    place: Place
    month: date
    month_name: str
    columns: list[dict[str, str]]
    measure_title: str
    masked: bool
    goals: list[Goal]
    parts: list[Group]
    children: list[Row]
    children_title: str
    trend: list[tuple[str, Cell]]
    units: int
    missing: int
    has_map: bool
    folded_at: datetime | None = field(default=None)


@dataclass(frozen=True)
class Look:
    """Who looks at which place, month and measure."""

    place: Place
    month: date
    measure: str
    names: bool

    def period(self, measure: str) -> date:
        return self.month if measure in MONTHLY else EVER

    def cell(
        self,
        measure: str,
        value: int | None,
        *,
        place: Place | None = None,
        dimension: str = "",
        period: date | None = None,
        partial: bool = False,
        people: int = SMALL_COUNT,
    ) -> Cell:
        """A figure with the address that opens it; nothing to open where it is missing, 0 or hidden.

        `people`: of a count of events, how many persons stand behind it.
        """
        if not value:
            return Cell(value, partial=partial)
        if not self.names and min(value, people) < SMALL_COUNT:
            return Cell(value, hidden=True, partial=partial)
        url = figure_url(place or self.place, measure, dimension, period or self.period(measure))
        return Cell(value, url, partial=partial)


def figure_url(place: Place, measure: str, dimension: str = "", period: date = EVER) -> str:
    asked = {"dimension": dimension, "month": "" if period == EVER else period.isoformat()}
    query = urlencode({name: value for name, value in asked.items() if value})
    return reverse("dashboards:figure_show", args=[place.code, measure]) + (f"?{query}" if query else "")


def read_board(look: Look, month_name: str, months: Sequence[tuple[date, str]]) -> Board:
    told = reporting(look.place, look.month)
    indicators = {one.slug: one for one in Indicator.objects.filter(slug__in={*COLUMNS, look.measure})}
    titles = {slug: title_of(one) for slug, one in indicators.items()}
    folded = Fold.objects.values_list("folded_at", flat=True).first()
    return Board(
        place=look.place,
        month=look.month,
        month_name=month_name,
        columns=[{"slug": slug, "title": titles.get(slug, slug)} for slug in COLUMNS],
        measure_title=titles.get(look.measure, look.measure),
        masked=not look.names,
        goals=read_goals(look.place, names=look.names),
        parts=label_rows(read_groups(look, partial=not told.complete), titles),
        children=label_cells(read_children(look, told), titles),
        children_title=name_children(look.place),
        trend=read_trend(look, months),
        units=told.units,
        missing=told.units - told.reported,
        has_map=look.place.kind in (Place.Kind.COUNTRY, Place.Kind.PROVINCE),
        folded_at=folded,
    )


def label_rows(groups: list[Group], titles: Mapping[str, str]) -> list[Group]:
    return [Group(group.title, label_cells(group.rows, titles)) for group in groups]


def label_cells(rows: list[Row], titles: Mapping[str, str]) -> list[Row]:
    """On a phone the table folds, and each figure names its column."""
    names = [titles.get(slug, slug) for slug in COLUMNS]
    return [
        replace(row, cells=[replace(cell, label=name) for cell, name in zip(row.cells, names, strict=True)])
        for row in rows
    ]


def name_children(place: Place) -> str:
    return {
        Place.Kind.COUNTRY: _("Provinces"),
        Place.Kind.PROVINCE: _("Communes"),
    }.get(Place.Kind(place.kind), _("Villages and neighbourhoods"))


def read_goals(place: Place, *, names: bool) -> list[Goal]:
    """A target that so few have reached is not told to those who may not see names."""
    reached = [one for one in progress(place) if names or not 0 < one.reached < SMALL_COUNT]
    return [goal_of(place, one) for one in reached]


def goal_of(place: Place, reached: Any) -> Goal:
    target: Target = reached.target
    percent = target.kind == Target.Kind.PERCENT
    wanted = number_format(round(target.value, 1), use_l10n=True).removesuffix(",0").removesuffix(".0")
    left = 0 if reached.needed is None else max(0, -int(-reached.needed // 1) - reached.reached)
    return Goal(
        title=title_of(target.indicator),
        dimension=name_dimension(target.dimension) if target.dimension else "",
        reached=reached.reached,
        denominator=reached.baseline.value if reached.baseline else None,
        denominator_name=Baseline.Count(target.denominator).label.lower() if target.denominator else "",
        denominator_year=reached.baseline.year if reached.baseline else None,
        denominator_source=reached.baseline.source if reached.baseline else "",
        share=min(reached.percent, 999.9) if percent and reached.percent is not None else None,
        target=f"{wanted}%"
        if percent
        else number_format(target.value, 0, use_l10n=True, force_grouping=True),
        due_on=target.due_on,
        state={None: "unknown", True: "reached", False: "behind"}[reached.met],
        left=left,
        url=figure_url(place, target.indicator.slug, target.dimension),
        source=target.source,
    )


def facets() -> list[tuple[str, list[str]]]:
    return [
        ("", [""]),
        (pgettext("heading", "By audience"), [f"audience={value}" for value in Audience.values]),
        (pgettext("heading", "By age"), [f"age={label}" for _start, label in AGE_BANDS]),
        (pgettext("heading", "By sex"), [f"sex={value}" for value in Sex.values if value]),
    ]


def read_groups(look: Look, *, partial: bool) -> list[Group]:
    """One query for all facets of all columns."""
    dimensions = [dimension for _title, part in facets() for dimension in part]
    found = totals(look.place, COLUMNS, dimensions, {EVER, look.month})

    def row(dimension: str) -> Row:
        title = name_dimension(dimension) if dimension else _("All")
        cells = [
            look.cell(
                slug,
                found[slug, dimension, look.period(slug)],
                dimension=dimension,
                partial=partial,
                people=found["learners", dimension, EVER] if slug in EVENTS else SMALL_COUNT,
            )
            for slug in COLUMNS
        ]
        return Row(title, cells)

    return [Group(title, keep_secret([row(dimension) for dimension in part])) for title, part in facets()]


def keep_secret(rows: list[Row]) -> list[Row]:
    """Where one figure of a column is hidden, the total would tell it: the next smallest hides too."""
    columns = [hide_second(cells) for cells in zip(*(row.cells for row in rows), strict=True)]
    return [
        replace(row, cells=list(cells)) for row, cells in zip(rows, zip(*columns, strict=True), strict=True)
    ]


def hide_second(cells: Sequence[Cell]) -> Sequence[Cell]:
    shown = [cell for cell in cells if cell.value and not cell.hidden]
    if sum(cell.hidden for cell in cells) != 1 or not shown:
        return cells
    least = min(shown, key=lambda cell: cell.value or 0)
    return [replace(cell, hidden=True, url="") if cell is least else cell for cell in cells]


def read_children(look: Look, told: Reporting) -> list[Row]:
    """The parts of a place, each with its figures; one query a column, however many parts."""
    children = list(look.place.children.current().order_by("path"))
    if not children:
        return []
    sums = {slug: by_child(look.place, slug, "", look.period(slug)) for slug in COLUMNS}
    adults = by_child(look.place, "confirmed", "adult=yes")
    bases = adult_bases(child.pk for child in children)
    parts = {part.place.pk: part for part in told.parts}
    rows = []
    for child in children:
        part = parts.get(child.pk)
        missing = part.units - part.reported if part else 0
        learners = sums["learners"].get(child.code, 0)
        cells = [
            child_cell(look, child, slug, sums[slug].get(child.code), missing=missing, learners=learners)
            for slug in COLUMNS
        ]
        rows.append(
            Row(
                title=child.name,
                cells=cells,
                url=reverse("dashboards:place_show", args=[child.code]),
                share=share_told(look, adults.get(child.code, 0), bases.get(child.pk)),
                units=part.units if part else 0,
                missing=missing,
            )
        )
    rows, confirmed = keep_secret(rows), COLUMNS.index("confirmed")
    return [replace(row, share=None) if row.cells[confirmed].hidden else row for row in rows]


def share_told(look: Look, part: int, whole: int | None) -> float | None:
    """A share of a known whole tells the number itself."""
    return None if not look.names and 0 < part < SMALL_COUNT else share_of(part, whole)


def child_cell(
    look: Look, child: Place, measure: str, value: int | None, *, missing: int, learners: int
) -> Cell:
    """Nothing from a place that has not reported is missing; nothing from one that has is 0."""
    if value is None and missing:
        return Cell(None)
    people = learners if measure in EVENTS else SMALL_COUNT
    return look.cell(measure, value or 0, place=child, partial=bool(missing), people=people)


def share_of(part: int, whole: int | None) -> float | None:
    return 100 * part / whole if whole else None


def adult_bases(place_ids: Any) -> dict[int, int]:
    """The newest count of adults by place."""
    rows = Baseline.objects.filter(place__in=list(place_ids), count=Baseline.Count.ADULTS).order_by("year")
    return dict(rows.values_list("place_id", "value"))


def read_trend(look: Look, months: Sequence[tuple[date, str]]) -> list[tuple[str, Cell]]:
    asked = [month for month, _name in months]
    values = trend(look.place, look.measure, "", asked)
    people = trend(look.place, "active", "", asked) if look.measure in EVENTS else {}
    cells = [look.cell(look.measure, values[month], people=people.get(month, SMALL_COUNT)) for month in asked]
    return [(name, replace(cell, url="")) for (_month, name), cell in zip(months, cells, strict=True)]


def figure_parts(place: Place, measure: str, dimension: str, period: date) -> list[Row]:
    """What the children of a place add to a figure, largest first, each opening further down."""
    found = by_child(place, measure, dimension, period)
    people = by_child(place, "learners", dimension) if measure in EVENTS else {}
    children = {child.code: child for child in Place.objects.filter(code__in=found)}
    look = Look(place, period, measure, names=False)

    def cell(code: str, value: int) -> Cell:
        behind = people.get(code, 0) if measure in EVENTS else SMALL_COUNT
        at = children[code]
        return look.cell(measure, value, place=at, dimension=dimension, period=period, people=behind)

    largest_first = sorted(found.items(), key=lambda pair: -pair[1])
    return keep_secret([Row(children[code].name, [cell(code, value)]) for code, value in largest_first])


def missing_units(place: Place, month: date) -> QuerySet[Place]:
    """The units that report, and have not for this month."""
    said = Tally.objects.filter(measure="reported", dimension="", period=month, value__gt=0).values("place")
    return reporting_units(place, month).exclude(pk__in=said).select_related("parent").order_by("path")
