"""The rules, without a database: what a set of facts counts."""

from collections import Counter
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.indicators.engine.measures import (
    EVER,
    Cell,
    Fact,
    Rule,
    cells,
    contributions,
    deciding,
    dimensions,
    standing,
)

LEARNERS = Rule("stock", ("registered",), object_kind="person")
CONFIRMED = Rule("stock", ("confirmed",), ("revoked",), object_kind="person")
HOUSEHOLDS = Rule("stock", ("confirmed",), ("revoked",), object_kind="person", per="household")
ACTIVE = Rule("first", ("experienced", "completed", "passed"), every="month")
TESTED = Rule("first", ("passed", "failed"), object_kind="test")
LESSONS = Rule("events", ("completed",), object_kind="lesson", per="record")
A, B, C = 1, 2, 3
numbers = count()


def fact(verb: str, day: int, place: int = A, **fields: Any) -> Fact:
    """Day 1 is in January, day 32 in February, and so on: 31 days a month."""
    values = {
        "at": day,
        "id": f"{next(numbers):08}",
        "verb": verb,
        "key": "citizen",
        "person": "p",
        "household": "",
        "place": place,
        "audience": "",
        "age": "",
        "sex": "",
        "month": f"2026-{1 + (day - 1) // 31:02}-01",
    }
    return Fact(**values | fields)


def placed(found: Counter[Cell]) -> dict[tuple[int, str], int]:
    """Cells without facets, months as January = "1"."""
    return {
        (cell.place, "ever" if cell.period == EVER else str(int(cell.period[5:7]))): amount
        for cell, amount in found.items()
    }


JANUARY, FEBRUARY, MARCH = 5, 36, 67


@pytest.mark.parametrize(
    ("rule", "facts", "expected"),
    [
        (LEARNERS, [], {}),
        (LEARNERS, [fact("registered", JANUARY)], {(A, "1"): 1, (A, "ever"): 1}),
        (LEARNERS, [fact("moved", JANUARY, B)], {}),
        (
            LEARNERS,
            [fact("registered", JANUARY), fact("moved", FEBRUARY, B)],
            {(A, "1"): 1, (A, "2"): -1, (B, "2"): 1, (B, "ever"): 1},
        ),
        (
            LEARNERS,
            [fact("registered", JANUARY), fact("moved", JANUARY + 1, B)],
            {(B, "1"): 1, (B, "ever"): 1},
        ),
        (LEARNERS, [fact("registered", FEBRUARY), fact("moved", JANUARY, B)], {(A, "2"): 1, (A, "ever"): 1}),
        (
            CONFIRMED,
            [fact("confirmed", JANUARY), fact("moved", FEBRUARY, B), fact("revoked", MARCH, B)],
            {(A, "1"): 1, (A, "2"): -1, (B, "2"): 1, (B, "3"): -1},
        ),
        (
            CONFIRMED,
            [
                fact("confirmed", JANUARY),
                fact("confirmed", JANUARY + 1, key="worker"),
                fact("revoked", FEBRUARY),
            ],
            {(A, "1"): 1, (A, "ever"): 1},
        ),
        (
            CONFIRMED,
            [fact("confirmed", JANUARY), fact("revoked", FEBRUARY), fact("confirmed", MARCH, B)],
            {(A, "1"): 1, (A, "2"): -1, (B, "3"): 1, (B, "ever"): 1},
        ),
        (CONFIRMED, [fact("revoked", JANUARY), fact("confirmed", FEBRUARY)], {(A, "2"): 1, (A, "ever"): 1}),
        (
            ACTIVE,
            [fact("passed", FEBRUARY, B), fact("completed", JANUARY), fact("completed", FEBRUARY + 1)],
            {(A, "1"): 1, (B, "2"): 1, (A, "ever"): 1},
        ),
        (TESTED, [fact("passed", FEBRUARY, B), fact("failed", JANUARY)], {(A, "1"): 1, (A, "ever"): 1}),
        (
            LESSONS,
            [fact("completed", JANUARY), fact("completed", JANUARY), fact("completed", FEBRUARY, B)],
            {(A, "1"): 2, (A, "ever"): 2, (B, "2"): 1, (B, "ever"): 1},
        ),
    ],
)
def test_cells(rule: Rule, facts: list[Fact], expected: dict[tuple[int, str], int]):
    assert placed(cells(rule, facts)) == expected


def member(verb: str, day: int, person: str, household: str, place: int = A) -> Fact:
    return fact(verb, day, place, person=person, household=household)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ([member("confirmed", JANUARY, "p", "h")], {(A, "1"): 1, (A, "ever"): 1}),
        ([member("confirmed", JANUARY, "p", "other")], {}),
        (
            [member("confirmed", JANUARY, "p", "h"), member("confirmed", FEBRUARY, "q", "h")],
            {(A, "1"): 1, (A, "ever"): 1},
        ),
        (
            [
                member("confirmed", JANUARY, "p", "h"),
                member("confirmed", JANUARY, "q", "h"),
                member("revoked", FEBRUARY, "p", "h"),
                member("revoked", MARCH, "q", "h"),
            ],
            {(A, "1"): 1, (A, "3"): -1},
        ),
        (
            [member("confirmed", JANUARY, "p", "h"), member("moved", FEBRUARY, "p", "other", B)],
            {(A, "1"): 1, (A, "2"): -1},
        ),
        (
            [member("confirmed", JANUARY, "p", "other", B), member("moved", FEBRUARY, "p", "h")],
            {(A, "2"): 1, (A, "ever"): 1},
        ),
        (
            [
                member("confirmed", JANUARY, "p", "h"),
                member("confirmed", JANUARY, "q", "h", B),
                member("moved", FEBRUARY, "p", ""),
            ],
            {(A, "1"): 1, (A, "2"): -1, (B, "2"): 1, (B, "ever"): 1},
        ),
    ],
)
def test_household_counts_while_a_member_is_confirmed(
    facts: list[Fact], expected: dict[tuple[int, str], int]
):
    assert placed(cells(HOUSEHOLDS, facts, "h")) == expected


def test_facets_are_those_of_the_moment():
    young = fact("registered", JANUARY, audience="student", age="15-17", sex="female")
    grown = fact("moved", FEBRUARY, audience="worker", age="18-34", sex="female")

    found = cells(LEARNERS, [young, grown])

    assert found == {
        Cell(A, "student", "15-17", "female", "2026-01-01"): 1,
        Cell(A, "student", "15-17", "female", "2026-02-01"): -1,
        Cell(A, "worker", "18-34", "female", "2026-02-01"): 1,
        Cell(A, "worker", "18-34", "female", EVER): 1,
    }


@pytest.mark.parametrize(
    ("age", "adult"), [("0-14", False), ("15-17", False), ("18-34", True), ("55-64", True), ("65+", True)]
)
def test_adults_are_18_and_older(age: str, adult: bool):
    found = set(dimensions(Cell(A, "citizen", age, "male", EVER)))

    assert found == {"", "audience=citizen", f"age={age}", "sex=male"} | ({"adult=yes"} if adult else set())


def test_unknown_facets_add_to_the_whole_only():
    assert list(dimensions(Cell(A, "", "", "", EVER))) == [""]


@pytest.mark.parametrize(
    ("verb", "kind", "mode", "wanted"),
    [
        ("passed", "test", "alone", True),
        ("passed", "test", "helped", False),
        ("passed", "lesson", "alone", False),
        ("failed", "test", "alone", False),
    ],
)
def test_rule_looks_at_verb_object_and_mode(verb: str, kind: str, mode: str, wanted: bool):
    rule = Rule.read({"count": "first", "gain": ["passed"], "object_kind": "test", "modes": ["alone"]})

    assert rule.wants(verb, kind, mode) is wanted


def test_moves_matter_to_stocks_only():
    assert LEARNERS.wants("moved", "person", "alone")
    assert not TESTED.wants("moved", "person", "alone")


# -- properties

VERBS = ("registered", "confirmed", "revoked", "moved", "completed", "passed", "failed", "experienced")
stories = st.lists(
    st.builds(
        lambda verb, day, place, key, person, household: fact(
            verb, day, place, key=key, person=person, household=household
        ),
        st.sampled_from(VERBS),
        st.integers(1, 90),
        st.sampled_from([A, B, C]),
        st.sampled_from(["citizen", "worker"]),
        st.sampled_from(["p", "q"]),
        st.sampled_from(["", "h", "i"]),
    ),
    max_size=12,
)
rules = st.sampled_from([LEARNERS, CONFIRMED, HOUSEHOLDS, ACTIVE, TESTED])


def fitting(rule: Rule, facts: list[Fact]) -> list[Fact]:
    return [one for one in facts if one.verb in rule.verbs and (rule.per == "household" or one.person == "p")]


@given(rules, stories, st.data())
def test_remembering_the_deciding_facts_is_as_good_as_all(rule: Rule, facts: list[Fact], data: st.DataObject):
    """However the facts arrive: in any order, in any portions, some of them twice."""
    facts = fitting(rule, facts)
    arriving = data.draw(st.permutations([*facts, *facts[:3]]))
    kept: list[Fact] = []

    while arriving:
        portion = data.draw(st.integers(1, len(arriving)))
        known = {one.id: one for one in (*kept, *arriving[:portion])}
        kept, arriving = deciding(rule, known.values()), arriving[portion:]

    assert cells(rule, kept, "h") == cells(rule, facts, "h")


@given(rules, stories)
def test_months_add_up_to_the_running_total_of_stocks(rule: Rule, facts: list[Fact]):
    if rule.count != "stock":
        return
    by_place: Counter[int] = Counter()
    ever: Counter[int] = Counter()

    for cell, amount in cells(rule, fitting(rule, facts), "h").items():
        (ever if cell.period == EVER else by_place)[cell.place] += amount

    assert +by_place == +ever == Counter({place: amount for place, amount in by_place.items() if amount})
    assert sum(ever.values()) in (0, 1)


@given(rules, stories)
def test_what_stands_is_what_the_running_total_counts(rule: Rule, facts: list[Fact]):
    if rule.count != "stock":
        return
    facts = fitting(rule, facts)

    now = standing(rule, facts, "h")

    ever = {cell.place: amount for cell, amount in cells(rule, facts, "h").items() if cell.period == EVER}
    assert ever == ({now.place: 1} if now else {})


@given(rules, stories)
def test_contributions_add_up_to_the_cells(rule: Rule, facts: list[Fact]):
    facts, added = fitting(rule, facts), Counter()

    for cell, amount, made_by in contributions(rule, facts, "h"):
        assert made_by in facts
        added[cell] += amount

    assert {cell: amount for cell, amount in added.items() if amount} == cells(rule, facts, "h")
