"""What an adaptive attempt is worth, from where it stands."""

import pytest

from hocvuso.assessment.engine.policy import Decision, Policy, Step, Stop
from hocvuso.assessment.engine.verdict import judge

POLICY = Policy(cut=0.5, classify="sprt", min_length=6, max_length=20)


@pytest.mark.parametrize(
    ("stop", "decision", "side", "length", "passed"),
    [
        ("decided", "above", "above", 8, True),
        ("decided", "below", "below", 8, False),
        ("length", "undecided", "above", 20, True),
        ("length", "undecided", "below", 20, False),
        ("bank", "undecided", "above", 12, True),
        ("bank", "undecided", "above", 3, False),
        (None, "undecided", "above", 7, False),
        ("time", "undecided", "above", 15, False),
    ],
)
def test_only_a_decided_or_a_whole_test_is_passed(stop, decision, side, length, passed):
    where = Decision(decision), Decision(side)
    step = Step(0.8, 0.3, length, None, stop and Stop(stop), *where)

    assert judge(step, POLICY, []).passed is passed


def test_sureness_is_the_chance_to_be_on_that_side_of_the_cut():
    passed = judge(Step(0.8, 0.3, 10, None, Stop.DECIDED, Decision.ABOVE), POLICY, [])
    failed = judge(Step(0.5, 0.3, 20, None, Stop.LENGTH, Decision.UNDECIDED), POLICY, [])

    assert round(passed.sure, 4) == 0.8413
    assert round(failed.sure, 4) == 0.5
