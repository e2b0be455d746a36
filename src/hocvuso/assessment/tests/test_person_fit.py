from itertools import product
from math import exp, log, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.ability import estimate_eap, estimate_map, estimate_ml, estimate_wle
from hocvuso.assessment.engine.cat import Bank, Policy, build_table
from hocvuso.assessment.engine.chance import ANSWER, draw
from hocvuso.assessment.engine.integrity.person_fit import AdaptiveFit, measure_adaptive_fit, measure_fit
from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.tails import tail_of_sum
from hocvuso.assessment.engine.irt import Parameters, bias_term, information, probability
from hocvuso.assessment.engine.sitting import run, sit
from hocvuso.assessment.tests.simulated import make_parameters

TEST = Parameters.of(np.linspace(-2, 2, 9), np.linspace(0.7, 1.6, 9), 0.15)
POOL = make_parameters(100, seed=5)
TABLE = build_table(Bank.of([f"i{one}" for one in range(100)], ["g"] * 100, POOL))
POLICY = Policy(max_length=20, randomesque=4)
ANSWERS = [1, 1, 0, 1, 1, 0, 1, 0, 0]


def snijders(answers: list[int], p: Parameters, theta: float, r0: float) -> float:
    """lz* term by term, as in Snijders (2001) and in Magis, Raîche & Béland (2012)."""
    above = below = statistic = variance = 0.0
    items = list(zip(p.a, p.b, p.c, answers, strict=True))
    terms = []
    for a, b, c, x in items:
        logistic = 1 / (1 + exp(-a * (theta - b)))
        chance = c + (1 - c) * logistic
        steep = a * (1 - c) * logistic * (1 - logistic)
        terms.append((x, chance, log(chance / (1 - chance)), steep, steep / (chance * (1 - chance))))
    for _x, _chance, weight, steep, pull in terms:
        above += steep * weight
        below += steep * pull
    share = above / below
    for x, chance, weight, _steep, pull in terms:
        statistic += (x - chance) * weight
        variance += (weight - share * pull) ** 2 * chance * (1 - chance)
    return (statistic + share * r0) / sqrt(variance)


def test_lz_is_the_standardised_log_likelihood() -> None:
    chance = probability(0.4, TEST)
    log_likelihood = sum(log(q if x else 1 - q) for x, q in zip(ANSWERS, chance, strict=True))
    mean = sum(q * log(q) + (1 - q) * log(1 - q) for q in chance)
    variance = sum(q * (1 - q) * log(q / (1 - q)) ** 2 for q in chance)

    found = measure_fit(ANSWERS, TEST, 0.4)

    assert found.lz == pytest.approx((log_likelihood - mean) / sqrt(variance))
    assert found.items == 9


def test_lz_star_is_snijders_for_each_estimator_with_its_own_r0() -> None:
    ml, mode, wle = (estimate(ANSWERS, TEST).theta for estimate in (estimate_ml, estimate_map, estimate_wle))
    warm = float(bias_term(wle, TEST) / (2 * information(wle, TEST).sum()))

    for theta, r0 in ((ml, 0.0), (mode, -mode), (wle, warm)):
        assert measure_fit(ANSWERS, TEST, theta).lz_star == pytest.approx(
            snijders(ANSWERS, TEST, theta, r0), abs=1e-6
        )


def test_p_is_the_share_of_patterns_that_fit_no_better() -> None:
    chance = probability(0.4, TEST)
    observed = measure_fit(ANSWERS, TEST, 0.4)
    share = 0.0
    for pattern in product((0, 1), repeat=9):
        if measure_fit(pattern, TEST, 0.4).lz_star <= observed.lz_star + 1e-12:
            share += float(np.prod(np.where(pattern, chance, 1 - chance)))

    assert observed.p == pytest.approx(share, abs=0.005)


@given(
    st.lists(st.tuples(st.floats(-3, 3), st.floats(0.02, 0.98), st.booleans()), min_size=1, max_size=8),
)
def test_tail_of_a_sum_is_that_of_all_patterns(terms: list[tuple[float, float, bool]]) -> None:
    weights, chances, hits = (np.array(one) for one in zip(*terms, strict=True))
    step = np.abs(weights).sum() / 2000 or 1.0
    rounded = np.rint(weights / step)
    wanted = 0.0
    for pattern in product((0, 1), repeat=len(terms)):
        if rounded @ np.array(pattern) >= rounded @ hits:
            wanted += float(np.prod(np.where(pattern, chances, 1 - chances)))

    assert tail_of_sum(weights, chances, hits) == pytest.approx(wanted, abs=1e-9)


def test_hard_ones_right_and_easy_ones_wrong_is_flagged_and_the_reverse_is_not() -> None:
    p = Parameters.of(np.linspace(-2.5, 2.5, 20))
    odd, usual = [0] * 10 + [1] * 10, [1] * 10 + [0] * 10

    assert measure_fit(odd, p, 0.0).reason is Reason.UNLIKELY_PATTERN
    assert measure_fit(usual, p, 0.0).reason is None
    assert measure_fit(usual, p, 0.0).lz_star > 0 > measure_fit(odd, p, 0.0).lz_star


def test_items_that_tell_nothing_of_the_pattern_raise_no_flag() -> None:
    alike = measure_fit([1, 0, 0, 0], Parameters.of([0.0] * 4), 0.0)

    assert (alike.lz, alike.lz_star, alike.p, alike.reason) == (0.0, 0.0, 1.0, None)


def test_answers_and_items_must_be_as_many() -> None:
    with pytest.raises(ValueError, match="3 answers for 9 items"):
        measure_fit([1, 0, 1], TEST, 0.0)


@pytest.mark.parametrize(("items", "guessing"), [(6, 0.0), (12, 0.2), (30, 0.0)])
def test_false_alarms_keep_to_their_level_also_with_few_items(items: int, guessing: float) -> None:
    p = make_parameters(items, seed=items, guessing=guessing)
    chance = np.random.default_rng(items)
    by_estimator = []
    for estimate in (estimate_eap, estimate_wle):
        found = []
        for theta in chance.normal(size=400):
            answers = chance.random(items) < probability(theta, p)
            found.append(measure_fit(answers, p, estimate(answers, p).theta).p)
        by_estimator.append(np.array(found))

    for found in by_estimator:
        assert (found <= 0.05).mean() < 0.05 + 2.5 * sqrt(0.05 * 0.95 / 400)
        assert (found <= 0.01).mean() < 0.01 + 2.5 * sqrt(0.01 * 0.99 / 400)


def test_the_normal_tail_would_raise_more_false_alarms() -> None:
    p = Parameters.of(np.linspace(-3, -1, 10), 1.3)
    chance = probability(0.0, p)
    exact = normal = 0.0
    for pattern in product((0, 1), repeat=10):
        found = measure_fit(pattern, p, 0.0)
        likely = float(np.prod(np.where(pattern, chance, 1 - chance)))
        exact += likely * (found.p <= 0.01)
        normal += likely * (NormalDist().cdf(found.lz_star) <= 0.01)

    assert exact <= 0.01 < 0.02 < normal


def test_false_alarms_in_an_adaptive_test_are_rarer_still() -> None:
    bank = make_parameters(200, seed=5)
    table = build_table(Bank.of([f"i{one}" for one in range(200)], ["g"] * 200, bank))
    found = []
    for seed, theta in enumerate(np.random.default_rng(6).normal(size=250)):
        sitting = sit(table, Policy(max_length=20, randomesque=5), theta, seed)
        items, rights = zip(*sitting.answers, strict=True)
        found.append(measure_fit(rights, bank.take(items), sitting.step.estimate).p)

    assert np.mean(np.array(found) <= 0.05) < 0.04


def test_somebody_weak_who_knew_the_hardest_quarter_is_found() -> None:
    p = Parameters.of(np.linspace(-2, 2, 20), 1.2)
    chance = np.random.default_rng(7)
    flagged = 0
    for _person in range(200):
        answers = chance.random(20) < probability(-1.0, p)
        answers[-5:] = True
        found = measure_fit(answers, p, estimate_eap(answers, p).theta)
        flagged += found.reason is Reason.UNLIKELY_PATTERN

    assert flagged > 180


def test_course_and_pattern_of_an_adaptive_test_are_those_of_its_items() -> None:
    answers = sit(TABLE, POLICY, 0.3, 8).answers
    items, rights = zip(*answers, strict=True)
    p = POOL.take(items)
    theta = estimate_eap(rights, p).theta
    chance = probability(theta, p)
    course = [0.0]
    for right, expected in zip(rights, chance, strict=True):
        course.append(course[-1] + right - expected)

    found = measure_adaptive_fit(TABLE, POLICY, answers, draws=19)

    assert found.items == 20
    assert found.lz_star == pytest.approx(measure_fit(rights, p, theta).lz_star)
    assert found.swing == pytest.approx((max(course) - min(course)) / sqrt((chance * (1 - chance)).sum()))
    assert {found.p * 20 % 1, found.p_swing * 20 % 1} == {0.0}
    assert found == measure_adaptive_fit(TABLE, POLICY, answers, draws=19)


def test_honest_adaptive_tests_are_flagged_no_oftener_than_they_may() -> None:
    found = [
        measure_adaptive_fit(
            TABLE, POLICY, sit(TABLE, POLICY, theta, seed).answers, draws=59, seed=seed * 100
        )
        for seed, theta in enumerate(np.random.default_rng(3).normal(size=60))
    ]

    for tails in ([one.p for one in found], [one.p_swing for one in found]):
        assert np.mean(np.array(tails) <= 0.05) < 0.05 + 2 * sqrt(0.05 * 0.95 / 60)
        assert 0.35 < np.mean(tails) < 0.65


def test_help_that_came_for_the_last_third_of_an_adaptive_test_is_found() -> None:
    weak = probability(-1.0, POOL)
    flagged = 0
    for seed in range(20):
        asked: list[int] = []

        def answer(item: int, seed: int = seed, asked: list[int] = asked) -> bool:
            asked.append(item)
            return len(asked) > 13 or draw(seed, ANSWER, item) < weak[item]

        sitting = run(TABLE, POLICY, seed, answer)
        found = measure_adaptive_fit(TABLE, POLICY, sitting.answers, draws=99, alpha=0.1)
        flagged += Reason.UNEVEN_COURSE in found.reasons

    assert flagged >= 15


def test_an_adaptive_test_without_answers_says_nothing() -> None:
    assert measure_adaptive_fit(TABLE, POLICY, []) == AdaptiveFit(0, 0.0, 1.0, 0.0, 1.0, ())
