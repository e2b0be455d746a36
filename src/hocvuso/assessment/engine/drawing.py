"""Which items make up a fixed test, and in which order its options stand. The same seed draws the same."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from hocvuso.assessment.engine.marking import KEPT_IN_PLACE


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item of the bank as one person meets it: `seen` counts the earlier answers to it."""

    slug: str
    group: str
    skill: str
    step: int
    item: int = 0
    seen: int = 0


class ShortBank(ValueError):
    """The bank cannot fill the blueprint."""


class Chance:
    """Numbers by name: what one thing draws does not hang on what else is in the bank."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def of(self, *name: object) -> float:
        return Random(f"{self.seed}/{'/'.join(map(str, name))}").random()  # noqa: S311 - a draw, no secret


def draw(blueprint: Mapping[str, int], bank: Sequence[Candidate], seed: int) -> list[Candidate]:
    """As many items of each group as the blueprint says, from easy to hard.

    One item a skill until the skills of a group run out, then a second; items not yet seen first; then the
    ladder steps that were drawn least. Raises ShortBank when a group has too few.
    """
    chance, steps = Chance(seed), Counter[int]()
    drawn: list[Candidate] = []
    for group, wanted in sorted(blueprint.items()):
        taken = take_from([one for one in bank if one.group == group], wanted, chance, steps)
        if len(taken) < wanted:
            raise ShortBank(f"group {group}: {len(taken)} of {wanted} items")
        drawn += taken
    return sorted(drawn, key=lambda one: (one.step, chance.of("place", one.slug)))


def take_from(pool: Sequence[Candidate], wanted: int, chance: Chance, steps: Counter[int]) -> list[Candidate]:
    """At most `wanted` of one group's items; `steps` counts what the whole test has drawn so far."""
    luck = {one.slug: chance.of("item", one.slug) for one in pool}
    taken: list[Candidate] = []
    left = list(pool)
    for skill in rounds(pool, chance):
        if len(taken) == wanted or not left:
            break
        of_skill = [one for one in left if one.skill == skill]
        if of_skill:
            best = min(of_skill, key=lambda one: (one.seen, steps[one.step], luck[one.slug]))
            steps[best.step] += 1
            taken.append(best)
            left.remove(best)
    return taken


def rounds(pool: Sequence[Candidate], chance: Chance) -> Iterator[str]:
    """The skills of a group again and again, those with something new for the person first."""
    newest: dict[str, int] = {}
    for one in pool:
        newest[one.skill] = min(one.seen, newest.get(one.skill, one.seen))
    order = sorted(newest, key=lambda skill: (newest[skill], chance.of("skill", skill)))
    while order:
        yield from order


def shuffle_parts(kind: str, count: int, slug: str, seed: int) -> list[int]:
    """The parts' own indexes in the order in which they are shown."""
    if kind in KEPT_IN_PLACE:
        return list(range(count))
    chance = Chance(seed)
    return sorted(range(count), key=lambda index: chance.of("option", slug, index))
