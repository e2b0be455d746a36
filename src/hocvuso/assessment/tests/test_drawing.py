from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.drawing import Candidate, ShortBank, draw, shuffle_parts

seeds = st.integers(min_value=0, max_value=2**62)


@st.composite
def banks(draw_one: st.DrawFn) -> list[Candidate]:
    """Up to three groups of one to five skills with one to four items each, some of them seen."""
    return [
        Candidate(
            slug=f"{group}-{skill}-{number}",
            group=str(group),
            skill=f"{group}.{skill}",
            step=draw_one(st.integers(1, 3)),
            item=group * 100 + skill * 10 + number,
            seen=draw_one(st.integers(0, 2)),
        )
        for group in range(draw_one(st.integers(1, 3)))
        for skill in range(draw_one(st.integers(1, 5)))
        for number in range(draw_one(st.integers(1, 4)))
    ]


@st.composite
def blueprints_and_banks(draw_one: st.DrawFn) -> tuple[dict[str, int], list[Candidate]]:
    bank = draw_one(banks())
    sizes = Counter(one.group for one in bank)
    return {group: draw_one(st.integers(1, size)) for group, size in sizes.items()}, bank


@given(blueprints_and_banks(), seeds)
def test_the_blueprint_is_met_exactly_and_nothing_is_asked_twice(
    given_: tuple[dict[str, int], list[Candidate]], seed: int
) -> None:
    blueprint, bank = given_

    drawn = draw(blueprint, bank, seed)

    assert Counter(one.group for one in drawn) == Counter(blueprint)
    assert len({one.slug for one in drawn}) == len(drawn)


@given(blueprints_and_banks(), seeds, st.randoms())
def test_the_same_seed_draws_the_same_however_the_bank_is_sorted(
    given_: tuple[dict[str, int], list[Candidate]], seed: int, chance: object
) -> None:
    blueprint, bank = given_
    other = list(bank)
    chance.shuffle(other)  # type: ignore[attr-defined]

    assert draw(blueprint, other, seed) == draw(blueprint, bank, seed)


@given(blueprints_and_banks(), seeds)
def test_no_skill_comes_again_before_every_skill_of_its_group_came(
    given_: tuple[dict[str, int], list[Candidate]], seed: int
) -> None:
    blueprint, bank = given_

    drawn = Counter(one.skill for one in draw(blueprint, bank, seed))

    size = Counter(one.skill for one in bank)
    for group in blueprint:
        skills = {one.skill for one in bank if one.group == group}
        most = max(drawn[skill] for skill in skills)
        assert all(drawn[skill] >= min(most - 1, size[skill]) for skill in skills)


@given(blueprints_and_banks(), seeds)
def test_of_a_skill_the_items_seen_least_are_taken(
    given_: tuple[dict[str, int], list[Candidate]], seed: int
) -> None:
    blueprint, bank = given_

    drawn = draw(blueprint, bank, seed)

    for skill in {one.skill for one in drawn}:
        taken = sorted(one.seen for one in drawn if one.skill == skill)
        assert taken == sorted(one.seen for one in bank if one.skill == skill)[: len(taken)]


@given(blueprints_and_banks(), seeds)
def test_questions_go_from_easy_to_hard(given_: tuple[dict[str, int], list[Candidate]], seed: int) -> None:
    steps = [one.step for one in draw(*given_, seed)]

    assert steps == sorted(steps)


@given(seeds)
def test_ladder_steps_are_spread_evenly(seed: int) -> None:
    bank = [Candidate(f"{skill}-{step}", "0", f"0.{skill}", step) for skill in range(9) for step in (1, 2, 3)]

    drawn = draw({"0": 9}, bank, seed)

    assert Counter(one.step for one in drawn) == {1: 3, 2: 3, 3: 3}


def test_different_seeds_draw_different_tests() -> None:
    bank = [Candidate(f"{skill}-{n}", "0", f"0.{skill}", 1 + n % 3) for skill in range(4) for n in range(9)]

    drawn = {tuple(one.slug for one in draw({"0": 4}, bank, seed)) for seed in range(50)}

    assert len(drawn) > 40


def test_every_item_of_an_even_bank_has_its_turn() -> None:
    bank = [Candidate(f"{skill}-{n}", "0", f"0.{skill}", 1 + n % 3) for skill in range(3) for n in range(3)]

    times = Counter(one.slug for seed in range(900) for one in draw({"0": 3}, bank, seed))

    assert len(times) == len(bank)
    assert min(times.values()) > 200  # 300 expected


def test_a_bank_too_small_is_refused() -> None:
    with pytest.raises(ShortBank, match="group 1: 0 of 2"):
        draw({"1": 2}, [Candidate("a", "0", "0.1", 1)], 7)


@given(st.integers(3, 4), seeds)
def test_options_are_each_shown_once_in_an_order_the_seed_decides(count: int, seed: int) -> None:
    order = shuffle_parts("choice", count, "cau", seed)

    assert sorted(order) == list(range(count))
    assert order == shuffle_parts("choice", count, "cau", seed)


def test_the_first_option_is_shown_everywhere_alike() -> None:
    places = Counter(shuffle_parts("choice", 4, "cau", seed).index(0) for seed in range(2000))

    assert all(420 < times < 580 for times in places.values())


@given(seeds)
def test_skills_with_something_new_come_first(seed: int) -> None:
    bank = [Candidate(f"{skill}", "0", f"0.{skill}", 1, seen=int(skill < 3)) for skill in range(5)]

    drawn = draw({"0": 2}, bank, seed)

    assert {one.skill for one in drawn} == {"0.3", "0.4"}
