"""What calibration needs of curves beside `irt`: parameters that may be any real number, and derivatives.

An item's *free* parameters are log a, b and, with guessing, logit c; `free` is shaped (2 or 3, items).
"""

import numpy as np

from hocvuso.assessment.engine.irt import Floats, Parameters, logistic


def parameters(free: Floats) -> Parameters:
    guessing = logistic(free[2]) if len(free) == 3 else 0.0
    return Parameters.of(a=np.exp(free[0]), b=free[1], c=guessing)


def log_slopes(free: Floats, points: Floats) -> Floats:
    """Derivatives of log P and log (1 − P) by each free parameter: (2, parameters, items, points)."""
    p = parameters(free)
    a, c = p.a[:, None], p.c[:, None]
    away = points - p.b[:, None]
    knows, not_knows = logistic(a * away), logistic(-a * away)
    chance = c + (1 - c) * knows
    right = (1 - c) * knows * not_knows / chance
    by_right, by_wrong = [right * a * away, -right * a], [-knows * a * away, knows * a]
    if len(free) == 3:
        by_right.append(c * (1 - c) * not_knows / chance)
        by_wrong.append(np.broadcast_to(-c, away.shape))
    return np.stack([np.stack(by_right), np.stack(by_wrong)])
