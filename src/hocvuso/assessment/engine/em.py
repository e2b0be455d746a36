"""Marginal maximum likelihood by EM (Bock & Aitkin 1981), with priors on the items (Mislevy 1986)."""

from dataclasses import dataclass, replace

import numpy as np

from hocvuso.assessment.engine.curves import log_slopes, parameters
from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.posterior import POINTS, Block, Population, posteriors
from hocvuso.assessment.engine.responses import Responses, Singles

INNER_STEPS = 2  # of Fisher scoring an M-step; what is left is found in the next round


@dataclass(frozen=True)
class Priors:
    """What is believed of an item before any answer; wide enough that a few hundred answers outweigh it.

    Discrimination log-normal (0.1 and 0.5: half to two and a half), difficulty normal, guessing beta with the
    mode (α − 1) / (α + β − 2), here one in four. The forms are those of BILOG (Mislevy 1986).
    """

    log_a: tuple[float, float] = (0.1, 0.5)
    b: tuple[float, float] = (0.0, 2.5)
    c: tuple[float, float] = (6.0, 16.0)

    def slopes(self, free: Floats) -> tuple[Floats, Floats]:
        """Of the log density by each free parameter, and how fast they fall; each (parameters, items)."""
        normal = [self.log_a, self.b]
        slope = [(mean - row) / sd**2 for row, (mean, sd) in zip(free, normal, strict=False)]
        fall = [np.full(free.shape[1], sd**-2) for _mean, sd in normal]
        if len(free) == 3:
            c, (alpha, beta) = parameters(free).c, self.c
            slope.append((alpha - 1) * (1 - c) - (beta - 1) * c)
            fall.append((alpha + beta - 2) * c * (1 - c))
        return np.stack(slope), np.stack(fall)


@dataclass(frozen=True)
class Model:
    """What is estimated: the shared `slope` of a 1PL, `guessing` of a 3PL."""

    guessing: bool
    shared_slope: bool
    priors: Priors


@dataclass(frozen=True, eq=False)
class Counts:
    """Expected answers at each point, (items, points), and people, (groups, points)."""

    right: Floats
    wrong: Floats
    people: Floats
    log_likelihood: float


@dataclass(frozen=True, eq=False)
class State:
    """Where the estimation stands."""

    free: Floats
    population: Population


def expect(responses: Responses, state: State) -> Counts:
    """The E-step."""
    items, population = len(responses.items), state.population
    answers = np.zeros((2 * items, len(POINTS)))
    people = np.zeros((len(population.mean), len(POINTS)))
    total = 0.0
    for block in posteriors(responses, parameters(state.free), population):
        answers += block.answers.T @ block.posterior
        people += by_group(block, population)
        total += block.log_likelihood
    return Counts(answers[:items], answers[items:], people, total)


def by_group(block: Block, population: Population) -> Singles:
    """Sums of the block's posteriors, (groups, points)."""
    belongs = np.arange(len(population.mean))[:, None] == population.group[block.people]
    return belongs.astype(np.float32) @ block.posterior


def item_slopes(counts: Counts, free: Floats, priors: Priors) -> Floats:
    """Gradient of the expected log posterior by each free parameter, (parameters, items)."""
    by_right, by_wrong = log_slopes(free, POINTS)
    answers = (counts.right * by_right).sum(2) + (counts.wrong * by_wrong).sum(2)
    return answers + priors.slopes(free)[0]


def score_items(counts: Counts, free: Floats, model: Model) -> Floats:
    """One damped step of Fisher scoring for all items at once."""
    by_right, by_wrong = log_slopes(free, POINTS)
    # The product of the two slopes is −P'² / (P (1 − P)).
    fisher = -np.einsum("jq,pjq,sjq->jps", counts.right + counts.wrong, by_right, by_wrong)
    fisher += np.eye(len(free)) * model.priors.slopes(free)[1].T[:, :, None]
    solve = solve_shared if model.shared_slope else solve_each
    return free + np.clip(solve(item_slopes(counts, free, model.priors), fisher), -1, 1)


def solve_each(slope: Floats, fisher: Floats) -> Floats:
    return np.asarray(np.linalg.solve(fisher, slope.T[:, :, None])[:, :, 0].T, np.float64)


def solve_shared(slope: Floats, fisher: Floats) -> Floats:
    """With one log a for all: the difficulties are eliminated first, then the one slope is solved."""
    cross, own = fisher[:, 0, 1], fisher[:, 1, 1]
    step_a = (slope[0] - cross * slope[1] / own).sum() / (fisher[:, 0, 0] - cross**2 / own).sum()
    return np.stack([np.full(len(own), step_a), (slope[1] - cross * step_a) / own])


def maximise(counts: Counts, state: State, model: Model) -> State:
    """The M-step, with the groups' means and spreads left free."""
    free = state.free
    for _ in range(INNER_STEPS):
        free = score_items(counts, free, model)
    number = counts.people.sum(1)
    mean = counts.people @ POINTS / number
    sd = np.sqrt(counts.people @ POINTS**2 / number - mean**2)
    return State(free, replace(state.population, mean=mean, sd=sd))


def standardise(state: State) -> State:
    """Back to the scale on which the reference group has mean 0 and standard deviation 1.

    Freeing the reference group too and scaling back is parameter expansion (Liu, Rubin & Wu 1998): the common
    shift and stretch of all items, the slowest direction of plain EM, is found in one step.
    """
    mean, sd = state.population.mean[0], state.population.sd[0]
    free = state.free.copy()
    free[0] += np.log(sd)
    free[1] = (free[1] - mean) / sd
    others = replace(state.population, mean=(state.population.mean - mean) / sd, sd=state.population.sd / sd)
    return State(free, others)


def climb(
    responses: Responses, state: State, model: Model, tolerance: float, limit: int
) -> tuple[State, int]:
    """EM until no parameter moves further than `tolerance`; also says how many rounds it took."""
    for turn in range(1, limit + 1):
        new = standardise(maximise(expect(responses, state), state, model))
        moved = float(np.abs(new.free - state.free).max())
        state = new
        if moved < tolerance:
            return state, turn
    return state, limit
