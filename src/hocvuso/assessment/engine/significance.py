"""Tail probabilities of test statistics, exact without scipy, and their correction for many tests."""

from math import erfc, exp, lgamma, log, sqrt

import numpy as np

from hocvuso.assessment.engine.irt import Floats


def normal_tails(z: Floats) -> Floats:
    """Two-sided: how likely a standard normal lies at least this far from 0."""
    return np.array([erfc(abs(one) / sqrt(2)) for one in z.ravel()]).reshape(z.shape)


def chi_square_tail(value: float, freedom: int) -> float:
    """How likely a chi-square is at least this; Abramowitz & Stegun (1964) 26.4.4-5."""
    half = max(value, 0.0) / 2
    if half == 0 or freedom < 1:
        return 1.0
    odd = freedom % 2
    powers = range(freedom // 2)
    terms = sum(exp(log_term(power + odd / 2, half)) for power in powers)
    return min(1.0, terms + (erfc(sqrt(half)) if odd else 0.0))


def log_term(power: float, half: float) -> float:
    return power * log(half) - half - lgamma(power + 1)


def chi_square_tails(values: Floats, freedom: int) -> Floats:
    return np.array([chi_square_tail(float(value), freedom) for value in values])


def adjusted(p: Floats) -> Floats:
    """Benjamini & Hochberg (1995): below 0.05 here, at most 5 % of the finds are expected to be false."""
    order = np.argsort(p)[::-1]
    ranks = np.arange(len(p), 0, -1)
    raised = np.minimum.accumulate(np.minimum(1.0, p[order] * len(p) / ranks))
    back = np.empty_like(raised)
    back[order] = raised
    return back
