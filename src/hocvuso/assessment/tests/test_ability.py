from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.ability import (
    Estimate,
    Prior,
    estimate_eap,
    estimate_map,
    estimate_ml,
    estimate_wle,
    log_likelihood,
    make_grid,
)
from hocvuso.assessment.engine.irt import Parameters, information
from hocvuso.assessment.tests.test_irt import (
    ABILITIES,
    CASES,
    NAMES,
    TOLERANCE,
    items_of,
    parameters,
)

ESTIMATORS = [estimate_eap, estimate_map, estimate_ml, estimate_wle]
CATR_GRID = make_grid(points=33)
OTHER = Prior(0.5, 0.8)

Estimator = Callable[[list[int], Parameters], Estimate]


@st.composite
def answered(draw_one: st.DrawFn) -> tuple[Parameters, list[int]]:
    p = draw_one(parameters(most=8))
    return p, draw_one(st.lists(st.integers(0, 1), min_size=len(p), max_size=len(p)))


@pytest.mark.parametrize(
    ("name", "estimate"),
    [
        ("ML", estimate_ml),
        ("BM", estimate_map),
        ("WL", estimate_wle),
        ("EAP81", estimate_eap),
        ("EAP33", lambda answers, p: estimate_eap(answers, p, grid=CATR_GRID)),
        ("EAP_prior", lambda answers, p: estimate_eap(answers, p, OTHER, CATR_GRID)),
        ("BM_prior", lambda answers, p: estimate_map(answers, p, OTHER)),
    ],
)
@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_estimates_and_errors_equal_catr(case: dict[str, Any], name: str, estimate: Estimator) -> None:
    found = estimate(case["answers"], items_of(case))

    assert [found.theta, found.error] == pytest.approx(case["catR"][name], abs=TOLERANCE)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_eap_equals_catpie(case: dict[str, Any]) -> None:
    found = estimate_eap(case["answers"], items_of(case), grid=CATR_GRID)

    assert [found.theta, found.error] == pytest.approx(case["catpie"]["EAP33"], abs=TOLERANCE)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_log_likelihood_equals_catsim(case: dict[str, Any]) -> None:
    found = log_likelihood(ABILITIES, case["answers"], items_of(case))

    assert found == pytest.approx(np.array(case["catsim"]["log_likelihood"]), abs=TOLERANCE)


@pytest.mark.parametrize(
    "case",
    [pytest.param(one, id=name) for one, name in zip(CASES, NAMES, strict=True) if "ML" in one["catsim"]],
)
def test_ml_equals_catsim(case: dict[str, Any]) -> None:
    found = estimate_ml(case["answers"], items_of(case), bounds=(-8, 8))

    assert [found.theta, found.error] == pytest.approx(case["catsim"]["ML"], abs=TOLERANCE)


def test_without_answers_the_prior_stands() -> None:
    found = estimate_eap([], Parameters.of(np.array([])), Prior(0.5, 0.4))

    assert [found.theta, found.error] == pytest.approx([0.5, 0.4], abs=1e-6)


def test_all_right_is_a_bound_for_ml_and_a_number_for_the_others() -> None:
    p = Parameters.of([-1.0, 0.0, 1.0])

    estimates = [estimate([1, 1, 1], p).theta for estimate in ESTIMATORS]

    assert estimates[2] == 4.0
    assert all(0 < theta < 4 for theta in (estimates[0], estimates[1], estimates[3]))


def test_for_rasch_items_of_one_difficulty_ml_is_the_logit_of_the_share() -> None:
    p = Parameters.of(np.full(10, 0.3))

    found = estimate_ml([1] * 7 + [0] * 3, p)

    assert found.theta == pytest.approx(0.3 + np.log(7 / 3), abs=1e-9)
    assert found.error == pytest.approx((10 * 0.7 * 0.3) ** -0.5, abs=1e-9)


def test_for_rasch_items_of_one_difficulty_wle_adds_half_an_answer_to_each_side() -> None:
    """Warm (1989): the maximum of √I L, and I is n P (1 - P) here."""
    p = Parameters.of(np.full(10, 0.3))

    found = estimate_wle([1] * 7 + [0] * 3, p)

    assert found.theta == pytest.approx(0.3 + np.log(7.5 / 3.5), abs=1e-9)


def test_the_higher_of_two_peaks_is_taken() -> None:
    """Easy items wrong and hard ones right: guessing explains the one, and nothing the other."""
    p = Parameters.of([-2.0, -1.8, 2.0, 2.2], a=2.5, c=[0.0, 0.0, 0.3, 0.3])

    found = estimate_ml([0, 0, 1, 1], p)

    fine = np.linspace(-4, 4, 80_001)
    assert found.theta == pytest.approx(fine[np.argmax(log_likelihood(fine, [0, 0, 1, 1], p))], abs=1e-4)


@given(answered())
def test_ml_and_map_reach_the_greatest_height(given_: tuple[Parameters, list[int]]) -> None:
    p, answers = given_
    fine = np.linspace(-4, 4, 2001)
    likelihood = log_likelihood(fine, answers, p)
    posterior = likelihood + Prior().log_density(fine)

    best, likeliest = estimate_map(answers, p).theta, estimate_ml(answers, p).theta

    assert log_likelihood(best, answers, p) - best**2 / 2 >= posterior.max() - 1e-3
    assert log_likelihood(likeliest, answers, p) >= likelihood.max() - 1e-3


@pytest.mark.parametrize("estimate", [estimate_eap, estimate_map, estimate_ml])
@given(answered(), st.data())
def test_a_right_answer_for_a_wrong_one_never_lowers(
    estimate: Estimator, given_: tuple[Parameters, list[int]], data: st.DataObject
) -> None:
    p, answers = given_
    place = data.draw(st.integers(0, len(answers) - 1))
    wrong, right = list(answers), list(answers)
    wrong[place], right[place] = 0, 1

    assert estimate(right, p).theta >= estimate(wrong, p).theta - 1e-9


@given(answered())
def test_every_error_is_positive(given_: tuple[Parameters, list[int]]) -> None:
    p, answers = given_

    assert all(estimate(answers, p).error > 0 for estimate in ESTIMATORS)


def test_the_estimates_of_many_people_find_their_ability() -> None:
    """Errors say what they promise: about 95 of 100 intervals hold the truth, and ML and WLE centre on it."""
    chance = np.random.default_rng(5)
    p = Parameters.of(chance.normal(size=60), chance.uniform(0.8, 2, 60))
    answers = chance.random((300, 60)) < 1 / (1 + np.exp(-p.a * (0.8 - p.b)))

    for estimate in (estimate_ml, estimate_wle):
        found = [estimate(one, p) for one in answers]
        held = np.mean([abs(one.theta - 0.8) < 1.96 * one.error for one in found])
        assert np.mean([one.theta for one in found]) == pytest.approx(0.8, abs=0.06)
        assert 0.92 <= held <= 0.98
        assert found[0].error == pytest.approx(information(found[0].theta, p).sum() ** -0.5)


def test_a_prior_needs_width() -> None:
    with pytest.raises(ValueError, match="deviation"):
        Prior(0.0, 0.0)
