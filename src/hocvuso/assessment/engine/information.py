"""Observed information of a marginal likelihood (Louis 1982): standard errors, and Newton's last step.

It is the complete data's information less the posterior covariance of each person's score. The score is a
function of ability, so its covariance is the sum of squares of its coefficients on polynomials orthonormal
under the person's posterior; the first few hold nearly all, because posteriors are narrow beside the curves.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hocvuso.assessment.engine.curves import log_slopes, parameters
from hocvuso.assessment.engine.em import Counts, Priors, State, expect, item_slopes
from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.posterior import POINTS, Block, Population, posteriors
from hocvuso.assessment.engine.responses import Numbers, Responses, Singles

ORDER = 4  # polynomials; standard errors are then within 0.1 % (2PL) and 2 % (3PL) of exact for 8 items
STEP = 1e-4  # of the numerical derivative of the items' gradient


@dataclass(frozen=True, eq=False)
class Surface:
    """The log posterior's gradient and observed information at a state; latent parameters stand last."""

    slope: Floats
    information: Floats


def survey(responses: Responses, state: State, priors: Priors) -> Surface:
    """Parameters in the order log a of all items, b of all, logit c of all, (mean, log sd) of each group."""
    counts = expect(responses, state)
    slope = [item_slopes(counts, state.free, priors).ravel(), latent_slopes(counts, state.population)]
    information = complete(counts, state, priors) - missing(responses, state)
    return Surface(np.concatenate(slope), information)


def missing(responses: Responses, state: State) -> Floats:
    """Summed posterior covariances of the scores: what is lost because abilities are not known."""
    free, population = state.free, state.population
    slopes = log_slopes(free, POINTS)  # (2, parameters, items, points)
    table = slopes.transpose(1, 0, 2, 3).reshape(-1, len(POINTS)).astype(np.float32)
    lost = np.zeros((free.size + 2 * len(population.mean),) * 2)
    for block in posteriors(responses, parameters(free), population):
        group = population.group[block.people]
        for weight in polynomials(block.posterior):
            scores = np.hstack([item_scores(block, weight, table), latent_scores(weight, population, group)])
            lost += scores.T @ scores
    return lost


def polynomials(posterior: Singles) -> Iterator[Singles]:
    """The posterior times each of its orthonormal polynomials after the constant (Stieltjes' recurrence)."""
    points = POINTS.astype(np.float32)
    before, current, length = np.zeros_like(posterior), np.ones_like(posterior), np.float32(0)
    for _ in range(ORDER):
        weighted = posterior * current
        centre = (weighted * current) @ points
        following = (points - centre[:, None]) * current - length * before
        length = np.sqrt(np.maximum((posterior * following**2).sum(1, keepdims=True), 1e-9))
        before, current = current, following / length
        yield posterior * current


def item_scores(block: Block, weight: Singles, table: Singles) -> Singles:
    """Each person's weighted score by each item's free parameters, (people, parameters × items)."""
    people, width = block.answers.shape
    both = (weight @ table.T).reshape(people, -1, width) * block.answers[:, None, :]
    return (both[:, :, : width // 2] + both[:, :, width // 2 :]).reshape(people, -1)


def latent_scores(weight: Singles, population: Population, group: Numbers) -> Singles:
    """The same by the mean and log standard deviation of each group, (people, 2 × groups)."""
    away = (POINTS - population.mean[:, None]) / population.sd[:, None]
    table = np.stack([away / population.sd[:, None], away**2 - 1], axis=1).reshape(-1, len(POINTS))
    own = np.repeat(np.arange(len(population.mean)), 2) == group[:, None]
    return (weight @ table.T.astype(np.float32)) * own


def latent_slopes(counts: Counts, population: Population) -> Floats:
    mean, sd = population.mean[:, None], population.sd[:, None]
    away = (POINTS - mean) / sd
    return np.stack([(counts.people * away / sd).sum(1), (counts.people * (away**2 - 1)).sum(1)], 1).ravel()


def complete(counts: Counts, state: State, priors: Priors) -> Floats:
    """Information if abilities were known: blocks of an item's own parameters, and of each group's two."""
    free, population = state.free, state.population
    kinds, items = free.shape
    whole = np.zeros((free.size + 2 * len(population.mean),) * 2)
    own = np.arange(items)
    for kind in range(kinds):
        nudge = np.zeros_like(free)
        nudge[kind] = STEP
        fall = item_slopes(counts, free - nudge, priors) - item_slopes(counts, free + nudge, priors)
        for other in range(kinds):
            whole[other * items + own, kind * items + own] = fall[other] / (2 * STEP)
    for group, (mean, sd) in enumerate(zip(population.mean, population.sd, strict=True)):
        away, number = (POINTS - mean) / sd, counts.people[group]
        at = free.size + 2 * group
        cross = 2 * float(number @ away) / sd
        whole[at : at + 2, at : at + 2] = [[number.sum() / sd**2, cross], [cross, 2 * number @ away**2]]
    return (whole + whole.T) / 2
