"""Ability from answers: EAP, MAP, ML and WLE, each with its standard error.

Definitions are those of catR (Magis & Raîche 2012), against which the tests compare: EAP integrates over a
grid by the trapezoid rule and its error is the spread of the posterior; the others solve a score equation
within bounds, and their errors come from the Fisher information at the estimate.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hocvuso.assessment.engine.irt import (
    Floats,
    Parameters,
    bias_term,
    information,
    log_probabilities,
    logistic,
    odds,
)

LOWEST, HIGHEST = -4.0, 4.0
GRID_POINTS = 81


@dataclass(frozen=True, slots=True)
class Estimate:
    """An ability and its standard error, both in logits; the error is infinite where nothing informs."""

    theta: float
    error: float


@dataclass(frozen=True, slots=True)
class Prior:
    """What is believed of a person before the first answer: a normal distribution."""

    mean: float = 0.0
    deviation: float = 1.0

    def __post_init__(self) -> None:
        if not self.deviation > 0:
            raise ValueError("prior: the deviation must be above 0")

    def log_density(self, theta: Floats) -> Floats:
        """Up to a constant."""
        return -0.5 * ((theta - self.mean) / self.deviation) ** 2


STANDARD = Prior()


def make_grid(lowest: float = LOWEST, highest: float = HIGHEST, points: int = GRID_POINTS) -> Floats:
    """Evenly spaced abilities. Rounded, so that a point such as 0.1 is the number a reader would write."""
    return np.round(np.linspace(lowest, highest, points), 12)


def log_likelihood(theta: ArrayLike, answers: ArrayLike, p: Parameters) -> Floats:
    """Of the answers (1 right, 0 wrong; one an item) at each ability, shaped (θ...)."""
    right, wrong = log_probabilities(theta, p)
    return np.asarray(np.where(np.asarray(answers, dtype=bool), right, wrong).sum(axis=-1))


def posterior_moments(log_posterior: Floats, grid: Floats) -> Estimate:
    """Mean and deviation over an evenly spaced grid; the ends count half, which is the trapezoid rule."""
    weight = np.exp(log_posterior - log_posterior.max())
    weight[0] *= 0.5
    weight[-1] *= 0.5
    total = weight.sum()
    mean = float(weight @ grid / total)
    return Estimate(mean, float(np.sqrt(weight @ (grid - mean) ** 2 / total)))


def estimate_eap(
    answers: ArrayLike, p: Parameters, prior: Prior = STANDARD, grid: Floats | None = None
) -> Estimate:
    """The mean of the posterior: the estimator of the running test, defined for every answer pattern."""
    points = make_grid() if grid is None else grid
    return posterior_moments(log_likelihood(points, answers, p) + prior.log_density(points), points)


def estimate_map(
    answers: ArrayLike,
    p: Parameters,
    prior: Prior = STANDARD,
    bounds: tuple[float, float] = (LOWEST, HIGHEST),
) -> Estimate:
    """The mode of the posterior."""
    pull = prior.deviation**-2
    theta = highest_mode(lambda at: score(at, answers, p) + (prior.mean - np.asarray(at)) * pull, bounds)
    return Estimate(theta, float((information(theta, p).sum() + pull) ** -0.5))


def estimate_ml(
    answers: ArrayLike, p: Parameters, bounds: tuple[float, float] = (LOWEST, HIGHEST)
) -> Estimate:
    """The greatest likelihood; a bound when all answers are alike."""
    theta = highest_mode(lambda at: score(at, answers, p), bounds)
    return Estimate(theta, error_of(theta, p))


def estimate_wle(
    answers: ArrayLike, p: Parameters, bounds: tuple[float, float] = (LOWEST, HIGHEST)
) -> Estimate:
    """Warm's (1989) weighted likelihood: no prior, and nearly without the outward bias of ML."""

    def weighted(at: ArrayLike) -> Floats:
        total = np.maximum(information(at, p).sum(axis=-1), np.finfo(float).tiny)
        return score(at, answers, p) + bias_term(at, p) / (2.0 * total)

    theta = highest_mode(weighted, bounds)
    return Estimate(theta, error_of(theta, p))


def error_of(theta: float, p: Parameters) -> float:
    total = float(information(theta, p).sum())
    return total**-0.5 if total > 0 else float("inf")


def score(theta: ArrayLike, answers: ArrayLike, p: Parameters) -> Floats:
    """The slope of the log-likelihood, Σ P' (x - P) / (P (1 - P)), shaped (θ...)."""
    z = odds(theta, p)
    s, t = logistic(z), logistic(-z)
    span = p.d - p.c
    # For a right answer P' / P, for a wrong one -P' / (1 - P): no difference of two near numbers.
    right = span * s * t / (p.c + span * s)
    wrong = span * s * t / ((1.0 - p.d) + span * t)
    return np.asarray((p.a * np.where(np.asarray(answers, dtype=bool), right, -wrong)).sum(axis=-1))


def highest_mode(slope: Callable[[ArrayLike], Floats], bounds: tuple[float, float]) -> float:
    """Where a curve with this slope is highest within bounds, to 1e-12.

    With guessing a likelihood may have several peaks (Samejima 1973), so the slope is first walked on a grid;
    the area under it tells which of the peaks, ends included, is the highest.
    """
    grid = np.linspace(*bounds, 161)
    steep = slope(grid)
    height = np.concatenate(([0.0], np.cumsum((steep[1:] + steep[:-1]) / 2.0)))
    top = int(np.argmax(height))
    if top < len(grid) - 1 and steep[top] > 0:
        return find_root(slope, float(grid[top]), float(grid[top + 1]))
    if top > 0 and steep[top] < 0:
        return find_root(slope, float(grid[top - 1]), float(grid[top]))
    return float(grid[top])


def find_root(slope: Callable[[ArrayLike], Floats], low: float, high: float) -> float:
    """The zero of a slope that falls between two abilities, by false position (Illinois rule)."""
    at_low, at_high = float(slope(low)), float(slope(high))
    if at_low * at_high > 0:
        return low if abs(at_low) < abs(at_high) else high
    for _ in range(100):
        if high - low < 1e-12 or at_low == at_high:
            break
        middle = min(max(high - at_high * (high - low) / (at_high - at_low), low), high)
        here = float(slope(middle))
        if abs(here) < 1e-13:
            return middle
        if here > 0:
            low, at_low, at_high = middle, here, at_high / 2.0
        else:
            high, at_high, at_low = middle, here, at_low / 2.0
    return (low + high) / 2.0
