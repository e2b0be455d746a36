"""Which items can be calibrated at all."""

from collections.abc import Hashable
from enum import StrEnum

import numpy as np

from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.responses import CannotCalibrate, Responses

# Answers an item needs. 1PL: difficulties within half a logit (Linacre 1994); 2PL with priors: Harwell &
# Janosky (1991); 3PL: the lower asymptote is seen only in low abilities (Lord 1980).
NEEDED = {"1pl": 150, "2pl": 250, "3pl": 1000}
FEWEST_ITEMS = 3  # below that a slope cannot be told from a spread of abilities
AGAINST = -3.0  # z of the correlation with the rest


class Reason(StrEnum):
    ALL_RIGHT = "everyone answered right"
    ALL_WRONG = "everyone answered wrong"
    BACKWARDS = "those who do well elsewhere answer it wrong: see whether the key is right"


class TooFewResponses(CannotCalibrate):
    """`answered` holds each short item with its number of answers."""

    def __init__(self, answered: dict[Hashable, int], needed: int) -> None:
        self.answered, self.needed = answered, needed
        some = ", ".join(f"{item} ({count})" for item, count in list(answered.items())[:10])
        more = f" and {len(answered) - 10} more" if len(answered) > 10 else ""
        super().__init__(f"each item needs {needed} answers; too few have: {some}{more}")


def refuse_short(responses: Responses, needed: int) -> None:
    pairs = zip(responses.items.tolist(), responses.answered.tolist(), strict=True)
    short = {item: count for item, count in pairs if count < needed}
    if short:
        raise TooFewResponses(short, needed)


def find_degenerate(responses: Responses) -> dict[Hashable, Reason]:
    """Items without a finite or sensible estimate, with the reason."""
    asked, right = responses.answered, responses.answered_right
    against = correlation_with_rest(responses) * np.sqrt(asked) < AGAINST
    reasons = {}
    for reason, held in (
        (Reason.BACKWARDS, against),
        (Reason.ALL_RIGHT, right == asked),
        (Reason.ALL_WRONG, right == 0),
    ):
        reasons.update(dict.fromkeys(responses.items[held].tolist(), reason))
    return reasons


def correlation_with_rest(responses: Responses) -> Floats:
    """Of each item with how far its people exceed what is usual on their other items; 0 if undefined."""
    person, item, count = responses.person, responses.item, len(responses.items)
    share = responses.answered_right / responses.answered
    excess = responses.right - share[item]
    others = np.bincount(person)[person] - 1
    rest = (np.bincount(person, excess)[person] - excess) / np.maximum(others, 1)
    # The excess sums to nothing over an item's people, so that only the rest has a mean to take out.
    both = np.bincount(item, excess * rest, count)
    rest_spread = np.bincount(item, rest**2, count) - np.bincount(item, rest, count) ** 2 / responses.answered
    spread = responses.answered * share * (1 - share) * rest_spread
    return np.where(spread > 0, both / np.sqrt(np.where(spread > 0, spread, 1)), 0.0)
