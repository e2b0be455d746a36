"""A test tried out on people whose ability is known: the check before a bank version or policy is released.

Examinees are synthetic (drawn from a normal population, or set at distances from the cut) or resampled from
the estimates of people who sat the test. Their answers follow the bank's own numbers, or, for the question
what happens if those are wrong, numbers that were changed.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from math import ceil, floor

import numpy as np

from hocvuso.assessment.engine.bank import Table
from hocvuso.assessment.engine.chance import ANSWER, draw
from hocvuso.assessment.engine.irt import Floats, Parameters, probability
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.sitting import run
from hocvuso.assessment.engine.verdict import judge

DISTANCES = (-2.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 2.0)  # logits from the cut
EDGE, CLEAR = 0.5, 1.0
NEVER_DRAWN = 1e-9


@dataclass(frozen=True, slots=True)
class Run:
    """One examinee: `above` is the truth, `passed` the verdict; `uneven` as in `unevenness`."""

    theta: float
    above: bool
    passed: bool
    asked: int
    estimate: float
    error: float
    uneven: float


@dataclass(frozen=True)
class Trial:
    runs: list[Run]
    exposure: Counter[int] = field(default_factory=Counter)

    def near(self, distance: float, cut: float) -> list[Run]:
        return [one for one in self.runs if abs(one.theta - cut - distance) < NEVER_DRAWN]

    def rate(self, item: int) -> float:
        return self.exposure[item] / len(self.runs)

    @property
    def most_exposed(self) -> float:
        """The highest share of examinees that met one item."""
        return max((self.rate(item) for item in self.exposure), default=0.0)

    @property
    def bias(self) -> float:
        return float(np.mean([one.estimate - one.theta for one in self.runs]))

    @property
    def rmse(self) -> float:
        return float(np.sqrt(np.mean([(one.estimate - one.theta) ** 2 for one in self.runs])))


def accuracy(runs: Sequence[Run]) -> float:
    return sum(one.passed == one.above for one in runs) / len(runs)


def median_length(runs: Sequence[Run]) -> float:
    return float(np.median([one.asked for one in runs]))


def people_like(mean: float, spread: float, number: int, seed: int) -> Floats:
    """Abilities drawn from a normal population."""
    return np.random.default_rng(seed).normal(mean, spread, number)


def resampled(estimates: Sequence[tuple[float, float]], number: int, seed: int) -> Floats:
    """Abilities drawn from people's own estimates, each blurred by its standard error."""
    if not estimates:
        raise ValueError("simulation: nobody has been estimated yet")
    random = np.random.default_rng(seed)
    theta, error = np.array(estimates, dtype=np.float64).T
    drawn = random.integers(0, len(theta), number)
    return np.asarray(random.normal(theta[drawn], error[drawn]))


def at_distances(cut: float, each: int, distances: Sequence[float] = DISTANCES) -> Floats:
    return np.repeat(cut + np.array(distances), each)


def misjudged(p: Parameters, slope: float = 1.0, noise: float = 0.0, seed: int = 0) -> Parameters:
    """What the items might truly be: slopes that many times as steep, difficulties off by `noise` logits."""
    off = np.random.default_rng(seed).normal(0, noise, len(p)) if noise else np.zeros(len(p))
    return replace(p, a=p.a * slope, b=p.b + off)


def simulate(
    table: Table, policy: Policy, thetas: Iterable[float], seed: int = 0, truth: Parameters | None = None
) -> Trial:
    """Let each examinee sit the test. `truth`: the numbers their answers follow, if not those of the bank."""
    if policy.cut is None:
        raise ValueError("simulation: the policy has no cut")
    trial = Trial([])
    for number, theta in enumerate(thetas):
        one, items = examine(table, policy, float(theta), seed + number, truth or table.parameters)
        trial.runs.append(one)
        trial.exposure.update(items)
    return trial


def examine(
    table: Table, policy: Policy, theta: float, seed: int, truth: Parameters
) -> tuple[Run, list[int]]:
    chances = probability(theta, truth)
    sitting = run(table, policy, seed, lambda item: draw(seed, ANSWER, item) < chances[item])
    items = [item for item, _right in sitting.answers]
    verdict = judge(sitting.step, policy, [])
    outcome = Run(
        theta=theta,
        above=theta >= (policy.cut or 0.0),
        passed=verdict.passed,
        asked=len(items),
        estimate=sitting.step.estimate,
        error=sitting.step.error,
        uneven=unevenness(table, policy, items),
    )
    return outcome, items


def unevenness(table: Table, policy: Policy, items: Sequence[int]) -> float:
    """How many items the worst group is from its share, rounded down or up."""
    counts = Counter(table.bank.groups[int(table.bank.group[item])] for item in items)
    gaps = [0.0]
    for group, share in policy.shares.items():
        wanted = share * len(items)
        gaps.append(max(floor(wanted) - counts[group], counts[group] - ceil(wanted), 0))
    return float(max(gaps))


@dataclass(frozen=True, slots=True)
class Demand:
    """One point of the release check."""

    name: str
    value: float
    limit: float
    at_least: bool = False

    @property
    def holds(self) -> bool:
        return self.value >= self.limit if self.at_least else self.value <= self.limit


def release_check(trial: Trial, population: Trial, cut: float) -> list[Demand]:
    """`trial` stands at distances from the cut, `population` is whom the test is for."""
    clear = [one for one in trial.runs if abs(one.theta - cut) >= CLEAR - NEVER_DRAWN]
    return [
        Demand("right verdicts half a logit below the cut", accuracy(trial.near(-EDGE, cut)), 0.95, True),
        Demand("right verdicts half a logit above the cut", accuracy(trial.near(EDGE, cut)), 0.95, True),
        Demand("median length for people a logit or more from the cut", median_length(clear), 12),
        Demand("highest exposure of an item", population.most_exposed, 0.25),
        Demand("worst gap to the blueprint, items", max(one.uneven for one in population.runs), 1),
    ]
