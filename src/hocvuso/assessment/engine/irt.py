"""Item response models: how likely a right answer is at an ability, and what the answer tells.

One formula holds the four models (Barton & Lord 1981): P(θ) = c + (d - c) / (1 + exp(-D a (θ - b))), with
the scaling constant D = 1, so `a` is in logits. 1PL: a = 1, c = 0, d = 1; 2PL frees a, 3PL c, 4PL d.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

D = 1.0
TINY = 1e-300  # the least chance anything has, so that every logarithm is a number


@dataclass(frozen=True, eq=False)
class Parameters:
    """One number an item in each array: discrimination, difficulty, guessing, and one minus slipping."""

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @classmethod
    def of(
        cls,
        b: ArrayLike,
        a: ArrayLike = 1.0,
        c: ArrayLike = 0.0,
        d: ArrayLike = 1.0,
    ) -> "Parameters":
        """The model follows from what is given: b alone is 1PL, with a 2PL, with c 3PL, with d 4PL.

        Raises ValueError for numbers that no item has.
        """
        difficulty = np.array(b, dtype=np.float64, ndmin=1)
        others = (np.broadcast_to(np.asarray(one, np.float64), difficulty.shape).copy() for one in (a, c, d))
        made = cls(next(others), difficulty, next(others), next(others))
        made.check()
        return made

    def check(self) -> None:
        if self.b.ndim != 1:
            raise ValueError("parameters: one number an item, so each array has one dimension")
        if not all(np.isfinite(one).all() for one in (self.a, self.b, self.c, self.d)):
            raise ValueError("parameters: every number must be finite")
        if (self.a <= 0).any():
            raise ValueError(f"parameters: a must be above 0, item {int(np.argmax(self.a <= 0))} is not")
        bad = (self.c < 0) | (self.c >= self.d) | (self.d > 1)
        if bad.any():
            raise ValueError(f"parameters: 0 <= c < d <= 1 must hold, item {int(np.argmax(bad))} breaks it")

    def __len__(self) -> int:
        return len(self.b)

    def take(self, items: ArrayLike) -> "Parameters":
        """Those of some items, in the order asked for; an item may come twice."""
        chosen = np.asarray(items, dtype=np.int64)
        return Parameters(self.a[chosen], self.b[chosen], self.c[chosen], self.d[chosen])

    @property
    def model(self) -> str:
        if (self.d != 1).any():
            return "4PL"
        if (self.c != 0).any():
            return "3PL"
        return "2PL" if (self.a != 1).any() else "1PL"


def odds(theta: ArrayLike, p: Parameters) -> Floats:
    """D a (θ - b), shaped (θ..., items): a single ability gives one number an item."""
    return np.asarray(D * p.a * (np.asarray(theta, dtype=np.float64)[..., None] - p.b))


def logistic(z: Floats) -> Floats:
    """1 / (1 + exp(-z)) without overflow at either end."""
    small = np.exp(-np.abs(z))
    return np.asarray(np.where(z >= 0, 1.0, small) / (1.0 + small))


def probability(theta: ArrayLike, p: Parameters) -> Floats:
    """Of a right answer, shaped (θ..., items)."""
    return np.asarray(p.c + (p.d - p.c) * logistic(odds(theta, p)))


def log_probabilities(theta: ArrayLike, p: Parameters) -> tuple[Floats, Floats]:
    """log P and log(1 - P), exact also where P is next to 0 or 1; each shaped (θ..., items)."""
    z = odds(theta, p)
    right = p.c + (p.d - p.c) * logistic(z)
    wrong = (1.0 - p.d) + (p.d - p.c) * logistic(-z)
    return np.log(np.maximum(right, TINY)), np.log(np.maximum(wrong, TINY))


def slope(theta: ArrayLike, p: Parameters) -> Floats:
    """P'(θ)."""
    s = logistic(odds(theta, p))
    return np.asarray(D * p.a * (p.d - p.c) * s * (1.0 - s))


def information(theta: ArrayLike, p: Parameters) -> Floats:
    """Fisher information P'² / (P (1 - P)) of each item, shaped (θ..., items)."""
    z = odds(theta, p)
    s, t = logistic(z), logistic(-z)
    span = p.d - p.c
    # s t, the shape of P', is divided by P (1 - P) before it is squared, so that far-off items keep digits.
    both = np.maximum((p.c + span * s) * ((1.0 - p.d) + span * t), TINY)
    return np.asarray((D * p.a * span) ** 2 * (s * t / both) * s * t)


def bias_term(theta: ArrayLike, p: Parameters) -> Floats:
    """J(θ) = Σ P' P'' / (P (1 - P)), the numerator of Warm's (1989) correction; shaped (θ...)."""
    s = logistic(odds(theta, p))
    information_of_items = information(theta, p)
    # P'' = a P' (1 - 2 s), so that each term is the item's information times P'' / P'.
    return np.asarray((information_of_items * D * p.a * (1.0 - 2.0 * s)).sum(axis=-1))
