"""A test sat by an examinee whose ability is known: for exposure control, golden runs and benchmarks."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from hocvuso.assessment.engine.bank import Table
from hocvuso.assessment.engine.cat import NOTHING, begin
from hocvuso.assessment.engine.chance import ANSWER, draw
from hocvuso.assessment.engine.irt import Floats, probability
from hocvuso.assessment.engine.policy import Policy, Step


@dataclass(frozen=True, slots=True)
class Sitting:
    """`aside` are the items that Sympson-Hetter set aside, each once."""

    answers: list[tuple[int, bool]]
    aside: frozenset[int]
    step: Step


def sit(
    table: Table,
    policy: Policy,
    theta: float,
    seed: int,
    excluded: Collection[int] = NOTHING,
) -> Sitting:
    """Each answer is drawn from the seed and the item, so two policies meet the same examinee."""
    chances: Floats = probability(theta, table.parameters)
    return run(table, policy, seed, lambda item: draw(seed, ANSWER, item) < chances[item], excluded)


def run(
    table: Table,
    policy: Policy,
    seed: int,
    answer: Callable[[int], bool],
    excluded: Collection[int] = NOTHING,
) -> Sitting:
    """A whole test, with `answer` telling whether an item is answered right."""
    state = begin(table, policy, seed, excluded)
    aside: set[int] = set()
    step, passed = state.look()
    while step.item is not None:
        aside.update(passed)
        state.add(step.item, bool(answer(step.item)))
        step, passed = state.look()
    return Sitting(list(zip(state.items, state.rights, strict=True)), frozenset(aside), step)
