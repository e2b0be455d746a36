"""One program's adaptive tests: `python adapt.py <program> people.npz found.npz`.

Programs: hocvuso:<rule> with content balancing and exposure control, kept:<rule> the same with the state kept
between steps, free: the product without either, bare: the look-up alone, and the peers catsim and catpie.
Peers run in their own Python, which knows nothing of the product. All meet the same items and the same people:
`luck[person, item]` below the chance of a right answer makes it right. Only the update and the choice are timed.
"""

import sys
import time
from pathlib import Path

import numpy as np


def by_hocvuso(people, folder, *, policy, kept=False):
    from hocvuso.assessment.engine import cat

    table = cat.open_table(folder)
    cat.check_policy(table, policy)

    def start(person):
        answers, state = [], cat.begin(table, policy, person)

        def answer(item, right):
            if item is None:
                step = state.step()
            elif kept:
                state.add(item, right)
                step = state.step()
            else:
                answers.append((item, right))
                step = cat.next_step(table, policy, answers, person)
            return step.item, step.estimate

        return answer

    return start


def balanced(rule, items, length):
    from hocvuso.assessment.engine.cat import Policy

    shares = {"g0": 0.1, "g1": 0.3, "g2": 0.25, "g3": 0.35}
    control = np.random.default_rng(3).uniform(0.4, 1, items)
    return Policy(rule=rule, shares=shares, randomesque=5, control=control, max_length=length)


def by_bare(people, folder):
    """The least that a step can be: add a row, take a mean, walk a list."""
    from hocvuso.assessment.engine import cat

    table = cat.open_table(folder)
    grid, first, width = table.grid, float(table.grid[0]), float(table.grid[1] - table.grid[0])

    def start(person):
        asked, log_posterior = set(), -(grid**2) / 2

        def answer(item, right):
            nonlocal log_posterior
            if item is not None:
                asked.add(item)
                log_posterior = log_posterior + table.log_answer[item, int(right)]
            weight = np.exp(log_posterior)
            estimate = float(weight @ grid / weight.sum())
            best = table.order[round((estimate - first) / width), :64].tolist()
            return next(item for item in best if item not in asked), estimate

        return answer

    return start


def by_catsim(people, folder, *, among=1):
    from catsim.estimation import NumericalSearchEstimator
    from catsim.item_bank import ItemBank
    from catsim.selection import MaxInfoSelector, RandomesqueSelector

    bank = ItemBank(np.stack((people["a"], people["b"], people["b"] * 0, people["b"] * 0 + 1), axis=1))
    selector = RandomesqueSelector(among) if among > 1 else MaxInfoSelector()
    estimator = NumericalSearchEstimator()

    def start(person):
        items, rights, estimate, rng = [], [], 0.0, np.random.default_rng(person)

        def answer(item, right):
            nonlocal estimate
            if item is not None:
                items.append(item)
                rights.append(right)
                estimate = estimator.estimate(
                    item_bank=bank, administered_items=items, response_vector=rights, est_theta=estimate
                )
            return int(selector.select(item_bank=bank, administered_items=items, est_theta=estimate, rng=rng)), estimate

        return answer

    return start


def by_catpie(people, folder, *, among=1):
    import random

    import catpie

    bank = [(float(a), float(b), 0.0, 1.0) for a, b in zip(people["a"], people["b"])]

    def start(person):
        items, rights, estimate, rng = [], [], 0.0, random.Random(person)

        def answer(item, right):
            nonlocal estimate
            if item is not None:
                items.append(item)
                rights.append(int(right))
                estimate = catpie.thetaEst([bank[one] for one in items], rights, method="EAP")
            return catpie.nextItem(bank, estimate, out=items, randomesque=among, rng=rng).item, estimate

        return answer

    return start


def find(program, people, folder):
    name, _, rule = program.partition(":")
    size, length = len(people["b"]), int(people["length"])
    if name in ("catsim", "catpie"):
        return (by_catsim if name == "catsim" else by_catpie)(people, folder, among=int(rule or 1))
    if name == "bare":
        return by_bare(people, folder)
    if name == "free":
        from hocvuso.assessment.engine.cat import Policy

        return by_hocvuso(people, folder, policy=Policy(max_length=length + 1))
    return by_hocvuso(people, folder, policy=balanced(rule, size, length + 1), kept=name == "kept")


def sit(start, people):
    chances = 1 / (1 + np.exp(-people["a"] * (people["theta"][:, None] - people["b"])))
    right = people["luck"] < chances
    seconds, estimates = [], []
    for person in range(len(right)):
        answer = start(person)
        item, estimate = answer(None, None)
        for _ in range(int(people["length"])):
            is_right = bool(right[person, item])
            began = time.perf_counter()
            item, estimate = answer(item, is_right)
            seconds.append(time.perf_counter() - began)
        estimates.append(estimate)
    return np.array(seconds), np.array(estimates)


if __name__ == "__main__":
    program, given, found = sys.argv[1:]
    people = np.load(given)
    people = {name: people[name] for name in people.files}
    seconds, estimates = sit(find(program, people, Path(given).parent / "table"), people)
    np.savez(found, seconds=seconds, estimates=estimates)
