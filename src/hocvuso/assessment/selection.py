"""The one place that decides which items a person meets. The fixed form draws them all at the beginning."""

from collections.abc import Sequence
from uuid import UUID

from hocvuso.assessment.engine.drawing import Candidate, draw
from hocvuso.assessment.models import Test
from hocvuso.assessment.queries import Question, read_question


def draw_items(test: Test, seed: int, bank: Sequence[Candidate]) -> list[Candidate]:
    """The items to ask, in their order. Raises ShortBank when the bank cannot fill the blueprint."""
    return draw(test.blueprint, bank, seed)


def next_item(attempt: UUID, person: UUID) -> Question | None:
    """What the person is asked next; None when the attempt is not theirs, has ended, or all is answered."""
    return read_question(attempt, person)
