import numpy as np
import pytest

from hocvuso.assessment.engine.calibration import calibrate
from hocvuso.assessment.engine.fit import expect_from_others, fit_items, inform
from hocvuso.assessment.engine.irt import Parameters, probability
from hocvuso.assessment.engine.posterior import POINTS, Population, posteriors
from hocvuso.assessment.engine.responses import CannotCalibrate
from hocvuso.assessment.tests.simulated import make_abilities, make_parameters, rmse, simulate


def test_fitting_items_show_the_chi_square_of_their_freedom_also_when_sparse() -> None:
    values = []
    for seed in range(4):
        data = simulate(make_parameters(30, seed), make_abilities(2500, seed=seed + 50), 0.5, seed + 90)
        fit = fit_items(calibrate(data.responses), data.responses)
        values += fit.chi_square.tolist()
        assert (fit.freedom, fit.misfits) == (8, [])
        assert rmse(fit.infit, 1) < 0.05
        assert rmse(fit.outfit, 1) < 0.1

    assert np.mean(values) == pytest.approx(8, abs=1.1)
    assert np.var(values) == pytest.approx(16, abs=7)


@pytest.mark.parametrize("missing", [0.0, 0.5])
def test_an_item_that_also_the_weakest_answer_right_is_found(missing: float) -> None:
    data = simulate(make_parameters(30), make_abilities(4000), missing)
    data.right[:, 4] = np.abs(data.ability + 0.4) > 0.8

    fit = fit_items(calibrate(data.responses), data.responses)

    assert fit.misfits == [4]
    assert fit.rmsd[4] > 0.2


def test_guessing_does_not_fit_two_parameters_but_three() -> None:
    p = Parameters.of(a=np.full(20, 1.6), b=np.linspace(-1, 2, 20), c=np.tile([0.0, 0.35], 10))
    responses = simulate(p, make_abilities(5000)).responses

    two, three = (fit_items(calibrate(responses, model), responses) for model in ("2pl", "3pl"))

    assert (two.p[11::2] < 0.05).sum() > 3
    assert (three.p < 0.05).sum() <= 1


def test_what_the_other_answers_say_is_what_a_posterior_without_the_item_says() -> None:
    p = make_parameters(6, guessing=0.2)
    data = simulate(p, make_abilities(80), missing=0.3)
    data.asked[:, :2] = True
    responses = data.responses
    population = Population(np.array([0.2]), np.array([1.1]), np.zeros(80, np.int64))

    chance, ability = expect_from_others(responses, p, population)

    for item in range(6):
        others = np.flatnonzero(np.arange(6) != item)
        rest = responses.without([item])
        assert len(rest.people) == 80
        posterior = np.concatenate([one.posterior for one in posteriors(rest, p.take(others), population)])
        asked = responses.item == item
        expected = posterior[responses.person[asked]]
        np.testing.assert_allclose(chance[asked], expected @ probability(POINTS, p)[:, item], atol=1e-5)
        np.testing.assert_allclose(ability[asked], expected @ POINTS, atol=1e-4)


def test_groups_of_the_calibration_are_needed_again() -> None:
    responses = simulate(make_parameters(8), make_abilities(600)).responses
    groups = {person: "ab"[person % 2] for person in range(600)}
    found = calibrate(responses, groups=groups)

    assert fit_items(found, responses, groups).misfits == []
    with pytest.raises(CannotCalibrate, match="600 of 600 people have no known group"):
        fit_items(found, responses, {})


def test_a_test_informs_most_where_its_items_are() -> None:
    p = Parameters.of(a=[1.0, 2.0], b=[0.0, 0.0])

    assert inform(p, [0.0, 8.0]).tolist() == pytest.approx([0.25 + 1.0, 0.00033569], rel=1e-4)
