"""Response times: answers given before an item can have been read, and speed that ability does not explain.

The model is van der Linden's (2006): log t is normal with mean β - τ and deviation 1 / α, where β is the
item's time intensity (log-seconds), α its precision and τ the person's speed (0 is average, 0.7 is twice as
fast). It is fitted by an EM over speed, without the rapid answers; what lies beyond BEND deviations counts
less (Huber's proposal 2), and items lean on one another the more, the fewer times they have.

A time says nothing about why: practice, a read-aloud, a helper, or an answer tapped by mistake look alike.
"""

from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.irt import Floats, Integers

ALPHA = 0.001
LEAST_TIMES = 20  # answers to an item before its times are judged
LEAST_ANSWERS = 4  # of a person on such items, for each part that is compared
LONGEST = 1800.0  # seconds: whoever took longer was away
BEND = 2.0
SPREAD_PRIOR = 10.0  # times' worth of belief that an item's spread is that of all items
ROUNDS = 60
RAPID_SHARE, RAPID_CAP = 0.1, 10.0  # of the item's typical time, and seconds: Wise & Ma (2012), "NT10"
LEAST_RAPID = 3  # rapid answers before a reviewer hears of them
EFFORT = 0.9  # least share of answers that were not rapid: Wise & Kong (2005)
HARD = 0.5  # the chance of a right answer up to which an item is hard for a person
FAR = 0.5  # the share of the expected time that is "far" too fast; a lesser haste is never flagged
NORMAL = NormalDist()
BEYOND = 2 * NORMAL.cdf(-BEND)
KEPT = 1 - BEYOND - 2 * BEND * NORMAL.pdf(BEND) + BEND**2 * BEYOND  # E[min(z², BEND²)] of a normal z


@dataclass(frozen=True, eq=False)
class TimeModel:
    """One entry an item, and the spread of speed between people. `times` tells how many each rests on."""

    intensity: Floats
    precision: Floats
    times: Integers
    speed_spread: float

    @property
    def known(self) -> NDArray[np.bool_]:
        return self.times >= LEAST_TIMES

    @property
    def foresight(self) -> Floats:
        """The precision of a new time: less than that of the item, whose intensity rests on so many times."""
        times = np.maximum(self.times, 1)
        return np.asarray(((self.precision**-2 * (times + 1) + self.speed_spread**2) / times) ** -0.5)

    @property
    def rapid_below(self) -> Floats:
        """Seconds; faster answers are rapid."""
        return rapid_line(self.intensity)


def rapid_line(intensity: Floats) -> Floats:
    return np.asarray(np.minimum(RAPID_SHARE * np.exp(intensity), RAPID_CAP))


@dataclass(frozen=True, slots=True)
class Haste:
    """Times against what was to be expected: `ratio` is 0.5 at half the expected time; p is one-sided."""

    answers: int
    ratio: float
    p: float


@dataclass(frozen=True, slots=True)
class Timing:
    """One person. `rapid` are positions in the answers given; `effort` is the share that was not rapid.

    `hard` compares hard items answered right with the person's other answers, `overall` all answers with
    other people; each is None where there is too little to compare.
    """

    answers: int
    rapid: tuple[int, ...]
    effort: float
    hard: Haste | None
    overall: Haste | None
    reasons: tuple[Reason, ...]


def fit_times(person: ArrayLike, item: ArrayLike, seconds: ArrayLike, items: int) -> TimeModel:
    """From one entry an answer. People are any whole numbers, items those of the bank, from 0.

    Times that are not above 0 are left out, those above half an hour count as half an hour. Raises
    ValueError if none is left. Cost: 1 s for 200,000 answers.
    """
    time, numbers = np.asarray(seconds, np.float64), np.asarray(item, np.int64)
    usable = np.isfinite(time) & (time > 0)
    if not usable.any():
        raise ValueError("times: there is none above 0")
    log_time = np.log(np.minimum(time[usable], LONGEST))
    _names, who = np.unique(np.asarray(person)[usable], return_inverse=True)
    return em(who, numbers[usable], log_time, items)


def em(who: Integers, what: Integers, log_time: Floats, items: int) -> TimeModel:
    times = np.bincount(what, minlength=items)
    centre = float(np.median(log_time))
    intensity = np.full(items, centre)
    variance = np.full(
        items, max(float(np.median(np.abs(log_time - centre)) / NORMAL.inv_cdf(0.75)) ** 2, 1e-4)
    )
    speed = np.zeros(int(who.max()) + 1)
    between, spread = float(variance[0]), float(variance[0]) / 2
    for _round in range(ROUNDS):
        residual = log_time - intensity[what] + speed[who]
        rapid = log_time < np.log(rapid_line(intensity))[what]
        weight = np.where(rapid, 0.0, bend(residual / np.sqrt(variance[what])))
        pull = weight / variance[what]
        error = np.asarray(1.0 / (np.bincount(who, pull) + 1.0 / spread), np.float64)
        speed = error * np.bincount(who, pull * (intensity[what] - log_time))
        bent = speed * bend(speed / np.sqrt(spread))
        spread = max(float(np.mean(bent**2 / KEPT + error)), 1e-4)
        speed = speed - speed.mean()
        belief = variance / between
        lifted = np.bincount(what, weight * (log_time + speed[who]), items)
        intensity = (lifted + belief * centre) / (np.bincount(what, weight, items) + belief)
        centre = float(intensity[times > 0].mean())
        between = max(float(intensity[times > 0].var()), 0.01)
        variance = item_variance(what, log_time - intensity[what] + speed[who], weight, error[who], items)
    return TimeModel(intensity, variance**-0.5, times, float(np.sqrt(spread)))


def bend(z: Floats) -> Floats:
    """Huber's weight of a standardised residual."""
    return np.asarray(np.minimum(1.0, BEND / np.maximum(np.abs(z), 1e-9)))


def item_variance(what: Integers, residual: Floats, weight: Floats, error: Floats, items: int) -> Floats:
    """Each item's, drawn to that of all items together; `error` is what is unknown of the person's speed."""
    counted = weight > 0
    squares = np.where(counted, (weight * residual) ** 2 / KEPT + error, 0.0)
    every = float(squares.sum() / max(counted.sum(), 1))
    total = np.bincount(what, squares, items) + SPREAD_PRIOR * every
    number = np.bincount(what, counted, items) + SPREAD_PRIOR
    return np.asarray(np.maximum(total / number, 1e-4))


def judge_times(
    model: TimeModel,
    item: ArrayLike,
    seconds: ArrayLike,
    right: ArrayLike,
    chance: ArrayLike,
    *,
    alpha: float = ALPHA,
) -> Timing:
    """One person's answers; `chance` is how likely each was to be right, given the ability (irt.probability).

    Items whose times are not known yet, and answers without a time, are left out.
    """
    numbers, time = np.asarray(item, np.int64), np.asarray(seconds, np.float64)
    usable = model.known[numbers] & np.isfinite(time) & (time > 0)
    place = np.flatnonzero(usable)
    numbers, time = numbers[place], np.minimum(time[place], LONGEST)
    is_rapid = time < model.rapid_below[numbers]
    is_hard = np.asarray(right, dtype=bool)[place] & (np.asarray(chance)[place] <= HARD)
    excess, precision = np.log(time) - model.intensity[numbers], model.foresight[numbers]
    hard = haste_within(excess, precision, is_hard, model.speed_spread)
    overall = haste_of(excess, precision, 0.0, model.speed_spread**2)
    effort = 1.0 - float(is_rapid.mean()) if len(place) else 1.0
    reasons = [
        (int(is_rapid.sum()) >= LEAST_RAPID and effort < EFFORT, Reason.RAPID_ANSWERS),
        (is_far(hard, alpha), Reason.FAST_ON_HARD),
        (is_far(overall, alpha), Reason.FAST_THROUGHOUT),
    ]
    return Timing(
        answers=len(place),
        rapid=tuple(place[is_rapid].tolist()),
        effort=effort,
        hard=hard,
        overall=overall,
        reasons=tuple(reason for held, reason in reasons if held),
    )


def haste_within(excess: Floats, precision: Floats, part: NDArray[np.bool_], spread: float) -> Haste | None:
    """Of some answers of a person, with the speed that the other answers show."""
    rest = ~part
    if rest.sum() < LEAST_ANSWERS:
        return None
    pull = precision[rest] ** 2
    error = 1.0 / (pull.sum() + spread**-2)
    middle = float(np.median(excess[rest]))
    steady = middle + np.clip((excess[rest] - middle) * precision[rest], -3, 3) / precision[rest]
    return haste_of(excess[part], precision[part], -float(error * (pull @ steady)), float(error))


def haste_of(excess: Floats, precision: Floats, speed: float, error: float) -> Haste | None:
    """Against a speed that is known up to a variance. No single answer counts for more than 3 deviations."""
    if len(excess) < LEAST_ANSWERS:
        return None
    pull = precision**2
    reach = 3.0 * np.sqrt(precision**-2 + error)
    ahead = float(pull @ np.clip(excess + speed, -reach, reach) / pull.sum())
    z = ahead / float(np.sqrt(1.0 / pull.sum() + error))
    return Haste(len(excess), float(np.exp(ahead)), NORMAL.cdf(z))


def is_far(haste: Haste | None, alpha: float) -> bool:
    return haste is not None and haste.p <= alpha and haste.ratio <= FAR
