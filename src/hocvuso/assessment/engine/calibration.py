"""Item calibration: discrimination, difficulty and guessing from many people's answers, and their errors."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from hocvuso.assessment.engine.curves import parameters
from hocvuso.assessment.engine.em import Model, Priors, State, climb, expect
from hocvuso.assessment.engine.information import survey
from hocvuso.assessment.engine.irt import Floats, Parameters
from hocvuso.assessment.engine.posterior import Abilities, Population, estimate_abilities
from hocvuso.assessment.engine.responses import CannotCalibrate, GroupTooSmall, Labels, Numbers, Responses
from hocvuso.assessment.engine.screening import (
    FEWEST_ITEMS,
    NEEDED,
    Reason,
    find_degenerate,
    refuse_short,
)

Kind = Literal["1pl", "2pl", "3pl"]

NEEDED_IN_GROUP = 100  # people, so that a group's mean is known within 0.1 of its spread
EVERYONE = ""  # the label of the one group when there are none
SHARES = (16, 4, 1)  # every so-manieth person: what a part of the people tells starts the whole near its end
ENOUGH_TO_START = 1000  # answers an item
TOLERANCE = 1e-3  # of EM; Newton's steps take over, each squaring the error
CLOSE = 0.01  # a last step of Newton: what is left is about its square
FAR = 0.5  # a step of Newton that is not to be trusted
LIMIT = 500
NEWTON_LIMIT = 12


@dataclass(frozen=True, eq=False)
class Calibration:
    """One number an item in each array, in the order of `items`.

    Standard errors come from the observed information and hold what items share, such as the place of the
    scale. `mean` and `sd` of abilities are by group; a new calibration's reference group has 0 and 1.
    """

    model: Kind
    items: Labels
    a: Floats
    b: Floats
    c: Floats
    se_a: Floats
    se_b: Floats
    se_c: Floats
    answered: Numbers
    people: int
    mean: dict[str, float]
    sd: dict[str, float]
    left_out: dict[Hashable, Reason]
    log_likelihood: float
    iterations: int
    converged: bool

    @property
    def parameters(self) -> Parameters:
        return Parameters.of(a=self.a, b=self.b, c=self.c)

    def parameters_of(self, items: Labels) -> Parameters:
        """Raises CannotCalibrate for an item that is not of this calibration."""
        place = np.minimum(np.searchsorted(self.items, items), len(self.items) - 1)
        strange = items[self.items[place] != items]
        if len(strange):
            raise CannotCalibrate(f"not calibrated: {', '.join(map(str, strange[:10]))}")
        return self.parameters.take(place)

    def population(self, responses: Responses, groups: Mapping[Any, str] | None = None) -> Population:
        return Population(
            np.array(list(self.mean.values())),
            np.array(list(self.sd.values())),
            number_groups(responses, list(self.mean), groups),
        )

    def abilities(self, responses: Responses, groups: Mapping[Any, str] | None = None) -> Abilities:
        """Of everyone who answered a calibrated item."""
        known = responses.only(self.items)
        return estimate_abilities(known, self.parameters_of(known.items), self.population(known, groups))


def calibrate(
    responses: Responses,
    model: Kind = "2pl",
    priors: Priors | None = None,
    groups: Mapping[Any, str] | None = None,
    needed: int | None = None,
) -> Calibration:
    """Marginal maximum a posteriori estimates.

    `groups` names each person's group where abilities differ; the largest is the reference with mean 0 and
    standard deviation 1. Without groups everyone is of it. `needed` answers an item are by default NEEDED.
    Degenerate items are left out and named with the reason. Raises TooFewResponses, GroupTooSmall and, where
    the answers carry no scale at all, CannotCalibrate.
    """
    refuse_short(responses, NEEDED[model] if needed is None else needed)
    left_out = find_degenerate(responses)
    usable = responses.without(np.array(list(left_out))) if left_out else responses
    if len(usable.items) < FEWEST_ITEMS:
        raise CannotCalibrate(f"{len(usable.items)} usable items; a scale needs {FEWEST_ITEMS}")
    names = order_groups(usable, groups)
    state = begin(usable, number_groups(usable, names, groups), model)
    chosen = Model(model == "3pl", model == "1pl", shared(priors or Priors(), model, len(usable.items)))
    state, rounds = approach(usable, state, chosen)
    state, errors, steps, converged = finish(usable, state, chosen)
    return report(usable, state, errors, model, names, left_out, rounds + steps, converged)


def shared(priors: Priors, model: Kind, items: int) -> Priors:
    """A slope shared by all items is believed once, not once an item."""
    mean, sd = priors.log_a
    return replace(priors, log_a=(mean, sd * items**0.5)) if model == "1pl" else priors


def order_groups(responses: Responses, groups: Mapping[Any, str] | None) -> list[str]:
    """The largest first, then by name."""
    if groups is None:
        return [EVERYONE]
    labels, counts = np.unique(responses.labels(groups), return_counts=True)
    for label, count in zip(labels.tolist(), counts.tolist(), strict=True):
        if label and count < NEEDED_IN_GROUP:
            raise GroupTooSmall(label, count, NEEDED_IN_GROUP)
    return [str(label) for _count, label in sorted(zip(-counts, labels, strict=True))]


def number_groups(responses: Responses, names: list[str], groups: Mapping[Any, str] | None) -> Numbers:
    if groups is None:
        return np.zeros(len(responses.people), np.int64)
    place = {name: number for number, name in enumerate(names) if name}
    labels = responses.labels(groups)
    unknown = sum(label not in place for label in labels)
    if unknown:
        raise CannotCalibrate(f"{unknown} of {len(labels)} people have no known group")
    return np.array([place[label] for label in labels])


def begin(responses: Responses, group: Numbers, model: Kind) -> State:
    """Difficulties from shares of right answers; where to begin decides nothing."""
    right, asked = responses.answered_right, responses.answered
    odds = (right + 0.5) / (asked - right + 0.5)
    free = np.zeros((3 if model == "3pl" else 2, len(asked)))
    free[1] = -1.2 * np.log(odds)
    free[2:] = -1.5
    number = int(group.max()) + 1
    return State(free, Population(np.zeros(number), np.ones(number), group))


def approach(responses: Responses, state: State, model: Model) -> tuple[State, int]:
    """EM on a sixteenth, a quarter, then all of the people, where the part holds enough of everything."""
    rounds, group, groups = 0, state.population.group, len(state.population.mean)
    for share in SHARES:
        part = responses.every(share) if share > 1 else responses
        if share > 1 and not holds_enough(
            part, len(responses.items), np.bincount(group[::share], minlength=groups)
        ):
            continue
        state, turns = climb(part, regrouped(state, group[::share]), model, TOLERANCE, LIMIT)
        rounds += turns
    return regrouped(state, group), rounds


def holds_enough(part: Responses, items: int, in_groups: Numbers) -> bool:
    every_item = len(part.items) == items and part.answered.min() >= ENOUGH_TO_START
    return bool(every_item and in_groups.min() >= NEEDED_IN_GROUP)


def regrouped(state: State, group: Numbers) -> State:
    return replace(state, population=replace(state.population, group=group))


def finish(responses: Responses, state: State, model: Model) -> tuple[State, Floats, int, bool]:
    """Newton's steps on the marginal posterior; also standard errors of all parameters, as in `survey`."""
    tie = ties(state, model)
    errors = np.full(len(tie), np.nan)
    for turn in range(1, NEWTON_LIMIT + 1):
        surface = survey(responses, state, model.priors)
        inverse = inverted(tie.T @ surface.information @ tie)
        step = tie @ (inverse @ (tie.T @ surface.slope)) if inverse is not None else np.full(len(tie), np.inf)
        furthest = float(np.abs(step).max())
        if inverse is None or furthest > FAR:
            state, _turns = climb(responses, state, model, TOLERANCE / 10, 50)
            continue
        state, errors = moved(state, step), np.sqrt(np.diag(tie @ inverse @ tie.T))
        if furthest < CLOSE:
            return state, errors, turn, True
    return state, errors, NEWTON_LIMIT, False


def inverted(information: Floats) -> Floats | None:
    """None where the information is not positive definite, so that the place is no maximum."""
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return None
    return np.asarray(np.linalg.inv(information), np.float64)


def ties(state: State, model: Model) -> Floats:
    """All parameters from the free ones: the reference group stands still, a 1PL has one slope."""
    items, size = state.free.shape[1], state.free.size
    tie = np.delete(np.eye(size + 2 * len(state.population.mean)), [size, size + 1], axis=1)
    if model.shared_slope:
        tie = np.hstack([tie[:, :items].sum(1, keepdims=True), tie[:, items:]])
    return tie


def moved(state: State, step: Floats) -> State:
    size, population = state.free.size, state.population
    latent = step[size:].reshape(-1, 2)
    others = replace(population, mean=population.mean + latent[:, 0], sd=population.sd * np.exp(latent[:, 1]))
    return State(state.free + step[:size].reshape(state.free.shape), others)


def report(
    responses: Responses,
    state: State,
    errors: Floats,
    model: Kind,
    names: list[str],
    left_out: dict[Hashable, Reason],
    iterations: int,
    converged: bool,
) -> Calibration:
    found = parameters(state.free)
    by_kind = errors[: state.free.size].reshape(state.free.shape)
    return Calibration(
        model=model,
        items=responses.items,
        a=found.a,
        b=found.b,
        c=found.c,
        # log a and logit c carry their errors over by the delta method
        se_a=found.a * by_kind[0],
        se_b=by_kind[1],
        se_c=found.c * (1 - found.c) * by_kind[2] if model == "3pl" else np.zeros(len(found)),
        answered=responses.answered,
        people=len(responses.people),
        mean=dict(zip(names, state.population.mean.tolist(), strict=True)),
        sd=dict(zip(names, state.population.sd.tolist(), strict=True)),
        left_out=left_out,
        log_likelihood=expect(responses, state).log_likelihood,
        iterations=iterations,
        converged=converged,
    )
