"""The adaptive policy on paper: the same answers give one decision everywhere, right nearly as often."""

from collections import Counter
from itertools import product
from math import log
from typing import Any

import numpy as np
import pytest

from hocvuso.assessment.engine.bank import Bank, Table, build_table
from hocvuso.assessment.engine.cat import replay
from hocvuso.assessment.engine.chance import ANSWER, draw
from hocvuso.assessment.engine.irt import Parameters, probability
from hocvuso.assessment.engine.multistage import (
    POINTS,
    Design,
    Form,
    Module,
    bounds,
    build_form,
    design_for,
    foresee,
    module_ratios,
    replay_form,
    sit_form,
)
from hocvuso.assessment.engine.policy import Decision, Policy
from hocvuso.assessment.engine.simulation import accuracy, at_distances, simulate

SHARES = {"0": 0.25, "1": 0.25, "2": 0.5}
POLICY = Policy(
    shares=SHARES, min_length=3, max_length=48, cut=0.2, classify="sprt", delta=0.5, randomesque=10
)
SMALL = Design((3, 3, 3), ((0.0,), (-0.5, 0.5), (-0.5, 0.0, 0.5)))


def make_table(items: int = 600, guessing: float = 0.2, enemies: Any = -1) -> Table:
    chance = np.random.default_rng(4)
    names = [f"i{number}" for number in range(items)]
    groups = [str(number % 3) for number in range(items)]
    skills = [f"{number % 3}.{number % 9}" for number in range(items)]
    p = Parameters.of(chance.uniform(-2.5, 2.5, items), 1.2, guessing)
    return build_table(Bank.of(names, groups, p, skills, enemies=enemies))


def make_small(**changes: Any) -> Form:
    """Bounds so near that many patterns are decided at each stage."""
    policy = Policy(
        **{"min_length": 3, "cut": 0.2, "classify": "sprt", "delta": 0.9, "alpha": 0.2, "beta": 0.2} | changes
    )
    return build_form(make_table(), policy, seed=1, design=SMALL)


def decide_by_json(form: dict[str, Any], right: set[str]) -> str:
    """What a phone does, written anew from the JSON alone."""
    total, sheet = 0, 0
    for stage in form["stages"]:
        module = stage["modules"][sheet]
        total += module["points"][len(right & set(module["items"]))]
        if total >= stage["above"]:
            return "above"
        if total <= stage["below"]:
            return "below"
        sheet = max(index for index, start in enumerate(stage["routes"]) if total >= start)
    raise AssertionError("the last stage decides")


def paths(form: Form) -> list[tuple[Module, ...]]:
    return list(product(*(stage.modules for stage in form.stages)))


def test_server_and_phone_decide_every_pattern_of_answers_alike() -> None:
    form = make_small()
    asked, all_slugs = form.as_json(), [slug for one in form.modules for slug in one.slugs]
    found: Counter[str] = Counter()

    for path in paths(form):
        slugs = [slug for module in path for slug in module.slugs]
        for pattern in product((False, True), repeat=len(slugs)):
            right = {slug for slug, is_right in zip(slugs, pattern, strict=True) if is_right}
            outcome = replay_form(form, {slug: slug in right for slug in all_slugs})
            assert outcome.decision == decide_by_json(asked, right)
            found[f"{outcome.decision} after {outcome.asked}"] += 1

    wanted = [f"{side} after {asked}" for side in ("above", "below") for asked in (3, 6, 9)]
    assert sorted(found) == wanted


def test_server_and_phone_decide_long_forms_alike() -> None:
    form = build_form(make_table(), POLICY, seed=3)
    asked, chance = form.as_json(), np.random.default_rng(5)
    sides: Counter[str] = Counter()

    for share in np.linspace(0, 1, 2000):
        right = {slug for one in form.modules for slug in one.slugs if chance.random() < share}
        answers = {slug: slug in right for one in form.modules for slug in one.slugs}
        outcome = replay_form(form, answers)
        assert outcome.decision == decide_by_json(asked, right)
        sides[outcome.decision] += 1

    assert min(sides.values()) > 500


def test_the_points_are_the_sequential_ratio_of_the_number_right() -> None:
    table = make_table()
    p = table.parameters.take([3, 50, 200, 420])
    chances = {side: probability(0.2 + side, p) for side in (-0.5, 0.5)}
    likelihood = {side: [0.0] * 5 for side in chances}
    for side, each in chances.items():
        for pattern in product((0, 1), repeat=4):
            likelihood[side][sum(pattern)] += float(np.prod(np.where(pattern, each, 1 - each)))

    found = module_ratios(p, POLICY)

    wanted = [round(POINTS * log(h / w)) for w, h in zip(likelihood[-0.5], likelihood[0.5], strict=True)]
    assert found == wanted
    assert found == sorted(found)


def test_points_add_up_to_the_ratio_of_the_adaptive_test_where_items_tell_alike() -> None:
    """With equal slopes and no guessing the number right holds all that the answers tell."""
    table = make_table(guessing=0.0)
    form = build_form(table, POLICY, seed=2)
    zero = form.stages[-1].below
    chance = np.random.default_rng(6)

    for share in np.linspace(0.05, 0.95, 200):
        right = chance.random(600) < share
        total, answers = 0, []
        for stage in form.stages:
            module = stage.modules[int(chance.integers(len(stage.modules)))]
            total += module.points[int(right[list(module.items)].sum())]
            answers += [(item, bool(right[item])) for item in module.items]
        ratio = replay(table, POLICY, answers).ratio
        assert abs((total - zero) / POINTS - ratio) < 0.5 / POINTS * len(form.stages) + 1e-9


def test_the_bounds_are_those_of_the_policy() -> None:
    low, high = bounds(POLICY)

    assert (low, high) == (-30, 30)  # ±10 ln 19 = ±29.4, never decided too soon


def test_the_blueprint_holds_on_every_path_wherever_it_ends() -> None:
    table = make_table()
    form = build_form(table, POLICY, seed=5)

    for path in paths(form):
        items: list[int] = []
        for module in path:
            items += module.items
            counts = Counter(table.bank.groups[int(table.bank.group[item])] for item in items)
            assert all(abs(counts[group] - share * len(items)) <= 1 for group, share in SHARES.items())


def test_an_item_is_in_a_form_once_and_only_if_allowed() -> None:
    allowed = set(range(0, 600, 2))

    form = build_form(make_table(), POLICY, allowed=allowed)

    items = [item for one in form.modules for item in one.items]
    assert len(items) == len(set(items)) == 8 * 11
    assert set(items) <= allowed


def test_items_that_give_each_other_away_do_not_meet_in_a_form() -> None:
    enemies = [number // 4 for number in range(600)]

    form = build_form(make_table(enemies=enemies), POLICY)

    items = [item for one in form.modules for item in one.items]
    assert len({item // 4 for item in items}) == len(items)


def test_a_seed_makes_one_form_and_another_seed_another() -> None:
    again = build_form(make_table(), POLICY, seed=8)

    assert build_form(make_table(), POLICY, seed=8) == again
    assert build_form(make_table(), POLICY, seed=9).digest != again.digest


def test_nothing_is_decided_before_the_least_length() -> None:
    form = make_small(min_length=4)

    first = form.stages[0]
    assert {first.decide(points) for points in first.modules[0].points} == {Decision.UNDECIDED}


def test_answers_that_break_off_decide_nothing() -> None:
    form = make_small()
    sheet = form.stages[0].modules[0]

    outcome = replay_form(form, {sheet.slugs[0]: True, sheet.slugs[1]: True, sheet.slugs[2]: False})

    assert (outcome.decision, outcome.asked, outcome.passed) == (Decision.UNDECIDED, 3, False)
    assert replay_form(form, {}).decision is Decision.UNDECIDED


def test_an_open_answer_counts_as_not_right() -> None:
    form = make_small()
    slugs = form.stages[0].modules[0].slugs

    assert replay_form(form, {slugs[0]: True}) == replay_form(
        form, {slugs[0]: True, slugs[1]: False, slugs[2]: False}
    )


def test_the_sheet_that_was_taken_counts_where_another_was_due() -> None:
    form = make_small()
    first, second = form.stages[0], form.stages[1]
    answers = {slug: number < 2 for number, slug in enumerate(first.modules[0].slugs)}
    other = second.modules[1 - first.next_place(first.modules[0].points[2])]

    outcome = replay_form(form, answers | dict.fromkeys(other.slugs, True))

    assert outcome.modules == (first.modules[0].name, other.name)
    assert outcome.total == first.modules[0].points[2] + other.points[3]


def test_answers_after_the_decision_count_for_nothing() -> None:
    form = make_small()

    everything = replay_form(form, {slug: True for one in form.modules for slug in one.slugs})

    assert (everything.decision, everything.asked) == (Decision.ABOVE, 3)


def test_what_is_foreseen_comes_true() -> None:
    table = make_table()
    form = build_form(table, POLICY, seed=1)
    chances = probability(0.5, table.parameters)

    sat = [
        sit_form(form, lambda item, seed=seed: draw(seed, ANSWER, item) < chances[item])  # type: ignore[misc]
        for seed in range(4000)
    ]

    forecast = foresee(form, table.parameters, 0.5)
    assert abs(np.mean([one.passed for one in sat]) - forecast.passing) < 0.025
    assert abs(np.mean([one.asked for one in sat]) - forecast.length) < 0.8


def test_a_form_is_right_nearly_as_often_as_the_adaptive_test() -> None:
    table = make_table()
    form = build_form(table, POLICY, seed=1)
    trial = simulate(table, POLICY, at_distances(0.2, 400, (-0.5, 0.5)), 1)
    below, above = (foresee(form, table.parameters, 0.2 + side).passing for side in (-0.5, 0.5))

    assert (1 - below + above) / 2 > accuracy(trial.runs) - 0.02


def test_a_policy_without_a_sequential_ratio_is_refused() -> None:
    with pytest.raises(ValueError, match="sequential ratio"):
        build_form(make_table(), Policy(cut=0.0, classify="interval"))


def test_a_bank_that_is_too_small_is_refused_by_the_name_of_its_group() -> None:
    with pytest.raises(ValueError, match="too few items of group 2"):
        build_form(make_table(60), POLICY)


def test_a_short_test_is_one_sheet() -> None:
    assert design_for(Policy(max_length=5)).lengths == (5,)
    assert design_for(Policy(max_length=50)).lengths == (8,) * 6
