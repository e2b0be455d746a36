from itertools import product
from math import comb, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.integrity.leakage import (
    HORIZON,
    SHIFTS,
    SLACK,
    Drop,
    binomial_tail,
    expected_right,
    find_over_exposed,
    log_gain,
    sum_over_starts,
    watch_item,
)
from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.irt import Floats, Parameters, probability
from hocvuso.assessment.tests.simulated import make_parameters

BANK = make_parameters(40, seed=9, guessing=0.1)


def watch(
    item: int,
    answers: int,
    seed: int,
    *,
    since: int = 0,
    easier: float = 0.0,
    error: float = 0.5,
    watched: int = 1,
) -> Drop:
    """People as an adaptive test sends them: estimated to be near the item, and known up to an error."""
    chance = np.random.default_rng(seed)
    estimate = chance.normal(BANK.b[item], 0.5, answers)
    shift = np.where(np.arange(answers) >= since, easier, 0.0)
    truth = chance.normal(estimate, error) + shift
    right = chance.random(answers) < probability(truth, BANK)[:, item]
    return watch_item(right, estimate, np.full(answers, error), BANK, item, watched=watched)


def test_expected_chance_is_the_mean_over_what_the_ability_may_be() -> None:
    fine = np.linspace(-6, 6, 20_001)
    weight = np.exp(-(fine**2) / 2) / np.exp(-(fine**2) / 2).sum()
    wanted = [
        float(weight @ probability(mean + sd * fine, BANK)[:, 3]) for mean, sd in ((0.4, 0.5), (-2, 0.9))
    ]

    assert expected_right([0.4, -2], [0.5, 0.9], BANK, 3) == pytest.approx(wanted, abs=1e-5)
    assert expected_right([1.0], [0.0], BANK, 3)[0] == pytest.approx(probability(1.0, BANK)[3])
    assert expected_right([1.0], [0.0], BANK, 3, 0.7)[0] == pytest.approx(probability(1.7, BANK)[3])


@given(st.lists(st.floats(-2, 2), min_size=1, max_size=12))
def test_evidence_is_the_weighted_sum_over_all_starts(gain: list[float]) -> None:
    answers = len(gain)
    for number in range(answers):
        since = [float(np.exp(sum(gain[start : number + 1]))) for start in range(number + 1)]
        weight = 1 / (2 * HORIZON)
        to_come = 1 - weight * (number + 1)

        assert sum_over_starts(np.array(gain))[number] == pytest.approx(weight * sum(since) + to_come)


def test_weights_of_starts_never_use_up_what_is_to_come() -> None:
    assert sum_over_starts(np.zeros(5 * HORIZON)) == pytest.approx(1.0)


def test_evidence_is_not_expected_to_grow_while_nothing_changes() -> None:
    usual, easier = np.array([0.3, 0.5, 0.62, 0.7, 0.2]), np.array([0.5, 0.7, 0.8, 0.85, 0.4])
    mean = np.zeros(5)
    for right in product((False, True), repeat=5):
        likely = np.prod(np.where(right, usual, 1 - usual))
        mean += likely * sum_over_starts(log_gain(right, usual, easier))

    assert mean == pytest.approx(np.ones(5), abs=1e-12)


def test_p_comes_from_the_highest_evidence_over_all_shifts() -> None:
    right, ability, error = [True] * 30 + [False] * 10, np.full(40, BANK.b[5]), np.full(40, 0.4)
    usual = expected_right(ability, error, BANK, 5, SLACK)
    sums = [
        sum_over_starts(log_gain(right, usual, expected_right(ability, error, BANK, 5, SLACK + shift)))
        for shift in SHIFTS
    ]

    found = watch_item(right, ability, error, BANK, 5, watched=3)

    assert found.p == pytest.approx(1 / max(1, np.mean(sums, axis=0).max()))
    assert found.p < 0.3
    assert found.adjusted == pytest.approx(min(1, 3 * found.p))


def test_a_flag_once_raised_is_not_taken_back_by_later_answers() -> None:
    right = np.array([True] * 60 + [False] * 60)
    ability, error = np.full(120, BANK.b[2] - 0.5), np.full(120, 0.4)
    tails = [watch_item(right[:many], ability[:many], error[:many], BANK, 2).p for many in range(1, 121, 7)]

    assert tails == sorted(tails, reverse=True)


def test_false_alarms_over_the_life_of_an_item_keep_to_their_level() -> None:
    found = [watch(seed % 40, 1500, seed) for seed in range(400)]

    assert np.mean([one.p <= 0.05 for one in found]) < 0.05
    assert sum(one.reason is not None for one in found) < 20


def test_an_item_as_much_easier_as_the_slack_still_raises_no_more_than_its_level() -> None:
    found = [watch(seed % 40, 1500, seed, easier=SLACK) for seed in range(300)]

    assert np.mean([one.p <= 0.05 for one in found]) < 0.05 + 2 * sqrt(0.05 * 0.95 / 300)


@pytest.mark.parametrize(("watched", "answers", "least"), [(1, 400, 70), (500, 600, 90)])
def test_an_item_a_logit_and_a_half_easier_after_300_answers_is_found(
    watched: int, answers: int, least: int
) -> None:
    found = [watch(seed % 40, answers, seed, since=300, easier=1.5, watched=watched) for seed in range(100)]
    flagged = [one for one in found if one.reason is Reason.EASIER_THAN_BEFORE]

    assert len(flagged) >= least
    assert np.median([one.since for one in flagged]) == pytest.approx(300, abs=10)
    assert np.mean([one.logits for one in flagged]) == pytest.approx(1.5, abs=0.3)


def test_an_item_that_became_harder_raises_nothing() -> None:
    assert [watch(seed, 600, seed, since=300, easier=-1.5).reason for seed in range(40)] == [None] * 40


def test_without_answers_nothing_is_said_and_uneven_lists_are_refused() -> None:
    assert watch_item([], [], [], BANK, 0) == Drop(0, 1.0, 1.0, None, 0.0, None)
    with pytest.raises(ValueError, match="2 answers, 1 abilities, 2 errors"):
        watch_item([True, False], [0.0], [0.5, 0.5], BANK, 0)


@given(st.integers(1, 60), st.floats(0.01, 0.9), st.data())
def test_binomial_tail_is_the_sum_of_its_terms(tests: int, rate: float, data: st.DataObject) -> None:
    count = data.draw(st.integers(min(int(tests * rate) + 1, tests), tests))
    wanted = sum(comb(tests, k) * rate**k * (1 - rate) ** (tests - k) for k in range(count, tests + 1))

    assert binomial_tail(count, tests, rate) == pytest.approx(wanted, rel=1e-9)


def test_items_shown_too_often_are_named_with_the_worst_first() -> None:
    found = find_over_exposed([50, 260, 250, 420, 330], tests=1000, highest_rate=0.25)

    assert [(one.item, one.shown, one.rate) for one in found] == [(3, 420, 0.42), (4, 330, 0.33)]
    assert {one.reason for one in found} == {Reason.OVER_EXPOSED}


def test_a_bank_at_its_highest_rate_is_seldom_named() -> None:
    chance = np.random.default_rng(3)
    shown: list[Floats] = [chance.binomial(500, 0.25, 100) for _bank in range(400)]

    assert np.mean([bool(find_over_exposed(one, 500, 0.25)) for one in shown]) < 0.05 + 0.022


def test_rates_and_counts_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        find_over_exposed([1], 10, 1.5)
    with pytest.raises(ValueError, match="more than 10 tests"):
        find_over_exposed([11], 10, 0.2)


def test_parameters_of_one_item_alone_serve_as_well() -> None:
    alone = Parameters.of(BANK.b[[4]], BANK.a[[4]], BANK.c[[4]])

    assert expected_right([0.3], [0.4], alone, 0) == pytest.approx(expected_right([0.3], [0.4], BANK, 4))
