"""Places as content files: changes of units, everyday names, counted populations."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cache
from typing import Annotated, Any

from django.utils import timezone
from pydantic import Field

from hocvuso.base.content import Head, Kind, Library, Outcome, Parsed, Problem, Shape
from hocvuso.places.actions import add_name, apply_change
from hocvuso.places.engine.changes import Change, Code, Decision, Name, codes_before, codes_begun
from hocvuso.places.engine.gazetteer import Gazetteer
from hocvuso.places.models import Baseline, Place


class ChangesShape(Head):
    slug: Annotated[str, Field(max_length=60)]
    on: date
    title: str
    decision: Decision
    changes: Annotated[list[Change], Field(min_length=1)]


class NameRow(Shape):
    name: Name
    places: Annotated[list[Code], Field(min_length=1)]
    former: bool


class NamesShape(Head):
    rows: list[NameRow]


class BaselineRow(Shape):
    place: Code
    count: Baseline.Count
    year: Annotated[int, Field(ge=2000, le=2100)]
    value: Annotated[int, Field(gt=0)]
    source: Annotated[str, Field(min_length=3, max_length=200)]


class BaselinesShape(Head):
    rows: list[BaselineRow]


# -- checking


@cache
def official_codes() -> frozenset[str]:
    gazetteer = Gazetteer()
    return frozenset(unit.code for unit in (*gazetteer.provinces(), *gazetteer.communes())) | {"VN"}


def known_codes(library: Library) -> set[str]:
    changes = [change for model in library.models("place_changes") for change in model.changes]
    return {*official_codes(), *(code for change in changes for code in codes_begun(change))}


def check_changes(parsed: Sequence[Parsed[ChangesShape]], library: Library) -> Iterator[Problem]:
    """Files stand in order of their day; a change names units that are there by then."""
    known = set(official_codes())
    for one in parsed:
        if not one.document.path.endswith(f"/{one.model.slug}.yaml"):
            yield one.document.problem(("slug",), "the file must be named after its slug")
        if not one.model.slug.startswith(f"{one.model.on:%Y-%m-%d}-"):
            yield one.document.problem(("slug",), "the slug must begin with the day")
        for row, change in enumerate(one.model.changes):
            yield from unknown(one, ("changes", row), codes_before(change), known)
            known.update(codes_begun(change))


def unknown(
    one: Parsed[Any], where: tuple[str | int, ...], codes: Iterable[str], known: set[str] | frozenset[str]
) -> Iterator[Problem]:
    for code in codes:
        if code not in known and "." not in code:
            yield one.document.problem(where, f"there is no unit with the code {code}")


def check_names(parsed: Sequence[Parsed[NamesShape]], library: Library) -> Iterator[Problem]:
    for one in parsed:
        for row, name in enumerate(one.model.rows):
            yield from unknown(one, ("rows", row, "places"), name.places, known_codes(library))


def check_baselines(parsed: Sequence[Parsed[BaselinesShape]], library: Library) -> Iterator[Problem]:
    for one in parsed:
        seen: set[tuple[str, str, int]] = set()
        for row, baseline in enumerate(one.model.rows):
            yield from unknown(one, ("rows", row, "place"), [baseline.place], known_codes(library))
            key = (baseline.place, baseline.count, baseline.year)
            if key in seen:
                yield one.document.problem(("rows", row), "this place, count and year stand twice")
            seen.add(key)


# -- loading


def load_changes(one: Parsed[ChangesShape]) -> Outcome:
    """Each change once, and not before its day: what lies ahead waits for the next load.

    Into an empty database nothing is loaded: `hocvuso places load` brings the units, then these.
    """
    model = one.model
    if model.on > timezone.localdate() or not Place.objects.filter(code="VN").exists():
        return "same"
    applied = [
        apply_change(change, slug=f"{model.slug}#{number:02}", on=model.on, decision=model.decision)
        for number, change in enumerate(model.changes, 1)
    ]
    return "added" if any(applied) else "same"


def load_names(one: Parsed[NamesShape]) -> Outcome:
    codes = [code for row in one.model.rows for code in row.places]
    places = {place.code: place for place in Place.objects.filter(code__in=codes)}
    added = [
        add_name(places[code].today(), name=row.name, former=row.former, main=position == 0)
        for row in one.model.rows
        for position, code in enumerate(row.places)
        if code in places
    ]
    return "added" if any(added) else "same"


def load_baselines(one: Parsed[BaselinesShape]) -> Outcome:
    """Of a unit that is not there yet (a village to be added, an empty database) the rows wait."""
    rows = one.model.rows
    places = dict(Place.objects.filter(code__in=[row.place for row in rows]).values_list("code", "pk"))
    before = set(Baseline.objects.values_list("place_id", "count", "year", "value", "source"))
    new = 0
    for row in rows:
        place_id = places.get(row.place)
        if place_id and (place_id, row.count.value, row.year, row.value, row.source) not in before:
            words = {"value": row.value, "source": row.source}
            Baseline.objects.update_or_create(
                place_id=place_id, count=row.count, year=row.year, defaults=words
            )
            new += 1
    return "changed" if new else "same"


def export_nothing() -> Iterable[tuple[str, str]]:
    """No screen edits these: the files remain the original."""
    return ()


KINDS: list[Kind] = [
    Kind("place_changes", "places/[0-9]*.yaml", ChangesShape, load_changes, export_nothing, check_changes),
    Kind("place_names", "places/names.yaml", NamesShape, load_names, export_nothing, check_names),
    Kind(
        "baselines", "places/baselines.yaml", BaselinesShape, load_baselines, export_nothing, check_baselines
    ),
]
