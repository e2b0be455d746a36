from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.cat import Bank, Decision, Policy, Step, Stop
from hocvuso.assessment.engine.chance import ANSWER, draw
from hocvuso.assessment.engine.ladder import (
    Ladder,
    Level,
    believe,
    build_ladder,
    find_levels,
    next_step,
    score_groups,
    skill_weights,
)

SHARES = {"g0": 0.4, "g1": 0.35, "g2": 0.25}
Answers = list[tuple[int, bool]]


def make_bank(skills: int = 9, each: int = 2) -> Bank:
    """Skills in turn belong to three groups; each has `each` items on steps 1, 2 and 3."""
    places = [(skill, step) for skill in range(skills) for step in (1, 2, 3) for _ in range(each)]
    return Bank.of(
        slugs=[f"i{number}" for number in range(len(places))],
        groups=[f"g{skill % 3}" for skill, _step in places],
        skills=[f"s{skill}" for skill, _step in places],
        steps=[step for _skill, step in places],
    )


BANK = make_bank()
LADDER = build_ladder(BANK)


def place(ladder: Ladder, policy: Policy, levels: list[int], seed: int) -> tuple[Answers, Step]:
    """A person who stands on these levels and never slips or guesses."""
    answers: Answers = []
    step = next_step(ladder, policy, answers, seed)
    while step.item is not None:
        skill, rung = int(ladder.bank.skill[step.item]), int(ladder.bank.step[step.item])
        answers.append((step.item, levels[skill] >= rung))
        step = next_step(ladder, policy, answers, seed)
    return answers, step


def level_of(answers: Answers, skill: str = "s0", ladder: Ladder = LADDER) -> Level:
    return next(one for one in find_levels(ladder, Policy(), answers) if one.skill == skill)


def item_at(skill: int, rung: int) -> int:
    return int(np.flatnonzero((BANK.skill == skill) & (BANK.step == rung))[0])


def test_a_right_answer_speaks_for_the_steps_below() -> None:
    before = level_of([]).mastered

    after = level_of([(item_at(0, 2), True)]).mastered

    assert after[0] > before[0]
    assert after[0] > 0.85
    assert after[0] >= after[1] >= after[2]


def test_a_wrong_answer_speaks_against_the_steps_above() -> None:
    before = level_of([]).mastered

    after = level_of([(item_at(0, 2), False)]).mastered

    assert after[2] < before[2]
    assert after[2] < 0.1


def test_an_answer_says_less_of_another_skill_than_of_its_own() -> None:
    own, other = level_of([(item_at(0, 2), True)]), level_of([(item_at(0, 2), True)], "s1")

    assert other.mastered[1] > level_of([], "s1").mastered[1]
    assert own.mastered[1] > other.mastered[1]


def test_belief_is_that_of_the_model_counted_out() -> None:
    """Two skills of one step each, so every case can be written down."""
    bank = Bank.of(["a", "b"], ["g", "g"], skills=["s", "t"])
    ladder = build_ladder(bank, guess=0.25, slip=0.1)

    belief = believe(ladder, [(0, True)], np.array([0.5, 0.5]))

    strengths = np.linspace(0.025, 0.975, 20)
    right = strengths * 0.9 + (1 - strengths) * 0.25
    weight = right / right.sum()
    first = float((weight * (strengths * 0.9 / right)).sum())
    second = float((weight * strengths).sum())
    both = float((weight * (strengths * 0.9 / right) * strengths).sum())
    assert belief.level[:, 1].tolist() == pytest.approx([first, second], abs=1e-12)
    assert belief.share == pytest.approx((first + second) / 2, abs=1e-12)
    square = (first + second + 2 * both) / 4
    assert belief.error == pytest.approx((square - belief.share**2) ** 0.5, abs=1e-9)


def test_levels_given_the_strength_are_chances_with_the_strength_as_mean() -> None:
    assert LADDER.prior.sum(axis=1) == pytest.approx(np.ones(20), abs=1e-12)
    assert LADDER.prior @ np.arange(4) / 3 == pytest.approx(np.linspace(0.025, 0.975, 20), abs=1e-12)


def test_every_result_says_that_it_is_not_calibrated() -> None:
    step = next_step(LADDER, Policy(), [], 1)

    assert step.calibrated is False
    assert all(level.calibrated is False for level in find_levels(LADDER, Policy(), []))
    assert (step.estimate, step.stop, step.decision) == (pytest.approx(0.5), None, None)


@pytest.mark.parametrize("rung", [0, 1, 2, 3])
def test_who_never_errs_is_found_on_the_level_they_stand_on(rung: int) -> None:
    policy = Policy(min_length=54, max_length=54)

    answers, step = place(LADDER, policy, [rung] * 9, seed=4)

    assert [one.level for one in find_levels(LADDER, policy, answers)] == [rung] * 9
    assert step.estimate == pytest.approx(rung / 3, abs=0.05)
    assert step.stop is Stop.LENGTH


def test_skills_are_told_apart() -> None:
    policy = Policy(min_length=54, max_length=54)
    levels = [0, 1, 2, 3, 0, 1, 2, 3, 1]

    answers, _step = place(LADDER, policy, levels, seed=4)

    assert [one.level for one in find_levels(LADDER, policy, answers)] == levels


def test_the_first_question_is_from_the_middle() -> None:
    rungs = {int(BANK.step[next_step(LADDER, Policy(), [], seed).item or 0]) for seed in range(20)}

    assert rungs == {2}


def test_after_a_right_answer_to_all_skills_the_questions_get_harder() -> None:
    answers: Answers = [(item_at(skill, 2), True) for skill in range(9)]

    item = next_step(LADDER, Policy(), answers, 3).item

    assert item is not None
    assert BANK.step[item] == 3


@pytest.mark.parametrize(("rung", "decision"), [(3, Decision.ABOVE), (0, Decision.BELOW)])
def test_a_clear_case_is_decided_early(rung: int, decision: Decision) -> None:
    policy = Policy(cut=0.5, classify="interval", min_length=3, max_length=30)  # type: ignore[arg-type]

    answers, step = place(LADDER, policy, [rung] * 9, seed=2)

    assert (step.stop, step.decision, step.side) == (Stop.DECIDED, decision, decision)
    assert 3 <= len(answers) < 20


def test_nothing_is_decided_before_the_least_length() -> None:
    policy = Policy(cut=0.2, classify="interval", min_length=9)  # type: ignore[arg-type]
    answers = [(item_at(skill, 3), True) for skill in range(9)]

    before, after = next_step(LADDER, policy, answers[:8]), next_step(LADDER, policy, answers)

    assert (before.decision, before.side) == (Decision.UNDECIDED, Decision.ABOVE)
    assert (after.decision, after.stop) == (Decision.ABOVE, Stop.DECIDED)
    assert next_step(LADDER, policy, []).side is None


def test_a_case_on_the_cut_stays_undecided_and_still_has_a_side() -> None:
    policy = Policy(cut=0.5, classify="interval", max_length=8)  # type: ignore[arg-type]
    answers = [(item_at(skill, 2), skill % 2 == 0) for skill in range(8)]

    step = next_step(LADDER, policy, answers)

    assert (step.stop, step.decision, step.item) == (Stop.LENGTH, Decision.UNDECIDED, None)
    assert step.side is (Decision.ABOVE if step.estimate >= 0.5 else Decision.BELOW)


def test_intervals_hold_the_truth_as_often_as_they_say() -> None:
    """People drawn from the model itself: 95 of 100 true shares lie inside."""
    policy = Policy(max_length=15, confidence=0.95)
    held = 0
    for person in range(300):
        chance = np.random.default_rng(person)
        truth = chance.choice(4, size=9, p=LADDER.prior[chance.integers(20)])
        answers: Answers = []
        step = next_step(LADDER, policy, answers, person)
        while step.item is not None:
            mastered = truth[BANK.skill[step.item]] >= BANK.step[step.item]
            answers.append((step.item, draw(person, ANSWER, step.item) < (0.9 if mastered else 0.2)))
            step = next_step(LADDER, policy, answers, person)
        held += abs(step.estimate - truth.mean() / 3) < policy.reach * step.error

    assert 0.92 <= held / 300 <= 0.98


@given(st.integers(0, 2**62), st.lists(st.booleans(), min_size=25, max_size=25))
def test_any_answers_keep_the_blueprint_and_reach_the_end(seed: int, rights: list[bool]) -> None:
    policy = Policy(shares=SHARES, max_length=25)
    ladder = build_ladder(make_bank(skills=9, each=6))
    answers: Answers = []
    step = next_step(ladder, policy, answers, seed)
    while step.item is not None:
        answers.append((step.item, rights[len(answers)]))
        counts = Counter(ladder.bank.groups[ladder.bank.group[item]] for item, _right in answers)
        assert all(abs(counts[name] - share * len(answers)) <= 1 for name, share in SHARES.items())
        step = next_step(ladder, policy, answers, seed)

    assert (step.stop, step.length) == (Stop.LENGTH, 25)
    assert len({item for item, _right in answers}) == 25
    assert 0 <= step.estimate <= 1


@given(
    st.integers(0, 2**62),
    st.lists(st.tuples(st.integers(0, 53), st.booleans()), unique_by=lambda one: one[0]),
)
def test_equal_arguments_give_an_equal_step(seed: int, answers: Answers) -> None:
    policy = Policy(shares=SHARES, randomesque=3)

    assert next_step(LADDER, policy, answers, seed) == next_step(LADDER, policy, answers, seed)


def test_seeds_spread_the_first_question() -> None:
    assert len({next_step(LADDER, Policy(), [], seed).item for seed in range(60)}) > 10


def test_excluded_items_and_enemies_are_not_asked() -> None:
    bank = Bank.of(["a", "b", "c"], ["g"] * 3, skills=["s", "t", "u"], enemies=[7, 7, -1])
    ladder = build_ladder(bank)

    step = next_step(ladder, Policy(), [(0, True)], 1, excluded={2})

    assert (step.item, step.stop) == (None, Stop.BANK)
    assert next_step(ladder, Policy(), [(0, True)], 1).item == 2


def test_groups_get_their_own_share() -> None:
    policy = Policy(shares=SHARES)
    answers = [(item_at(skill, rung), skill % 3 == 0) for skill in range(9) for rung in (1, 2)]

    scores = score_groups(LADDER, policy, answers)

    assert [(one.group, one.asked, one.right) for one in scores] == [("g0", 6, 6), ("g1", 6, 0), ("g2", 6, 0)]
    assert scores[0].estimate > 0.5 > 0.15 > scores[1].estimate
    assert all(0 < one.error < 0.3 for one in scores)


def test_the_blueprint_weighs_the_groups() -> None:
    weights = skill_weights(LADDER, Policy(shares={"g0": 0.75, "g1": 0.25}))

    assert weights.tolist() == pytest.approx([0.25, 0.25 / 3, 0] * 3)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        ({"cut": 0.5, "classify": "sprt"}, "no likelihood ratio"),
        ({"cut": 1.2}, "share of steps"),
        ({"shares": {"g0": 0.5, "gx": 0.5}}, "no group gx"),
    ],
)
def test_a_policy_that_needs_calibration_is_refused(policy: dict, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next_step(LADDER, Policy(**policy), [])


@pytest.mark.parametrize(
    ("answers", "words"), [([(99, True)], "no such item"), ([(1, True), (1, False)], "twice")]
)
def test_answers_of_another_bank_are_refused(answers: Answers, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        next_step(LADDER, Policy(), answers)


def test_a_bank_that_is_no_ladder_is_refused() -> None:
    with pytest.raises(ValueError, match="empty"):
        build_ladder(Bank.of([], []))
    with pytest.raises(ValueError, match="numbered from 1"):
        build_ladder(Bank.of(["a"], ["g"], steps=[0]))
    with pytest.raises(ValueError, match="two groups"):
        build_ladder(Bank.of(["a", "b"], ["g", "h"], skills=["s", "s"]))
    with pytest.raises(ValueError, match="guess"):
        build_ladder(BANK, guess=0.9, slip=0.1)
