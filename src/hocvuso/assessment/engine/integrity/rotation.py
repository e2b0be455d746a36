"""Pool rotation: which part of a bank a place may draw from in a week, so that neighbours meet other items.

The bank is cut once into as many blocks as there are pools, each a small image of the whole: the same mix of
skill groups and of difficulty. A pool is a run of neighbouring blocks, counted round in a circle, so pools
overlap and every item is in equally many. Places get pools by colouring the map, and all move on together
every week.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from math import gcd

import numpy as np

from hocvuso.assessment.engine.bank import Bank
from hocvuso.assessment.engine.drawing import Chance
from hocvuso.assessment.engine.irt import Integers
from hocvuso.assessment.engine.policy import Policy

Neighbours = Mapping[str, Collection[str]]


@dataclass(frozen=True, eq=False)
class Rotation:
    """`block` has the block of each item; pool n holds the blocks n to n + width - 1, counted round."""

    block: Integers
    pools: int
    width: int

    def excluded(self, pool: int) -> frozenset[int]:
        """The items not in a pool, as `engine.cat` takes them."""
        outside = (self.block - pool) % self.pools >= self.width
        return frozenset(np.flatnonzero(outside).tolist())

    def shared(self, one: int, other: int) -> float:
        """The share of its blocks that a pool has in common with another."""
        apart = (one - other) % self.pools
        common = max(self.width - apart, 0) + max(self.width - (self.pools - apart), 0)
        return min(common, self.width) / self.width

    @property
    def stride(self) -> int:
        """How far every place moves on a week: through all pools, with little left of the week before, which
        works best if their number is prime."""
        steps = [step for step in range(1, self.pools) if gcd(step, self.pools) == 1]
        return min(steps, key=lambda step: (self.shared(0, step), step), default=0)

    def pool_of(self, number: int, week: int) -> int:
        """For a place of that number in a week, counted from any fixed one on."""
        return (number + week * self.stride) % self.pools


def make_rotation(bank: Bank, pools: int = 7, width: int = 3, seed: int = 0) -> Rotation:
    """Deterministic, and the same whatever the order of the bank; a changed bank is dealt anew.

    A pool holds width / pools of every group, to within one item a block. Seven pools are enough for any map
    of places (see `number_places`). Raises ValueError.
    """
    if not 1 <= width < pools:
        raise ValueError("rotation: 1 <= width < pools must hold")
    chance = Chance(seed)
    luck = np.array([chance.of("item", slug) for slug in bank.slugs])
    block = np.zeros(len(bank), dtype=np.int64)
    sizes = np.zeros(pools, dtype=np.int64)
    for group, name in enumerate(bank.groups):
        members = np.flatnonzero(bank.group == group)
        ranked = members[np.lexsort(sort_keys(bank, luck, members))]
        for start in range(0, len(ranked), pools):
            deal = ranked[start : start + pools]
            draws = np.array([chance.of("block", name, start, one) for one in range(pools)])
            # Those with fewest items first, so that what is left of each group evens out over the groups.
            takers = np.lexsort((draws, sizes))[: len(deal)]
            chosen = takers[np.argsort(luck[deal], kind="stable")]
            block[deal] = chosen
            sizes[chosen] += 1
    return Rotation(block, pools, width)


def sort_keys(bank: Bank, luck: np.ndarray, members: Integers) -> tuple[np.ndarray, ...]:
    """For lexsort, the weightiest last: by difficulty, or by step and skill as long as none is calibrated."""
    if bank.parameters is not None:
        return luck[members], bank.parameters.b[members]
    return luck[members], bank.skill[members], bank.step[members]


def check_rotation(bank: Bank, rotation: Rotation, policy: Policy) -> None:
    """Whether every pool can fill the longest test by itself. Raises ValueError that names what cannot."""
    for pool in range(rotation.pools):
        inside = (rotation.block - pool) % rotation.pools < rotation.width
        sizes = np.bincount(bank.group[inside], minlength=len(bank.groups)).tolist()
        size, longest = int(inside.sum()), policy.max_length
        if size < longest:
            raise ValueError(f"rotation: pool {pool} has {size} items, the longest test wants {longest}")
        for name, size in zip(bank.groups, sizes, strict=True):
            wanted = policy.shares.get(name, 0.0) * policy.max_length
            if size < wanted:
                raise ValueError(
                    f"rotation: pool {pool} has {size} items of group {name}, the blueprint wants {wanted:g}"
                )


def number_places(rotation: Rotation, neighbours: Neighbours, seed: int = 0) -> dict[str, int]:
    """A number for `Rotation.pool_of` to each place, so that no two neighbours ever have the same pool.

    Among the numbers left to it a place takes one whose pool has least in common with its neighbours', then
    one that few places have. Places are numbered in smallest-last order (Matula & Beck 1983): on a map each
    then has at most five neighbours numbered before it, so six pools always do. Raises ValueError where
    `neighbours` is no map and the pools do not suffice.
    """
    beside = both_ways(neighbours)
    chance = Chance(seed)
    numbers: dict[str, int] = {}
    used = [0] * rotation.pools
    for place in reversed(smallest_first(beside)):
        taken = {numbers[one] for one in beside[place] if one in numbers}
        free = [number for number in range(rotation.pools) if number not in taken]
        if not free:
            raise ValueError(f"rotation: {rotation.pools} pools are too few for the neighbours of {place}")
        luck = int(chance.of("place", place) * rotation.pools)
        chosen = min(
            free,
            key=lambda number: (
                max((rotation.shared(number, other) for other in taken), default=0.0),
                used[number],
                (number + luck) % rotation.pools,
            ),
        )
        numbers[place] = chosen
        used[chosen] += 1
    return numbers


def both_ways(neighbours: Neighbours) -> dict[str, set[str]]:
    """Whoever is named as a neighbour has one; nobody is the own neighbour."""
    beside: dict[str, set[str]] = {place: set() for place in neighbours}
    for place, others in neighbours.items():
        for other in others:
            if other != place:
                beside[place].add(other)
                beside.setdefault(other, set()).add(place)
    return beside


def smallest_first(beside: Mapping[str, set[str]]) -> list[str]:
    """Again and again the place with fewest neighbours among those left; ties by name."""
    left = {place: len(others) for place, others in beside.items()}
    heap = [(count, place) for place, count in left.items()]
    heapify(heap)
    order = []
    while heap:
        count, place = heappop(heap)
        if left.get(place) != count:
            continue
        del left[place]
        order.append(place)
        for other in beside[place]:
            if other in left:
                left[other] -= 1
                heappush(heap, (left[other], other))
    return order
