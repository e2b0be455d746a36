"""What a measure counts: a function of the set of facts about one subject, whatever order they arrive in.

A subject is a person, a household or a place. From its facts follow its cells: where (place, facets), when (a
month, and EVER) and how much it adds. Only the `deciding` facts need to be remembered: with them and what
comes new, the cells come out as with all facts. Measures of single records (`count: events`) have no subject:
each record is its own cell.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

EVER = "0001-01-01"
MOVED = "moved"
ADULT_AGE = 18


class Fact(NamedTuple):
    """What a fold needs of one record. Facts sort by the moment they happened, then by id."""

    at: int  # microseconds since 1970
    id: str
    verb: str
    key: str
    person: str
    household: str
    place: int
    audience: str
    age: str
    sex: str
    month: str  # first day, local time: 2026-11-01


class Cell(NamedTuple):
    place: int
    audience: str
    age: str
    sex: str
    period: str


Walk = Iterator[tuple[Fact, Fact | None, Fact | None]]  # by this fact from there to there


@dataclass(frozen=True)
class Rule:
    """`events`: records. `first`: each subject once a period. `stock`: who holds what was gained."""

    count: Literal["events", "first", "stock"]
    gain: tuple[str, ...]
    lose: tuple[str, ...] = ()
    object_kind: str = ""
    modes: tuple[str, ...] = ()
    per: Literal["person", "household", "place", "record"] = "person"
    every: Literal["month", "ever"] = "ever"
    verbs: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        moves = {MOVED} if self.count == "stock" else set()
        object.__setattr__(self, "verbs", frozenset({*self.gain, *self.lose, *moves}))

    @classmethod
    def read(cls, data: Mapping[str, Any]) -> "Rule":
        """From the JSON of an indicator's `rule`."""
        fields: Any = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return cls(**fields)

    def wants(self, verb: str, object_kind: str, mode: str) -> bool:
        """Whether such a record matters to the measure at all."""
        if verb not in self.verbs:
            return False
        if verb == MOVED and verb not in self.gain:
            return True
        if self.object_kind and object_kind != self.object_kind:
            return False
        return verb in self.lose or not self.modes or mode in self.modes


def cells(rule: Rule, facts: Iterable[Fact], subject: str = "") -> Counter[Cell]:
    """What the facts of one subject add to the measure; cells that add nothing are left out."""
    found: Counter[Cell] = Counter()
    for cell, amount, _fact in contributions(rule, facts, subject):
        found[cell] += amount
    return Counter({cell: amount for cell, amount in found.items() if amount})


def contributions(rule: Rule, facts: Iterable[Fact], subject: str = "") -> Iterator[tuple[Cell, int, Fact]]:
    """Each cell with its amount and the fact that made it."""
    if rule.count == "events":
        for fact in facts:
            yield from both(rule, fact, fact, 1)
    elif rule.count == "first":
        for period, fact in firsts(rule, facts).items():
            yield cell_of(rule, fact, period), 1, fact
    else:
        for fact, before, after in stock_walk(rule, facts, subject):
            if before is not None:
                yield from both(rule, before, fact, -1)
            if after is not None:
                yield from both(rule, after, fact, 1)


def both(rule: Rule, where: Fact, when: Fact, amount: int) -> Iterator[tuple[Cell, int, Fact]]:
    """The month's cell and the running total's."""
    for period in (when.month, EVER):
        yield cell_of(rule, where, period), amount, when


def cell_of(rule: Rule, where: Fact, period: str) -> Cell:
    """Facets belong to persons; a household or a place has none."""
    if rule.per in ("household", "place"):
        return Cell(where.place, "", "", "", period)
    return Cell(where.place, where.audience, where.age, where.sex, period)


def firsts(rule: Rule, facts: Iterable[Fact]) -> dict[str, Fact]:
    """The earliest fact of each period."""
    earliest: dict[str, Fact] = {}
    for fact in facts:
        for period in (fact.month, EVER) if rule.every == "month" else (EVER,):
            if period not in earliest or fact < earliest[period]:
                earliest[period] = fact
    if rule.every == "ever" and earliest:
        earliest[earliest[EVER].month] = earliest[EVER]
    return earliest


def standing(rule: Rule, facts: Iterable[Fact], subject: str = "") -> Fact | None:
    """Of a stock: the fact by which the subject counts now, if it does."""
    steps = list(stock_walk(rule, facts, subject))
    return steps[-1][2] if steps else None


def stock_walk(rule: Rule, facts: Iterable[Fact], subject: str) -> Walk:
    return household_walk(rule, facts, subject) if rule.per == "household" else person_walk(rule, facts)


def person_walk(rule: Rule, facts: Iterable[Fact]) -> Walk:
    """Each fact that changes whether or where the person counts, with where before and after.

    The place is that of the newest gain or move. Who gained two things and loses one still holds the other.
    """
    held: set[str] = set()
    here: Fact | None = None
    for fact in sorted(facts):
        before = here
        here = step(rule, fact, held, here)
        if here is not before:
            yield fact, before, here


def step(rule: Rule, fact: Fact, held: set[str], here: Fact | None) -> Fact | None:
    """Update what is held; returns the fact that says where the holder counts now."""
    if fact.verb in rule.gain:
        held.add(fact.key)
        return fact
    if fact.verb in rule.lose:
        held.discard(fact.key)
        return here if held else None
    return fact if held else None


def household_walk(rule: Rule, facts: Iterable[Fact], household: str) -> Walk:
    """As `person_walk`: a household counts while a member holds, at the place of the first such member."""
    held: dict[str, set[str]] = {}
    here: dict[str, Fact] = {}
    bearer: Fact | None = None
    for fact in sorted(facts):
        before = bearer
        member = step(rule, fact, held.setdefault(fact.person, set()), here.get(fact.person))
        if member is None or member.household != household:
            here.pop(fact.person, None)
        else:
            here[fact.person] = member
        bearer = next(iter(here.values()), None)
        if bearer is not before:
            yield fact, before, bearer


def deciding(rule: Rule, facts: Iterable[Fact]) -> list[Fact]:
    """The facts that must be remembered, in order, without what the rule never looks at."""
    if rule.count == "first":
        return sorted(
            {fact._replace(key="", person="", household="") for fact in firsts(rule, facts).values()}
        )
    if rule.per == "household":
        return sorted(set(facts))
    return sorted({fact._replace(person="", household="") for fact in facts})


def dimensions(cell: Cell) -> Iterator[str]:
    """The dimensions of Tally to which a cell adds: all, and one for each facet that is known."""
    yield ""
    if cell.audience:
        yield f"audience={cell.audience}"
    if cell.age:
        yield f"age={cell.age}"
        if int(cell.age.rstrip("+").split("-")[0]) >= ADULT_AGE:
            yield "adult=yes"
    if cell.sex:
        yield f"sex={cell.sex}"
