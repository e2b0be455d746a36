"""Does what happened meet the criteria? Facts in, findings out: what is met, by which records, what lacks.

Nothing here knows who or what is judged: a person today, a household, a market or a village tomorrow.
"""

import calendar
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

EVIDENCE = {"test": ("passed", "test"), "course": ("completed", "course"), "practice": ("passed", "practice")}
DECLARED = "declared"


@dataclass(frozen=True)
class Fact:
    """One record as far as criteria care. `seen_by_other`: someone else entered it."""

    record_id: str
    verb: str
    object_kind: str
    object_key: str
    mode: str
    on: date
    score: float | None = None
    seen_by_other: bool = False


@dataclass(frozen=True)
class Criterion:
    """`targets`: slugs of which all are needed. `any_of`: one criterion of the same group is enough."""

    key: str
    kind: str
    targets: tuple[str, ...] = ()
    modes: frozenset[str] = frozenset({"alone"})
    within_months: int | None = None
    min_score: float | None = None
    any_of: str = ""
    required: bool = True


@dataclass(frozen=True)
class Lack:
    """Why a target is not reached: never, helped, old, score, unseen, undeclared."""

    why: str
    target: str = ""


@dataclass(frozen=True)
class Finding:
    key: str
    kind: str
    met: bool
    record_ids: tuple[str, ...] = ()
    lacks: tuple[Lack, ...] = ()


@dataclass(frozen=True)
class Judgement:
    met: bool
    findings: tuple[Finding, ...]


Sieve = tuple[str, Callable[[Fact], bool]]


def judge(
    criteria: Sequence[Criterion], facts: Iterable[Fact], *, on: date, declared: Collection[str] = ()
) -> Judgement:
    known = [fact for fact in facts if fact.on <= on]
    findings = tuple(find(criterion, known, on=on, declared=declared) for criterion in criteria)
    return Judgement(all_met(criteria, findings), findings)


def all_met(criteria: Sequence[Criterion], findings: Sequence[Finding]) -> bool:
    """Every required criterion, and at least one of each group. Where nothing is asked, nothing is met."""
    met = {finding.key: finding.met for finding in findings}
    needed = [met[one.key] for one in criteria if one.required and not one.any_of]
    groups: dict[str, bool] = {}
    for one in criteria:
        if one.any_of:
            groups[one.any_of] = groups.get(one.any_of, False) or met[one.key]
    return bool(needed or groups) and all(needed) and all(groups.values())


def find(criterion: Criterion, facts: Sequence[Fact], *, on: date, declared: Collection[str]) -> Finding:
    if criterion.kind == DECLARED:
        said = criterion.key in declared
        return Finding(criterion.key, criterion.kind, said, (), () if said else (Lack("undeclared"),))
    records, lacks = [], []
    for target in criterion.targets:
        left, lack = sift(criterion, target, facts, on)
        if lack:
            lacks.append(lack)
        else:
            records.append(max(left, key=lambda fact: (fact.on, fact.record_id)).record_id)
    return Finding(criterion.key, criterion.kind, not lacks, tuple(records), tuple(lacks))


def sift(
    criterion: Criterion, target: str, facts: Sequence[Fact], on: date
) -> tuple[list[Fact], Lack | None]:
    """Sieve by sieve; the first that holds back everything says what is missing."""
    left = list(facts)
    for why, passes in sieves(criterion, target, on):
        left = [fact for fact in left if passes(fact)]
        if not left:
            return [], Lack(why, target)
    return left, None


def sieves(criterion: Criterion, target: str, on: date) -> Iterable[Sieve]:
    thing = (*EVIDENCE[criterion.kind], target)
    yield "never", lambda fact: (fact.verb, fact.object_kind, fact.object_key) == thing
    yield "helped", lambda fact: fact.mode in criterion.modes
    if criterion.kind == "practice":
        yield "unseen", lambda fact: fact.seen_by_other
    if criterion.within_months is not None:
        months = criterion.within_months
        yield "old", lambda fact: on <= add_months(fact.on, months)
    if criterion.min_score is not None:
        least = criterion.min_score
        yield "score", lambda fact: fact.score is not None and fact.score >= least


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last of the month where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def criteria_of(rules: dict[str, Any]) -> list[Criterion]:
    """The criteria of a set as stored: {"criteria": [{key, kind, test | courses | practice, …}]}."""
    return [read_criterion(rule) for rule in rules["criteria"]]


def read_criterion(rule: dict[str, Any]) -> Criterion:
    return Criterion(
        key=rule["key"],
        kind=rule["kind"],
        targets=targets_of(rule),
        modes=frozenset(rule.get("modes") or ["alone"]),
        within_months=rule.get("within_months"),
        min_score=rule.get("min_score"),
        any_of=rule.get("any_of") or "",
        required=rule.get("required", True),
    )


def targets_of(rule: dict[str, Any]) -> tuple[str, ...]:
    if rule["kind"] == "course":
        return tuple(rule["courses"])
    return () if rule["kind"] == DECLARED else (rule[rule["kind"]],)
