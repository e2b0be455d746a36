"""The next item out of the presorted lists of a table. Cost: a few dozen entries, however large the bank."""

from collections.abc import Collection, Iterator, Set
from dataclasses import dataclass, field
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from hocvuso.assessment.engine.bank import Table
from hocvuso.assessment.engine.chance import EXPOSURE, FADING, POOL, TIE, draw, draw_many, mix
from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.policy import Policy, Rule

CHUNK = 32
SHORT_LIST = 32  # of the most informative items at each of three abilities, for the divergence rule
FADING_BEST, FADING_DRAWN = 32, 64  # for the progressive rule: the most informative, and any
NUMBERS = np.arange(FADING_DRAWN)


@dataclass(slots=True)
class Search:
    """One look for an item: what it may not be, and where the answers so far point.

    `aside` gathers the items that Sympson-Hetter set aside on the way; they count as selected when the
    control numbers are worked out, and stand in when nothing else is left.
    """

    table: Table
    policy: Policy
    seed: int
    asked: Set[int]
    excluded: Collection[int]
    enemies: Collection[int]
    estimate: float
    error: float
    posterior: Floats
    aside: list[int] = field(default_factory=list)

    def shown(self, item: int) -> bool:
        """Sympson & Hetter's (1985) draw. One an item and test: an item set aside stays so to the end."""
        control = self.policy.control
        if control is None or draw(self.seed, EXPOSURE, item) < control[item]:
            return True
        self.aside.append(item)
        return False


def pick(search: Search, group: int | None) -> int | None:
    """The item to ask, out of one group or of all; None when nothing is left there."""
    rule = search.policy.rule
    if rule is Rule.INFORMATION:
        best = first_shown(search, row_of(search, search.estimate, group), search.policy.randomesque)
    elif rule is Rule.DIVERGENCE:
        best = rank_by_divergence(search, group)
    else:
        best = rank_by_fading(search, group)
    if best:
        return best[int(draw(search.seed, TIE, len(search.asked)) * len(best))]
    return next(free_items(search, row_of(search, search.estimate, group)), None)


def row_of(search: Search, theta: float, group: int | None) -> NDArray[np.int32]:
    """Items from most to least informative at the grid point next to an ability."""
    table = search.table
    point = table.nearest(theta)
    if group is None:
        return table.order[point]
    return table.group_order[point, table.group_start[group] : table.group_start[group + 1]]


def free_items(search: Search, row: NDArray[np.int32]) -> Iterator[int]:
    """Those that may be asked. Read in chunks: a list of Python numbers is quicker to walk than an array."""
    asked, excluded, enemies, enemy = search.asked, search.excluded, search.enemies, search.table.bank.enemy
    for start in range(0, len(row), CHUNK):
        for item in row[start : start + CHUNK].tolist():
            if item in asked or item in excluded or (enemies and int(enemy[item]) in enemies):
                continue
            yield item


def first_shown(search: Search, row: NDArray[np.int32], wanted: int) -> list[int]:
    found: list[int] = []
    for item in free_items(search, row):
        if search.shown(item):
            found.append(item)
            if len(found) == wanted:
                break
    return found


def ranked(search: Search, items: list[int], worth: Floats) -> list[int]:
    """The items worth most, as many as the policy draws among."""
    order = np.argsort(-worth, kind="stable").tolist()
    found: list[int] = []
    for place in order:
        if search.shown(items[place]):
            found.append(items[place])
            if len(found) == search.policy.randomesque:
                break
    return found


def rank_by_divergence(search: Search, group: int | None) -> list[int]:
    """By Σ posterior(θ) KL(estimate, θ), with the estimate at its grid point.

    Worked out for a short list: the items most informative at the estimate and one standard error to either
    side, as an item that tells much over the posterior tells much somewhere in it.
    """
    table, around = search.table, (0.0, -search.error, search.error)
    lists = (row_of(search, search.estimate + shift, group) for shift in around)
    items = list(dict.fromkeys(item for row in lists for item in islice(free_items(search, row), SHORT_LIST)))
    if not items:
        return []
    answers = table.log_answer[items]
    here = answers[:, :, table.nearest(search.estimate)]
    return ranked(search, items, (np.exp(here) * (here - answers @ search.posterior)).sum(axis=1))


def rank_by_fading(search: Search, group: int | None) -> list[int]:
    """By w I(θ) + (1 - w) R, R even between 0 and the greatest information; w goes from 0 to 1 over the test.

    Of a large list the most informative items and a draw of the others are looked at. A drawn item stands for
    as many as were not drawn, so its R is the greatest of so many.
    """
    table, length = search.table, len(search.asked)
    row = row_of(search, search.estimate, group)
    best = dict.fromkeys(islice(free_items(search, row), FADING_BEST))
    others = [item for item in free_items(search, draw_some(search, row)) if item not in best]
    items = [*best, *dict.fromkeys(others)]
    if not items:
        return []
    informs = table.information[table.nearest(search.estimate), items]
    chance = draw_many(mix(search.seed) + length, FADING, np.array(items))
    chance[len(best) :] **= min(1.0, FADING_DRAWN / len(row))
    weight = min(1.0, length / max(1, search.policy.max_length - 1))
    return ranked(search, items, weight * informs + (1.0 - weight) * informs.max() * chance)


def draw_some(search: Search, row: NDArray[np.int32]) -> NDArray[np.int32]:
    if len(row) <= FADING_DRAWN:
        return row
    chance = draw_many(mix(search.seed) + len(search.asked), POOL, NUMBERS)
    return row[(chance * len(row)).astype(np.int64)]
