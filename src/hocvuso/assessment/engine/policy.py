"""How one test runs: which item comes next, when to stop, what is decided; and what a step answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from statistics import NormalDist

from hocvuso.assessment.engine.ability import STANDARD, Prior
from hocvuso.assessment.engine.irt import Floats

ROUNDING = 1e-9


class Rule(StrEnum):
    """Which item is the best one: most Fisher information at the estimate; most Kullback-Leibler divergence
    over the posterior; or information with an element of chance that fades (Revuelta & Ponsoda 1998)."""

    INFORMATION = "information"
    DIVERGENCE = "divergence"
    PROGRESSIVE = "progressive"


class Classify(StrEnum):
    """How a side of the cut is decided: Wald's sequential ratio, or an interval that leaves out the cut."""

    SPRT = "sprt"
    INTERVAL = "interval"


class Stop(StrEnum):
    DECIDED = "decided"
    ERROR = "error"
    LENGTH = "length"
    TIME = "time"
    BANK = "bank"


class Decision(StrEnum):
    ABOVE = "above"
    BELOW = "below"
    UNDECIDED = "undecided"


@dataclass(frozen=True, eq=False)
class Policy:
    """`shares` is the blueprint: the share of the test of each skill group, adding up to 1; empty means that
    groups do not matter. `control` holds one Sympson-Hetter number an item (see engine.exposure).

    `max_error` and `cut` are in the unit of the estimate: logits, or for the ladder a share of steps. The
    SPRT tests cut - delta against cut + delta; alpha is the chance to pass somebody at cut - delta, beta the
    chance to fail somebody at cut + delta. Neither rule, nor `max_error`, stops before `min_length`.
    """

    rule: Rule = Rule.INFORMATION
    shares: Mapping[str, float] = field(default_factory=dict)
    randomesque: int = 1
    control: Floats | None = None
    min_length: int = 1
    max_length: int = 30
    max_error: float | None = None
    cut: float | None = None
    classify: Classify | None = None
    delta: float = 0.3
    alpha: float = 0.05
    beta: float = 0.05
    confidence: float = 0.95
    minutes: float | None = None
    prior: Prior = STANDARD

    def __post_init__(self) -> None:
        """Rules may be given by their names. Raises ValueError that says what is wrong."""
        object.__setattr__(self, "rule", Rule(self.rule))
        if self.classify is not None:
            object.__setattr__(self, "classify", Classify(self.classify))
        for wrong, text in self.faults():
            if wrong:
                raise ValueError(f"policy: {text}")

    def faults(self) -> list[tuple[bool, str]]:
        shares = self.shares.values()
        control = self.control
        return [
            (any(one < 0 for one in shares), "a share of the blueprint is below 0"),
            (bool(shares) and abs(sum(shares) - 1) > 1e-6, "the shares of the blueprint must add up to 1"),
            (self.randomesque < 1, "randomesque must be 1 or more"),
            (control is not None and not ((control > 0) & (control <= 1)).all(), "control: each in (0, 1]"),
            (not 1 <= self.min_length <= self.max_length, "1 <= min_length <= max_length must hold"),
            (self.max_error is not None and not self.max_error > 0, "max_error must be above 0"),
            (self.classify is not None and self.cut is None, "classification needs a cut"),
            (not self.delta > 0, "delta must be above 0"),
            (not (0 < self.alpha < 0.5 and 0 < self.beta < 0.5), "alpha and beta must be between 0 and 0.5"),
            (not 0.5 < self.confidence < 1, "confidence must be between 0.5 and 1"),
            (self.minutes is not None and not self.minutes > 0, "minutes must be above 0"),
        ]

    @property
    def reach(self) -> float:
        """How many standard errors the confidence interval goes to either side."""
        return NormalDist().inv_cdf(0.5 + self.confidence / 2)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a test stands after its answers: either `item` is to be asked next, or `stop` says why not.

    `decision` is None when the policy does not classify, and undecided before `min_length`. At a stop by
    length, time or bank it may be undecided; `side` then tells on which side of the cut the sequential ratio
    lies (of an interval test, the estimate), which is how a test that was cut short is decided by convention
    (Eggen 1999). `calibrated` is False for the ladder, whose estimate is a share of steps mastered from 0 to
    1 and rests on no parameters.
    """

    estimate: float
    error: float
    length: int
    item: int | None = None
    stop: Stop | None = None
    decision: Decision | None = None
    side: Decision | None = None
    calibrated: bool = True


def side_of(policy: Policy, estimate: float, length: int) -> Decision | None:
    """The cut itself counts as reached. Without an answer there is no side: a prior is no proof."""
    if policy.cut is None or length == 0:
        return None
    return Decision.ABOVE if estimate >= policy.cut - ROUNDING else Decision.BELOW


def decide_by_interval(policy: Policy, estimate: float, error: float) -> Decision:
    reach = policy.reach * error
    if policy.cut is None:
        return Decision.UNDECIDED
    if estimate - reach > policy.cut:
        return Decision.ABOVE
    return Decision.BELOW if estimate + reach < policy.cut else Decision.UNDECIDED


def stop_reason(
    policy: Policy, length: int, error: float, decision: Decision | None, minutes: float
) -> Stop | None:
    """Why a test ends after `length` answers and so many minutes, or None if it goes on."""
    if length >= policy.min_length:
        if decision in (Decision.ABOVE, Decision.BELOW):
            return Stop.DECIDED
        if policy.max_error is not None and error <= policy.max_error:
            return Stop.ERROR
    if length >= policy.max_length:
        return Stop.LENGTH
    if policy.minutes is not None and minutes >= policy.minutes:
        return Stop.TIME
    return None
