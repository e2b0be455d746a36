"""Criteria as content files: `criteria/<slug>.yaml`, a place's own as `criteria/<slug>.<place code>.yaml`."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import PurePosixPath
from typing import Any, Literal

from django.core.management.base import CommandError
from django.utils import timezone
from pydantic import Field, model_validator

from hocvuso.base.content import Head, Kind, Library, Outcome, Parsed, Problem, Shape, dump_model
from hocvuso.places.models import Place
from hocvuso.recognition.models import CriteriaSet
from hocvuso.skills.models import Framework

RULES = {"automatic", "valid_months", "criteria"}
KIND_FIELDS = {"test": "test", "course": "courses", "practice": "practice"}


class CriterionShape(Shape):
    key: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    title: str
    title_en: str
    kind: Literal["test", "course", "practice", "declared"]
    test: str | None = None
    courses: list[str] | None = Field(default=None, min_length=1)
    practice: str | None = None
    modes: list[Literal["alone"]] = Field(default=["alone"], min_length=1)
    within_months: int | None = Field(default=None, ge=1)
    min_score: float | None = Field(default=None, gt=0, le=1)
    required: bool = True
    any_of: str | None = None

    @model_validator(mode="after")
    def names_what_it_asks(self) -> "CriterionShape":
        wanted = KIND_FIELDS.get(self.kind)
        for field in KIND_FIELDS.values():
            if (getattr(self, field) is not None) != (field == wanted):
                raise ValueError(f"{self.kind} {'needs' if field == wanted else 'takes no'} field {field}")
        if self.min_score is not None and self.kind != "test":
            raise ValueError("min_score belongs to a test")
        return self


class CriteriaSetShape(Head):
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)
    version: str
    title: str
    title_en: str
    subject: Literal["person"]
    framework: str
    place: str | None = None
    valid_from: date
    automatic: bool
    valid_months: int | None = Field(default=None, ge=1)
    criteria: list[CriterionShape] = Field(min_length=1)


def check_criteria(parsed: Sequence[Parsed[CriteriaSetShape]], library: Library) -> Iterable[Problem]:
    frameworks = {model.slug for model in library.models("frameworks")}
    for one in parsed:
        if PurePosixPath(one.document.path).name != file_name(one.model.slug, one.model.place):
            yield one.document.problem(("slug",), "the file is named <slug>.yaml, or <slug>.<place>.yaml")
        if one.model.framework not in frameworks:
            yield one.document.problem(("framework",), f"no framework {one.model.framework}")
        yield from check_set(one)
        for row, criterion in enumerate(one.model.criteria):
            yield from check_targets(one, row, criterion, library)


def check_set(one: Parsed[CriteriaSetShape]) -> Iterable[Problem]:
    """What a set asks must be decidable: by rule only from records, and never nothing at all."""
    criteria = one.model.criteria
    keys = Counter(criterion.key for criterion in criteria)
    groups = Counter(criterion.any_of for criterion in criteria)
    for row, criterion in enumerate(criteria):
        where = ("criteria", row)
        if keys[criterion.key] > 1:
            yield one.document.problem((*where, "key"), f"the key {criterion.key} stands twice")
        if criterion.any_of and groups[criterion.any_of] == 1:
            yield one.document.problem(
                (*where, "any_of"), f"the group {criterion.any_of} has no other member"
            )
        if one.model.automatic and criterion.kind == "declared":
            yield one.document.problem((*where, "kind"), "what is only declared cannot be decided by rule")
    if not any(criterion.required or criterion.any_of for criterion in criteria):
        yield one.document.problem(("criteria",), "nothing is required")


def check_targets(
    one: Parsed[CriteriaSetShape], row: int, criterion: CriterionShape, library: Library
) -> Iterable[Problem]:
    tests = {model.slug for model in library.models("tests")}
    courses = {model.slug for model in library.models("courses")}
    where = ("criteria", row)
    if criterion.test is not None and criterion.test not in tests:
        yield one.document.problem((*where, "test"), f"no test {criterion.test}")
    for index, slug in enumerate(criterion.courses or []):
        if slug not in courses:
            yield one.document.problem((*where, "courses", index), f"no course {slug}")


def file_name(slug: str, place: str | None) -> str:
    return f"{slug}.{place}.yaml" if place else f"{slug}.yaml"


def place_of(one: Parsed[CriteriaSetShape]) -> Place | None:
    if one.model.place is None:
        return None
    place = Place.objects.filter(code=one.model.place).first()
    if place is None:
        raise CommandError(str(one.document.problem(("place",), f"no place has the code {one.model.place}")))
    return place


def load_criteria_set(one: Parsed[CriteriaSetShape]) -> Outcome:
    """A new version ends the one before on the day it begins; claims keep the version they came under."""
    model, place = one.model, place_of(one)
    framework = Framework.objects.get(slug=model.framework, current=True)
    versions = CriteriaSet.objects.filter(slug=model.slug, place=place)
    known = versions.filter(version=model.version).first()
    if known and (known.content_hash, known.framework, known.valid_to) == (one.content_hash, framework, None):
        return "same"
    versions.exclude(version=model.version).filter(valid_to=None).update(valid_to=model.valid_from)
    CriteriaSet.objects.update_or_create(
        slug=model.slug,
        place=place,
        version=model.version,
        defaults={
            **model.model_dump(include={"title", "title_en", "subject", "valid_from"}),
            "rules": model.model_dump(mode="json", include=RULES, exclude_none=True),
            "framework": framework,
            "valid_to": None,
            "head": model.head(),
            "content_hash": one.content_hash,
        },
    )
    return "changed" if known else "added"


def retire_criteria(parsed: Sequence[Parsed[CriteriaSetShape]]) -> int:
    """A set without its file is offered no longer, from today."""
    kept = {(one.model.slug, one.model.place) for one in parsed}
    running = CriteriaSet.objects.filter(valid_to=None).values_list("pk", "slug", "place__code")
    gone = [pk for pk, slug, code in running if (slug, code) not in kept]
    return CriteriaSet.objects.filter(pk__in=gone).update(valid_to=timezone.localdate())


def export_criteria() -> Iterable[tuple[str, str]]:
    for one in CriteriaSet.objects.filter(valid_to=None).select_related("framework", "place"):
        code = one.place.code if one.place else None
        yield f"criteria/{file_name(one.slug, code)}", dump_model(shape_of(one, code))


def shape_of(one: CriteriaSet, code: str | None) -> CriteriaSetShape:
    names = ("slug", "version", "title", "title_en", "subject", "valid_from")
    fields: dict[str, Any] = {name: getattr(one, name) for name in names}
    fields |= {"framework": one.framework.slug, "place": code}
    return CriteriaSetShape.model_validate({**fields, **one.rules, **one.head})


KINDS = [
    Kind(
        "criteria",
        "criteria/*.yaml",
        CriteriaSetShape,
        load_criteria_set,
        export_criteria,
        check=check_criteria,
        retire=retire_criteria,
    ),
]
