"""2PL calibration of simulated answers: seconds and error, beside mirt and girth in the same run.

The peers live outside: PEERS_PYTHON names the Python of an environment with `pip install mirt girth`.
log a is normal around 0.1 with 0.3, b and abilities are standard normal.
"""

import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.result import Figure
from hocvuso.assessment.engine.irt import Parameters, probability

PATIENCE = 300  # seconds a peer has
PROGRAM = Path(__file__).parent / "peers" / "calibrate.py"


@dataclass(frozen=True)
class Case:
    people: int
    items: int
    missing: float
    sets: int  # of answers; one set's errors hang on a few hard items
    error: float  # at most this root mean square error of a and of b
    peers: tuple[str, ...]

    @property
    def name(self) -> str:
        sparse = f", {self.missing:.0%} missing" if self.missing else ""
        return f"{self.people:,} × {self.items}{sparse}"


@dataclass
class Outcome:
    seconds: float
    processor: float  # seconds on all cores; tells more than the clock when others use the machine
    mebibytes: float
    error_a: float
    error_b: float


CASES = (
    Case(10_000, 100, 0.0, 3, 0.04, ("mirt", "tuned mirt", "girth")),
    Case(100_000, 200, 0.7, 1, 0.03, ("mirt", "tuned mirt")),  # girth needs more than PATIENCE
)


def measure() -> list[Figure]:
    return [figure for case in CASES for figure in compare(case)]


def compare(case: Case) -> list[Figure]:
    """Each program calibrates each set of answers in a process of its own, one after the other."""
    found: dict[str, list[Outcome]] = {}
    for seed in range(1, case.sets + 1):
        p, answers = simulate(case, seed)
        with tempfile.TemporaryDirectory() as folder:
            np.savez(f"{folder}/answers.npz", answers=answers)
            for program in ("hocvuso", *case.peers):
                outcome = run(program, p, folder)
                if outcome:
                    found.setdefault(program, []).append(outcome)
    programs = {program: together(outcomes) for program, outcomes in found.items()}
    return judge(case, programs.pop("hocvuso"), programs)


def together(outcomes: list[Outcome]) -> Outcome:
    """Of all sets: the median of what it took, the root mean square of the errors."""
    return Outcome(
        float(np.median([one.seconds for one in outcomes])),
        float(np.median([one.processor for one in outcomes])),
        float(np.median([one.mebibytes for one in outcomes])),
        float(np.sqrt(np.mean([one.error_a**2 for one in outcomes]))),
        float(np.sqrt(np.mean([one.error_b**2 for one in outcomes]))),
    )


def judge(case: Case, own: Outcome, peers: dict[str, Outcome]) -> list[Figure]:
    rows = (
        ("calibration", "s", "seconds", None),
        ("processor time", "s", "processor", None),
        ("error of a", "RMSE", "error_a", case.error),
        ("error of b", "RMSE", "error_b", case.error),
        ("memory taken", "MiB", "mebibytes", None),
    )
    figures = [
        Figure(
            f"{metric}, {case.name}",
            getattr(own, name),
            unit,
            target,
            peers={peer: getattr(outcome, name) for peer, outcome in peers.items()},
        )
        for metric, unit, name, target in rows
    ]
    for peer in [one for one in peers if "mirt" in one]:
        times = peers[peer].seconds / own.seconds
        figures.append(Figure(f"times as fast as {peer}, {case.name}", times, "×", 2, at_most=False))
    return figures


def simulate(case: Case, seed: int) -> tuple[Parameters, np.ndarray]:
    """Answers 1 and 0, −1 where missing."""
    chance = np.random.default_rng(seed)
    p = Parameters.of(a=np.exp(chance.normal(0.1, 0.3, case.items)), b=chance.normal(0, 1, case.items))
    right = chance.random((case.people, case.items)) < probability(chance.normal(0, 1, case.people), p)
    return p, np.where(chance.random(right.shape) < case.missing, -1, right).astype(np.int64)


def run(program: str, p: Parameters, folder: str) -> Outcome | None:
    """One thread for BLAS: a second one waits more than it works, with the peers as with us."""
    own = program == "hocvuso"
    python = sys.executable if own else os.environ.get("PEERS_PYTHON")
    if not python:
        print(f"{program}: peer not installed (PEERS_PYTHON is not set)")
        return None
    command = [python, str(PROGRAM), program, f"{folder}/answers.npz", f"{folder}/found.npz"]
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1"}
    try:
        subprocess.run(command, check=True, timeout=PATIENCE, env=environment)
    except (OSError, subprocess.SubprocessError) as problem:
        if own:
            raise
        print(f"{program}: no figure: {problem}")
        return None
    found = np.load(f"{folder}/found.npz")
    errors = [float(np.sqrt(np.mean((found[name] - true) ** 2))) for name, true in (("a", p.a), ("b", p.b))]
    return Outcome(*(float(found[name]) for name in ("seconds", "processor", "mebibytes")), *errors)
