"""Answer similarity: whether two people of one session agree more than their abilities explain.

As in Wollack's (1997) ω, one person's answers are taken as given and the other's are predicted from ability.
Agreement is weighted by how little was to be expected of it: the same rare wrong option says much, the same
right answer to an easy item next to nothing. The weights are the log-likelihood ratio of "half of the answers
are the other's" against "none is"; the tail is exact. Beside it stand ω itself and the generalised binomial
test (van der Linden & Sotaridona 2006), which count every agreement alike.

Agreement has no direction and has innocent causes, such as a misprinted question. Which wrong option people
choose is taken not to hang on ability; where it does so strongly, false alarms exceed their level.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.tails import tail_of_sum
from hocvuso.assessment.engine.irt import Floats, Integers, Parameters, probability

ALPHA = 0.05  # the chance that an honest session has any pair flagged
LEAST_COMMON = 10  # items
LEAST_WRONG = 30  # wrong answers to an item before the shares of its options are believed
SHARED = 0.5  # the share of answers taken over that the weights look for
LOCAL = 10.0  # wrong answers of the session that weigh as much as all that is known from elsewhere
NEAR = 1.5  # pairs below this many deviations are not worth an exact tail
NOT_MET = -1
LEAST_CHANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Session:
    """`choice` has a row a person and a column an item: the number of the option in the item's own order (not
    its place on the screen, for options are shuffled), -1 where the person did not answer the item. `key`
    is each item's right option, `shares` comes from `option_shares`, and `ability` from all answers."""

    choice: Integers
    key: Integers
    parameters: Parameters
    ability: Floats
    shares: Floats
    chance_right: Floats = field(init=False)
    tally: Floats = field(init=False)

    def __post_init__(self) -> None:
        people, items = self.choice.shape
        if not (len(self.key) == len(self.parameters) == len(self.shares) == items):
            raise ValueError(f"session: key, parameters and shares must each have {items} entries")
        if len(self.ability) != people:
            raise ValueError(f"session: {len(self.ability)} abilities for {people} people")
        if self.choice.min(initial=0) < NOT_MET or self.choice.max(initial=0) >= self.shares.shape[1]:
            raise ValueError("session: a choice is none of the options")
        object.__setattr__(self, "chance_right", probability(self.ability, self.parameters))
        object.__setattr__(self, "tally", count_wrong(self.choice, self.key, self.shares.shape[1]))


@dataclass(frozen=True, slots=True)
class Similarity:
    """Two people, by their rows. `expected` matches belong to `omega`; `p` is two-sided in who is given.

    `adjusted` is p times the pairs compared: how many pairs so alike an honest session is expected to have.
    """

    first: int
    second: int
    common: int
    matches: int
    same_wrong: int
    expected: float
    omega: float
    gbt: float
    p: float
    adjusted: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class Comparison:
    """How many pairs had enough items in common, and those of them that a reviewer should see."""

    pairs: int
    similar: tuple[Similarity, ...]


def count_wrong(choice: Integers, key: Integers, options: int) -> Floats:
    """Wrong answers by item and option."""
    tally = np.zeros((len(key), options))
    person, item = np.nonzero((choice != NOT_MET) & (choice != key))
    np.add.at(tally, (item, choice[person, item]), 1.0)
    return tally


def option_shares(counts: ArrayLike, key: ArrayLike, *, least: int = LEAST_WRONG) -> Floats:
    """Of each item's wrong answers, the share that fell on each option, shaped (items, options).

    `counts` are answers by item and option from all who met the item, not from the session alone. One is
    added to each wrong option. Rows are nan where fewer than `least` wrong answers are known: two wrong
    answers to such an item then count as agreeing, whatever they were, and as easily.
    """
    counted = np.array(counts, dtype=np.float64)
    rows = np.arange(len(counted))
    counted[rows, np.asarray(key)] = 0.0
    known = counted.sum(axis=1) >= least
    counted += 1.0
    counted[rows, np.asarray(key)] = 0.0
    shares = counted / counted.sum(axis=1, keepdims=True)
    shares[~known] = np.nan
    return shares


def compare_answers(
    session: Session,
    *,
    among: Collection[tuple[int, int]] | None = None,
    alpha: float = ALPHA,
    least_common: int = LEAST_COMMON,
) -> Comparison:
    """Every pair, or those in `among` (such as neighbours in a room), with `least_common` items in common.

    Fewer pairs mean a milder correction and more power, so name those that could have seen each other where
    that is known, and never choose them by their answers. Cost: half a second for all pairs of 200 people.
    """
    allowed = pairs_to_compare(session, among, least_common)
    pairs = int(allowed.sum()) // 2
    tails: dict[tuple[int, int], tuple[float, int, int]] = {}
    for person, given in near_pairs(session, allowed):
        found = (tail_given(session, person, given), person, given)
        pair = (min(person, given), max(person, given))
        tails[pair] = min(tails.get(pair, found), found)
    similar = [
        describe(session, person, given, min(1.0, 2 * tail), pairs)
        for tail, person, given in sorted(tails.values())
        if 2 * tail * pairs <= alpha
    ]
    return Comparison(pairs, tuple(similar))


def pairs_to_compare(
    session: Session, among: Collection[tuple[int, int]] | None, least_common: int
) -> NDArray[np.bool_]:
    """Symmetric, shaped (people, people)."""
    met = (session.choice != NOT_MET).astype(np.int64)
    allowed = met @ met.T >= least_common
    if among is not None:
        wanted = np.zeros_like(allowed)
        for first, second in among:
            wanted[first, second] = wanted[second, first] = True
        allowed &= wanted
    np.fill_diagonal(allowed, False)
    return allowed


def near_pairs(session: Session, allowed: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """(person, given) whose weighted agreement lies NEAR deviations or more above what is expected."""
    everyone = np.arange(len(session.ability))
    for given in everyone[allowed.any(axis=1)]:
        match, chance, both = agreement(session, everyone, given)
        weight = np.where(both, weigh(chance), 0.0)
        spread = np.sqrt((weight**2 * chance * (1.0 - chance)).sum(axis=1))
        above = (weight * (match - chance)).sum(axis=1)
        for person in np.flatnonzero(allowed[given] & (spread > 0) & (above > NEAR * spread)):
            yield int(person), int(given)


def agreement(
    session: Session, people: Integers, given: int
) -> tuple[NDArray[np.bool_], Floats, NDArray[np.bool_]]:
    """For each of some people and each item: whether they agree with one person, how likely they were to,
    and whether both met the item."""
    mine, theirs = session.choice[people], session.choice[given]
    right = session.chance_right[people]
    is_right, unknown = theirs == session.key, unknown_options(session)
    wrong = (mine != NOT_MET) & (mine != session.key)
    share = share_of_others(session, theirs, mine == theirs, wrong)
    chance = np.where(is_right, right, (1.0 - right) * np.where(unknown, 1.0, share))
    match = np.where(unknown & ~is_right, wrong, mine == theirs)
    return match, np.clip(chance, LEAST_CHANCE, 1.0 - LEAST_CHANCE), (mine != NOT_MET) & (theirs != NOT_MET)


def unknown_options(session: Session) -> NDArray[np.bool_]:
    return np.isnan(session.shares[:, 0])


def share_of_others(
    session: Session, theirs: Integers, alike: NDArray[np.bool_], wrong: NDArray[np.bool_]
) -> Floats:
    """Of an option among wrong answers, by what is known from elsewhere and by the session without the
    person looked at, so that mistakes which a whole class was taught count for little."""
    items = np.arange(len(theirs))
    chosen = session.tally[items, theirs] - (alike & wrong)
    everything = session.tally.sum(axis=1) - wrong
    return np.asarray((chosen + LOCAL * session.shares[items, theirs]) / (everything + LOCAL))


def weigh(chance: Floats) -> Floats:
    return np.asarray(np.log1p(SHARED / ((1.0 - SHARED) * chance)))


def of_pair(session: Session, person: int, given: int) -> tuple[NDArray[np.bool_], Floats]:
    """Matches and their chances, on the items that both met."""
    match, chance, both = agreement(session, np.array([person]), given)
    return match[both], chance[both]


def tail_given(session: Session, person: int, given: int) -> float:
    match, chance = of_pair(session, person, given)
    return tail_of_sum(weigh(chance), chance, match)


def describe(session: Session, person: int, given: int, p: float, pairs: int) -> Similarity:
    match, chance = of_pair(session, person, given)
    mine, theirs = session.choice[person], session.choice[given]
    expected = float(chance.sum())
    return Similarity(
        first=min(person, given),
        second=max(person, given),
        common=len(match),
        matches=int(match.sum()),
        same_wrong=int(((mine == theirs) & (mine != session.key) & (mine != NOT_MET)).sum()),
        expected=expected,
        omega=float((match.sum() - expected) / np.sqrt((chance * (1.0 - chance)).sum())),
        gbt=generalised_binomial(session, person, given),
        p=p,
        adjusted=min(1.0, p * pairs),
        reason=Reason.SIMILAR_ANSWERS,
    )


def generalised_binomial(session: Session, first: int, second: int) -> float:
    """P(as many matches or more) when each answers by the own ability alone; symmetric."""
    match, _chance, both = agreement(session, np.array([first]), second)
    right = session.chance_right[[first, second]]
    blended = session.tally + LOCAL * session.shares
    same = ((blended / blended.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)
    wrong = (1.0 - right[0]) * (1.0 - right[1]) * np.where(unknown_options(session), 1.0, same)
    chance = (right[0] * right[1] + wrong)[both[0]]
    return tail_of_sum(np.ones(len(chance)), chance, match[both])
