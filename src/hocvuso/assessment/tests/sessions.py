"""People answering items with options, for the tests of integrity."""

from dataclasses import dataclass

import numpy as np

from hocvuso.assessment.engine.ability import make_grid
from hocvuso.assessment.engine.integrity.similarity import Session, option_shares
from hocvuso.assessment.engine.irt import Floats, Integers, Parameters, log_probabilities, probability
from hocvuso.assessment.tests.simulated import make_parameters

OPTIONS = 4


@dataclass(frozen=True, eq=False)
class Habits:
    """How much each wrong option draws people, and how that changes with ability; option 0 is the key."""

    p: Parameters
    draw: Floats
    tilt: Floats

    def choose(self, ability: Floats, chance: np.random.Generator) -> Integers:
        right = chance.random((len(ability), len(self.p))) < probability(ability, self.p)
        pull = self.draw + self.tilt * ability[:, None, None]
        wrong = 1 + np.argmax(pull + chance.gumbel(size=pull.shape), axis=2)
        return np.where(right, 0, wrong)


def make_habits(items: int, seed: int, tilt: float = 0.0) -> Habits:
    chance = np.random.default_rng(seed)
    shape = (items, OPTIONS - 1)
    return Habits(make_parameters(items, seed), chance.normal(size=shape), tilt * chance.normal(size=shape))


def make_session(habits: Habits, choice: Integers, seed: int = 0, pretested: int = 400) -> Session:
    """Shares of options are counted in a pretest, abilities estimated from the answers given."""
    chance = np.random.default_rng(seed)
    earlier = habits.choose(chance.normal(size=pretested), chance)
    counts = np.stack([np.bincount(column, minlength=OPTIONS) for column in earlier.T])
    key = np.zeros(len(habits.p), dtype=np.int64)
    return Session(choice, key, habits.p, estimate_all(choice, habits.p), option_shares(counts, key))


def estimate_all(choice: Integers, p: Parameters) -> Floats:
    """EAP of every row; option 0 is right, -1 was not asked."""
    grid = make_grid()
    right, wrong = log_probabilities(grid, p)
    log_posterior = (choice == 0) @ right.T + (choice > 0) @ wrong.T - grid**2 / 2
    weight = np.exp(log_posterior - log_posterior.max(axis=1, keepdims=True))
    return np.asarray(weight @ grid / weight.sum(axis=1))


def copy(choice: Integers, source: int, to: int, share: float, chance: np.random.Generator) -> None:
    taken = chance.permutation(choice.shape[1])[: round(share * choice.shape[1])]
    choice[to, taken] = choice[source, taken]
