from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.assessment.engine.bank import Bank, build_table
from hocvuso.assessment.engine.exposure import draw_abilities
from hocvuso.assessment.engine.integrity.rotation import (
    Rotation,
    check_rotation,
    make_rotation,
    number_places,
)
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.sitting import sit
from hocvuso.assessment.tests.simulated import make_parameters

WEIGHTS = (0.1, 0.2, 0.3, 0.4)


def make_bank(size: int, seed: int = 1, calibrated: bool = True) -> Bank:
    chance = np.random.default_rng(seed)
    return Bank.of(
        slugs=[f"i{number}" for number in range(size)],
        groups=[f"g{group}" for group in chance.choice(4, size, p=WEIGHTS)],
        parameters=make_parameters(size, seed) if calibrated else None,
        skills=[f"s{skill}" for skill in chance.integers(0, 12, size)],
        steps=chance.integers(1, 4, size),
    )


def reordered(bank: Bank, order: np.ndarray) -> Bank:
    return Bank.of(
        [bank.slugs[one] for one in order],
        [bank.groups[bank.group[one]] for one in order],
        bank.parameters.take(order) if bank.parameters else None,
        [bank.skills[bank.skill[one]] for one in order],
        bank.step[order],
    )


def hexagons(side: int) -> dict[str, set[str]]:
    """A map of side² places, each with up to six neighbours."""
    steps = [(0, 1), (1, 0), (1, -1), (0, -1), (-1, 0), (-1, 1)]
    return {
        f"{row}/{column}": {
            f"{row + down}/{column + right}"
            for down, right in steps
            if 0 <= row + down < side and 0 <= column + right < side
        }
        for row in range(side)
        for column in range(side)
    }


@settings(max_examples=40)
@given(st.integers(60, 300), st.integers(2, 9), st.booleans(), st.integers(0, 1000), st.data())
def test_every_item_is_in_as_many_pools_and_pools_keep_the_mix(
    size: int, pools: int, calibrated: bool, seed: int, data: st.DataObject
) -> None:
    bank = make_bank(size, seed, calibrated)
    width = data.draw(st.integers(1, pools - 1))
    rotation = make_rotation(bank, pools, width, seed)
    members = [set(range(size)) - rotation.excluded(pool) for pool in range(pools)]

    counts = Counter(item for pool in members for item in pool)
    assert counts == dict.fromkeys(range(size), width)
    whole = np.bincount(bank.group, minlength=4)
    for pool in members:
        found = np.bincount(bank.group[sorted(pool)], minlength=4)
        assert (np.abs(found - whole * width / pools) < width).all()
    blocks = np.bincount(rotation.block, minlength=pools)
    assert blocks.max() - blocks.min() <= 1


def test_pools_are_equally_hard_and_as_spread() -> None:
    bank = make_bank(280)
    rotation = make_rotation(bank, 7, 3)
    pools = [sorted(set(range(280)) - rotation.excluded(pool)) for pool in range(7)]

    difficulty = [bank.parameters.b[pool] for pool in pools]

    assert np.ptp([one.mean() for one in difficulty]) < 0.1
    assert np.ptp([one.std() for one in difficulty]) < 0.1


def test_without_difficulties_steps_are_shared_out_evenly() -> None:
    bank = make_bank(280, calibrated=False)
    rotation = make_rotation(bank, 7, 3)
    for group in range(4):
        whole = np.bincount(bank.step[bank.group == group], minlength=4)
        for block in range(7):
            found = np.bincount(bank.step[(bank.group == group) & (rotation.block == block)], minlength=4)
            assert (np.abs(found - whole / 7) < 2).all()


@given(st.integers(0, 1000))
def test_the_order_of_the_bank_does_not_matter(seed: int) -> None:
    bank = make_bank(80)
    order = np.random.default_rng(seed).permutation(80)

    assert make_rotation(reordered(bank, order)).block.tolist() == make_rotation(bank).block[order].tolist()


def test_another_seed_cuts_the_bank_otherwise() -> None:
    bank = make_bank(140)

    same = make_rotation(bank, seed=1).block == make_rotation(bank, seed=2).block

    assert same.mean() < 0.3


@given(st.integers(2, 12), st.data())
def test_what_two_pools_share_is_what_they_have_in_common(pools: int, data: st.DataObject) -> None:
    width = data.draw(st.integers(1, pools - 1))
    rotation = Rotation(np.arange(pools), pools, width)
    one, other = data.draw(st.tuples(st.integers(0, pools - 1), st.integers(0, pools - 1)))
    common = set(range(pools)) - rotation.excluded(one) - rotation.excluded(other)

    assert rotation.shared(one, other) == len(common) / width


@pytest.mark.parametrize(("pools", "width"), [(7, 3), (5, 3), (11, 4), (2, 1)])
def test_a_place_goes_through_all_pools_and_leaves_most_items_behind_each_week(
    pools: int, width: int
) -> None:
    rotation = Rotation(np.arange(pools), pools, width)
    weeks = [rotation.pool_of(3, week) for week in range(pools)]

    assert sorted(weeks) == list(range(pools))
    kept = {rotation.shared(one, other) for one, other in zip(weeks, weeks[1:], strict=False)}
    assert kept == {max(0, 2 * width - pools) / width}


def test_neighbours_never_have_the_same_pool_and_share_few_items() -> None:
    rotation = make_rotation(make_bank(280), 7, 3)
    beside = hexagons(30)
    numbers = number_places(rotation, beside)
    shares = []
    for week in (0, 1, 40):
        pools = {place: rotation.pool_of(number, week) for place, number in numbers.items()}
        shares += [
            rotation.shared(pools[place], pools[other])
            for place, others in beside.items()
            for other in others
        ]

    assert max(shares) < 1
    assert np.mean(shares) < 3 / 7
    counts = Counter(numbers.values())
    assert len(numbers) == 900
    assert max(counts.values()) < 2 * 900 / 7


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=60), st.integers(0, 99))
def test_numbers_are_a_colouring_and_do_not_hang_on_the_order(
    pairs: list[tuple[int, int]], seed: int
) -> None:
    rotation = Rotation(np.arange(12), 12, 3)
    given_ways: dict[str, list[str]] = {}
    for one, other in pairs:
        given_ways.setdefault(str(one), []).append(str(other))
    turned: dict[str, list[str]] = {}
    for one, other in reversed(pairs):
        turned.setdefault(str(other), []).append(str(one))

    numbers = number_places(rotation, given_ways, seed)

    assert all(numbers[str(one)] != numbers[str(other)] for one, other in pairs if one != other)
    assert numbers == number_places(rotation, turned, seed)


def test_six_pools_do_for_any_map_and_too_few_are_refused() -> None:
    everyone = {str(one): [str(other) for other in range(6)] for one in range(6)}

    assert len(set(number_places(Rotation(np.arange(6), 6, 2), hexagons(12)).values())) <= 6
    assert sorted(number_places(Rotation(np.arange(6), 6, 2), everyone).values()) == list(range(6))
    with pytest.raises(ValueError, match="5 pools are too few"):
        number_places(Rotation(np.arange(5), 5, 2), everyone)


def test_a_test_asks_only_items_of_its_pool_and_keeps_the_blueprint() -> None:
    bank = make_bank(280)
    table = build_table(bank)
    policy = Policy(
        shares={f"g{one}": share for one, share in enumerate(WEIGHTS)}, max_length=20, randomesque=4
    )
    rotation = make_rotation(bank, 7, 3)
    check_rotation(bank, rotation, policy)
    asked: dict[int, Counter[int]] = {0: Counter(), 3: Counter()}
    for pool, counts in asked.items():
        for seed, theta in enumerate(draw_abilities(policy, 40, 5)):
            sitting = sit(table, policy, theta, seed, rotation.excluded(pool))
            items = [item for item, _right in sitting.answers]
            counts.update(items)
            assert np.bincount(bank.group[items], minlength=4).tolist() == [2, 4, 6, 8]

    assert rotation.shared(0, 3) == 0
    assert not set(asked[0]) & set(asked[3])


def test_pools_that_cannot_fill_a_test_are_refused() -> None:
    bank = make_bank(40)
    rotation = make_rotation(bank, 7, 1)

    with pytest.raises(ValueError, match="pool 0 has 6 items, the longest test wants 20"):
        check_rotation(bank, rotation, Policy(max_length=20))
    with pytest.raises(ValueError, match=r"items of group g0, the blueprint wants 5"):
        check_rotation(bank, replace(rotation, width=3), Policy(shares={"g0": 1.0}, max_length=5))
    with pytest.raises(ValueError, match="1 <= width < pools"):
        make_rotation(bank, 3, 3)
