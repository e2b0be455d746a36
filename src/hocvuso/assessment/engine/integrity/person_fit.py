"""Person fit: whether one person's right and wrong answers go together as the model says.

lz is the standardised log-likelihood of Drasgow, Levine & Williams (1985); lz* is Snijders' (2001), which
allows for the ability being estimated from the same answers. An adaptive test needs more: its items hang on
the answers, so it is sat again by simulated people to see what is usual.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from hocvuso.assessment.engine.ability import Prior
from hocvuso.assessment.engine.bank import Table
from hocvuso.assessment.engine.cat import NOTHING, replay
from hocvuso.assessment.engine.exposure import draw_abilities
from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.tails import tail_of_sum
from hocvuso.assessment.engine.irt import Floats, Parameters, log_probabilities, probability, slope
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.sitting import sit

ALPHA = 0.01
DRAWS = 399


@dataclass(frozen=True, slots=True)
class PersonFit:
    """Low `lz` and `lz_star` are misfit; `p` is how likely one so low is for a person as the model says."""

    items: int
    lz: float
    lz_star: float
    p: float
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class AdaptiveFit:
    """`swing` is how far the running sum of residuals strays, in deviations of the whole sum; `p` and
    `p_swing` are the shares of simulated tests with an lz* so low or a swing so wide."""

    items: int
    lz_star: float
    p: float
    swing: float
    p_swing: float
    reasons: tuple[Reason, ...]


def measure_fit(answers: ArrayLike, p: Parameters, theta: float, *, alpha: float = ALPHA) -> PersonFit:
    """Of the answers (1 right, 0 wrong; one an item) of a person whose ability was estimated from them.

    With residuals e = x - P, weights w = log P / (1 - P) and r = P' / P (1 - P), Snijders' statistic is
    Σ e (w - c r) over its deviation, where c = Σ P' w / Σ P' r. His term c r0 equals -c Σ e r for every
    estimator that solves r0 + Σ e r = 0 (ML, MAP, WLE); written so it also serves EAP, since w - c r is
    uncorrelated with the slope of the likelihood, which is all an estimate near the truth depends on.

    `p` is the exact lower tail at the estimate, not the normal one: with 10 to 30 items lz* is skew, and
    the normal tail raises false alarms. An adaptive test asks next to the ability, where every pattern is
    nearly as likely as any other (van Krimpen-Stoop & Meijer 1999): there `p` is too high, so that it
    misses much but raises fewer false alarms still. See `measure_adaptive_fit`.
    """
    right = np.asarray(answers, dtype=bool)
    if right.shape != p.b.shape:
        raise ValueError(f"person fit: {right.size} answers for {len(p)} items")
    chance = probability(theta, p)
    plain, corrected = fit_weights(theta, p)
    lz_star = standardised(right, chance, corrected)
    tail = tail_of_sum(-corrected, chance, right)
    return PersonFit(
        items=len(p),
        lz=standardised(right, chance, plain),
        lz_star=lz_star,
        p=tail,
        reason=Reason.UNLIKELY_PATTERN if tail <= alpha else None,
    )


def fit_weights(theta: float, p: Parameters) -> tuple[Floats, Floats]:
    """Those of lz, log P / (1 - P), and of lz*."""
    chance = probability(theta, p)
    log_right, log_wrong = log_probabilities(theta, p)
    plain = log_right - log_wrong
    steep = slope(theta, p)
    pull = steep / np.maximum(chance * (1.0 - chance), np.finfo(float).tiny)
    informs = float(steep @ pull)
    share = float(steep @ plain) / informs if informs > 0 else 0.0
    return plain, plain - share * pull


def standardised(right: ArrayLike, chance: Floats, weight: Floats) -> float:
    """Σ w (x - P) over its deviation; 0 where nothing can vary."""
    spread = float(np.sqrt(weight**2 @ (chance * (1.0 - chance))))
    return float(weight @ (np.asarray(right) - chance)) / spread if spread > 1e-9 else 0.0


def measure_adaptive_fit(
    table: Table,
    policy: Policy,
    answers: Sequence[tuple[int, bool]],
    *,
    excluded: Collection[int] = NOTHING,
    draws: int = DRAWS,
    seed: int = 0,
    alpha: float = ALPHA,
) -> AdaptiveFit:
    """Of a finished adaptive test, against tests that people of this ability sit by the same policy.

    Their abilities are drawn from the estimate and its error. Beside lz* the course of the test is judged by
    a cumulated sum of residuals, after van Krimpen-Stoop & Meijer (2000): it sees a stretch of good or bad
    answers, such as help that came late or a start without glasses. Both share `alpha`. Cost: as many
    simulated tests as `draws`, so half a second or more: for the background.
    """
    if not answers:
        return AdaptiveFit(0, 0.0, 1.0, 0.0, 1.0, ())
    step = replay(table, policy, answers, seed, excluded).step()
    people = replace(policy, prior=Prior(step.estimate, step.error))
    usual = []
    for number, theta in enumerate(draw_abilities(people, draws, seed)):
        sitting = sit(table, policy, theta, seed + number, excluded)
        usual.append(course_of(table, sitting.answers, sitting.step.estimate))
    lz_star, swing = course_of(table, answers, step.estimate)
    lows, swings = np.array(usual).T
    p = (1 + int((lows <= lz_star).sum())) / (draws + 1)
    p_swing = (1 + int((swings >= swing).sum())) / (draws + 1)
    tails = ((p, Reason.UNLIKELY_PATTERN), (p_swing, Reason.UNEVEN_COURSE))
    reasons = tuple(reason for tail, reason in tails if tail <= alpha / 2)
    return AdaptiveFit(len(answers), lz_star, p, swing, p_swing, reasons)


def course_of(table: Table, answers: Sequence[tuple[int, bool]], theta: float) -> tuple[float, float]:
    """lz*, and the swing: the highest less the lowest point of the running sum, which starts at 0."""
    items, rights = zip(*answers, strict=True)
    p = table.parameters.take(items)
    chance = probability(theta, p)
    _plain, corrected = fit_weights(theta, p)
    course = np.concatenate(([0.0], np.cumsum(np.asarray(rights) - chance)))
    deviation = float(np.sqrt((chance * (1.0 - chance)).sum()))
    return standardised(rights, chance, corrected), float(np.ptp(course)) / max(deviation, 1e-9)
