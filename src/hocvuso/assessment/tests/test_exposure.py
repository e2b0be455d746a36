from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.cat import Policy, next_step
from hocvuso.assessment.engine.chance import draw, draw_many
from hocvuso.assessment.engine.exposure import calibrate_exposure, draw_abilities, measure_exposure
from hocvuso.assessment.engine.sitting import sit
from hocvuso.assessment.tests.test_cat import SHARES, TABLE, seeds


@given(seeds, st.integers(1, 6), st.lists(st.integers(0, 10**6), min_size=1, max_size=20))
def test_draws_are_the_same_one_by_one_and_together(seed: int, use: int, numbers: list[int]) -> None:
    one_by_one = [draw(seed, use, number) for number in numbers]

    assert draw_many(seed, use, np.array(numbers)).tolist() == one_by_one
    assert all(0 <= one < 1 for one in one_by_one)


def test_draws_are_even_and_differ_by_seed_use_and_number() -> None:
    by_number = draw_many(1, 1, np.arange(20_000))
    by_seed = np.array([draw(seed, 1, 0) for seed in range(20_000)])

    for drawn in (by_number, by_seed):
        shares = np.bincount((drawn * 10).astype(int), minlength=10) / len(drawn)
        assert shares == pytest.approx(np.full(10, 0.1), abs=0.01)
    other_use = draw_many(1, 2, np.arange(20_000))
    assert abs(np.corrcoef(by_number, other_use)[0, 1]) < 0.03
    assert abs(np.corrcoef(by_number[:-1], by_number[1:])[0, 1]) < 0.03


def test_randomesque_draws_evenly_among_the_best() -> None:
    best = TABLE.order[TABLE.nearest(0.0)][:4].tolist()

    shown = Counter(next_step(TABLE, Policy(randomesque=4), [], seed).item for seed in range(2000))

    assert sorted(shown) == sorted(best)
    assert all(430 < count < 570 for count in shown.values())


def test_sympson_hetter_shows_an_item_as_often_as_its_number_says() -> None:
    best, second = TABLE.order[TABLE.nearest(0.0)][:2].tolist()
    control = np.ones(120)
    control[best] = 0.3
    policy = Policy(control=control)

    shown = Counter(next_step(TABLE, policy, [], seed).item for seed in range(2000))

    assert sorted(shown) == sorted([best, second])
    assert shown[best] / 2000 == pytest.approx(0.3, abs=0.04)


def test_an_item_set_aside_stays_so_for_the_whole_test() -> None:
    control = np.full(120, 0.5)
    for seed in range(30):
        sitting = sit(TABLE, Policy(control=control, max_length=20), 0.0, seed)

        assert not sitting.aside & set(dict(sitting.answers))


def test_items_set_aside_stand_in_when_nothing_else_is_left() -> None:
    policy = Policy(control=np.full(120, 1e-6), shares=SHARES, max_length=30)

    assert sit(TABLE, policy, 0.0, 4).step.length == 30


def test_calibrated_control_holds_the_rate() -> None:
    policy = Policy(shares=SHARES, max_length=12)
    people = draw_abilities(policy, 400, 77)

    found = calibrate_exposure(TABLE, policy, 0.25, seed=1, examinees=300, rounds=8)

    free = measure_exposure(TABLE, policy, people, 5000)
    held = measure_exposure(TABLE, replace(policy, control=found.control), people, 5000)
    assert free.highest > 0.5
    assert held.highest < 0.25 + 3.5 * (0.25 * 0.75 / 400) ** 0.5
    assert held.overlap < 0.75 * free.overlap
    assert held.rates.sum() == pytest.approx(12)


def test_a_rate_that_the_bank_cannot_keep_is_refused() -> None:
    with pytest.raises(ValueError, match="bank is too small: at best a rate of 0.17"):
        calibrate_exposure(TABLE, Policy(max_length=20), 0.1)
    with pytest.raises(ValueError, match="group g0 is too small: at best a rate of 0.67"):
        calibrate_exposure(TABLE, Policy(shares={"g0": 1.0}, max_length=20), 0.5)
