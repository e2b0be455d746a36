"""The adaptive test: after each answer, where the person stands and what to ask next.

    table = open_table(path)                    # once a worker and bank version
    step = next_step(table, policy, answers, seed)   # answers: (item number, right) so far
    step.item                                   # to ask, or None with step.stop

Nothing is kept between steps, so any worker may take the next one; `State` is the same calculation for a
caller that does keep it. The running estimate is EAP on the table's grid. The final score may be worked out
by another estimator of engine.ability from `table.parameters.take(items)`.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np

from hocvuso.assessment.engine.ability import Estimate, Prior, posterior_moments
from hocvuso.assessment.engine.balance import groups_due
from hocvuso.assessment.engine.bank import BadTable, Bank, Table, build_table, open_table, save_table
from hocvuso.assessment.engine.irt import Floats, Parameters, information, probability
from hocvuso.assessment.engine.picking import Search, pick
from hocvuso.assessment.engine.policy import (
    Classify,
    Decision,
    Policy,
    Rule,
    Step,
    Stop,
    decide_by_interval,
    side_of,
    stop_reason,
)

# What other parts of the product use of the engine is found here.
__all__ = [
    "BadTable",
    "Bank",
    "Classify",
    "Decision",
    "Estimate",
    "Parameters",
    "Policy",
    "Prior",
    "Rule",
    "State",
    "Step",
    "Stop",
    "Table",
    "begin",
    "build_table",
    "check_policy",
    "information",
    "next_step",
    "open_table",
    "probability",
    "replay",
    "save_table",
]

NOTHING: frozenset[int] = frozenset()


@dataclass(slots=True)
class State:
    """A test under way. `excluded` are items not to ask: seen in earlier attempts, or neutralised."""

    table: Table
    policy: Policy
    seed: int
    excluded: Collection[int]
    log_likelihood: Floats
    counts: list[int]
    ratio: float = 0.0
    items: list[int] = field(default_factory=list)
    rights: list[bool] = field(default_factory=list)
    enemies: set[int] = field(default_factory=set)

    def add(self, item: int, right: bool) -> None:
        """Take in an answer. Raises ValueError for an item that is not in the bank or came before."""
        if not 0 <= item < len(self.table.bank):
            raise ValueError(f"answers: the bank has no item {item}")
        if item in self.items:
            raise ValueError(f"answers: item {item} comes twice")
        table, policy = self.table, self.policy
        self.log_likelihood = self.log_likelihood + table.log_answer[item, int(right)]
        if policy.classify is Classify.SPRT:
            self.ratio += float(log_ratios(table, policy)[item, int(right)])
        self.counts[int(table.bank.group[item])] += 1
        enemy = int(table.bank.enemy[item])
        if enemy >= 0:
            self.enemies.add(enemy)
        self.items.append(item)
        self.rights.append(bool(right))

    def step(self, minutes: float = 0.0) -> Step:
        """Where the test stands, `minutes` after it began."""
        return self.look(minutes)[0]

    def look(self, minutes: float = 0.0) -> tuple[Step, list[int]]:
        """`step`, and the items that Sympson-Hetter set aside in this step."""
        policy, length = self.policy, len(self.items)
        log_posterior = self.log_likelihood + policy.prior.log_density(self.table.grid)
        now = posterior_moments(log_posterior, self.table.grid)
        decision = self.decide(now)
        side = self.side(now.theta)
        stop = stop_reason(policy, length, now.error, decision, minutes)
        if stop is not None:
            return Step(now.theta, now.error, length, None, stop, decision, side), []
        posterior = np.exp(log_posterior - log_posterior.max())
        search = Search(
            table=self.table,
            policy=policy,
            seed=self.seed,
            asked=set(self.items),
            excluded=self.excluded,
            enemies=self.enemies,
            estimate=now.theta,
            error=now.error,
            posterior=posterior / posterior.sum(),
        )
        item = self.choose(search)
        stop = Stop.BANK if item is None else None
        return Step(now.theta, now.error, length, item, stop, decision, side), search.aside

    def choose(self, search: Search) -> int | None:
        if not self.policy.shares:
            return pick(search, None)
        shares = [self.policy.shares.get(name, 0.0) for name in self.table.bank.groups]
        due = groups_due(shares, self.counts, self.seed % len(shares))
        return next((item for item in (pick(search, group) for group in due) if item is not None), None)

    def side(self, estimate: float) -> Decision | None:
        """By the sequential ratio where there is one: a prior would hold back whoever stands near the cut."""
        policy = self.policy
        if policy.classify is Classify.SPRT and self.items:
            return Decision.ABOVE if self.ratio > 0 else Decision.BELOW
        return side_of(policy, estimate, len(self.items))

    def decide(self, now: Estimate) -> Decision | None:
        policy = self.policy
        if policy.classify is None:
            return None
        if len(self.items) < policy.min_length:
            return Decision.UNDECIDED
        if policy.classify is Classify.INTERVAL:
            return decide_by_interval(policy, now.theta, now.error)
        if self.ratio >= np.log((1 - policy.beta) / policy.alpha):
            return Decision.ABOVE
        return (
            Decision.BELOW if self.ratio <= np.log(policy.beta / (1 - policy.alpha)) else Decision.UNDECIDED
        )


def log_ratios(table: Table, policy: Policy) -> Floats:
    if policy.cut is None:
        raise ValueError("policy: classification needs a cut")
    return table.log_ratios(policy.cut - policy.delta, policy.cut + policy.delta)


def begin(table: Table, policy: Policy, seed: int = 0, excluded: Collection[int] = NOTHING) -> State:
    """`excluded` is searched at every step: give a set."""
    nothing = np.zeros(len(table.grid))
    return State(table, policy, seed, excluded, nothing, [0] * len(table.bank.groups))


def replay(
    table: Table,
    policy: Policy,
    answers: Sequence[tuple[int, bool]],
    seed: int = 0,
    excluded: Collection[int] = NOTHING,
) -> State:
    """The state after these answers."""
    state = begin(table, policy, seed, excluded)
    for item, right in answers:
        state.add(item, right)
    return state


def next_step(
    table: Table,
    policy: Policy,
    answers: Sequence[tuple[int, bool]],
    seed: int = 0,
    *,
    excluded: Collection[int] = NOTHING,
    minutes: float = 0.0,
) -> Step:
    """The step after these answers, given as (item number, right) in the order in which they came.

    Equal arguments give an equal step. Raises ValueError for answers that this bank cannot have had.
    """
    return replay(table, policy, answers, seed, excluded).step(minutes)


def check_policy(table: Table, policy: Policy) -> None:
    """Whether this bank can serve this policy: for the setting up of a test, as steps take it for granted.

    Raises ValueError that names the group or number at fault.
    """
    bank = table.bank
    if policy.control is not None and policy.control.shape != (len(bank),):
        raise ValueError(f"policy: control has {policy.control.size} numbers for {len(bank)} items")
    sizes = dict(zip(bank.groups, np.bincount(bank.group, minlength=len(bank.groups)).tolist(), strict=True))
    for group, share in policy.shares.items():
        if group not in sizes:
            raise ValueError(f"policy: the bank has no group {group}")
        if share * policy.max_length > sizes[group]:
            wanted = share * policy.max_length
            raise ValueError(
                f"policy: group {group} has {sizes[group]} items, the blueprint wants {wanted:g}"
            )
    if policy.max_length > len(bank):
        raise ValueError(
            f"policy: the bank has {len(bank)} items, the longest test wants {policy.max_length}"
        )
