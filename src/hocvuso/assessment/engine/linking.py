"""A new calibration on the scale of an old one, so that a mark earned last year means the same this year.

Stocking & Lord (1983): the line old = slope × new + intercept that brings the test characteristic curves of
the common items, the *anchors*, together. Anchors that changed meanwhile are left out, the worst first.
"""

from dataclasses import dataclass, replace

import numpy as np

from hocvuso.assessment.engine.calibration import Calibration
from hocvuso.assessment.engine.irt import Floats, Parameters, probability, slope
from hocvuso.assessment.engine.responses import CannotCalibrate, Flags, Labels
from hocvuso.assessment.engine.significance import adjusted, normal_tails

FEWEST_ANCHORS = 5
FEWEST_KEPT = 0.5  # of the anchors: when most have moved, nobody can say which scale is the old one
DRIFT = 0.3  # logits; the usual limit for anchors (Miller, Rotou & Twing 2004)
LEVEL = 0.05
GRID = np.linspace(-4, 4, 81)
WEIGHT = np.exp(-(GRID**2) / 4)  # the square root of the normal density of old abilities


class TooFewAnchors(CannotCalibrate):
    def __init__(self, count: int, needed: int, common: int) -> None:
        self.count, self.needed, self.common = count, needed, common
        super().__init__(f"{count} of {common} common items stayed as they were; {needed} are needed to link")


@dataclass(frozen=True)
class Link:
    """old = slope × new + intercept."""

    slope: float
    intercept: float

    def apply(self, calibration: Calibration) -> Calibration:
        """The same calibration on the old scale; the link itself is taken as exact."""
        return replace(
            calibration,
            a=calibration.a / self.slope,
            b=self.place(calibration.b),
            se_a=calibration.se_a / self.slope,
            se_b=calibration.se_b * self.slope,
            mean={name: self.slope * mean + self.intercept for name, mean in calibration.mean.items()},
            sd={name: self.slope * sd for name, sd in calibration.sd.items()},
        )

    def place(self, new: Floats) -> Floats:
        return self.slope * new + self.intercept


@dataclass(frozen=True, eq=False)
class Drift:
    """What became of each common item, on the old scale: `change` of b in logits, `stretch` the ratio of a.

    `p` is corrected for the number of items. `drifted`: beyond its standard errors and further than DRIFT.
    """

    items: Labels
    change: Floats
    se: Floats
    stretch: Floats
    p: Floats
    anchors: Flags

    @property
    def drifted(self) -> Flags:
        return (self.p < LEVEL) & (np.abs(self.change) > DRIFT)


@dataclass(frozen=True, eq=False)
class Linking:
    link: Link
    drift: Drift
    calibration: Calibration

    @property
    def dropped(self) -> list[object]:
        return self.drift.items[~self.drift.anchors].tolist()


def link_to_old(new: Calibration, old: Calibration) -> Linking:
    """`new` on the scale of `old`, by the items they share. Raises TooFewAnchors."""
    common = np.intersect1d(new.items, old.items)
    needed = max(FEWEST_ANCHORS, int(np.ceil(FEWEST_KEPT * len(common))))
    anchors = np.ones(len(common), np.bool_)
    while anchors.sum() >= needed:
        link = stocking_lord(new.parameters_of(common[anchors]), old.parameters_of(common[anchors]))
        drift = report_drift(link.apply(new), old, common, anchors)
        moved = drift.drifted & anchors
        if not moved.any():
            return Linking(link, drift, link.apply(new))
        anchors = anchors.copy()
        anchors[np.argmax(np.where(moved, np.abs(drift.change), 0))] = False
    raise TooFewAnchors(int(anchors.sum()), needed, len(common))


def report_drift(linked: Calibration, old: Calibration, common: Labels, anchors: Flags) -> Drift:
    """Both calibrations on one scale. The errors hold no error of the link, which the anchors share."""
    now, then = linked.parameters_of(common), old.parameters_of(common)
    errors = [one.se_b[np.searchsorted(one.items, common)] for one in (linked, old)]
    change, se = now.b - then.b, np.hypot(*errors)
    return Drift(common, change, se, now.a / then.a, adjusted(normal_tails(change / se)), anchors)


def stocking_lord(new: Parameters, old: Parameters) -> Link:
    """Gauss-Newton from medians, which a few changed anchors do not move."""
    stretch = float(np.median(new.a / old.a))
    shift = float(np.median(old.b - stretch * new.b))
    goal = probability(GRID, old).sum(1)
    for _ in range(100):
        place = (GRID - shift) / stretch
        miss = WEIGHT * (goal - probability(place, new).sum(1))
        steep = WEIGHT * slope(place, new).sum(1) / stretch
        step, *_rest = np.linalg.lstsq(-np.stack([steep * place, steep], 1), miss, rcond=None)
        stretch, shift = max(stretch + float(step[0]), stretch / 2), shift + float(step[1])
        if np.abs(step).max() < 1e-10:
            break
    return Link(stretch, shift)
