from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.assessment.engine.calibration import calibrate
from hocvuso.assessment.engine.dif import Dif, find_dif, fit_logistic, mantel_haenszel
from hocvuso.assessment.engine.irt import Parameters, probability
from hocvuso.assessment.engine.posterior import Abilities
from hocvuso.assessment.engine.responses import CannotCalibrate, GroupTooSmall
from hocvuso.assessment.tests.simulated import Simulated, make_abilities, make_parameters, simulate

# Two strata (wrong, right): α = (60 · 60 + 80 · 40) / (40 · 40 + 60 · 20) = 17 / 7; error by statsmodels.
BY_HAND = np.array([[[[40, 60], [60, 40]], [[20, 80], [40, 60]]]])


def make_groups(people: int, missing: float = 0.0) -> tuple[Simulated, dict[int, str]]:
    """Every third person is rural and 0.7 logits less able."""
    rural = np.arange(people) % 3 == 0
    data = simulate(make_parameters(30), make_abilities(people) - 0.7 * rural, missing)
    return data, {person: "rural" if rural[person] else "urban" for person in range(people)}


def answer_anew(data: Simulated, item: int, p: Parameters) -> None:
    """The rural people meet this item with other parameters."""
    chance = probability(data.ability[::3], p)[:, 0]
    data.right[::3, item] = np.random.default_rng(item).random(len(chance)) < chance


def compare(data: Simulated, groups: dict[int, str]) -> Dif:
    responses = data.responses
    (found,) = find_dif(responses, groups, calibrate(responses, groups=groups).abilities(responses))
    return found


def test_the_common_odds_ratio_is_the_one_found_by_hand() -> None:
    delta, error, ets = mantel_haenszel(BY_HAND)

    assert delta.tolist() == pytest.approx([-2.35 * np.log(17 / 7)])
    assert error.tolist() == pytest.approx([2.35 * 0.21498485387337868])
    assert ets.tolist() == ["C"]


def test_logistic_regression_finds_what_statsmodels_finds() -> None:
    right = np.array([[20.0, 15.0, 38.0, 25.0, 52.0, 33.0]])
    asked = np.array([[50.0, 40.0, 60.0, 45.0, 60.0, 45.0]])
    ability, group = np.repeat([-1.0, 0.1, 1.2], 2), np.tile([0.0, 1.0], 3)
    design = np.stack([np.ones(6), ability, group, ability * group], 1)

    fits = [fit_logistic(right, asked, design[:, :columns]) for columns in (2, 3, 4)]

    np.testing.assert_allclose(fits[1][0], [[0.54550753, 0.86296822, -0.38733607]], rtol=1e-5)
    np.testing.assert_allclose(fits[2][0], [[0.55059453, 1.01692739, -0.37971249, -0.32519496]], rtol=1e-5)
    gains = [2 * float(after[1][0] - before[1][0]) for before, after in pairwise(fits)]
    assert gains == pytest.approx(
        [3.770447056637023 - 1.4580051342920597, 1.4580051342920597 - 0.27600398641829954]
    )


@pytest.mark.parametrize("missing", [0.0, 0.5])
def test_groups_that_differ_only_in_ability_show_no_item(missing: float) -> None:
    found = compare(*make_groups(6000, missing))

    assert (found.reference, found.group, found.left_out) == ("urban", "rural", [])
    assert set(found.ets.tolist()) == {"A"}
    assert abs(found.delta.mean()) < 0.1
    assert 0.7 < (found.delta / found.se_delta).std() < 1.4
    assert (found.p_uniform < 0.05).sum() <= 1
    assert (found.p_crossing < 0.05).sum() <= 1


@pytest.mark.parametrize("missing", [0.0, 0.5])
def test_an_item_harder_for_one_group_is_class_c_and_uniform(missing: float) -> None:
    data, groups = make_groups(6000, missing)
    answer_anew(data, 6, Parameters.of(a=data.p.a[6], b=data.p.b[6] + 1.2))

    found = compare(data, groups)

    assert found.large == [6]
    assert found.delta[6] < -1.5
    assert found.uniform[6] < -0.6
    assert found.p_uniform.argmin() == 6
    assert found.p_uniform[6] < 1e-6


def test_a_difference_that_turns_with_ability_is_crossing() -> None:
    data, groups = make_groups(6000)
    flat = int(np.argmin(np.abs(data.p.b + 0.5)))
    answer_anew(data, flat, Parameters.of(a=0.2, b=data.p.b[flat]))

    found = compare(data, groups)

    assert found.p_crossing.argmin() == flat
    assert found.p_crossing[flat] < 1e-6


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 2**32))
def test_swapping_the_groups_turns_the_sign(seed: int) -> None:
    table = np.random.default_rng(seed).integers(5, 60, (4, 6, 2, 2))

    one, other = mantel_haenszel(table), mantel_haenszel(table[:, :, ::-1, :])

    np.testing.assert_allclose(one[0], -other[0])
    np.testing.assert_allclose(one[1], other[1])
    assert one[2].tolist() == other[2].tolist()


def test_each_band_is_compared_with_the_chosen_one_and_strangers_stay_aside() -> None:
    data, _groups = make_groups(3000)
    bands = {person: ["15-59", "60+", "", "16-18"][person % 4] for person in range(3000)}
    abilities = calibrate(data.responses).abilities(data.responses)

    found = find_dif(data.responses, bands, abilities, reference="60+")

    assert [(one.reference, one.group) for one in found] == [("60+", "15-59"), ("60+", "16-18")]
    assert all(one.in_reference.tolist() == [750] * 30 for one in found)


def test_a_plain_score_may_stand_for_ability() -> None:
    data, groups = make_groups(4000)
    answer_anew(data, 6, Parameters.of(a=data.p.a[6], b=data.p.b[6] + 1.5))
    score = Abilities(np.arange(4000), data.right.sum(1).astype(float), np.zeros(4000))

    (found,) = find_dif(data.responses, groups, score)

    assert "C" in found.ets[6]
    assert found.p_uniform.argmin() == 6


def test_a_group_too_small_is_refused_with_the_number_needed() -> None:
    data, _groups = make_groups(900)
    groups = {person: "few" if person < 150 else "many" for person in range(900)}

    with pytest.raises(GroupTooSmall, match="group 'few' has 150 people; 200 are needed") as refusal:
        find_dif(data.responses, groups, calibrate(data.responses).abilities(data.responses))

    assert (refusal.value.group, refusal.value.count, refusal.value.needed) == ("few", 150, 200)


def test_an_item_that_few_of_a_group_met_is_left_out_and_named() -> None:
    data, groups = make_groups(3000)
    data.asked[np.arange(3000) % 15 == 0, 9] = False
    data.asked[::3, 12] = np.arange(1000) < 150

    found = compare(data, groups)

    assert found.left_out == [12]
    assert found.items.tolist() == [item for item in range(30) if item != 12]
    assert found.in_group[9] == 800


def test_groups_that_never_meet_in_ability_cannot_be_compared() -> None:
    data, groups = make_groups(3000)
    apart = Abilities(np.arange(3000), data.ability - 20.0 * (np.arange(3000) % 3 == 0), np.zeros(3000))

    with pytest.raises(GroupTooSmall, match="group 'rural' has"):
        find_dif(data.responses, groups, apart)


def test_one_group_is_none_to_compare() -> None:
    data, _groups = make_groups(300)
    abilities = Abilities(np.arange(300), data.ability, np.zeros(300))

    with pytest.raises(CannotCalibrate, match="two groups are needed to compare, found 1"):
        find_dif(data.responses, dict.fromkeys(range(300), "urban"), abilities)


def test_people_without_an_estimate_stay_aside() -> None:
    data, groups = make_groups(2400)
    known = Abilities(np.arange(1800), data.ability[:1800], np.zeros(1800))

    (found,) = find_dif(data.responses, groups, known)

    assert (found.in_reference[0], found.in_group[0]) == (1200, 600)
