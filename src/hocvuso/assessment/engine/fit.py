"""Does an item behave as its curve says? Also what a test measures how well.

The chance that a person answers an item right, given the answers to all *other* items, follows from the
model exactly; so do the sums over people of like ability on the others. That is S-X² (Orlando & Thissen 2000)
with the ability on the other items in place of the rest score: no two people need have met the same items.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from hocvuso.assessment.engine.calibration import Calibration
from hocvuso.assessment.engine.irt import Floats, Parameters, information, probability
from hocvuso.assessment.engine.posterior import POINTS, Population, posteriors
from hocvuso.assessment.engine.responses import Labels, Numbers, Responses
from hocvuso.assessment.engine.significance import adjusted, chi_square_tails

BANDS = 10  # of ability, equally many people in each
SURE = 1e-9
LEVEL = 0.05
RMSD_LIMIT = (
    0.05  # ours: five people in a hundred; below it a misfit is of no consequence, however many show it
)


@dataclass(frozen=True, eq=False)
class ItemFit:
    """One number an item.

    `infit` and `outfit` are mean squares (Wright & Masters 1982): 1 as expected, above it noise, below it too
    tidy. `rmsd` is the distance of observed from expected shares over the bands. `p` is corrected for the
    number of items.
    """

    items: Labels
    answered: Numbers
    chi_square: Floats
    freedom: int
    p: Floats
    infit: Floats
    outfit: Floats
    rmsd: Floats

    @property
    def misfits(self) -> list[object]:
        """Beyond chance and large enough to matter."""
        return self.items[(self.p < LEVEL) & (self.rmsd > RMSD_LIMIT)].tolist()


def fit_items(
    calibration: Calibration, responses: Responses, groups: Mapping[Any, str] | None = None
) -> ItemFit:
    """`responses` and `groups` are those the calibration was made from."""
    known = responses.only(calibration.items)
    p, population = calibration.parameters_of(known.items), calibration.population(known, groups)
    chance, ability = expect_from_others(known, p, population)
    bands = band_within_items(known.item, ability)
    count, size = len(known.items), len(known.items) * BANDS
    error, spread = known.right - chance, chance * (1 - chance)
    in_band = np.bincount(bands, minlength=size).reshape(count, BANDS)
    excess = np.bincount(bands, error, size).reshape(count, BANDS)
    variance = np.bincount(bands, spread, size).reshape(count, BANDS)
    chi_square = (excess**2 / variance).sum(1)
    freedom = BANDS - {"1pl": 1, "2pl": 2, "3pl": 3}[calibration.model]
    total = in_band.sum(1)
    return ItemFit(
        items=known.items,
        answered=total,
        chi_square=chi_square,
        freedom=freedom,
        p=adjusted(chi_square_tails(chi_square, freedom)),
        infit=np.bincount(known.item, error**2) / np.bincount(known.item, spread),
        outfit=np.bincount(known.item, error**2 / spread) / total,
        rmsd=np.sqrt((excess**2 / in_band).sum(1) / total),
    )


def expect_from_others(responses: Responses, p: Parameters, population: Population) -> tuple[Floats, Floats]:
    """For each response the chance of a right one and the ability, both given the person's other answers.

    Dividing the posterior by an answer's own likelihood takes the answer out; for a right one the chance is
    then 1 / Σ (posterior / P), the harmonic mean.
    """
    curve = np.clip(probability(POINTS, p), SURE, 1 - SURE)
    inverse = 1 / np.concatenate([curve, 1 - curve], axis=1)
    own = inverse.astype(np.float32)
    placed = (POINTS[:, None] * inverse).astype(np.float32)
    chances, abilities = [], []
    for block in posteriors(responses, p, population):
        given = 1 / (block.posterior @ own)[block.cells].astype(np.float64)
        abilities.append((block.posterior @ placed)[block.cells] * given)
        chances.append(given)
    whole = np.clip(np.concatenate(chances), SURE, 1 - SURE)
    return np.where(responses.right, whole, 1 - whole), np.concatenate(abilities)


def band_within_items(item: Numbers, ability: Floats) -> Numbers:
    """item × BANDS + band, bands holding equally many of the item's responses."""
    order = np.lexsort((ability, item))
    count = np.bincount(item)
    first = np.cumsum(count) - count
    rank = np.empty_like(item)
    rank[order] = np.arange(len(item)) - first[item[order]]
    return item * BANDS + rank * BANDS // count[item]


def inform(p: Parameters, abilities: ArrayLike) -> Floats:
    """Test information at each ability; a person's standard error there is one over its root (Lord 1980)."""
    return np.asarray(information(abilities, p).sum(axis=-1))
