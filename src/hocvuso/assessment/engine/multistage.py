"""The adaptive policy as a table of sheets: a test on paper, or on a phone without a network.

    form = build_form(table, policy, seed)
    form.as_json()                        # what a phone needs to ask, and the invigilator's card to decide
    replay_form(form, answers)            # the same decision, worked out from the answers

A form has stages; each stage has one or more modules (sheets of the booklet), of which a person meets one.
After a module its number of right answers is turned into points by a table, and the points are added up. The
points are the sequential ratio of the policy, log P(number right | cut + delta) / P(number right | cut -
delta), with the chances of each number by Lord & Wingersky (1984), in tenths of a logit, and moved so that
none is below 0. So the whole test is adding up a few whole numbers and looking them up: paper, phone and
server cannot round differently. The side is decided as in engine.cat: at the end of a stage by Wald's bounds,
after the last stage by the sign of the ratio.
"""

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby, islice
from math import ceil, floor, log
from typing import Any

import numpy as np

from hocvuso.assessment.engine.balance import groups_due
from hocvuso.assessment.engine.bank import Bank, Table
from hocvuso.assessment.engine.chance import TIE, draw
from hocvuso.assessment.engine.irt import Floats, Parameters, probability
from hocvuso.assessment.engine.policy import Classify, Decision, Policy

FORMAT = 1
POINTS = 10  # a logit of the ratio
SHEET = 8  # items of a module: both sides of one sheet in large print
FIRST, LATER = (-0.3,), (-0.5, 0.2)  # logits from the cut: whom the modules of a stage are best for


@dataclass(frozen=True)
class Design:
    """Items of a module in each stage, and the abilities its modules are best for, in logits from the cut."""

    lengths: tuple[int, ...]
    targets: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Module:
    """`points[k]` is what k right answers are worth."""

    name: str
    items: tuple[int, ...]
    slugs: tuple[str, ...]
    points: tuple[int, ...]


@dataclass(frozen=True)
class Stage:
    """By the points so far: up to `below` and from `above` on the side is decided; between, `routes` has for
    each module of the next stage the points from which it is the one to go on with."""

    modules: tuple[Module, ...]
    below: int
    above: int
    routes: tuple[int, ...]

    def decide(self, total: int) -> Decision:
        if total >= self.above:
            return Decision.ABOVE
        return Decision.BELOW if total <= self.below else Decision.UNDECIDED

    def next_place(self, total: int) -> int:
        return max(sum(total >= start for start in self.routes) - 1, 0)


@dataclass(frozen=True)
class Form:
    bank: str
    stages: tuple[Stage, ...]

    @property
    def modules(self) -> list[Module]:
        return [module for stage in self.stages for module in stage.modules]

    @property
    def digest(self) -> str:
        """8 hex digits that change with any item, number or threshold."""
        return sha256(json.dumps(self.as_json()["stages"]).encode()).hexdigest()[:8]

    def as_json(self) -> dict[str, Any]:
        return {
            "format": FORMAT,
            "bank": self.bank,
            "stages": [
                {
                    "modules": [
                        {"name": one.name, "items": list(one.slugs), "points": list(one.points)}
                        for one in stage.modules
                    ],
                    "below": stage.below,
                    "above": stage.above,
                    "routes": list(stage.routes),
                }
                for stage in self.stages
            ],
        }


@dataclass(frozen=True)
class Outcome:
    """Undecided when the answers break off: as in engine.verdict, that is not passed."""

    decision: Decision
    total: int
    asked: int
    modules: tuple[str, ...]

    @property
    def passed(self) -> bool:
        return self.decision is Decision.ABOVE


def design_for(policy: Policy) -> Design:
    """Nearly as long as the longest adaptive test: one module first, then two to choose from."""
    stages = max(1, policy.max_length // SHEET)
    lengths = (min(SHEET, policy.max_length),) * stages
    return Design(lengths, (FIRST, *[LATER] * (stages - 1)))


def build_form(
    table: Table,
    policy: Policy,
    seed: int = 0,
    allowed: Collection[int] | None = None,
    design: Design | None = None,
) -> Form:
    """`allowed`: numbers of the items that paper can carry. Equal arguments give an equal form.

    Raises ValueError for a policy without a sequential ratio and for a bank that cannot fill the form.
    """
    if policy.cut is None or policy.classify is not Classify.SPRT:
        raise ValueError("multistage: the policy does not decide by the sequential ratio")
    design = design or design_for(policy)
    chosen = Assembly(table, policy, seed, allowed).assemble(design)
    stages: list[Stage] = []
    so_far = SoFar()
    for number, sets in enumerate(chosen):
        modules, so_far = compile_modules(table, policy, sets, so_far)
        following = len(chosen[number + 1]) if number + 1 < len(chosen) else 0
        stages.append(compile_stage(policy, modules, so_far, following))
    return Form(table.version, tuple(stages))


@dataclass(frozen=True)
class SoFar:
    """After a stage: how many modules the form has, how many items a person was asked, the points at which
    the ratio is 0, and the most points there are."""

    modules: int = 0
    asked: int = 0
    zero: int = 0
    most: int = 0


def compile_modules(
    table: Table, policy: Policy, sets: list[list[int]], before: SoFar
) -> tuple[tuple[Module, ...], SoFar]:
    ratios = [module_ratios(table.parameters.take(items), policy) for items in sets]
    shift = -min(min(one) for one in ratios)
    modules = tuple(
        Module(
            name=str(before.modules + place + 1),
            items=tuple(items),
            slugs=tuple(table.bank.slugs[item] for item in items),
            points=tuple(one + shift for one in ratio),
        )
        for place, (items, ratio) in enumerate(zip(sets, ratios, strict=True))
    )
    most = max(max(module.points) for module in modules)
    return modules, SoFar(
        before.modules + len(sets), before.asked + len(sets[0]), before.zero + shift, before.most + most
    )


def compile_stage(policy: Policy, modules: tuple[Module, ...], so_far: SoFar, following: int) -> Stage:
    """The undecided stretch is shared in equal parts among the modules of the following stage."""
    zero = so_far.zero
    if not following:
        return Stage(modules, zero, zero + 1, ())
    low, high = bounds(policy)
    routes = (0, *(zero + round(low + (high - low) * part / following) for part in range(1, following)))
    if so_far.asked < policy.min_length:
        return Stage(modules, -1, so_far.most + 1, routes)
    return Stage(modules, zero + low, zero + high, routes)


def bounds(policy: Policy) -> tuple[int, int]:
    """Wald's (1947) bounds in points, as in cat.State.decide."""
    low = log(policy.beta / (1 - policy.alpha))
    return floor(POINTS * low), ceil(POINTS * log((1 - policy.beta) / policy.alpha))


def module_ratios(p: Parameters, policy: Policy) -> list[int]:
    """The sequential ratio of each number right, in points. It grows with the number right."""
    cut = policy.cut or 0.0
    low, high = (number_right(probability(cut + side, p)) for side in (-policy.delta, policy.delta))
    return [int(one) for one in np.rint(POINTS * (np.log(high) - np.log(low)))]


def number_right(chances: Floats) -> Floats:
    """The chance of each number of right answers, 0 to n (Lord & Wingersky 1984)."""
    found = np.ones(1)
    for chance in chances:
        found = np.append(found * (1 - chance), 0.0) + np.append(0.0, found * chance)
    return found


class Assembly:
    """Which items make up the modules.

    All modules of a stage have the same number of items of each group, in the order in which an adaptive test
    would owe them, so the blueprint holds on every path and wherever it ends. An item is one of the policy's
    `randomesque` most informative at the module's target, the one whose skill came least so far, and is in
    the form once.
    """

    def __init__(
        self, table: Table, policy: Policy, seed: int, allowed: Collection[int] | None = None
    ) -> None:
        self.table, self.policy, self.seed, self.allowed = table, policy, seed, allowed
        self.taken: set[int] = set()
        self.enemies: set[int] = set()
        self.skills: Counter[int] = Counter()

    def assemble(self, design: Design) -> list[list[list[int]]]:
        counts = [0] * len(self.table.bank.groups)
        chosen: list[list[list[int]]] = []
        for length, targets in zip(design.lengths, design.targets, strict=True):
            due = [self.due(counts) for _slot in range(length)]
            chosen.append([self.fill(due, target) for target in targets])
        return chosen

    def due(self, counts: list[int]) -> int | None:
        """The group to ask from next, which is then counted."""
        if not self.policy.shares:
            return None
        shares = [self.policy.shares.get(name, 0.0) for name in self.table.bank.groups]
        group = groups_due(shares, counts, self.seed % len(shares))[0]
        counts[group] += 1
        return group

    def fill(self, due: list[int | None], target: float) -> list[int]:
        """Easier items first, as people take heart from a good beginning."""
        items = [self.choose(group, (self.policy.cut or 0.0) + target) for group in due]
        return sorted(items, key=lambda item: (float(self.table.parameters.b[item]), item))

    def choose(self, group: int | None, theta: float) -> int:
        bank = self.table.bank
        best = list(islice(self.free(group, theta), self.policy.randomesque))
        if not best:
            name = "any group" if group is None else f"group {bank.groups[group]}"
            raise ValueError(f"multistage: the bank has too few items of {name} for a form")
        item = min(best, key=lambda one: (self.skills[int(bank.skill[one])], draw(self.seed, TIE, one)))
        self.taken.add(item)
        self.skills[int(bank.skill[item])] += 1
        if bank.enemy[item] >= 0:
            self.enemies.add(int(bank.enemy[item]))
        return item

    def free(self, group: int | None, theta: float) -> Iterator[int]:
        """Items that may still be chosen, the most informative first."""
        table = self.table
        point = table.nearest(theta)
        if group is None:
            row = table.order[point]
        else:
            row = table.group_order[point, table.group_start[group] : table.group_start[group + 1]]
        for item in row.tolist():
            fits = self.allowed is None or item in self.allowed
            if fits and item not in self.taken and not self.is_given_away(table.bank, item):
                yield item

    def is_given_away(self, bank: Bank, item: int) -> bool:
        return int(bank.enemy[item]) in self.enemies


def replay_form(form: Form, answers: Mapping[str, bool]) -> Outcome:
    """`answers`: slug to right or not. An item of a sheet handed in that is missing counts as not right.

    The sheet taken counts, also where the card would have sent the person to another one of its stage: the
    ratio holds for either. Answers after the decision count for nothing.
    """
    total = asked = place = 0
    names: tuple[str, ...] = ()
    for stage in form.stages:
        module = sheet_taken(stage, place, answers)
        if module is None:
            break
        total += module.points[sum(answers.get(slug, False) for slug in module.slugs)]
        asked += len(module.items)
        names = (*names, module.name)
        decision = stage.decide(total)
        if decision is not Decision.UNDECIDED:
            return Outcome(decision, total, asked, names)
        place = stage.next_place(total)
    return Outcome(Decision.UNDECIDED, total, asked, names)


def sheet_taken(stage: Stage, place: int, answers: Mapping[str, bool]) -> Module | None:
    """The module that was due, or else another one of the stage that has answers."""
    due = stage.modules[place]
    handed_in = [one for one in stage.modules if any(slug in answers for slug in one.slugs)]
    return due if due in handed_in else next(iter(handed_in), None)


def sit_form(form: Form, answer: Callable[[int], bool]) -> Outcome:
    """A whole form, with `answer` telling whether an item is answered right."""
    total = asked = place = 0
    names: tuple[str, ...] = ()
    for stage in form.stages:
        module = stage.modules[place]
        total += module.points[sum(bool(answer(item)) for item in module.items)]
        asked += len(module.items)
        names = (*names, module.name)
        decision = stage.decide(total)
        if decision is not Decision.UNDECIDED:
            break
        place = stage.next_place(total)
    return Outcome(decision, total, asked, names)


@dataclass(frozen=True)
class Rule:
    """A line of the scoring card: with so many points in all, decided, or on to another sheet."""

    low: int
    high: int
    decision: Decision
    sheet: str


def rules(form: Form) -> list[list[Rule]]:
    """By stage, all totals from 0 to the most there can be."""
    found: list[list[Rule]] = []
    most = 0
    for number, stage in enumerate(form.stages):
        most += max(module.points[-1] for module in stage.modules)
        following = form.stages[number + 1] if number + 1 < len(form.stages) else None
        lines = groupby(range(most + 1), lambda total, at=stage, to=following: rule_for(at, to, total))  # type: ignore[misc]
        stage_rules = []
        for (decision, sheet), totals in lines:
            spread = list(totals)
            stage_rules.append(Rule(spread[0], spread[-1], decision, sheet))
        found.append(stage_rules)
    return found


def rule_for(stage: Stage, following: Stage | None, total: int) -> tuple[Decision, str]:
    decision = stage.decide(total)
    if decision is not Decision.UNDECIDED or following is None:
        return decision, ""
    return decision, following.modules[stage.next_place(total)].name


@dataclass(frozen=True)
class Forecast:
    passing: float
    length: float


def foresee(form: Form, p: Parameters, theta: float) -> Forecast:
    """What a person of this ability has to expect, exactly: the chance to pass and the mean number of items.

    `p` are the numbers of the form's bank, or others, for what happens if those are wrong.
    """
    passing = length = 0.0
    under_way = {(0, 0): 1.0}  # chance by place in the stage and points so far
    for stage in form.stages:
        going_on: dict[tuple[int, int], float] = {}
        chances = [number_right(probability(theta, p.take(one.items))) for one in stage.modules]
        for (place, before), weight in under_way.items():
            module = stage.modules[place]
            length += weight * len(module.items)
            for points, chance in zip(module.points, chances[place].tolist(), strict=True):
                total, part = before + points, weight * chance
                decision = stage.decide(total)
                passing += part * (decision is Decision.ABOVE)
                if decision is Decision.UNDECIDED:
                    key = (stage.next_place(total), total)
                    going_on[key] = going_on.get(key, 0.0) + part
        under_way = going_on
    return Forecast(passing, length)
