"""Differential item functioning: is an item harder for one group than for equally able people of another?

Both methods work on one table: item × stratum of ability × group × right. Mantel-Haenszel (Holland & Thayer
1988) sees one difference over all abilities; logistic regression (Swaminathan & Rogers 1990) also one that
turns with ability.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from hocvuso.assessment.engine.irt import Floats, logistic
from hocvuso.assessment.engine.posterior import Abilities
from hocvuso.assessment.engine.responses import (
    CannotCalibrate,
    Flags,
    GroupTooSmall,
    Labels,
    Numbers,
    Responses,
)
from hocvuso.assessment.engine.significance import adjusted, chi_square_tails

NEEDED_IN_GROUP = 200  # answers to an item in the smaller group, and in both together (Zwick 2012)
NEEDED_TOGETHER = 500
STRATA = 40
DELTA = -2.35  # times the log odds is the delta scale of ETS; 1 there is about a tenth in the share of right
ROUNDS = 15  # of Newton's method; logistic regression needs six or so


@dataclass(frozen=True, eq=False)
class Dif:
    """One group against the reference, one number an item.

    `delta` below 0: harder for the group. `ets` is A (negligible), B, or C (large: review it; Zieky 1993).
    `uniform` is the shift in log odds; `r_square` what the group adds to Nagelkerke's R², large from 0.07
    (Jodoin & Gierl 2001). `p_uniform` and `p_crossing` are corrected for the number of items.
    """

    reference: str
    group: str
    items: Labels
    in_reference: Numbers
    in_group: Numbers
    delta: Floats
    se_delta: Floats
    ets: Labels
    uniform: Floats
    p_uniform: Floats
    p_crossing: Floats
    r_square: Floats
    left_out: list[object]

    @property
    def large(self) -> list[object]:
        return self.items[self.ets == "C"].tolist()


def find_dif(
    responses: Responses,
    groups: Mapping[Any, str],
    abilities: Abilities,
    reference: str | None = None,
) -> list[Dif]:
    """Each group against the reference, by default the largest; people of no known group stay aside.

    `abilities` match people: estimates made for everyone alike, without groups (each group's own prior would
    feign differences), or any score in the place of `value`. To keep strongly differing items out of the
    matching, estimate abilities again without them. Items answered by too few are left out
    and named; a group too small for every item is refused with GroupTooSmall.
    """
    labels = np.array(responses.labels(groups))
    names, counts = np.unique(labels[labels != ""], return_counts=True)
    if len(names) < 2:
        raise CannotCalibrate(f"two groups are needed to compare, found {len(names)}")
    sizes = dict(zip(names.tolist(), counts.tolist(), strict=True))
    base = reference or max(sizes, key=lambda name: (sizes[name], name))
    for name in [base, *sizes]:
        if sizes.get(name, 0) < NEEDED_IN_GROUP:
            raise GroupTooSmall(name, sizes.get(name, 0), NEEDED_IN_GROUP)
    ability = align(responses, abilities)
    return [compare(responses, labels, ability, base, name) for name in sizes if name != base]


def align(responses: Responses, abilities: Abilities) -> Floats:
    """One number a person of the responses; not a number for people without an estimate."""
    known = dict(zip(abilities.people.tolist(), abilities.value.tolist(), strict=True))
    return np.array([known.get(person, np.nan) for person in responses.people.tolist()])


def compare(responses: Responses, labels: Labels, ability: Floats, reference: str, group: str) -> Dif:
    compared = ((labels == reference) | (labels == group)) & np.isfinite(ability)
    table, place = tabulate(responses, compared, labels == group, ability)
    in_strata = table.sum(3)
    asked = (in_strata * (in_strata.min(2, keepdims=True) > 0)).sum(
        1
    )  # where there is someone to compare with
    enough = (asked.min(1) >= NEEDED_IN_GROUP) & (asked.sum(1) >= NEEDED_TOGETHER)
    enough &= table.sum(axis=(1, 2)).min(1) > 0
    if not enough.any():
        raise GroupTooSmall(group, int(asked[:, 1].max()), NEEDED_IN_GROUP)
    kept = table[enough]
    delta, se_delta, ets = mantel_haenszel(kept)
    uniform, p_uniform, p_crossing, r_square = regress(kept, place)
    return Dif(
        reference,
        group,
        responses.items[enough],
        asked[enough, 0],
        asked[enough, 1],
        delta,
        se_delta,
        ets,
        uniform,
        p_uniform,
        p_crossing,
        r_square,
        responses.items[~enough].tolist(),
    )


def tabulate(responses: Responses, compared: Flags, focal: Flags, ability: Floats) -> tuple[Numbers, Floats]:
    """Counts (items, strata, groups, wrong and right), and each stratum's mean ability in standard units."""
    own = ability[compared]
    edges = np.unique(np.quantile(own, np.linspace(0, 1, STRATA + 1)[1:-1]))
    stratum = np.searchsorted(edges, ability, side="right")
    number = np.bincount(stratum[compared], minlength=len(edges) + 1)
    place = np.bincount(stratum[compared], own, len(edges) + 1) / np.maximum(number, 1)
    person, item, right = (
        column[compared[responses.person]] for column in (responses.person, responses.item, responses.right)
    )
    cell = ((item * len(number) + stratum[person]) * 2 + focal[person]) * 2 + right
    shape = (len(responses.items), len(number), 2, 2)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape), (place - own.mean()) / own.std()


def mantel_haenszel(table: Numbers) -> tuple[Floats, Floats, Labels]:
    """The common odds ratio as delta, its error (Robins, Breslow & Greenland 1986), and the ETS class."""
    (b, a), (d, c) = (np.moveaxis(table[:, :, group, :], -1, 0).astype(np.float64) for group in (0, 1))
    total = np.maximum(a + b + c + d, 1)
    same, cross = (a + d) / total, (b + c) / total
    r, s = a * d / total, b * c / total
    with np.errstate(divide="ignore", invalid="ignore"):
        odds = np.log(r.sum(1) / s.sum(1))
        variance = (same * r).sum(1) / (2 * r.sum(1) ** 2) + (cross * s).sum(1) / (2 * s.sum(1) ** 2)
        variance += (same * s + cross * r).sum(1) / (2 * r.sum(1) * s.sum(1))
    delta, error = DELTA * odds, -DELTA * np.sqrt(variance)
    expected = (a + b) * (a + c) / total
    spread = (a + b) * (c + d) * (a + c) * (b + d) / (total**2 * np.maximum(total - 1, 1))
    distance = np.maximum(np.abs((a - expected).sum(1)) - 0.5, 0)
    seen = chi_square_tails(distance**2 / spread.sum(1), 1) < 0.05
    size = np.abs(delta)
    large = (size >= 1.5) & (size - 1 > 1.645 * error)
    return delta, error, np.where(~seen | (size < 1), "A", np.where(large, "C", "B"))


def regress(table: Numbers, place: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Log-odds shift, p of a uniform and of a crossing difference (likelihood ratios), and what R² gains."""
    right = table[:, :, :, 1].reshape(len(table), -1).astype(np.float64)
    asked = table.sum(3).reshape(len(table), -1).astype(np.float64)
    ability, group = np.repeat(place, 2), np.tile([0.0, 1.0], len(place))
    design = np.stack([np.ones_like(ability), ability, group, ability * group], 1)
    fits = [fit_logistic(right, asked, design[:, :columns]) for columns in (1, 2, 3, 4)]
    by_ability, by_group, by_both = (log_likelihood for _beta, log_likelihood in fits[1:])
    null, number = fits[0][1], asked.sum(1)
    share = [
        (1 - np.exp(2 * (null - one) / number)) / (1 - np.exp(2 * null / number))
        for one in (by_ability, by_both)
    ]
    return (
        fits[2][0][:, 2],
        adjusted(chi_square_tails(2 * (by_group - by_ability), 1)),
        adjusted(chi_square_tails(2 * (by_both - by_group), 1)),
        share[1] - share[0],
    )


def fit_logistic(right: Floats, asked: Floats, design: Floats) -> tuple[Floats, Floats]:
    """Binomial regressions of every item at once: coefficients (items, columns) and log-likelihoods."""
    beta = np.zeros((len(right), design.shape[1]))
    faint = 1e-6 * np.eye(design.shape[1])  # keeps an item that separates perfectly from running away
    for _ in range(ROUNDS):
        chance = logistic(beta @ design.T)
        slope = (right - asked * chance) @ design - beta @ faint
        weight = asked * chance * (1 - chance)
        fall = np.einsum("is,sp,sq->ipq", weight, design, design) + faint
        beta += np.clip(np.linalg.solve(fall, slope[:, :, None])[:, :, 0], -2, 2)
    z = beta @ design.T
    log_likelihood = -(right * np.logaddexp(0, -z) + (asked - right) * np.logaddexp(0, z)).sum(1)
    return beta, log_likelihood
