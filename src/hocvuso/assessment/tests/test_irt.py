import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.irt import (
    Parameters,
    bias_term,
    information,
    log_probabilities,
    probability,
    slope,
)

REFERENCES: dict[str, Any] = json.loads((Path(__file__).parent / "references_irt.json").read_text())
CASES = REFERENCES["cases"]
ABILITIES = np.array(REFERENCES["about"]["abilities"])
TOLERANCE = 1e-6
NAMES = [f"{case['model']}-{len(case['answers'])}" for case in CASES]

abilities = st.floats(-4, 4)


@st.composite
def parameters(draw_one: st.DrawFn, most: int = 6) -> Parameters:
    """One to `most` items of any of the four models."""
    size = draw_one(st.integers(1, most))

    def numbers(low: float, high: float) -> list[float]:
        return draw_one(st.lists(st.floats(low, high), min_size=size, max_size=size))

    return Parameters.of(numbers(-4, 4), numbers(0.2, 3), numbers(0, 0.4), numbers(0.6, 1))


def items_of(case: dict[str, Any]) -> Parameters:
    return Parameters.of(case["b"], case["a"], case["c"], case["d"])


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_curves_equal_catr(case: dict[str, Any]) -> None:
    p, reference = items_of(case), case["catR"]

    assert p.model == case["model"]
    assert probability(ABILITIES, p) == pytest.approx(np.array(reference["probability"]), abs=TOLERANCE)
    assert information(ABILITIES, p) == pytest.approx(np.array(reference["information"]), abs=TOLERANCE)
    assert bias_term(ABILITIES, p) == pytest.approx(np.array(reference["bias_term"]), abs=TOLERANCE)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_curves_equal_catsim(case: dict[str, Any]) -> None:
    p, reference = items_of(case), case["catsim"]

    assert probability(0.4, p) == pytest.approx(np.array(reference["probability"]), abs=TOLERANCE)
    assert information(0.4, p) == pytest.approx(np.array(reference["information"]), abs=TOLERANCE)


def test_a_1pl_item_informs_a_quarter_at_its_difficulty() -> None:
    p = Parameters.of([0.5])

    assert probability(0.5, p).tolist() == [0.5]
    assert information(0.5, p).tolist() == [0.25]


def test_one_number_stands_for_all_items() -> None:
    p = Parameters.of([0.0, 1.0], c=0.25)

    assert (p.model, p.a.tolist(), p.c.tolist(), p.d.tolist()) == ("3PL", [1, 1], [0.25, 0.25], [1, 1])
    assert p.take([1, 1]).b.tolist() == [1.0, 1.0]


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"b": [0.0], "a": [0.0]}, "a must be above 0, item 0"),
        ({"b": [0.0, 0.0], "c": [0.1, 0.7], "d": [1.0, 0.6]}, "item 1 breaks it"),
        ({"b": [0.0], "d": [1.1]}, "item 0 breaks it"),
        ({"b": [float("nan")]}, "finite"),
        ({"b": [[0.0]]}, "one dimension"),
    ],
)
def test_numbers_that_no_item_has_are_refused(given_: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        Parameters.of(**given_)


@given(parameters(), abilities)
def test_information_is_slope_squared_over_variance(p: Parameters, theta: float) -> None:
    share, steep = probability(theta, p), slope(theta, p)

    found = information(theta, p)

    assert (found >= 0).all()
    assert found == pytest.approx(steep**2 / (share * (1 - share)), rel=1e-6, abs=1e-12)


@given(parameters(), st.floats(-3.9, 3.9))
def test_the_slope_is_that_of_the_curve(p: Parameters, theta: float) -> None:
    near = (probability(theta + 1e-5, p) - probability(theta - 1e-5, p)) / 2e-5

    assert slope(theta, p) == pytest.approx(near, abs=1e-8)


@given(parameters(), abilities)
def test_logarithms_are_those_of_the_probabilities(p: Parameters, theta: float) -> None:
    right, wrong = log_probabilities(theta, p)

    assert np.exp(right) == pytest.approx(probability(theta, p), abs=1e-12)
    assert np.exp(right) + np.exp(wrong) == pytest.approx(np.ones(len(p)), abs=1e-12)


def test_logarithms_keep_their_digits_far_from_the_item() -> None:
    p = Parameters.of([-30.0, 30.0])

    right, wrong = log_probabilities(10.0, p)

    assert wrong[0] == pytest.approx(-40.0, abs=1e-12)
    assert right[1] == pytest.approx(-20.0, abs=1e-8)
