"""Adaptive tests: the time of a step by size of bank, and the error after 20 items, beside catsim and catpie.

The peers live outside: PEERS_PYTHON names the Python of an environment with `pip install catsim catpie`.
Neither balances content, so what they are timed at is less: an estimate, and a draw among the five best
items. Each program runs in a process of its own, one after the other, with the same items, people and luck.
"""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.result import Figure
from hocvuso.assessment.engine.cat import Bank, Parameters, build_table, save_table

SEED = 2026
LENGTH = 20
BUDGET = 100  # microseconds
PATIENCE = 900  # seconds a program has
PEERS = ("catsim", "catpie")
RULES = ("information", "divergence", "progressive")
PROGRAM = Path(__file__).parent / "peers" / "adapt.py"
SIZES = {
    500: 20,
    5_000: 10,
    20_000: 5,
}  # items, and people that a peer tests; the product tests ten times as many
PEOPLE = 1000  # for the error


@dataclass
class Outcome:
    seconds: np.ndarray
    estimates: np.ndarray

    def microseconds(self, share: float) -> float:
        return float(np.quantile(self.seconds, share)) * 1e6


def measure() -> list[Figure]:
    figures = [figure for size in SIZES for figure in time_steps(size)]
    return [*figures, *compare_errors()]


def time_steps(size: int) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        built = prepare(folder, size, SIZES[size])
        found = {peer: run(f"{peer}:5", folder) for peer in PEERS}
        prepare(folder, size, SIZES[size] * 10)
        found["bare"] = run("bare", folder)
        peers = {name: outcome.microseconds(0.5) for name, outcome in found.items() if outcome}
        figures = [Figure(f"building the table, {size:,} items", built, "s")]
        for rule in RULES:
            own = needed(run(f"hocvuso:{rule}", folder))
            kept = needed(run(f"kept:{rule}", folder)).microseconds(0.5)
            metric = f"step by {rule}, {size:,} items"
            half, nearly = own.microseconds(0.5), own.microseconds(0.99)
            figures.append(Figure(f"{metric}, p50", half, "µs", BUDGET, peers=peers))
            figures.append(Figure(f"{metric}, p50, state kept", kept, "µs", BUDGET))
            figures.append(Figure(f"{metric}, p99", nearly, "µs"))
    return figures


def compare_errors() -> list[Figure]:
    """By maximum information with nothing else, as the peers do; each with its own running estimate."""
    with tempfile.TemporaryDirectory() as folder:
        prepare(folder, 500, PEOPLE)
        truth = np.load(f"{folder}/people.npz")["theta"]

        def error(outcome: Outcome) -> float:
            return float(np.sqrt(np.mean((outcome.estimates - truth) ** 2)))

        own = error(needed(run("free", folder)))
        found = {peer: run(peer, folder) for peer in PEERS}
    peers = {peer: error(outcome) for peer, outcome in found.items() if outcome}
    target = min(peers.values(), default=None)
    return [Figure(f"error after {LENGTH} of 500 items", own, "RMSE", target, peers=peers)]


def prepare(folder: str, size: int, people: int) -> float:
    """A 2PL bank with its saved table, and people; how long the table took to build, in seconds."""
    chance = np.random.default_rng(SEED)
    a, b = np.exp(chance.normal(0.1, 0.3, size)), chance.normal(0, 1, size)
    theta, luck = chance.normal(0, 1, people), chance.random((people, size))
    np.savez(f"{folder}/people.npz", a=a, b=b, theta=theta, luck=luck, length=LENGTH)
    names = [f"i{number}" for number in range(size)]
    bank = Bank.of(names, [f"g{number % 4}" for number in range(size)], Parameters.of(b, a))
    began = time.perf_counter()
    table = build_table(bank)
    built = time.perf_counter() - began
    place = save_table(table, Path(folder))
    link = Path(folder) / "table"
    link.unlink(missing_ok=True)
    link.symlink_to(place)
    return built


def needed(outcome: Outcome | None) -> Outcome:
    if outcome is None:
        raise RuntimeError("the product did not run")
    return outcome


def run(program: str, folder: str) -> Outcome | None:
    is_peer = program.split(":")[0] in PEERS
    python = os.environ.get("PEERS_PYTHON") if is_peer else sys.executable
    if not python:
        print(f"{program}: peer not installed (PEERS_PYTHON is not set)")
        return None
    command = [python, str(PROGRAM), program, f"{folder}/people.npz", f"{folder}/found.npz"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    try:
        subprocess.run(command, check=True, timeout=PATIENCE, env=environment)
    except (OSError, subprocess.SubprocessError) as problem:
        print(f"{program}: no figure: {problem}")
        return None
    found = np.load(f"{folder}/found.npz")
    return Outcome(found["seconds"], found["estimates"])
