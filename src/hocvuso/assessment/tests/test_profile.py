import numpy as np
import pytest

from hocvuso.assessment.engine.cat import Policy, next_step, probability
from hocvuso.assessment.engine.chance import draw
from hocvuso.assessment.engine.irt import log_probabilities
from hocvuso.assessment.engine.profile import score_groups
from hocvuso.assessment.engine.sitting import run, sit
from hocvuso.assessment.tests.test_cat import GROUP, TABLE


def test_the_profile_is_the_model_integrated() -> None:
    """Against a plain double sum over a group's ability and the general one, on a grid without the ends."""
    answers = [(0, True), (4, True), (1, False), (5, False), (9, True)]
    policy = Policy(shares={"g0": 0.5, "g1": 0.5})

    scores = score_groups(TABLE, policy, answers, spread=0.6)

    wide = np.linspace(-7, 7, 561)
    one, other = (
        np.exp(
            sum(
                log_probabilities(wide, TABLE.parameters.take([item]))[1 - right][:, 0]
                for item, right in part
            )
        )
        for part in (answers[:2], answers[2:])
    )
    kernel = np.exp(-0.5 * ((wide[:, None] - wide) / 0.6) ** 2)
    weight = one * (kernel @ (np.exp(-(wide**2) / 2) * (kernel @ other)))
    mean = weight @ wide / weight.sum()
    assert scores[0].estimate == pytest.approx(mean, abs=0.01)
    assert scores[0].error == pytest.approx((weight @ (wide - mean) ** 2 / weight.sum()) ** 0.5, abs=0.01)
    assert [(one.group, one.asked, one.right) for one in scores] == [("g0", 2, 2), ("g1", 3, 1)]


def test_a_group_without_answers_gets_the_total_with_a_wider_error() -> None:
    answers = sit(TABLE, Policy(shares={"g0": 0.5, "g1": 0.5}), 1.0, 2).answers
    total = next_step(TABLE, Policy(), answers)

    scores = {one.group: one for one in score_groups(TABLE, Policy(), answers)}

    assert scores["g3"].asked == 0
    assert scores["g3"].estimate == pytest.approx(total.estimate, abs=0.15)
    assert scores["g3"].error > max(0.5, scores["g0"].error)


def test_the_profile_finds_the_weak_group() -> None:
    policy = Policy(shares={"g0": 0.5, "g1": 0.5}, max_length=40)
    abilities = {0: 1.0, 1: -0.5}
    found = []
    for seed in range(40):
        sitting = run(
            TABLE,
            policy,
            seed,
            lambda item: draw(seed, 9, item) < probability(abilities[GROUP[item]], TABLE.parameters)[item],  # noqa: B023
        )
        found.append([one.estimate for one in score_groups(TABLE, policy, sitting.answers)])

    strong, weak = np.mean(found, axis=0)
    assert strong == pytest.approx(1.0, abs=0.3)
    assert weak == pytest.approx(-0.5, abs=0.3)
