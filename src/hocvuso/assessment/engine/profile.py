"""The score profile: where a person stands in each skill group, with errors, beside the total.

The model: a person's ability in a group is the general ability plus a deviation of the group, normal with
standard deviation `spread`. All of it is integrated on the table's grid, so the prior of a group is centred
on what the other groups say of the total, no answer counts twice, and a group with few answers or none gets
the total with a wider error instead of a wild number.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from hocvuso.assessment.engine.ability import posterior_moments
from hocvuso.assessment.engine.bank import Table
from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.policy import Policy

SPREAD = 0.5  # logits between a person's groups: about half of what lies between people


@dataclass(frozen=True, slots=True)
class GroupScore:
    """In logits; from the ladder, a share of steps mastered."""

    group: str
    estimate: float
    error: float
    asked: int
    right: int


def score_groups(
    table: Table, policy: Policy, answers: Sequence[tuple[int, bool]], spread: float = SPREAD
) -> list[GroupScore]:
    """One score for each group of the blueprint, or of the bank if there is none, in the bank's order."""
    if not spread > 0:
        raise ValueError("profile: the spread must be above 0")
    bank, grid = table.bank, table.grid
    asked, right = [0] * len(bank.groups), [0] * len(bank.groups)
    likelihood = np.zeros((len(bank.groups), len(grid)))
    for item, is_right in answers:
        group = int(bank.group[item])
        likelihood[group] += table.log_answer[item, int(is_right)]
        asked[group] += 1
        right[group] += bool(is_right)
    general = blur(likelihood, grid, spread)
    of_all = general.sum(axis=0) + policy.prior.log_density(grid)
    scores = []
    for number, name in enumerate(bank.groups):
        if policy.shares and name not in policy.shares:
            continue
        before = blur((of_all - general[number])[None], grid, spread)[0]
        now = posterior_moments(before + likelihood[number], grid)
        scores.append(GroupScore(name, now.theta, now.error, asked[number], right[number]))
    return scores


def blur(log_density: Floats, grid: Floats, spread: float) -> Floats:
    """Each row averaged over a normal deviation: log ∫ exp(row(t)) φ((t - θ) / spread) dt, up to a constant.

    Not cut off at the ends of the grid: each row of weights adds up to 1, so that a flat row stays flat.
    """
    weights = np.exp(-0.5 * ((grid[:, None] - grid[None, :]) / spread) ** 2)
    weights /= weights.sum(axis=1, keepdims=True)
    top = log_density.max(axis=1, keepdims=True)
    return np.asarray(np.log(np.exp(log_density - top) @ weights.T + 1e-300) + top)
