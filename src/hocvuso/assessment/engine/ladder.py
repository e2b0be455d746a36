"""Positioning without calibration, for a new bank or a new locality: the same interface as engine.cat.

Each skill is a ladder of steps, from easy to hard. A person stands on one level of it, from 0 to the highest
step, and masters the steps up to there, so a right answer also speaks for the steps below and a wrong one
against those above. An answer may mislead: a mastered step is missed with the chance `slip`, any other hit
with the chance `guess` (the two error rates of knowledge space theory, Falmagne & Doignon 1988).

Skills speak for each other through one number only, the person's strength: the share of steps they master
anywhere, unknown and beforehand even. Given it, levels are beta-binomial: more spread than binomial ones, as
people know some things well and others not at all. Strength is integrated on a grid.

The chances and the spread are assumptions, not measurements, and so is the order of the steps. Hence every
result says `calibrated=False`, its estimate is a share of steps (0 to 1) and not an ability, and it should
serve to place people in courses; once answers have come in, calibrate the bank.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from math import comb

import numpy as np

from hocvuso.assessment.engine.balance import groups_due
from hocvuso.assessment.engine.bank import Bank
from hocvuso.assessment.engine.cat import NOTHING
from hocvuso.assessment.engine.chance import CELL, TIE, WITHIN, draw, draw_many
from hocvuso.assessment.engine.irt import Floats
from hocvuso.assessment.engine.policy import (
    Classify,
    Decision,
    Policy,
    Step,
    Stop,
    decide_by_interval,
    side_of,
    stop_reason,
)
from hocvuso.assessment.engine.profile import GroupScore

GUESS, SLIP = 0.2, 0.1
STRENGTHS = np.round(np.linspace(0.025, 0.975, 20), 12)
AGREEMENT = 3.0  # of a person's skills: three steps vary (3 + 3) / (3 + 1) times as much as binomial ones
EVEN = 1e-9  # gains nearer than this are equal


@dataclass(frozen=True, eq=False)
class Ladder:
    """What a step needs of an uncalibrated bank; it stands where engine.cat has a Table.

    cells[skill][step - 1] are the items there; skill_group[skill] is the group of the skill's items;
    prior[strength, level] and chances[step - 1, level] are those of the model.
    """

    bank: Bank
    cells: list[list[list[int]]]
    skill_group: list[int]
    prior: Floats
    chances: Floats

    @property
    def version(self) -> str:
        return self.bank.version

    @property
    def highest(self) -> int:
        return len(self.chances)


@dataclass(frozen=True, slots=True)
class Level:
    """How far up a person stands in one skill; `mastered` is the chance that step 1, 2, … is mastered."""

    skill: str
    level: int
    mastered: tuple[float, ...]
    asked: int
    right: int
    calibrated: bool = False


def build_ladder(bank: Bank, guess: float = GUESS, slip: float = SLIP) -> Ladder:
    """Any item parameters of the bank are left aside. Raises ValueError."""
    if not len(bank):
        raise ValueError("ladder: the bank is empty")
    if bank.step.min() < 1:
        raise ValueError("ladder: steps are numbered from 1")
    if not 0 <= guess < 1 - slip <= 1:
        raise ValueError("ladder: 0 <= guess < 1 - slip <= 1 must hold")
    highest = int(bank.step.max())
    cells: list[list[list[int]]] = [[[] for _ in range(highest)] for _ in bank.skills]
    skill_group = [-1] * len(bank.skills)
    for item, (skill, step, group) in enumerate(zip(bank.skill, bank.step, bank.group, strict=True)):
        cells[skill][step - 1].append(item)
        if skill_group[skill] not in (-1, int(group)):
            raise ValueError(f"ladder: skill {bank.skills[skill]} has items in two groups")
        skill_group[skill] = int(group)
    chances = np.where(np.arange(highest + 1) >= np.arange(1, highest + 1)[:, None], 1 - slip, guess)
    return Ladder(bank, cells, skill_group, prior_of_levels(highest), chances)


def prior_of_levels(highest: int) -> Floats:
    """The beta-binomial chance [strength, level], whose mean share of steps is the strength."""
    up, down = STRENGTHS * AGREEMENT, (1 - STRENGTHS) * AGREEMENT
    columns = [
        comb(highest, level) * rising(up, level) * rising(down, highest - level)
        for level in range(highest + 1)
    ]
    return np.asarray(np.stack(columns, axis=1) / rising(np.array(AGREEMENT), highest))


def rising(start: Floats, count: int) -> Floats:
    """start (start + 1) … over so many factors."""
    return np.asarray(np.prod([start + number for number in range(count)], axis=0))


@dataclass(slots=True)
class Belief:
    """What the answers say: level[skill, level] is a chance; share and error are of steps mastered."""

    level: Floats
    share: float
    error: float


def believe(ladder: Ladder, answers: Sequence[tuple[int, bool]], weights: Floats) -> Belief:
    """Exact under the model. `weights` says how much each skill counts in the share; they add up to 1."""
    bank = ladder.bank
    likelihood = np.ones((len(bank.skills), ladder.highest + 1))
    for item, right in answers:
        chance = ladder.chances[bank.step[item] - 1]
        likelihood[bank.skill[item]] *= chance if right else 1 - chance
    # joint[strength, skill, level] becomes the chance of a level, given the strength and the answers.
    joint = ladder.prior[:, None, :] * likelihood
    of_skill = joint.sum(axis=2)
    joint /= of_skill[:, :, None]
    evidence = np.log(of_skill).sum(axis=1)
    strength = np.exp(evidence - evidence.max())
    strength /= strength.sum()
    height = np.arange(ladder.highest + 1) / ladder.highest
    mean = joint @ height
    spread = joint @ height**2 - mean**2
    total = mean @ weights
    share = float(strength @ total)
    variance = strength @ (spread @ weights**2) + strength @ (total - share) ** 2
    return Belief(np.tensordot(strength, joint, axes=1), share, float(np.sqrt(variance)))


def skill_weights(ladder: Ladder, policy: Policy) -> Floats:
    """Each group of the blueprint counts as much as its share, spread evenly over its skills."""
    names = ladder.bank.groups
    if not policy.shares:
        return np.full(len(ladder.skill_group), 1 / len(ladder.skill_group))
    sizes = np.bincount(ladder.skill_group, minlength=len(names))
    return np.array([policy.shares.get(names[group], 0.0) / sizes[group] for group in ladder.skill_group])


def check_policy(ladder: Ladder, policy: Policy) -> None:
    """Whether a ladder can serve this policy. Raises ValueError."""
    if policy.classify is Classify.SPRT:
        raise ValueError("policy: without calibration there is no likelihood ratio; classify by interval")
    if policy.cut is not None and not 0 < policy.cut < 1:
        raise ValueError("policy: without calibration the cut is a share of steps between 0 and 1")
    for group in policy.shares:
        if group not in ladder.bank.groups:
            raise ValueError(f"policy: the bank has no group {group}")


def next_step(
    ladder: Ladder,
    policy: Policy,
    answers: Sequence[tuple[int, bool]],
    seed: int = 0,
    *,
    excluded: Collection[int] = NOTHING,
    minutes: float = 0.0,
) -> Step:
    """As in engine.cat; `cut`, `max_error` and the estimate are shares of steps mastered.

    `rule`, `control`, `prior` and the numbers of the SPRT have no part. Raises ValueError.
    """
    check_policy(ladder, policy)
    check_answers(ladder, answers)
    belief = believe(ladder, answers, skill_weights(ladder, policy))
    decision = None
    if policy.classify is not None:
        enough = len(answers) >= policy.min_length
        decision = decide_by_interval(policy, belief.share, belief.error) if enough else Decision.UNDECIDED
    stop = stop_reason(policy, len(answers), belief.error, decision, minutes)
    item = None
    if stop is None:
        item = choose(ladder, policy, answers, belief.level, seed, excluded)
        stop = Stop.BANK if item is None else None
    side = side_of(policy, belief.share, len(answers))
    return Step(belief.share, belief.error, len(answers), item, stop, decision, side, calibrated=False)


def check_answers(ladder: Ladder, answers: Sequence[tuple[int, bool]]) -> None:
    items = [item for item, _right in answers]
    if any(not 0 <= item < len(ladder.bank) for item in items):
        raise ValueError("answers: the bank has no such item")
    if len(set(items)) < len(items):
        raise ValueError("answers: an item comes twice")


def choose(
    ladder: Ladder,
    policy: Policy,
    answers: Sequence[tuple[int, bool]],
    level: Floats,
    seed: int,
    excluded: Collection[int],
) -> int | None:
    """An item of the skill and step whose answer tells most, in the group that is due."""
    bank = ladder.bank
    asked = {item for item, _right in answers}
    enemies = {int(bank.enemy[item]) for item in asked} - {-1}

    def free(item: int) -> bool:
        return item not in asked and item not in excluded and int(bank.enemy[item]) not in enemies

    gains = gain_of_cells(ladder, level)
    order = np.lexsort((draw_many(seed, CELL, np.arange(gains.size)), -np.round(gains / EVEN).ravel()))
    cells = [divmod(place, ladder.highest) for place in order.tolist()]
    for group in due_groups(ladder, policy, asked, seed):
        of_group = [cell for cell in cells if group is None or ladder.skill_group[cell[0]] == group]
        found: list[list[int]] = []
        for skill, step in of_group:
            items = [item for item in ladder.cells[skill][step] if free(item)]
            found += [items] if items else []
            if len(found) == policy.randomesque:
                break
        if found:
            items = found[int(draw(seed, TIE, len(asked)) * len(found))]
            return min(items, key=lambda item: draw(seed, WITHIN, item))
    return None


def due_groups(ladder: Ladder, policy: Policy, asked: set[int], seed: int) -> Sequence[int | None]:
    if not policy.shares:
        return [None]
    names = ladder.bank.groups
    counts = np.bincount(ladder.bank.group[list(asked)], minlength=len(names)).tolist()
    return groups_due([policy.shares.get(name, 0.0) for name in names], counts, seed % len(names))


def gain_of_cells(ladder: Ladder, level: Floats) -> Floats:
    """How much an answer is expected to tell of the level, in nats: the mutual information [skill, step]."""
    right = level @ ladder.chances.T
    return np.asarray(entropy(right) - level @ entropy(ladder.chances).T)


def entropy(chance: Floats) -> Floats:
    safe = np.clip(chance, 1e-12, 1 - 1e-12)
    return np.asarray(-safe * np.log(safe) - (1 - safe) * np.log(1 - safe))


def find_levels(ladder: Ladder, policy: Policy, answers: Sequence[tuple[int, bool]]) -> list[Level]:
    """One level for each skill of the blueprint, in the bank's order: the highest step that is likelier
    mastered than not."""
    weights = skill_weights(ladder, policy)
    belief = believe(ladder, answers, weights)
    at_least = belief.level[:, ::-1].cumsum(axis=1)[:, ::-1][:, 1:]
    levels = []
    for skill, name in enumerate(ladder.bank.skills):
        if weights[skill] > 0:
            told = [right for item, right in answers if int(ladder.bank.skill[item]) == skill]
            mastered = tuple(at_least[skill].tolist())
            level = sum(chance >= 0.5 for chance in mastered)
            levels.append(Level(name, level, mastered, len(told), sum(map(bool, told))))
    return levels


def score_groups(ladder: Ladder, policy: Policy, answers: Sequence[tuple[int, bool]]) -> list[GroupScore]:
    """The share of steps mastered in each group of the blueprint, with its error."""
    scores = []
    skill_group = np.array(ladder.skill_group)
    for number, name in enumerate(ladder.bank.groups):
        if policy.shares and name not in policy.shares:
            continue
        inside = (skill_group == number).astype(np.float64)
        belief = believe(ladder, answers, inside / inside.sum())
        told = [right for item, right in answers if int(ladder.bank.group[item]) == number]
        scores.append(GroupScore(name, belief.share, belief.error, len(told), sum(map(bool, told))))
    return scores
