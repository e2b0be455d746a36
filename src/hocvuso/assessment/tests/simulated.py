"""People answering items as a model says, for the tests of calibration."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hocvuso.assessment.engine.irt import Floats, Parameters, probability
from hocvuso.assessment.engine.responses import Responses


@dataclass(frozen=True, eq=False)
class Simulated:
    p: Parameters
    ability: Floats
    right: NDArray[np.bool_]
    asked: NDArray[np.bool_]

    @property
    def responses(self) -> Responses:
        person, item = np.nonzero(self.asked)
        return Responses.of(person, item, self.right[self.asked])


def make_parameters(items: int, seed: int = 1, guessing: float = 0.0) -> Parameters:
    chance = np.random.default_rng(seed)
    return Parameters.of(a=np.exp(chance.normal(0.1, 0.3, items)), b=chance.normal(0, 1, items), c=guessing)


def simulate(p: Parameters, ability: Floats, missing: float = 0.0, seed: int = 2) -> Simulated:
    chance = np.random.default_rng(seed)
    right = chance.random((len(ability), len(p))) < probability(ability, p)
    return Simulated(p, ability, right, chance.random(right.shape) >= missing)


def make_abilities(people: int, mean: float = 0.0, sd: float = 1.0, seed: int = 3) -> Floats:
    return np.random.default_rng(seed).normal(mean, sd, people)


def rmse(found: Floats, true: Floats) -> float:
    return float(np.sqrt(np.mean((found - true) ** 2)))
