from math import exp, sqrt
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.timing import TimeModel, fit_times, judge_times
from hocvuso.assessment.tests.timed import Timed, make_world

WORLD = make_world(60)
HONEST = WORLD.answer(people=300, each=20, seed=2)
MODEL = HONEST.fit(60)
PLAIN = TimeModel(np.full(40, 3.0), np.linspace(1.5, 3.0, 40), np.full(40, 10**9), 0.4)


def test_intensity_precision_and_spread_of_speed_are_found() -> None:
    assert np.sqrt(np.mean((MODEL.intensity - WORLD.intensity) ** 2)) < 0.08
    assert np.mean(MODEL.precision * WORLD.spread) == pytest.approx(1.0, abs=0.05)
    assert MODEL.speed_spread == pytest.approx(0.35, abs=0.04)
    assert MODEL.known.all()


def test_a_tenth_of_answers_tapped_at_once_moves_the_items_little() -> None:
    chance = np.random.default_rng(3)
    tapped = chance.random(len(HONEST.item)) < 0.1
    seconds = np.where(tapped, 1.0, HONEST.seconds)
    plain = np.array([np.log(seconds[HONEST.item == item]).mean() for item in range(60)])

    found = fit_times(HONEST.person, HONEST.item, seconds, 60).intensity - MODEL.intensity

    assert abs(found.mean()) < 0.17
    assert abs((plain - WORLD.intensity).mean()) > 0.3


def test_items_with_few_times_lean_on_the_others() -> None:
    few = np.flatnonzero(HONEST.item == 7)[:2]
    rest = np.flatnonzero(HONEST.item != 7)
    kept = np.concatenate((rest, few))
    seconds = HONEST.seconds.copy()
    seconds[few] = 1e-3

    model = fit_times(HONEST.person[kept], HONEST.item[kept], seconds[kept], 61)

    assert not model.known[[7, 60]].any()
    assert model.intensity[7] > np.log(1e-3) + 1
    assert model.intensity[60] == pytest.approx(model.intensity[:60].mean(), abs=0.2)
    assert np.isfinite(model.precision).all()


def test_times_that_cannot_be_are_left_out_and_absences_cut_off() -> None:
    nonsense = [0.0, -5.0, np.nan, np.inf]
    model = fit_times([0, 1, 2, 3, 4, 5], [0, 0, 0, 0, 0, 0], [*nonsense, 20.0, 1e6], 1)

    assert model.times.tolist() == [2]
    assert model.intensity[0] == pytest.approx((np.log(20) + np.log(1800)) / 2, abs=0.1)
    with pytest.raises(ValueError, match="none above 0"):
        fit_times([0, 1], [0, 0], [0.0, np.nan], 1)


def test_hard_items_are_set_against_the_others_as_the_joint_normal_says() -> None:
    """By the conditional distribution of a multivariate normal, and generalised least squares."""
    item = np.arange(12)
    hard = item < 5
    excess = np.where(hard, -0.5, 0.1) + 0.02 * item
    covariance = np.diag(PLAIN.precision[:12] ** -2) + 0.4**2
    cross = covariance[np.ix_(hard, ~hard)] @ np.linalg.inv(covariance[np.ix_(~hard, ~hard)])
    left = excess[hard] - cross @ excess[~hard]
    inverse = np.linalg.inv(covariance[np.ix_(hard, hard)] - cross @ covariance[np.ix_(~hard, hard)])
    ahead = inverse.sum(axis=0) @ left / inverse.sum()

    found = judge_times(PLAIN, item, np.exp(3 + excess), hard, np.where(hard, 0.3, 0.8)).hard

    assert found.answers == 5
    assert found.ratio == pytest.approx(exp(ahead))
    assert found.p == pytest.approx(NormalDist().cdf(ahead * sqrt(inverse.sum())))


@given(st.floats(0.2, 3.0), st.integers(0, 1000))
def test_who_is_faster_on_everything_is_no_faster_on_hard_items(factor: float, seed: int) -> None:
    chance = np.random.default_rng(seed)
    seconds = np.exp(3 + chance.uniform(-0.2, 0.2, 40))
    right = np.arange(40) < 12
    broad = TimeModel(PLAIN.intensity, PLAIN.precision, PLAIN.times, 1000.0)

    plain = judge_times(broad, np.arange(40), seconds, right, np.where(right, 0.4, 0.9)).hard
    scaled = judge_times(broad, np.arange(40), seconds * factor, right, np.where(right, 0.4, 0.9)).hard

    assert scaled.ratio == pytest.approx(plain.ratio, rel=1e-5)
    assert scaled.p == pytest.approx(plain.p, abs=1e-5)


def test_rapid_answers_are_named_by_their_place() -> None:
    seconds = np.full(20, 20.0)
    seconds[[2, 5, 11]] = 1.5

    found = judge_times(PLAIN, np.arange(20), seconds, np.zeros(20), np.full(20, 0.7))

    assert found.rapid == (2, 5, 11)
    assert found.effort == pytest.approx(0.85)
    assert found.reasons == (Reason.RAPID_ANSWERS,)
    seconds[11] = 20.0
    assert judge_times(PLAIN, np.arange(20), seconds, np.zeros(20), np.full(20, 0.7)).reasons == ()


def test_the_line_for_rapid_is_a_tenth_of_the_usual_time_up_to_ten_seconds() -> None:
    model = TimeModel(np.log([30.0, 60.0, 400.0]), np.ones(3), np.full(3, 100), 0.3)

    assert model.rapid_below == pytest.approx([3.0, 6.0, 10.0])


def test_who_gave_too_little_to_compare_is_not_judged() -> None:
    nobody = judge_times(PLAIN, [], [], [], [])
    unknown = TimeModel(PLAIN.intensity, PLAIN.precision, np.full(40, 5), 0.4)
    found = judge_times(unknown, np.arange(20), np.full(20, 0.5), np.ones(20), np.full(20, 0.3))

    for one in (nobody, found):
        assert (one.answers, one.rapid, one.effort) == (0, (), 1.0)
        assert (one.hard, one.overall, one.reasons) == (None, None, ())


@pytest.mark.parametrize("freedom", [1000, 4])
def test_false_alarms_keep_to_their_level_also_with_heavier_tails(freedom: int) -> None:
    timed = WORLD.answer(people=1500, each=20, seed=5, freedom=freedom)
    model = timed.fit(60)
    found = [timed.judge(model, person) for person in range(1500)]
    hard = np.array([one.hard.p for one in found if one.hard])
    overall = np.array([one.overall.p for one in found if one.overall])

    for tails in (hard, overall):
        for alpha in (0.05, 0.01):
            assert (tails <= alpha).mean() < alpha + 2.5 * sqrt(alpha * (1 - alpha) / len(tails))
    assert sum(bool(one.reasons) for one in found) <= 6


def test_somebody_who_taps_through_a_third_of_the_test_is_found() -> None:
    chance = np.random.default_rng(6)
    seconds = HONEST.seconds.copy()
    for person in range(100):
        seconds[person * 20 + chance.permutation(20)[:7]] = chance.uniform(0.7, 2.0, 7)
    timed = Timed(HONEST.item, seconds, HONEST.right, HONEST.chance, 20)
    model = timed.fit(60)

    found = [Reason.RAPID_ANSWERS in timed.judge(model, person).reasons for person in range(300)]

    assert sum(found[:100]) > 80
    assert sum(found[100:]) <= 2


def test_right_on_hard_items_in_a_quarter_of_the_time_is_found() -> None:
    seconds, right = HONEST.seconds.copy(), HONEST.right.copy()
    hard = HONEST.chance <= 0.5
    planted = [person for person in range(300) if 6 <= hard[person * 20 : person * 20 + 20].sum() <= 14][:60]
    for person in planted:
        own = person * 20 + np.flatnonzero(hard[person * 20 : person * 20 + 20])
        seconds[own] *= 0.25
        right[own] = 1
    timed = Timed(HONEST.item, seconds, right, HONEST.chance, 20)
    model = timed.fit(60)

    found = {person for person in range(300) if Reason.FAST_ON_HARD in timed.judge(model, person).reasons}

    assert len(found & set(planted)) > 50
    assert len(found - set(planted)) <= 2


def test_somebody_who_needs_a_seventh_of_the_time_throughout_is_found() -> None:
    seconds = HONEST.seconds.copy()
    seconds[:200] *= 1 / 7
    timed = Timed(HONEST.item, seconds, HONEST.right, HONEST.chance, 20)
    model = timed.fit(60)

    found = [Reason.FAST_THROUGHOUT in timed.judge(model, person).reasons for person in range(300)]

    assert sum(found[:10]) >= 8
    assert sum(found[10:]) <= 1
