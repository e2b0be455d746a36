"""Items and tests as content files: `items/<framework>/<skill code>.yaml`, `tests/<slug>.yaml`."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from hocvuso.assessment.item_lint import find_alike, lint_file
from hocvuso.assessment.item_shapes import SLUG, ItemBase, ItemShape
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test
from hocvuso.base.content import Head, Kind, Library, Outcome, Parsed, Problem, Shape, dump_model
from hocvuso.base.folding import fold
from hocvuso.skills.models import Framework, Skill

BANK_FACTOR = 3  # so that a second try meets other items


class ItemFileShape(Head):
    framework: str
    skill: str
    items: list[ItemShape] = Field(min_length=1)


class PolicyShape(Shape):
    """How an adaptive test runs: see engine.policy for each number. `cut` is the logit that passes."""

    rule: Literal["information", "divergence", "progressive"] = "information"
    randomesque: int = Field(default=5, ge=1, le=20)
    min_length: int = Field(ge=1, le=100)
    cut: float = Field(ge=-3, le=3)
    classify: Literal["sprt", "interval"] = "sprt"
    delta: float = Field(default=0.5, gt=0, le=2)
    alpha: float = Field(default=0.05, gt=0, lt=0.5)
    beta: float = Field(default=0.05, gt=0, lt=0.5)
    confidence: float = Field(default=0.95, gt=0.5, lt=1)


class TestShape(Head):
    __test__ = False  # not one of pytest's

    slug: str = Field(pattern=SLUG, max_length=60)
    version: str = Field(max_length=20)
    title: str = Field(max_length=200)
    title_en: str = ""
    framework: str
    audience: Literal["citizen", "student", "official", "worker"]
    supervised: bool = False
    mode: Literal["fixed", "adaptive", "ladder"] = "fixed"
    policy: PolicyShape | None = None
    length: int = Field(ge=1, le=100)
    blueprint: dict[str, int]
    pass_share: float = Field(default=0, ge=0, le=1)
    group_floor: float = Field(default=0, ge=0, le=1)
    retake_after_days: int = Field(ge=0, le=365)
    minutes: int = Field(ge=5, le=240)

    @field_validator("blueprint")
    @classmethod
    def counts_are_positive(cls, blueprint: dict[str, int]) -> dict[str, int]:
        if any(number < 1 for number in blueprint.values()):
            raise ValueError("each group named needs at least one item")
        return blueprint

    @model_validator(mode="after")
    def each_mode_has_its_rules(self) -> "TestShape":
        fixed = self.mode == "fixed"
        if fixed and (self.policy or not self.pass_share):
            raise ValueError("a fixed test has a `pass_share` and no `policy`")
        if not fixed and (self.policy is None or self.pass_share or self.group_floor):
            raise ValueError("an adaptive test has a `policy`, and neither `pass_share` nor `group_floor`")
        if self.policy and self.policy.min_length > self.length:
            raise ValueError("the shortest test is longer than the longest")
        return self


# -- checking


def check_items(parsed: Sequence[Parsed[ItemFileShape]], library: Library) -> Iterable[Problem]:
    frameworks = {framework.slug: framework.skill_codes() for framework in library.models("frameworks")}
    slugs: dict[str, str] = {}
    stems: dict[str, str] = {}
    for one in parsed:
        yield from check_place(one, frameworks)
        yield from lint_file(one, date.today())  # noqa: DTZ011 - days, wherever it runs
        for row, item in enumerate(one.model.items):
            name = f"{one.document.path} {item.slug}"
            yield from check_once(one, row, "slug", item.slug, slugs, name)
            yield from check_once(one, row, "stem", fold(item.stem), stems, name)
    yield from find_alike(parsed)


def check_place(one: Parsed[ItemFileShape], frameworks: dict[str, set[str]]) -> Iterator[Problem]:
    model = one.model
    if not one.document.path.endswith(f"items/{model.framework}/{model.skill}.yaml"):
        yield one.document.problem(
            ("skill",), f"the file belongs at items/{model.framework}/{model.skill}.yaml"
        )
    if model.framework not in frameworks:
        yield one.document.problem(("framework",), f"no framework {model.framework}")
    elif model.skill not in frameworks[model.framework]:
        yield one.document.problem(("skill",), f"the framework {model.framework} has no skill {model.skill}")


def check_once(
    one: Parsed[ItemFileShape], row: int, field: str, value: str, seen: dict[str, str], name: str
) -> Iterator[Problem]:
    if value in seen:
        yield one.document.problem(("items", row, field), f"the same {field} stands in {seen[value]}")
    seen.setdefault(value, name)


def check_tests(parsed: Sequence[Parsed[TestShape]], library: Library) -> Iterable[Problem]:
    for one in parsed:
        model = one.model
        total = sum(model.blueprint.values())
        if total != model.length:
            yield one.document.problem(
                ("blueprint",), f"the groups sum to {total}, the length is {model.length}"
            )
        groups = find_groups(library, model.framework)
        if groups is None:
            yield one.document.problem(("framework",), f"no framework {model.framework}")
            continue
        bank = count_bank(library, model.framework, groups)
        for code, wanted in model.blueprint.items():
            if code not in groups.values():
                yield one.document.problem(("blueprint", code), f"the framework has no group {code}")
            elif bank[code] < BANK_FACTOR * wanted:
                message = f"{wanted} items need a bank of {BANK_FACTOR * wanted}, there are {bank[code]}"
                yield one.document.problem(("blueprint", code), message)


def find_groups(library: Library, framework: str) -> dict[str, str] | None:
    """{skill code: group code} of a framework; None if there is none of that name."""
    for model in library.models("frameworks"):
        if model.slug == framework:
            return {skill.code: group.code for group in model.groups for skill in group.skills}
    return None


def count_bank(library: Library, framework: str, groups: dict[str, str]) -> Counter[str]:
    """Items by group."""
    bank = Counter[str]()
    for model in library.models("items"):
        if model.framework == framework:
            bank[groups.get(model.skill, "")] += len(model.items)
    return bank


# -- loading


def load_items(one: Parsed[ItemFileShape]) -> Outcome:
    """The items of one skill, in three queries when nothing changed."""
    model, head = one.model, one.model.head()
    skill = Skill.objects.only("id").get(
        code=model.skill, group__framework__slug=model.framework, group__framework__current=True
    )
    rows = Item.objects.filter(slug__in=[item.slug for item in model.items]).order_by("version")
    newest = {row.slug: row for row in rows}
    outcomes = {load_item(item, newest.get(item.slug), skill, head) for item in model.items}
    if len(outcomes) == 1:
        return outcomes.pop()
    return "changed"


def load_item(shape: ItemBase, known: Item | None, skill: Skill, head: dict[str, Any]) -> Outcome:
    """Other words, key or skill make a new version; another head or a return from retirement does not."""
    fields = item_fields(shape, skill, head)
    if known is None:
        Item.objects.create(slug=shape.slug, version=1, **fields)
        return "added"
    if (known.content_hash, known.skill_id) != (fields["content_hash"], skill.pk):
        Item.objects.filter(slug=shape.slug, current=True).update(current=False)
        Item.objects.create(slug=shape.slug, version=known.version + 1, **fields)
        return "changed"
    if known.current and known.head == head:
        return "same"
    known.current, known.head = True, head
    known.save(update_fields=["current", "head"])
    return "changed"


def item_fields(shape: ItemBase, skill: Skill, head: dict[str, Any]) -> dict[str, Any]:
    body = {"language": head["language"], **shape.body()}
    graded = {**shape.model_dump(include={"kind", "step", "difficulty"}), "body": body}
    canonical = json.dumps(graded, sort_keys=True, ensure_ascii=False)
    return {
        **graded,
        "skill": skill,
        "current": True,
        "head": head,
        "content_hash": hashlib.sha256(canonical.encode()).hexdigest(),
    }


def load_test(one: Parsed[TestShape]) -> Outcome:
    """A new version stands beside the old one. The same version is brought up to date in place: what was
    decided keeps its decision, so other rules deserve another version."""
    model = one.model
    framework = Framework.objects.get(slug=model.framework, current=True)
    known = Test.objects.filter(slug=model.slug, version=model.version).first()
    if (
        known
        and (known.content_hash, known.framework_id) == (one.content_hash, framework.pk)
        and known.current
    ):
        return "same"
    Test.objects.filter(slug=model.slug, current=True).exclude(version=model.version).update(current=False)
    rules = model.model_dump(exclude={"slug", "version", "framework", *Head.model_fields})
    rules["policy"] = rules["policy"] or {}
    Test.objects.update_or_create(
        slug=model.slug,
        version=model.version,
        defaults={
            **rules,
            "framework": framework,
            "current": True,
            "head": model.head(),
            "content_hash": one.content_hash,
        },
    )
    return "changed" if known else "added"


def retire_items(parsed: Sequence[Parsed[ItemFileShape]]) -> int:
    here = {item.slug for one in parsed for item in one.model.items}
    gone = [slug for slug in Item.objects.current().values_list("slug", flat=True) if slug not in here]
    return Item.objects.current().filter(slug__in=gone).update(current=False)


def retire_tests(parsed: Sequence[Parsed[TestShape]]) -> int:
    slugs = [one.model.slug for one in parsed]
    return Test.objects.current().exclude(slug__in=slugs).update(current=False)


# -- writing back


def export_items() -> Iterable[tuple[str, str]]:
    files: dict[tuple[str, str], list[Item]] = {}
    for item in Item.objects.current().select_related("skill__group__framework"):
        files.setdefault((item.skill.group.framework.slug, item.skill.code), []).append(item)
    for (framework, skill), items in files.items():
        shape = ItemFileShape.model_validate(
            {
                "framework": framework,
                "skill": skill,
                **items[0].head,
                "items": [export_item(item) for item in items],
            }
        )
        yield f"items/{framework}/{skill}.yaml", dump_model(shape)


def export_item(item: Item) -> dict[str, Any]:
    fields = {name: getattr(item, name) for name in ("slug", "kind", "step", "difficulty")}
    return {**fields, **{name: value for name, value in item.body.items() if name != "language"}}


def export_tests() -> Iterable[tuple[str, str]]:
    own = set(TestShape.model_fields) - set(Head.model_fields) - {"framework"}
    for test in Test.objects.current().select_related("framework"):
        fields = {name: getattr(test, name) for name in TestShape.model_fields if name in own}
        fields["policy"] = fields["policy"] or None
        shape = TestShape.model_validate({**fields, "framework": test.framework.slug, **test.head})
        yield f"tests/{test.slug}.yaml", dump_model(shape)


KINDS = [
    Kind("items", "items/*/*.yaml", ItemFileShape, load_items, export_items, check_items, retire_items),
    Kind("tests", "tests/*.yaml", TestShape, load_test, export_tests, check_tests, retire_tests),
]
