"""People taking their time over items, for the tests of integrity."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from hocvuso.assessment.engine.integrity.timing import TimeModel, Timing, fit_times, judge_times
from hocvuso.assessment.engine.irt import Floats, Integers, Parameters, probability


@dataclass(frozen=True, eq=False)
class Timed:
    """One entry an answer; people in blocks of `each` answers to items drawn for them."""

    item: Integers
    seconds: Floats
    right: Integers
    chance: Floats
    each: int

    @property
    def person(self) -> Integers:
        return np.arange(len(self.item)) // self.each

    def fit(self, items: int) -> TimeModel:
        return fit_times(self.person, self.item, self.seconds, items)

    def judge(self, model: TimeModel, person: int) -> Timing:
        own = slice(person * self.each, (person + 1) * self.each)
        return judge_times(model, self.item[own], self.seconds[own], self.right[own], self.chance[own])


@dataclass(frozen=True, eq=False)
class World:
    intensity: Floats
    spread: Floats
    p: Parameters

    def answer(self, people: int, each: int, seed: int, freedom: int = 1000) -> Timed:
        """Lognormal times; a low `freedom` gives t-distributed ones of the same deviation."""
        chance = np.random.default_rng(seed)
        items = len(self.p)
        item = np.concatenate([chance.permutation(items)[:each] for _person in range(people)])
        speed = np.repeat(chance.normal(0, 0.35, people), each)
        ability = chance.normal(size=people)
        right = probability(ability, self.p)[np.repeat(np.arange(people), each), item]
        noise = chance.standard_t(freedom, len(item)) * sqrt((freedom - 2) / freedom)
        seconds = np.exp(self.intensity[item] - speed + self.spread[item] * noise)
        return Timed(item, seconds, chance.random(len(item)) < right, right, each)


def make_world(items: int, seed: int = 1) -> World:
    chance = np.random.default_rng(seed)
    return World(
        chance.normal(3.3, 0.4, items),
        chance.uniform(0.3, 0.7, items),
        Parameters.of(chance.normal(size=items)),
    )
