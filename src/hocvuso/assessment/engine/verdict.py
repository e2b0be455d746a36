"""What an adaptive attempt is worth: passed or not, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

from hocvuso.assessment.engine.policy import Decision, Policy, Step, Stop
from hocvuso.assessment.engine.profile import GroupScore

WHOLE = (Stop.LENGTH, Stop.BANK)


@dataclass(frozen=True, slots=True)
class Verdict:
    """`sure` is the probability that the person is on the side of the cut that the verdict names."""

    estimate: float
    error: float
    asked: int
    passed: bool
    sure: float
    stop: str
    groups: Sequence[GroupScore]

    def as_json(self) -> dict[str, Any]:
        return {
            "estimate": round(self.estimate, 3),
            "error": round(self.error, 3),
            "sure": round(self.sure, 3),
            "stop": self.stop,
            "groups": {one.group: [round(one.estimate, 3), round(one.error, 3)] for one in self.groups},
        }


def judge(step: Step, policy: Policy, groups: Sequence[GroupScore]) -> Verdict:
    """A test that went its whole way without a decision is decided by the side on which the estimate lies;
    one that was broken off is passed only if it was decided before."""
    whole = step.stop in WHOLE and step.length >= policy.min_length
    likelier = step.decision is not Decision.BELOW and step.side is Decision.ABOVE
    passed = step.decision is Decision.ABOVE or (whole and likelier)
    return Verdict(
        estimate=step.estimate,
        error=step.error,
        asked=step.length,
        passed=passed,
        sure=sureness(step, policy, passed),
        stop=step.stop or "",
        groups=groups,
    )


def sureness(step: Step, policy: Policy, passed: bool) -> float:
    """By the normal approximation of the posterior (van der Linden & Pashley 2010, ch. 1)."""
    if policy.cut is None or step.error <= 0:
        return 1.0
    below = NormalDist(step.estimate, step.error).cdf(policy.cut)
    return 1 - below if passed else below
