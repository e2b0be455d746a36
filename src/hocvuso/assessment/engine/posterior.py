"""What answers say about abilities: each person's posterior on a grid (Bock & Aitkin 1981).

Even spacing instead of Gauss-Hermite: over a smooth density the plain sum errs by about 2 exp(−2 (π s / h)²),
s the posterior's standard deviation and h the spacing; 0.2 leaves 0.002 at s = 0.12, a test of 70 points of
information.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hocvuso.assessment.engine.irt import Floats, Parameters, log_probabilities
from hocvuso.assessment.engine.responses import Cells, Labels, Numbers, Responses, Singles

POINTS = np.linspace(-6, 6, 61)


@dataclass(frozen=True, eq=False)
class Population:
    """Normal abilities, one mean and standard deviation a group; `group` numbers each person's.

    The first group is the scale's reference.
    """

    mean: Floats
    sd: Floats
    group: Numbers

    def log_weights(self) -> Floats:
        """(groups, points), each summing to one."""
        logs = -0.5 * ((POINTS - self.mean[:, None]) / self.sd[:, None]) ** 2
        return logs - np.log(np.exp(logs).sum(1, keepdims=True))


@dataclass(frozen=True, eq=False)
class Block:
    people: slice
    cells: Cells  # where this block's responses stand in `answers`
    answers: Singles  # (people, 2 × items): right | wrong
    posterior: Singles  # (people, points), rows sum to one
    log_likelihood: float


def posteriors(responses: Responses, p: Parameters, population: Population) -> Iterator[Block]:
    """Single precision holds: the sums over a person's answers stay within a few hundred."""
    table = np.concatenate(log_probabilities(POINTS, p), axis=1).T.astype(np.float32)
    prior = population.log_weights().astype(np.float32)
    for people, cells, answers in responses.blocks():
        logs = answers @ table
        logs += prior[population.group[people]]
        top = logs.max(1, keepdims=True)
        logs -= top
        np.exp(logs, out=logs)
        total = logs.sum(1, keepdims=True)
        logs /= total
        yield Block(people, cells, answers, logs, float(np.sum(np.log(total) + top, dtype=np.float64)))


@dataclass(frozen=True, eq=False)
class Abilities:
    """Expected a posteriori (Bock & Mislevy 1982), with the posterior's standard deviation."""

    people: Labels
    value: Floats
    se: Floats


def estimate_abilities(responses: Responses, p: Parameters, population: Population) -> Abilities:
    mean, square = np.zeros(len(responses.people)), np.zeros(len(responses.people))
    for block in posteriors(responses, p, population):
        mean[block.people] = block.posterior @ POINTS
        square[block.people] = block.posterior @ POINTS**2
    return Abilities(responses.people, mean, np.sqrt(np.maximum(square - mean**2, 0)))
