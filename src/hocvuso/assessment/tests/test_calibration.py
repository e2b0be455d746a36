import base64

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hocvuso.assessment.engine import calibration
from hocvuso.assessment.engine.calibration import calibrate
from hocvuso.assessment.engine.em import Model, Priors
from hocvuso.assessment.engine.information import survey
from hocvuso.assessment.engine.irt import Parameters
from hocvuso.assessment.engine.responses import CannotCalibrate, GroupTooSmall, Responses
from hocvuso.assessment.engine.screening import Reason, TooFewResponses
from hocvuso.assessment.tests.simulated import make_abilities, make_parameters, rmse, simulate

FLAT = Priors(log_a=(0, 1000), b=(0, 1000))

# 500 people by 10 items, one bit a response, and what mirt 1.2.0 (81 points, tolerance 1e-9, Oakes' errors)
# and girth 0.8.0 (81 points) say of them. Girth stops earlier.
ANSWERS = (
    "x6E8XQbLoCwLPkaALDkCrf/w2AbXyKpaAoO48k8L9cF0HgLFwAyfEqfALv/HgCHsfwKmv//6Ev+x/Hs2I/XwS1fn8C57Huex7/4f"
    "hyD5ex+Fsf//l+b9+N+X/6AuDRYAAAp736377A//87r9/j7v8K1fF4Cwf/4fIfFuXx/TsbX/jtbhIAMWw+MmL5bDvS5//6Cw/H9/"
    "1/ngW9fH8/nfFp/RM1qf1Ph/fh6DkP//H4Gx/FuX3/T+frJH9bwKE/3wri8//+HuX/evrfBLv8WRugvXgpC+ewp/4C1//+HxOAOS"
    "y8Ev/J7/4Hw/H8Xo7foA0/hufgKnsqh7K8WxfX+2z/E4f57RwCBaX9PRLH/fx9N4W7+Ht/3vAP/z+xvfgr/YTx6MqfgLn9PAuH9e"
    "4bn/T3eLqaP7j8Kh7GsC1/39X4uEsbjL3+TgrPqezf18Gjbv8XgrvwSib39flLLoSxbD5e1/34T44CuP87C4Xk+A8/R/3kT/+B+j"
    "gaqtO6ah/X/6BtfALW/X7/GtfZ6B4bBrnue0vP4XxrL4Gt+Hlf1f14+37D/2h6E9f5bt6f9+v6b39e9e+8EqWgPhib76Avfx+esO"
    "1+X6Xx/9wC8/B+Xgv///9/Hs+1/DgK19FsalvAMf//b/P9/N//k7l8el9BongMDrfgaEkKx/H4/0LH8S/8BsGwPP7f3/T4H5ff8T"
    "F7Xk/R8AvvwbMv/gIHgC9/gkChfn8W4/V4L9+Fs2xfw1Kgbj4Pgb39P//H2f7PY+2Y7X8X5//8exbG//1/1oCVfl4GxPB/X49AuC"
    "x+Hv/B8BgCAxv/f29F/3w9AoK//F8O1/Xw=="
)
MIRT_A = [1.0720, 1.3936, 1.0430, 2.0902, 1.0881, 1.1685, 1.0463, 1.7433, 2.0202, 1.5307]
MIRT_B = [-1.9487, -0.7027, 0.7056, 0.6574, 1.3353, -0.7251, -0.4130, -0.8267, -2.6959, -0.2721]
MIRT_SE_A = [0.1935, 0.2006, 0.1639, 0.3360, 0.1836, 0.1736, 0.1582, 0.2581, 0.5368, 0.2149]
MIRT_SE_B = [0.2829, 0.1099, 0.1332, 0.0875, 0.1940, 0.1245, 0.1151, 0.1043, 0.3741, 0.0868]
MIRT_LOG_LIKELIHOOD = -2531.8676
GIRTH_A = [1.0732, 1.3940, 1.0426, 2.0880, 1.0875, 1.1686, 1.0462, 1.7440, 2.0205, 1.5303]
GIRTH_B = [-1.9477, -0.7082, 0.7046, 0.6581, 1.3369, -0.7295, -0.4167, -0.8337, -2.6728, -0.2780]


def make_reference() -> Responses:
    bits = np.unpackbits(np.frombuffer(base64.b64decode("".join(ANSWERS)), np.uint8))
    person, item = np.indices((500, 10))
    return Responses.of(person.ravel(), item.ravel(), bits[:5000])


def test_two_other_programs_find_the_same() -> None:
    found = calibrate(make_reference(), priors=FLAT)

    np.testing.assert_allclose(found.a, MIRT_A, atol=3e-4)
    np.testing.assert_allclose(found.b, MIRT_B, atol=3e-4)
    np.testing.assert_allclose(found.se_a, MIRT_SE_A, rtol=5e-3)
    np.testing.assert_allclose(found.se_b, MIRT_SE_B, rtol=5e-3)
    np.testing.assert_allclose(found.log_likelihood, MIRT_LOG_LIKELIHOOD, atol=2e-3)
    np.testing.assert_allclose(found.a, GIRTH_A, atol=3e-3)
    np.testing.assert_allclose(found.b, GIRTH_B, atol=3e-2)


def test_parameters_come_back_from_sparse_answers_within_their_errors() -> None:
    data = simulate(make_parameters(40), make_abilities(5000), missing=0.6)

    found = calibrate(data.responses)

    assert found.converged
    assert (found.people, found.left_out) == (5000, {})
    assert rmse(found.a, data.p.a) < 0.09
    assert rmse(found.b, data.p.b) < 0.09
    assert 0.8 < rmse((found.a - data.p.a) / found.se_a, 0) < 1.25
    assert 0.8 < rmse((found.b - data.p.b) / found.se_b, 0) < 1.25
    np.testing.assert_array_equal(found.answered, data.asked.sum(0))


def test_guessing_comes_back() -> None:
    data = simulate(make_parameters(30, guessing=0.25), make_abilities(6000))

    found = calibrate(data.responses, "3pl")

    assert found.converged
    assert rmse(found.c, 0.25) < 0.06
    assert rmse(found.b, data.p.b) < 0.2
    assert rmse((found.c - 0.25) / found.se_c, 0) < 1.3


def test_a_one_parameter_model_has_one_slope_also_in_a_small_sample() -> None:
    data = simulate(Parameters.of(a=1.4, b=np.linspace(-2, 2, 15)), make_abilities(600))

    found = calibrate(data.responses, "1pl")

    assert len(set(found.a.tolist())) == 1
    assert abs(found.a[0] - 1.4) < 3 * found.se_a[0] < 0.25
    assert rmse((found.b - data.p.b) / found.se_b, 0) < 1.5


def test_groups_of_other_ability_are_told_from_harder_items() -> None:
    p = make_parameters(30)
    ability = np.concatenate([make_abilities(3000), make_abilities(2000, -0.8, 0.7, seed=9)])
    data = simulate(p, ability, missing=0.3)
    groups = {person: "urban" if person < 3000 else "rural" for person in range(5000)}

    found = calibrate(data.responses, groups=groups)

    assert (found.mean["urban"], found.sd["urban"]) == (0, 1)
    assert abs(found.mean["rural"] + 0.8) < 0.07
    assert abs(found.sd["rural"] - 0.7) < 0.05
    assert rmse(found.b, p.b) < 0.1


def test_items_given_by_how_the_first_ones_went_come_back() -> None:
    p = make_parameters(50)
    data = simulate(p, make_abilities(6000))
    routed = 0.5 * (data.right[:, :10].sum(1) - 5)
    away = np.abs(p.b - routed[:, None] + np.random.default_rng(4).normal(0, 0.5, data.right.shape))
    away[:, :10] = -1
    person, item = np.nonzero(np.argsort(np.argsort(away)) < 22)

    found = calibrate(Responses.of(person, item, data.right[person, item]))

    assert found.converged
    assert rmse((found.a - p.a) / found.se_a, 0) < 1.3
    assert rmse((found.b - p.b) / found.se_b, 0) < 1.3


def test_a_start_on_a_part_of_the_people_ends_where_the_whole_does(monkeypatch: pytest.MonkeyPatch) -> None:
    responses = simulate(make_parameters(10), make_abilities(5000)).responses

    by_parts = calibrate(responses)
    monkeypatch.setattr(calibration, "SHARES", (1,))
    at_once = calibrate(responses)

    np.testing.assert_allclose(by_parts.a, at_once.a, atol=1e-3)
    np.testing.assert_allclose(by_parts.b, at_once.b, atol=1e-3)


def test_a_bad_start_ends_where_a_good_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    responses = simulate(make_parameters(12, guessing=0.2), make_abilities(1500)).responses

    careful = calibrate(responses, "3pl")
    monkeypatch.setattr(calibration, "TOLERANCE", 10.0)
    hasty = calibrate(responses, "3pl")

    assert (careful.converged, hasty.converged) == (True, True)
    np.testing.assert_allclose(hasty.b, careful.b, atol=2e-3)
    np.testing.assert_allclose(hasty.c, careful.c, atol=1e-3)


def test_a_small_group_among_many_people_is_told_apart_too() -> None:
    p = make_parameters(8)
    ability = make_abilities(20000)
    few = np.arange(20000) % 160 == 1
    ability[few] -= 1
    groups = {person: "few" if few[person] else "many" for person in range(20000)}

    found = calibrate(simulate(p, ability).responses, groups=groups)

    assert found.converged
    assert abs(found.mean["few"] + 1) < 0.3


def test_answers_by_chance_give_flat_curves_not_a_failure() -> None:
    data = simulate(make_parameters(15), make_abilities(1500))
    data.right[:] = np.random.default_rng(5).random(data.right.shape) < 0.5

    found = calibrate(data.responses)

    assert found.converged
    assert found.a.max() < 0.4


@settings(max_examples=10, deadline=None)
@given(st.integers(0, 2**32))
def test_neither_the_order_nor_the_names_of_items_and_people_matter(seed: int) -> None:
    chance = np.random.default_rng(seed)
    order = chance.permutation(8)
    data = simulate(make_parameters(8), make_abilities(400), missing=0.2)
    person, item = np.nonzero(data.asked)
    rows = chance.permutation(len(person))
    names = np.array([f"item-{place}" for place in order])

    plain = calibrate(data.responses)
    other = calibrate(Responses.of(person[rows] * 7 + 10**9, names[item[rows]], data.right[data.asked][rows]))

    np.testing.assert_allclose(other.b[order], plain.b, atol=2e-4)
    np.testing.assert_allclose(other.a[order], plain.a, atol=2e-4)
    assert other.items.tolist() == sorted(names.tolist())


def test_twice_the_same() -> None:
    responses = simulate(make_parameters(12), make_abilities(700), missing=0.3).responses

    first, second = calibrate(responses), calibrate(responses)

    assert first.a.tolist() == second.a.tolist()
    assert first.se_b.tolist() == second.se_b.tolist()
    assert first.log_likelihood == second.log_likelihood


def test_the_information_is_the_fall_of_the_gradient() -> None:
    responses = simulate(make_parameters(6), make_abilities(400), missing=0.1).responses
    groups = {person: "ab"[person % 2] for person in range(400)}
    start = calibration.begin(responses, calibration.number_groups(responses, ["a", "b"], groups), "2pl")
    state, _rounds = calibration.approach(responses, start, Model(False, False, Priors()))
    size = state.free.size + 4

    numeric = np.empty((size, size))
    for row, nudge in enumerate(0.02 * np.eye(size)):
        ends = [survey(responses, calibration.moved(state, way * nudge), Priors()).slope for way in (-1, 1)]
        numeric[row] = (ends[0] - ends[1]) / 0.04

    found = survey(responses, state, Priors()).information
    np.testing.assert_allclose(found, numeric, atol=0.005 * np.abs(numeric).max())


def test_too_few_answers_are_refused_with_the_items_and_the_number() -> None:
    data = simulate(make_parameters(6), make_abilities(300))
    data.asked[60:, 2] = False

    with pytest.raises(
        TooFewResponses, match=r"each item needs 250 answers; too few have: 2 \(60\)$"
    ) as refusal:
        calibrate(data.responses)

    assert (refusal.value.answered, refusal.value.needed) == ({2: 60}, 250)


def test_a_long_list_of_short_items_is_cut() -> None:
    responses = simulate(make_parameters(14), make_abilities(80)).responses

    with pytest.raises(TooFewResponses, match=r"9 \(80\) and 4 more$"):
        calibrate(responses)


def test_degenerate_items_are_left_out_with_the_reason() -> None:
    data = simulate(make_parameters(12), make_abilities(900))
    data.right[:, 3], data.right[:, 5] = True, False
    data.right[:, 7] = ~data.right[:, 7]

    found = calibrate(data.responses)

    assert found.left_out == {3: Reason.ALL_RIGHT, 5: Reason.ALL_WRONG, 7: Reason.BACKWARDS}
    assert found.items.tolist() == [0, 1, 2, 4, 6, 8, 9, 10, 11]
    assert found.b.tolist() == calibrate(data.responses.without([3, 5, 7])).b.tolist()


def test_two_usable_items_make_no_scale() -> None:
    data = simulate(make_parameters(4), make_abilities(300))
    data.right[:, :2] = True

    with pytest.raises(CannotCalibrate, match="2 usable items; a scale needs 3"):
        calibrate(data.responses)


def test_people_of_no_known_group_are_refused() -> None:
    responses = simulate(make_parameters(5), make_abilities(300)).responses

    with pytest.raises(CannotCalibrate, match="10 of 300 people have no known group"):
        calibrate(responses, groups=dict.fromkeys(range(290), "a"))


def test_a_group_of_a_few_people_is_refused() -> None:
    responses = simulate(make_parameters(5), make_abilities(300)).responses

    with pytest.raises(GroupTooSmall, match="group 'few' has 7 people; 100 are needed"):
        calibrate(responses, groups={person: "few" if person < 7 else "many" for person in range(300)})


@pytest.mark.parametrize(
    ("person", "item", "right", "message"),
    [
        ([], [], [], "there is no response at all"),
        ([1, 2], [1, 1], [1], "columns of equal length"),
        ([1, 2], [1, 1], [1, 2], "right must be 0 or 1"),
        ([1, 2], [1, 1], [1, np.nan], "right must be 0 or 1"),
        ([5, 8, 5], [40, 40, 40], [1, 1, 0], "person 5 answered item 40 more than once"),
    ],
)
def test_senseless_columns_are_refused(person: list, item: list, right: list, message: str) -> None:
    with pytest.raises(CannotCalibrate, match=message):
        Responses.of(person, item, right)


def test_parts_of_responses_keep_their_people_and_items() -> None:
    whole = Responses.of([30, 10, 10, 20, 30], ["c", "a", "b", "b", "a"], [1, 0, 1, 1, 0])

    part = whole.only(["b", "c"])

    assert part.people.tolist() == [10, 20, 30]
    assert part.items.tolist() == ["b", "c"]
    assert part.answered.tolist() == [2, 1]
    assert whole.without(["a", "b"]).people.tolist() == [30]
    assert whole.every(2).people.tolist() == [10, 30]


def test_blocks_hold_every_answer_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hocvuso.assessment.engine.responses.CELLS", 100)
    data = simulate(make_parameters(7), make_abilities(150), missing=0.5)

    rows = np.concatenate([block.copy() for _people, _cells, block in data.responses.blocks()])

    np.testing.assert_array_equal(rows[:, :7], data.right & data.asked)
    np.testing.assert_array_equal(rows[:, 7:], ~data.right & data.asked)


def test_abilities_are_found_with_honest_errors() -> None:
    data = simulate(make_parameters(40), make_abilities(2000), missing=0.4)
    found = calibrate(data.responses)

    known = found.abilities(data.responses.without([0, 1, 2]))

    assert np.corrcoef(known.value, data.ability)[0, 1] > 0.9
    assert 0.9 < rmse((known.value - data.ability) / known.se, 0) < 1.1


def test_an_item_of_another_bank_is_refused() -> None:
    found = calibrate(simulate(make_parameters(5), make_abilities(300)).responses)

    with pytest.raises(CannotCalibrate, match="not calibrated: 5"):
        found.parameters_of(np.array([1, 5]))
