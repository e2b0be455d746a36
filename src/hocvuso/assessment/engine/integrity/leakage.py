"""Leakage: an item that became easier than its difficulty says, and items shown more often than allowed.

Each answer to an item is set against what the person's ability, known from other items, makes likely. The
watch is a Shiryaev-Roberts rule whose possible starts have weights that add up to 1, that is a weighted sum,
over all k, of the likelihood ratio of "easier by so many logits since answer k". It starts at 1 and is not
expected to grow as long as nothing changed, so it reaches 1 / α with a chance of α at most (Ville's
inequality), however often one looks. It needs no table of critical values and no least number of answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, lgamma, log

import numpy as np
from numpy.typing import ArrayLike

from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.irt import Floats, Parameters, probability

ALPHA = 0.05  # for the whole bank and the whole life of a version
SHIFTS = (0.5, 1.0, 2.0)  # logits by which an item might have become easier
SLACK = 0.2  # logits by which it may always have been easier than its difficulty says
HORIZON = 2000  # answers over which a change is equally likely to begin; half as likely in the next so many
NODES, WEIGHTS = np.polynomial.hermite_e.hermegauss(9)


@dataclass(frozen=True, slots=True)
class Drop:
    """One item. `p` is for the most suspect moment so far and holds however often one looks; `adjusted` is p
    times the items watched. `since` is the number of the answer, from 0, with which the change most likely
    began, and `logits` by how much the item has been easier from then on; None and 0 where p is 1.
    """

    answers: int
    p: float
    adjusted: float
    since: int | None
    logits: float
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Shown:
    """One item, shown in so many of the tests; p is the chance of so many at the highest rate allowed."""

    item: int
    shown: int
    tests: int
    rate: float
    p: float
    reason: Reason


def expected_right(
    ability: ArrayLike, error: ArrayLike, p: Parameters, item: int, easier: float = 0.0
) -> Floats:
    """The chance of a right answer of people whose ability is known up to a standard error, in logits.

    Less steep than at the ability itself: to take an estimate for the truth would make hard items seem to
    have become easier.
    """
    one = Parameters(p.a[[item]], p.b[[item]] - easier, p.c[[item]], p.d[[item]])
    points = np.asarray(ability, np.float64)[:, None] + np.asarray(error, np.float64)[:, None] * NODES
    return np.asarray(probability(points, one)[..., 0] @ WEIGHTS / WEIGHTS.sum())


def watch_item(
    right: ArrayLike,
    ability: ArrayLike,
    error: ArrayLike,
    p: Parameters,
    item: int,
    *,
    watched: int = 1,
    alpha: float = ALPHA,
) -> Drop:
    """All answers to one item since its difficulty was calibrated, in the order in which they came.

    `ability` and `error` are those of each person without this answer: the running estimate before it, or
    better, one from all other answers. The prior of that estimate must fit the people: a population abler
    than its prior makes every item look easier. `watched` is the number of items that are watched.
    """
    hit = np.asarray(right, dtype=bool)
    theta, spread = np.asarray(ability, np.float64), np.asarray(error, np.float64)
    if not len(hit) == len(theta) == len(spread):
        raise ValueError(f"leakage: {len(hit)} answers, {len(theta)} abilities, {len(spread)} errors")
    usual = expected_right(theta, spread, p, item, SLACK)
    gains = [log_gain(hit, usual, expected_right(theta, spread, p, item, SLACK + shift)) for shift in SHIFTS]
    evidence = np.mean([sum_over_starts(gain) for gain in gains], axis=0)
    tail = float(min(1.0, 1.0 / evidence.max(initial=1.0)))
    since = likeliest_start(gains) if tail < 1 else None
    adjusted = min(1.0, tail * watched)
    return Drop(
        answers=len(hit),
        p=tail,
        adjusted=adjusted,
        since=since,
        logits=size_of_drop(hit, theta, spread, p, item, since),
        reason=Reason.EASIER_THAN_BEFORE if adjusted <= alpha else None,
    )


def log_gain(right: ArrayLike, usual: Floats, easier: Floats) -> Floats:
    """Of each answer, the log-likelihood ratio of the item being easier."""
    return np.where(right, np.log(easier / usual), np.log((1.0 - easier) / (1.0 - usual)))


def sum_over_starts(gain: Floats) -> Floats:
    """After each answer, the weighted sum over all starts of the ratios since then; 1 for those to come."""
    weight = 0.5 ** (np.arange(len(gain)) // HORIZON + 1) / HORIZON
    begun, to_come, found = 0.0, 1.0, np.empty(len(gain))
    for number, (ratio, share) in enumerate(zip(np.exp(gain).tolist(), weight.tolist(), strict=True)):
        begun = (begun + share) * ratio
        to_come -= share
        found[number] = begun + to_come
    return found


def likeliest_start(gains: Sequence[Floats]) -> int:
    """The greatest rise of a cumulated ratio, over all shifts: where the CUSUM (Page 1954) last left 0."""
    best, start = 0.0, 0
    for gain in gains:
        walk = np.concatenate(([0.0], np.cumsum(gain)))
        low = np.minimum.accumulate(walk)
        end = int(np.argmax(walk - low))
        if walk[end] - low[end] > best:
            best, start = float(walk[end] - low[end]), int(np.argmin(walk[: end + 1]))
    return start


def size_of_drop(
    right: ArrayLike, ability: Floats, error: Floats, p: Parameters, item: int, since: int | None
) -> float:
    """By how many logits the item was easier: where expected and counted right answers agree, up to 6."""
    if since is None:
        return 0.0
    wanted = int(np.asarray(right)[since:].sum())
    low, high = 0.0, 6.0
    while high - low > 0.01:
        middle = (low + high) / 2
        enough = expected_right(ability[since:], error[since:], p, item, middle).sum() >= wanted
        low, high = (low, middle) if enough else (middle, high)
    return (low + high) / 2


def find_over_exposed(
    shown: ArrayLike, tests: int, highest_rate: float, *, alpha: float = ALPHA
) -> list[Shown]:
    """Items shown more often than the rate allowed for reasons other than luck; `shown` has a count an item.

    Luck is binomial and corrected for the number of items, so that a bank in which every item is at the
    rate is named with a chance of `alpha` at most. The most exposed come first.
    """
    counts = np.asarray(shown, np.int64)
    if not 0 < highest_rate < 1:
        raise ValueError("leakage: the highest rate must be between 0 and 1")
    if counts.min(initial=0) < 0 or counts.max(initial=0) > tests:
        raise ValueError(f"leakage: an item cannot be shown in more than {tests} tests or fewer than 0")
    found = []
    for item in np.flatnonzero(counts > tests * highest_rate).tolist():
        times = int(counts[item])
        tail = binomial_tail(times, tests, highest_rate)
        if tail * len(counts) <= alpha:
            found.append(Shown(item, times, tests, times / tests, tail, Reason.OVER_EXPOSED))
    return sorted(found, key=lambda one: (-one.shown, one.item))


def binomial_tail(count: int, tests: int, rate: float) -> float:
    """P(X >= count), for a count above the mean, where the terms fall."""
    choices = lgamma(tests + 1) - lgamma(count + 1) - lgamma(tests - count + 1)
    term = exp(choices + count * log(rate) + (tests - count) * log(1.0 - rate))
    tail = 0.0
    while term > tail * 1e-15 and count <= tests:
        tail += term
        term *= (tests - count) / (count + 1) * rate / (1.0 - rate)
        count += 1
    return min(1.0, tail)
