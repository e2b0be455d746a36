from dataclasses import replace
from itertools import product
from math import sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.similarity import (
    Session,
    compare_answers,
    generalised_binomial,
    option_shares,
)
from hocvuso.assessment.engine.irt import Parameters, probability
from hocvuso.assessment.tests.sessions import copy, make_habits, make_session

KEY = np.zeros(5, dtype=np.int64)
SHARES = np.array([[0, 0.5, 0.3, 0.2]] * 5)


def small_session(choice: list[list[int]]) -> Session:
    """Of five items, in which nobody but the two compared answers wrong, so shares are as given."""
    ability = np.array([0.3, -0.4, *[0.0] * (len(choice) - 2)])
    return Session(np.array(choice), KEY, Parameters.of(np.linspace(-1, 1, 5), 1.2), ability, SHARES)


def option_chances(session: Session, person: int, shares: np.ndarray) -> np.ndarray:
    right = probability(session.ability[person], session.parameters)
    chances = (1 - right)[:, None] * shares
    chances[:, 0] = right
    return chances


def test_gbt_is_the_sum_over_all_pairs_of_answers() -> None:
    session = small_session([[0, 1, 0, 2, 0], [0, 1, 0, 3, 1]])
    blended = session.tally + 10 * SHARES
    blended /= blended.sum(axis=1, keepdims=True)
    mine, theirs = option_chances(session, 0, blended), option_chances(session, 1, blended)
    wanted = 0.0
    for matched in product((False, True), repeat=5):
        if sum(matched) >= 3:
            same = (mine * theirs).sum(axis=1)
            wanted += float(np.prod(np.where(matched, same, 1 - same)))

    assert generalised_binomial(session, 0, 1) == pytest.approx(wanted)


def test_omega_and_p_are_those_of_all_answers_the_person_could_give() -> None:
    session = small_session([[0, 1, 0, 2, 1], [0, 1, 0, 2, 1]])
    found = compare_answers(session, alpha=1.0, least_common=5).similar[0]
    tails = []
    omegas = []
    for person in (0, 1):
        # The other's wrong answer counts among those of the session, the person's own does not.
        shares = np.array(
            [(SHARES[0] * 10 + np.eye(4)[one]) / 11 if one else SHARES[0] for one in (0, 1, 0, 2, 1)]
        )
        chance = option_chances(session, person, shares)[np.arange(5), session.choice[1 - person]]
        weight = np.log(1 + 1 / chance)
        omegas.append((5 - chance.sum()) / sqrt((chance * (1 - chance)).sum()))
        tails.append(
            sum(
                float(np.prod(np.where(matched, chance, 1 - chance)))
                for matched in product((False, True), repeat=5)
                if weight @ matched >= weight.sum() - 1e-9
            )
        )

    assert (found.first, found.second, found.common, found.matches, found.same_wrong) == (0, 1, 5, 5, 3)
    assert found.p == pytest.approx(2 * min(tails))
    assert found.omega == pytest.approx(omegas[int(np.argmin(tails))])
    assert found.adjusted == found.p


def test_shares_leave_out_the_key_and_items_with_few_wrong_answers() -> None:
    shares = option_shares([[500, 37, 17, 7], [500, 10, 10, 9]], [0, 0])

    assert shares[0] == pytest.approx([0, 38 / 64, 18 / 64, 8 / 64])
    assert np.isnan(shares[1]).all()


def test_where_options_are_unknown_any_two_wrong_answers_agree() -> None:
    habits = make_habits(12, 3)
    choice = np.zeros((2, 12), dtype=np.int64)
    choice[0, :6], choice[1, :6] = 1, 2
    known = make_session(habits, choice)
    unknown = replace(known, shares=np.full_like(known.shares, np.nan))

    found = [compare_answers(one, alpha=1.0).similar[0].matches for one in (known, unknown)]

    assert found == [6, 12]


def test_people_with_too_few_items_in_common_are_not_compared() -> None:
    habits = make_habits(40, 4)
    choice = np.full((3, 40), -1)
    choice[0, :25], choice[1, 16:], choice[2, :12] = 0, 0, 0

    assert compare_answers(make_session(habits, choice)).pairs == 1


def test_only_named_pairs_are_compared_and_they_alone_are_corrected_for() -> None:
    habits, chance = make_habits(30, 5), np.random.default_rng(5)
    choice = habits.choose(chance.normal(size=20), chance)
    choice[1] = choice[0]
    session = make_session(habits, choice)

    everybody = compare_answers(session)
    desks = compare_answers(session, among=[(one, one + 1) for one in range(0, 20, 2)])
    others = compare_answers(session, among=[(one, one + 1) for one in range(1, 19, 2)])

    assert (everybody.pairs, desks.pairs, others.pairs) == (190, 10, 9)
    assert [(one.first, one.second) for one in desks.similar] == [(0, 1)]
    assert desks.similar[0].adjusted == pytest.approx(everybody.similar[0].adjusted / 19)
    assert others.similar == ()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_numbers_of_options_and_order_of_people_do_not_matter(seed: int) -> None:
    habits, chance = make_habits(15, 6), np.random.default_rng(seed)
    choice = habits.choose(chance.normal(size=6), chance)
    copy(choice, 0, 1, 0.9, chance)
    session = make_session(habits, choice)
    names = np.array([chance.permutation(4) for _item in range(15)])
    rows = np.arange(15)
    renamed = Session(
        names[rows, choice][::-1],
        names[:, 0],
        session.parameters,
        session.ability[::-1],
        np.take_along_axis(session.shares, np.argsort(names, axis=1), axis=1),
    )

    plain = compare_answers(session, alpha=30).similar
    other = compare_answers(renamed, alpha=30).similar

    assert (0, 1) in [(one.first, one.second) for one in plain]
    assert {(one.first, one.second, round(one.p, 9), one.matches) for one in plain} == {
        (5 - one.second, 5 - one.first, round(one.p, 9), one.matches) for one in other
    }


@pytest.mark.parametrize(
    ("people", "items", "tilt", "mean"), [(12, 15, 0.0, 0.0), (12, 30, 0.0, 0.0), (12, 30, 0.5, -1.0)]
)
def test_honest_sessions_are_flagged_no_oftener_than_they_may(
    people: int, items: int, tilt: float, mean: float
) -> None:
    chance = np.random.default_rng(items)
    flagged = 0
    for seed in range(250):
        habits = make_habits(items, seed, tilt)
        session = make_session(habits, habits.choose(chance.normal(mean, 1, people), chance), seed)
        flagged += bool(compare_answers(session).similar)

    assert flagged / 250 < 0.05 + 2 * sqrt(0.05 * 0.95 / 250)


@pytest.mark.parametrize(("items", "least"), [(15, 0.75), (30, 0.93)])
def test_sixty_percent_copied_is_found_between_two_named_people(items: int, least: float) -> None:
    chance = np.random.default_rng(8)
    found = 0
    for seed in range(200):
        habits = make_habits(items, seed)
        choice = habits.choose(chance.normal(size=20), chance)
        copy(choice, 0, 1, 0.6, chance)
        comparison = compare_answers(make_session(habits, choice, seed), among=[(0, 1)])
        found += [one.reason for one in comparison.similar] == [Reason.SIMILAR_ANSWERS]

    assert found / 200 > least


def test_sixty_percent_copied_is_mostly_found_in_a_class_of_thirty() -> None:
    chance = np.random.default_rng(9)
    found = counted_alike = 0
    for seed in range(60):
        habits = make_habits(30, seed)
        choice = habits.choose(chance.normal(size=30), chance)
        copy(choice, 3, 17, 0.6, chance)
        session = make_session(habits, choice, seed)
        comparison = compare_answers(session)
        found += (3, 17) in [(one.first, one.second) for one in comparison.similar]
        counted_alike += generalised_binomial(session, 3, 17) * comparison.pairs <= 0.05

    assert found > 30
    assert found > counted_alike


def test_mistakes_that_a_whole_class_was_taught_flag_nobody() -> None:
    chance = np.random.default_rng(10)
    flagged = 0
    for seed in range(40):
        habits = make_habits(30, seed)
        choice = habits.choose(chance.normal(size=40), chance)
        rare = habits.draw.argmin(axis=1) + 1
        choice[:, :8] = np.where(choice > 0, rare, choice)[:, :8]
        flagged += bool(compare_answers(make_session(habits, choice, seed)).similar)

    assert flagged <= 4


def test_a_session_whose_parts_do_not_belong_together_is_refused() -> None:
    session = make_session(make_habits(12, 11), np.zeros((2, 12), dtype=np.int64))

    with pytest.raises(ValueError, match="3 abilities for 2 people"):
        replace(session, ability=np.zeros(3))
    with pytest.raises(ValueError, match="each have 12 entries"):
        replace(session, key=np.zeros(5, dtype=np.int64))
    with pytest.raises(ValueError, match="none of the options"):
        replace(session, choice=np.full((2, 12), 4))
