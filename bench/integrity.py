"""Integrity checks: false alarms against their level, what they find of planted cases, and their time.

Everything is simulated: honest people answer as the model says, the planted ones as the metric says.
"""

import time

import numpy as np

from bench.result import Figure
from hocvuso.assessment.engine.ability import estimate_eap
from hocvuso.assessment.engine.bank import Bank, Table, build_table
from hocvuso.assessment.engine.chance import ANSWER, draw
from hocvuso.assessment.engine.integrity.leakage import ALPHA, Drop, watch_item
from hocvuso.assessment.engine.integrity.person_fit import measure_adaptive_fit, measure_fit
from hocvuso.assessment.engine.integrity.reason import Reason
from hocvuso.assessment.engine.integrity.rotation import make_rotation, number_places
from hocvuso.assessment.engine.integrity.similarity import Session, compare_answers
from hocvuso.assessment.engine.irt import Parameters, probability
from hocvuso.assessment.engine.policy import Policy
from hocvuso.assessment.engine.sitting import run, sit
from hocvuso.assessment.tests.sessions import copy, make_habits, make_session
from hocvuso.assessment.tests.simulated import make_parameters
from hocvuso.assessment.tests.timed import Timed, World, make_world

SEED = 2026
PEOPLE = 200  # of one session
ITEMS = 30
BUDGET = 2.0  # seconds for a session
MONITORED = 500  # items of a bank
ADAPTIVE = Policy(max_length=20, randomesque=5)


def measure() -> list[Figure]:
    return [*person_fit(), *adaptive_fit(), *similarity(), *timing(), *leakage(), *rotation(), session_time()]


def person_fit() -> list[Figure]:
    chance = np.random.default_rng(SEED)
    figures = []
    for items in (10, 20, 40):
        p = make_parameters(items, SEED)
        tails = [fixed_test(p, float(theta), chance) for theta in chance.normal(size=4000)]
        share = float(np.mean(np.array(tails) <= 0.05))
        figures.append(Figure(f"lz*: false alarms at 5 %, {items} items", share, "share", 0.05))
    adaptive = [adaptive_test(seed) for seed in range(1000)]
    figures.append(
        Figure("lz*: false alarms at 5 %, adaptive, 20 items", float(np.mean(adaptive)), "share", 0.05)
    )
    p = Parameters.of(np.linspace(-2, 2, 20), 1.2)
    for theta in (-1.0, 0.0):
        found = [fixed_test(p, theta, chance, knows=5) <= 0.01 for _person in range(1000)]
        metric = f"lz*: finds the hardest 5 of 20 known, ability {theta:g}"
        figures.append(Figure(metric, float(np.mean(found)), "share"))
    return figures


def fixed_test(p: Parameters, theta: float, chance: np.random.Generator, knows: int = 0) -> float:
    answers = chance.random(len(p)) < probability(theta, p)
    answers[len(p) - knows :] = True
    return measure_fit(answers, p, estimate_eap(answers, p).theta).p


def adaptive_test(seed: int) -> bool:
    table = adaptive_table()
    sitting = sit(table, ADAPTIVE, float(np.random.default_rng(seed).normal()), seed)
    items, rights = zip(*sitting.answers, strict=True)
    return measure_fit(rights, table.parameters.take(items), sitting.step.estimate).p <= 0.05


def adaptive_fit() -> list[Figure]:
    """Judged at 5 % by 199 simulated tests."""
    honest = [reasons_of(float(theta), seed) for seed, theta in enumerate(people(200))]
    late = [reasons_of(-1.0, seed, helped_after=13) for seed in range(60)]
    bought = [reasons_of(-1.0, seed, leaked=150) for seed in range(60)]
    began = time.perf_counter()
    measure_adaptive_fit(adaptive_table(), ADAPTIVE, sit(adaptive_table(), ADAPTIVE, 0.0, 1).answers)
    return [
        Figure("adaptive: honest people with any flag at 5 %", share_of(honest), "share", 0.05),
        Figure("adaptive: finds help from the 14th of 20 answers on", share_of(late), "share"),
        Figure("adaptive: finds half of the bank known beforehand", share_of(bought), "share"),
        Figure("adaptive: 399 simulated tests for one person", time.perf_counter() - began, "s"),
    ]


def people(number: int) -> list[float]:
    return np.random.default_rng(SEED).normal(size=number).tolist()


def share_of(found: list[tuple[Reason, ...]]) -> float:
    return float(np.mean([bool(reasons) for reasons in found]))


def reasons_of(theta: float, seed: int, helped_after: int = 20, leaked: int = 0) -> tuple[Reason, ...]:
    table, asked = adaptive_table(), list[int]()
    known = set(np.random.default_rng(seed).permutation(300)[:leaked].tolist())
    chances = probability(theta, table.parameters)

    def answer(item: int) -> bool:
        asked.append(item)
        return len(asked) > helped_after or item in known or draw(seed, ANSWER, item) < chances[item]

    sitting = run(table, ADAPTIVE, seed, answer)
    found = measure_adaptive_fit(table, ADAPTIVE, sitting.answers, draws=199, seed=seed * 200, alpha=0.05)
    return found.reasons


def adaptive_table() -> Table:
    if not TABLES:
        names = [f"i{number}" for number in range(300)]
        TABLES.append(build_table(Bank.of(names, ["g"] * 300, make_parameters(300, SEED))))
    return TABLES[0]


TABLES: list[Table] = []


def similarity() -> list[Figure]:
    flagged = [
        bool(compare_answers(make_class(30, ITEMS, seed, tilt=tilt)).similar)
        for tilt in (0.0, 0.5)
        for seed in range(300)
    ]
    metric = "similarity: honest classes of 30 with any pair flagged"
    figures = [
        Figure(metric, float(np.mean(flagged[:300])), "share", 0.05),
        Figure(f"{metric}, tilted", float(np.mean(flagged[300:])), "share", 0.05),
    ]
    for items in (15, 20, 30, 60):
        for pairs in ("named", "all"):
            found = [finds_copying(items, seed, pairs == "named") for seed in range(200)]
            metric = f"similarity: finds 60 % of {items} copied, {pairs} pairs of 30"
            figures.append(Figure(metric, float(np.mean(found)), "share"))
    return figures


def make_class(people: int, items: int, seed: int, tilt: float = 0.0, copied: float = 0.0) -> Session:
    habits, chance = make_habits(items, seed, tilt), np.random.default_rng(seed + SEED)
    choice = habits.choose(chance.normal(size=people), chance)
    copy(choice, 0, 1, copied, chance)
    return make_session(habits, choice, seed)


def finds_copying(items: int, seed: int, named: bool) -> bool:
    """Named are the 15 desks of the room."""
    desks = [(one, one + 1) for one in range(0, 30, 2)] if named else None
    found = compare_answers(make_class(30, items, seed, copied=0.6), among=desks)
    return (0, 1) in [(one.first, one.second) for one in found.similar]


def timing() -> list[Figure]:
    world = make_world(60)
    flags = [flagged(world, freedom, 3000) for freedom in (1000, 4)]
    honest, planted = world.answer(300, 20, SEED), 100
    chance = np.random.default_rng(SEED)
    tapped, knew = honest.seconds.copy(), honest.seconds.copy()
    right, hard = honest.right.copy(), honest.chance <= 0.5
    for person in range(planted):
        own = np.arange(person * 20, person * 20 + 20)
        tapped[chance.permutation(own)[:6]] = chance.uniform(0.7, 2.0, 6)
        knew[own[hard[own]]] *= 0.25
        right[own[hard[own]]] = 1
    return [
        Figure("times: honest people with any flag", flags[0], "share", 0.003),
        Figure("times: the same with heavy tails", flags[1], "share", 0.003),
        Figure(
            "times: finds 6 of 20 answers tapped at once",
            found_of(
                Timed(honest.item, tapped, honest.right, honest.chance, 20), Reason.RAPID_ANSWERS, planted
            ),
            "share",
        ),
        Figure(
            "times: finds hard items right in a quarter of the time",
            found_of(Timed(honest.item, knew, right, honest.chance, 20), Reason.FAST_ON_HARD, planted),
            "share",
        ),
    ]


def flagged(world: World, freedom: int, people: int) -> float:
    timed = world.answer(people, 20, SEED + freedom, freedom)
    model = timed.fit(60)
    return float(np.mean([bool(timed.judge(model, person).reasons) for person in range(people)]))


def found_of(timed: Timed, reason: Reason, planted: int) -> float:
    model = timed.fit(60)
    return float(np.mean([reason in timed.judge(model, person).reasons for person in range(planted)]))


def leakage() -> list[Figure]:
    alarms = [watch(seed, 2000).p <= ALPHA for seed in range(600)]
    figures = [Figure("leakage: false alarms, 2,000 answers", float(np.mean(alarms)), "share", ALPHA)]
    for watched in (1, MONITORED):
        for after in (50, 100, 200):
            found = [
                watch(seed, 300 + after, since=300, easier=1.5, watched=watched).reason is not None
                for seed in range(300)
            ]
            metric = f"leakage: 1.5 logits found in {after} answers, {watched} items"
            figures.append(Figure(metric, float(np.mean(found)), "share"))
    return figures


def watch(seed: int, answers: int, since: int = 0, easier: float = 0.0, watched: int = 1) -> Drop:
    chance = np.random.default_rng(seed)
    p = make_parameters(40, SEED, guessing=0.1)
    item = seed % 40
    estimate = chance.normal(p.b[item], 0.5, answers)
    truth = chance.normal(estimate, 0.4) + np.where(np.arange(answers) >= since, easier, 0.0)
    right = chance.random(answers) < probability(truth, p)[:, item]
    return watch_item(right, estimate, np.full(answers, 0.4), p, item, watched=watched)


def rotation() -> list[Figure]:
    """3,364 places in a grid; 2,000 items."""
    side, size = 58, 2000
    chance = np.random.default_rng(SEED)
    groups = [f"g{group}" for group in chance.integers(0, 6, size)]
    began = time.perf_counter()
    rotation = make_rotation(
        Bank.of([f"i{one}" for one in range(size)], groups, make_parameters(size, SEED)), 7, 3
    )
    steps = ((0, 1), (1, 0), (1, 1))
    beside = {
        f"{row}/{column}": [
            f"{row + down}/{column + right}"
            for down, right in steps
            if row + down < side and column + right < side
        ]
        for row in range(side)
        for column in range(side)
    }
    numbers = number_places(rotation, beside)
    took = time.perf_counter() - began
    shared = [rotation.shared(numbers[one], numbers[other]) for one in beside for other in beside[one]]
    return [
        Figure(
            "rotation: neighbours with the same pool", float(np.mean(np.array(shared) == 1)), "share", 0.0
        ),
        Figure("rotation: items that neighbours' pools share", float(np.mean(shared)), "share", 3 / 7),
        Figure("rotation: dealing 2,000 items, 3,364 places", took, "s", BUDGET),
    ]


def session_time() -> Figure:
    """Fit, all 19,900 pairs, and times of 200 people who met the same 30 items."""
    habits, chance = make_habits(ITEMS, SEED), np.random.default_rng(SEED)
    session = make_session(habits, habits.choose(chance.normal(size=PEOPLE), chance))
    timed = make_world(ITEMS).answer(PEOPLE, ITEMS, SEED)
    began = time.perf_counter()
    for answers, theta in zip(session.choice == session.key, session.ability.tolist(), strict=True):
        measure_fit(answers, session.parameters, theta)
    compare_answers(session)
    model = timed.fit(ITEMS)
    for person in range(PEOPLE):
        timed.judge(model, person)
    return Figure(f"all checks of a session of {PEOPLE}", time.perf_counter() - began, "s", BUDGET)
