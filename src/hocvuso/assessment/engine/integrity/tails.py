"""How likely a weighted sum of independent hits is to be so high: exact also for few and uneven terms."""

import numpy as np
from numpy.typing import ArrayLike

from hocvuso.assessment.engine.irt import Floats

FINE = 2000  # parts into which the sum of all weights is cut


def tail_of_sum(weights: ArrayLike, chances: ArrayLike, hits: ArrayLike) -> float:
    """P(Σ w X >= Σ w hit) for X of these chances; weights may be below 0, `hits` are 0 or 1.

    Weights are rounded to 1/2000 of their total, and the distribution of the rounded sum is worked out term
    by term, so that it is the exact tail of a statistic next to the one asked for. Equal weights give the
    generalised binomial. Cost: 0.2 ms for 30 terms.
    """
    weight, chance = np.asarray(weights, np.float64), np.asarray(chances, np.float64)
    hit, upward = np.asarray(hits, dtype=bool), np.asarray(weights, np.float64) >= 0
    size = np.abs(weight)
    if not size.sum() > 0:
        return 1.0
    # A miss of a negative weight is a hit of the positive one.
    chance, hit = np.where(upward, chance, 1.0 - chance), np.where(upward, hit, ~hit)
    steps = np.rint(size * (FINE / size.sum())).astype(np.int64)
    return float(min(1.0, spread_of_sum(steps.tolist(), chance.tolist())[int(steps[hit].sum()) :].sum()))


def spread_of_sum(steps: list[int], chances: list[float]) -> Floats:
    """The probability of each whole number as Σ steps X."""
    spread = np.zeros(sum(steps) + 1)
    spread[0] = 1.0
    reached = 0
    for step, chance in zip(steps, chances, strict=True):
        raised = spread[: reached + 1] * chance
        spread[: reached + 1] -= raised
        spread[step : step + reached + 1] += raised
        reached += step
    return spread
