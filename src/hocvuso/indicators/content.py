"""Indicators and targets as content files: `indicators/<slug>.yaml`, `targets/*.yaml`."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from hocvuso.base.content import Head, Kind, Library, Outcome, Parsed, Problem, Shape, dump_model
from hocvuso.indicators.models import Indicator, Target
from hocvuso.places.content import known_codes
from hocvuso.places.models import Baseline, Place
from hocvuso.records.models import Record, Verb

SLUG = r"^[a-z]+(_[a-z]+)*$"
DIMENSION = (
    r"^(|audience=(citizen|student|official|worker)|adult=yes|sex=(female|male)|age=[0-9]+(-[0-9]+|\+))$"
)


class RuleShape(Shape):
    count: Literal["events", "first", "stock"]
    gain: Annotated[list[Verb], Field(min_length=1)]
    lose: list[Verb] = []
    object_kind: str = ""
    modes: list[Record.Mode] = []
    per: Literal["person", "household", "place", "record"] = "person"
    every: Literal["month", "ever"] = "ever"

    @model_validator(mode="after")
    def parts_fit(self) -> Self:
        if (self.count == "events") != (self.per == "record"):
            raise ValueError("count: events and per: record belong together")
        if (self.lose or self.per == "household") and self.count != "stock":
            raise ValueError("lose, and per: household, belong to count: stock")
        if self.every == "month" and self.count != "first":
            raise ValueError("every: month belongs to count: first")
        return self


class IndicatorShape(Head):
    slug: Annotated[str, Field(pattern=SLUG, max_length=60)]
    title: Annotated[str, Field(min_length=2, max_length=200)]
    title_en: Annotated[str, Field(max_length=200)] = ""
    meaning: str
    meaning_en: str = ""
    unit: Annotated[str, Field(max_length=30)]
    unit_en: Annotated[str, Field(max_length=30)] = ""
    position: Annotated[int, Field(ge=0, le=1000)]
    rule: RuleShape


class TargetRow(Shape):
    place: Annotated[str, Field(pattern=r"^(VN|[0-9]{2}|[0-9]{5}(\.[0-9]+)?)$")]
    indicator: str
    dimension: Annotated[str, Field(pattern=DIMENSION)] = ""
    kind: Target.Kind
    value: Annotated[float, Field(gt=0)]
    denominator: Baseline.Count | None = None
    due_on: date
    source: Annotated[str, Field(min_length=3, max_length=200)]

    @model_validator(mode="after")
    def percent_is_of_something(self) -> Self:
        percent = self.kind == Target.Kind.PERCENT
        if percent and self.denominator is None:
            raise ValueError("a percentage needs its denominator: of whom?")
        if percent and self.value > 100:
            raise ValueError("more than 100 percent")
        return self

    def key(self) -> tuple[str, str, str, date]:
        return self.place, self.indicator, self.dimension, self.due_on


class TargetsShape(Head):
    rows: Annotated[list[TargetRow], Field(min_length=1)]


def check_indicators(parsed: Sequence[Parsed[IndicatorShape]], library: Library) -> Iterator[Problem]:
    for one in parsed:
        if not one.document.path.endswith(f"/{one.model.slug}.yaml"):
            yield one.document.problem(("slug",), "the file must be named after its slug")


def check_targets(parsed: Sequence[Parsed[TargetsShape]], library: Library) -> Iterator[Problem]:
    indicators = {model.slug for model in library.models("indicators")}
    codes, seen = known_codes(library), set()
    for one in parsed:
        for number, row in enumerate(one.model.rows):
            if row.indicator not in indicators:
                yield one.document.problem(
                    ("rows", number, "indicator"), f"there is no indicator {row.indicator}"
                )
            if row.place not in codes and "." not in row.place:
                yield one.document.problem(
                    ("rows", number, "place"), f"there is no unit with the code {row.place}"
                )
            if row.key() in seen:
                yield one.document.problem(("rows", number), "this target stands twice")
            seen.add(row.key())


def load_indicator(one: Parsed[IndicatorShape]) -> Outcome:
    """A changed rule makes the next fold count anew from the first record."""
    model = one.model
    known = Indicator.objects.filter(slug=model.slug).first()
    if known and known.content_hash == one.content_hash and not known.retired:
        return "same"
    fields = model.model_dump(mode="json", exclude={"slug", *Head.model_fields})
    Indicator.objects.update_or_create(
        slug=model.slug,
        defaults={**fields, "retired": False, "head": model.head(), "content_hash": one.content_hash},
    )
    return "changed" if known else "added"


def retire_indicators(parsed: Sequence[Parsed[IndicatorShape]]) -> int:
    kept = [one.model.slug for one in parsed]
    return Indicator.objects.filter(retired=False).exclude(slug__in=kept).update(retired=True)


def load_targets(one: Parsed[TargetsShape]) -> Outcome:
    """Targets of a unit that is not there yet wait for it."""
    outcomes = {load_target(row) for row in one.model.rows}
    return "changed" if "changed" in outcomes else "added" if "added" in outcomes else "same"


def load_target(row: TargetRow) -> Outcome:
    place = Place.objects.filter(code=row.place).first()
    if place is None:
        return "same"
    key: dict[str, Any] = {
        "place": place,
        "indicator": Indicator.objects.get(slug=row.indicator),
        "dimension": row.dimension,
        "due_on": row.due_on,
    }
    fields: dict[str, Any] = {
        "kind": row.kind.value,
        "value": row.value,
        "denominator": row.denominator.value if row.denominator else "",
        "source": row.source,
    }
    known = Target.objects.filter(**key).first()
    if known and all(getattr(known, name) == value for name, value in fields.items()):
        return "same"
    Target.objects.update_or_create(**key, defaults=fields)
    return "changed" if known else "added"


def export_indicators() -> Iterable[tuple[str, str]]:
    for indicator in Indicator.objects.filter(retired=False):
        fields = {
            name: getattr(indicator, name)
            for name in IndicatorShape.model_fields
            if name not in Head.model_fields
        }
        shape = IndicatorShape.model_validate({**fields, **indicator.head})
        yield f"indicators/{indicator.slug}.yaml", dump_model(shape)


def export_nothing() -> Iterable[tuple[str, str]]:
    """No screen edits targets: the files remain the original."""
    return ()


KINDS: list[Kind] = [
    Kind(
        "indicators",
        "indicators/*.yaml",
        IndicatorShape,
        load_indicator,
        export_indicators,
        check=check_indicators,
        retire=retire_indicators,
    ),
    Kind("targets", "targets/*.yaml", TargetsShape, load_targets, export_nothing, check=check_targets),
]
