"""Exposure: how often each item is shown, and the control numbers that keep every item below a rate.

Sympson & Hetter (1985): an item that is selected is shown only with the probability in its control number.
The numbers are found by simulation: after each round an item selected more often than the rate allows gets
rate / share selected, and every other item gets 1.
"""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from hocvuso.assessment.engine.bank import Table
from hocvuso.assessment.engine.cat import check_policy
from hocvuso.assessment.engine.chance import ABILITY, draw_many
from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.sitting import sit

INSIDE = 1e-9


@dataclass(frozen=True, eq=False)
class Exposure:
    """`control` goes into `Policy.control`; `rates` are the shares of tests that showed each item."""

    control: Floats
    rates: Floats

    @property
    def highest(self) -> float:
        return float(self.rates.max())

    @property
    def overlap(self) -> float:
        """The share of items that two tests have in common, on average (Barrada et al. 2009)."""
        length = self.rates.sum()
        return float(self.rates @ self.rates / length) if length else 0.0


def draw_abilities(policy: Policy, examinees: int, seed: int) -> list[float]:
    """From the policy's prior."""
    normal = NormalDist(policy.prior.mean, policy.prior.deviation)
    even = draw_many(seed, ABILITY, np.arange(examinees)).clip(INSIDE, 1 - INSIDE)
    return [normal.inv_cdf(one) for one in even.tolist()]


def measure_exposure(table: Table, policy: Policy, abilities: list[float], seed: int = 0) -> Exposure:
    """What one simulated test for each ability shows."""
    shown, _selected = count_items(table, policy, abilities, seed)
    control = np.ones(len(table.bank)) if policy.control is None else policy.control
    return Exposure(control, shown / len(abilities))


def count_items(
    table: Table, policy: Policy, abilities: list[float], seed: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How many tests showed, and how many selected, each item."""
    shown = np.zeros(len(table.bank), dtype=np.int64)
    selected = np.zeros(len(table.bank), dtype=np.int64)
    for number, theta in enumerate(abilities):
        sitting = sit(table, policy, theta, seed + number)
        asked = [item for item, _right in sitting.answers]
        shown[asked] += 1
        selected[list({*asked, *sitting.aside})] += 1
    return shown, selected


def calibrate_exposure(
    table: Table,
    policy: Policy,
    highest_rate: float,
    *,
    seed: int = 0,
    examinees: int = 1000,
    rounds: int = 12,
) -> Exposure:
    """Control numbers for a highest rate, and the rates of one further round that did not help to find them.

    What the later half of the rounds counted is averaged. 1,000 examinees measure a rate of 0.2 to ±0.025,
    so the highest of many items measured lies somewhat above its expectation. Cost: 1 ms an examinee and
    round. Raises ValueError if the bank, or a group of the blueprint, is too small for the rate.
    """
    check_rate(table, policy, highest_rate)
    abilities = draw_abilities(policy, examinees, seed)
    now = replace(policy, control=np.ones(len(table.bank)))
    late: list[NDArray[np.int64]] = []
    for turn in range(rounds):
        # Other answers in each round, lest the numbers fit one draw of them.
        _shown, selected = count_items(table, now, abilities, seed + turn * examinees)
        if turn >= rounds // 2:
            late.append(selected)
        counted = np.mean(late or [selected], axis=0) / examinees
        now = replace(policy, control=highest_rate / np.maximum(counted, highest_rate))
    return measure_exposure(table, now, abilities, seed + rounds * examinees)


def check_rate(table: Table, policy: Policy, highest_rate: float) -> None:
    check_policy(table, replace(policy, control=None))
    if not 0 < highest_rate <= 1:
        raise ValueError("exposure: the highest rate must be above 0 and at most 1")
    sizes = np.bincount(table.bank.group, minlength=len(table.bank.groups)).tolist()
    parts = [("bank", len(table.bank), 1.0)]
    names = dict(zip(table.bank.groups, sizes, strict=True))
    parts += [(f"group {name}", names[name], share) for name, share in policy.shares.items()]
    for part, size, share in parts:
        least = share * policy.max_length / size
        if least > highest_rate:
            raise ValueError(f"exposure: the {part} is too small: at best a rate of {least:.2f}")
