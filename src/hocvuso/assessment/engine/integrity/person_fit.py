"""Person fit: whether one person's right and wrong answers go together as the model says.

lz is the standardised log-likelihood of Drasgow, Levine & Williams (1985); lz* is Snijders' (2001), which
allows for the ability being estimated from the same answers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.tails import tail_of_sum
from hocvuso.assessment.engine.irt import Floats, Parameters, log_probabilities, probability, slope

ALPHA = 0.01


@dataclass(frozen=True, slots=True)
class PersonFit:
    """Low `lz` and `lz_star` are misfit; `p` is how likely one so low is for a person as the model says."""

    items: int
    lz: float
    lz_star: float
    p: float
    reason: Reason | None


def measure_fit(answers: ArrayLike, p: Parameters, theta: float, *, alpha: float = ALPHA) -> PersonFit:
    """Of the answers (1 right, 0 wrong; one an item) of a person whose ability was estimated from them.

    With residuals e = x - P, weights w = log P / (1 - P) and r = P' / P (1 - P), Snijders' statistic is
    Σ e (w - c r) over its deviation, where c = Σ P' w / Σ P' r. His term c r0 equals -c Σ e r for every
    estimator that solves r0 + Σ e r = 0 (ML, MAP, WLE); written so it also serves EAP, since w - c r is
    uncorrelated with the slope of the likelihood, which is all an estimate near the truth depends on.

    `p` is the exact lower tail at the estimate, not the normal one: with 10 to 30 items lz* is skew, and
    the normal tail raises false alarms. An adaptive test asks next to the ability, where every pattern is
    nearly as likely as any other (van Krimpen-Stoop & Meijer 1999): there `p` is too high, so that it
    misses much but raises fewer false alarms still. Its strength is the fixed test.
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
