"""2PL calibration of simulated answers: seconds and error, beside mirt and girth in the same run.

The peers live outside: PEERS_PYTHON names the Python of an environment with `pip install mirt girth`.
log a is normal around 0.1 with 0.3, b and abilities are standard normal. Our time holds sorting the triplets.
"""

import os
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from bench.result import Figure
from hocvuso.assessment.engine.calibration import calibrate
from hocvuso.assessment.engine.irt import Floats, Parameters, probability
from hocvuso.assessment.engine.responses import Responses

SEED = 757
PATIENCE = 300  # seconds a peer has
PEER = Path(__file__).parent / "peers" / "calibrate.py"


@dataclass(frozen=True)
class Case:
    people: int
    items: int
    missing: float
    error: float  # at most this root mean square error of a and of b
    peers: tuple[str, ...]

    @property
    def name(self) -> str:
        sparse = f", {self.missing:.0%} missing" if self.missing else ""
        return f"{self.people:,} × {self.items}{sparse}"


@dataclass
class Outcome:
    seconds: float
    error_a: float
    error_b: float


@dataclass
class Race:
    case: Case
    own: Outcome
    peers: dict[str, Outcome] = field(default_factory=dict)


CASES = (
    Case(10_000, 100, 0.0, 0.04, ("mirt", "girth")),
    Case(100_000, 200, 0.7, 0.03, ("mirt",)),  # girth needs more than PATIENCE
)


def measure() -> list[Figure]:
    return [figure for case in CASES for figure in figures(run(case))]


def run(case: Case) -> Race:
    """Answers −1 are missing. Ours starts from triplets, the peers from the whole table they ask for."""
    p, answers = simulate(case)
    person, item = np.nonzero(answers >= 0)
    right = answers[person, item] == 1
    calibrate(
        Responses.of(*np.nonzero(answers[:300, :20] >= 0), answers[:300, :20][answers[:300, :20] >= 0]),
        needed=1,
    )
    begin = time.perf_counter()
    found = calibrate(Responses.of(person, item, right))
    race = Race(case, judge(p, found.a, found.b, time.perf_counter() - begin))
    for peer in case.peers:
        outcome = run_peer(peer, p, answers)
        if outcome is not None:
            race.peers[peer] = outcome
    return race


def simulate(case: Case) -> tuple[Parameters, np.ndarray]:
    chance = np.random.default_rng(SEED)
    p = Parameters.of(a=np.exp(chance.normal(0.1, 0.3, case.items)), b=chance.normal(0, 1, case.items))
    right = chance.random((case.people, case.items)) < probability(chance.normal(0, 1, case.people), p)
    return p, np.where(chance.random(right.shape) < case.missing, -1, right).astype(np.int64)


def judge(p: Parameters, a: Floats, b: Floats, seconds: float) -> Outcome:
    return Outcome(seconds, float(np.sqrt(np.mean((a - p.a) ** 2))), float(np.sqrt(np.mean((b - p.b) ** 2))))


def run_peer(peer: str, p: Parameters, answers: np.ndarray) -> Outcome | None:
    python = os.environ.get("PEERS_PYTHON")
    if not python:
        print(f"{peer}: peer not installed (PEERS_PYTHON is not set)")
        return None
    with tempfile.TemporaryDirectory() as folder:
        given, taken = f"{folder}/answers.npz", f"{folder}/found.npz"
        np.savez(given, answers=answers)
        try:
            subprocess.run([python, str(PEER), peer, given, taken], check=True, timeout=PATIENCE)
        except (OSError, subprocess.SubprocessError) as problem:
            print(f"{peer}: no figure: {problem}")
            return None
        found = np.load(taken)
        return judge(p, found["a"], found["b"], float(found["seconds"]))


def figures(race: Race) -> list[Figure]:
    name, own, peers = race.case.name, race.own, race.peers
    listed = [
        Figure(f"calibration {name}", own.seconds, "s", peers={one: peers[one].seconds for one in peers}),
        Figure(
            f"error of a, {name}",
            own.error_a,
            "RMSE",
            race.case.error,
            peers={one: peers[one].error_a for one in peers},
        ),
        Figure(
            f"error of b, {name}",
            own.error_b,
            "RMSE",
            race.case.error,
            peers={one: peers[one].error_b for one in peers},
        ),
    ]
    if "mirt" in peers:
        listed.append(
            Figure(
                f"times as fast as mirt, {name}", peers["mirt"].seconds / own.seconds, "×", 2, at_most=False
            )
        )
    return listed
