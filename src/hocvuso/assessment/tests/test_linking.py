from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.assessment.engine.calibration import Calibration, calibrate
from hocvuso.assessment.engine.irt import Parameters, probability
from hocvuso.assessment.engine.linking import Link, TooFewAnchors, link_to_old, stocking_lord
from hocvuso.assessment.tests.simulated import make_abilities, make_parameters, rmse, simulate


def make_calibration(p: Parameters, se: float = 0.05) -> Calibration:
    """As if calibrated without error from many answers, which are not needed here."""
    size = len(p)
    return Calibration(
        model="3pl" if p.c.any() else "2pl",
        items=np.arange(size),
        a=p.a,
        b=p.b,
        c=p.c,
        se_a=np.full(size, se),
        se_b=np.full(size, se),
        se_c=np.zeros(size),
        answered=np.full(size, 4000),
        people=4000,
        mean={"": 0.0},
        sd={"": 1.0},
        left_out={},
        log_likelihood=-1.0,
        iterations=1,
        converged=True,
    )


def move(p: Parameters, slope: float, intercept: float) -> Parameters:
    """To the scale on which old = slope × new + intercept."""
    return Parameters.of(a=p.a * slope, b=(p.b - intercept) / slope, c=p.c)


slopes = st.floats(0.6, 1.7)
intercepts = st.floats(-1.2, 1.2)


@settings(max_examples=40, deadline=None)
@given(slopes, intercepts, st.integers(0, 1000), st.sampled_from([0.0, 0.25]))
def test_a_known_line_is_found(slope: float, intercept: float, seed: int, guessing: float) -> None:
    old = make_parameters(12, seed, guessing)

    link = stocking_lord(move(old, slope, intercept), old)

    assert (link.slope, link.intercept) == pytest.approx((slope, intercept), abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(slopes, intercepts)
def test_a_linked_item_is_as_hard_for_the_same_person_as_before(slope: float, intercept: float) -> None:
    new = make_calibration(make_parameters(6, guessing=0.2))
    link = Link(slope, intercept)

    linked = link.apply(new)

    abilities = np.linspace(-3, 3, 7)
    np.testing.assert_allclose(
        probability(link.place(abilities), linked.parameters), probability(abilities, new.parameters)
    )
    np.testing.assert_allclose(linked.b / linked.se_b, (slope * new.b + intercept) / (slope * new.se_b))
    assert (linked.mean, linked.sd) == ({"": intercept}, {"": slope})


@settings(max_examples=20, deadline=None)
@given(slopes, intercepts, st.sets(st.integers(0, 19), min_size=1, max_size=5), st.sampled_from([-1.0, 0.8]))
def test_changed_anchors_are_dropped_and_named(
    slope: float, intercept: float, changed: set[int], by: float
) -> None:
    p = make_parameters(20)
    later = Parameters.of(a=p.a, b=p.b + by * np.isin(np.arange(20), list(changed)))

    found = link_to_old(make_calibration(move(later, slope, intercept)), make_calibration(p))

    assert found.dropped == sorted(changed)
    assert (found.link.slope, found.link.intercept) == pytest.approx((slope, intercept), abs=1e-6)
    np.testing.assert_allclose(found.drift.change[~found.drift.anchors], by, atol=1e-5)
    np.testing.assert_array_equal(found.drift.drifted, ~found.drift.anchors)
    np.testing.assert_allclose(found.calibration.b, later.b, atol=1e-5)


def test_a_change_within_its_errors_is_no_drift() -> None:
    p = make_parameters(10)
    later = Parameters.of(a=p.a, b=p.b + 0.4 * (np.arange(10) == 3))

    sure, unsure = (link_to_old(make_calibration(later, se), make_calibration(p, se)) for se in (0.04, 0.3))

    assert (sure.dropped, unsure.dropped) == ([3], [])
    assert not unsure.drift.drifted.any()


def test_a_small_change_is_no_drift_however_sure() -> None:
    p = make_parameters(10)
    later = Parameters.of(a=p.a, b=p.b + 0.2 * (np.arange(10) == 3))

    assert link_to_old(make_calibration(later, 0.001), make_calibration(p, 0.001)).dropped == []


def test_when_most_anchors_moved_nothing_is_linked() -> None:
    p = make_parameters(12)
    shift = np.array([2, -2, 1.2, -1.3, 2.5, -1.8, 1.6, 0, 0, 0, 0, 0])
    later = make_calibration(Parameters.of(a=p.a, b=p.b + shift))

    with pytest.raises(
        TooFewAnchors, match=r"^5 of 12 common items stayed as they were; 6 are needed to link$"
    ):
        link_to_old(later, make_calibration(p))


def test_too_few_common_items_are_refused() -> None:
    old = make_calibration(make_parameters(8))
    new = replace(old, items=np.arange(4, 12))

    with pytest.raises(TooFewAnchors, match="4 of 4 common items"):
        link_to_old(new, old)


def test_abler_people_of_a_later_year_are_seen_as_such_on_the_old_scale() -> None:
    p = make_parameters(40)
    first = simulate(p, make_abilities(5000), missing=0.4)
    second = simulate(p, make_abilities(5000, 0.6, 1.2, seed=8), missing=0.4, seed=9)
    old = calibrate(first.responses.only(range(30)))

    found = link_to_old(calibrate(second.responses.only(range(10, 40))), old)

    assert (found.link.slope, found.link.intercept) == pytest.approx((1.2, 0.6), abs=0.07)
    assert found.drift.items.tolist() == list(range(10, 30))
    assert found.dropped == []
    assert rmse(found.calibration.b, p.b[10:]) < 0.12
    abilities = found.calibration.abilities(second.responses)
    assert abs(abilities.value.mean() - second.ability.mean()) < 0.05
