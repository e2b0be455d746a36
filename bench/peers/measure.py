"""Lesson and answer beside Kolibri's learn page and attempt log, in one run: `python -m bench.peers.measure`.

All stand on SQLite, as each sets it up: ours syncs at checkpoints, Kolibri with each commit. So the writing
is measured a second time in memory, where nobody waits for the disk. One server process each; Kolibri with as
many threads as ours and with its own number, and a ratio stands on the better of the two. Kolibri's page is
the shell of its program: what a lesson says comes in further requests, which are not measured.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import mean, median
from urllib.request import urlopen

from bench.load import Load, Request, Server, put_load, serving, warm_up
from bench.pages import CONNECTIONS, environment_for, put_answers, request_of
from bench.peers import kolibri
from bench.result import Figure, save

THREADS = 4
ROUNDS = 3
MEMORY = Path("/dev/shm")  # noqa: S108
PREPARED = {"BENCH_PEOPLE": "3000", "BENCH_SITTERS": "130"}
PEERS = {
    f"Kolibri {kolibri.VERSION}, {THREADS} threads": THREADS,
    f"Kolibri {kolibri.VERSION}, its own threads": None,
}
Loads = dict[tuple[str, str, int], list[Load]]


@dataclass(frozen=True)
class Pair:
    ours: str
    theirs: str
    times: float  # at least so many of ours for one of theirs

    @property
    def writes(self) -> bool:
        return "answer" in self.ours


PAIRS = (
    Pair("lesson page", "cached learn page", 20),
    Pair("answer", "attempt log", 15),
    Pair("adaptive answer", "attempt log", 15),
)


@dataclass(frozen=True)
class World:
    """What was prepared once; each round begins with a copy."""

    ours: Path
    program: Path
    home: Path
    attempts: list[Request]

    @classmethod
    def prepare(cls, folder: Path) -> "World":
        ours, home = folder / "ours", folder / "kolibri"
        ours.mkdir()
        subprocess.run(
            [sys.executable, "-m", "bench.prepare", ours],
            check=True,
            env={**PREPARED, **os.environ, **environment_for("sqlite", ours)},
        )
        program = kolibri.install(folder / "environment")
        return cls(ours, program, home, kolibri.prepare(program, home))


def measure() -> list[Figure]:
    figures = [Figure("load of the machine before", os.getloadavg()[0], "processes")]
    Path("var").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=Path("var").resolve(), prefix="peers-") as folder:
        world = World.prepare(Path(folder))
        figures += [*weigh(world), *floor(world)]
        figures += compare(world, PAIRS, Path(folder), "")
        if MEMORY.is_dir():
            figures += compare(world, [pair for pair in PAIRS if pair.writes], MEMORY, ", in memory")
    return figures


def weigh(world: World) -> list[Figure]:
    """Bytes as they are sent to who accepts no compression, as the load does."""
    with serving("hocvuso.wsgi:application", environment_for("sqlite", world.ours)) as server:
        own = mean(size(server, one.path) for one in lessons(world))
    with kolibri.serving(world.program, world.home) as server:
        peers = {"Kolibri's learn page, without its lesson": size(server, kolibri.LEARN) / 1024}
    return [Figure("lesson page, on average", own / 1024, "KiB", peers=peers)]


def floor(world: World) -> list[Figure]:
    """What the server itself takes: no page can be faster."""
    with serving("bench.floors:ok", environment_for("sqlite", world.ours), THREADS) as server:
        loads = {connections: put_load(server, [Request("/")], connections) for connections in CONNECTIONS}
    return [
        Figure(f'our server answering "ok", {connections} connection(s): {what}', value, unit)
        for connections, load in loads.items()
        for what, value, unit in (
            ("throughput", load.per_second, "requests/s"),
            ("CPU", load.cpu_ms, "ms/request"),
        )
    ]


def size(server: Server, path: str) -> int:
    with urlopen(f"http://127.0.0.1:{server.port}{path}", timeout=60) as page:
        return len(page.read())


def lessons(world: World) -> list[Request]:
    return [request_of(one) for one in json.loads((world.ours / "gets.json").read_text())["lesson page"]]


# -- loads


def compare(world: World, pairs: Sequence[Pair], place: Path, where: str) -> list[Figure]:
    loads: Loads = defaultdict(list)
    for _round in range(ROUNDS):
        with tempfile.TemporaryDirectory(dir=place, prefix="peers-") as folder:
            for name, connections, load in load_ours(world, pairs, Path(folder)):
                loads["ours", name, connections].append(load)
        for peer, threads in PEERS.items():
            with tempfile.TemporaryDirectory(dir=place, prefix="peers-") as folder:
                for name, connections, load in load_theirs(world, pairs, Path(folder), threads):
                    loads[peer, name, connections].append(load)
    return [
        figure
        for pair in pairs
        for connections in CONNECTIONS
        for figure in judge(loads, pair, connections, where)
    ]


def load_ours(world: World, pairs: Sequence[Pair], folder: Path) -> Iterator[tuple[str, int, Load]]:
    for part in world.ours.glob("bench.db*"):
        shutil.copy(part, folder)
    runs = json.loads((world.ours / "answers.json").read_text())
    with serving("hocvuso.wsgi:application", environment_for("sqlite", folder), THREADS) as server:
        for pair in pairs:
            pages = [] if pair.writes else lessons(world)
            warm_up(server, pages)
            for index, connections in enumerate(CONNECTIONS):
                if pair.writes:
                    answers = [request_of(one) for one in runs[pair.ours][index]]
                    yield pair.ours, connections, put_answers(server, answers, connections)
                else:
                    yield pair.ours, connections, put_load(server, pages, connections)


def load_theirs(
    world: World, pairs: Sequence[Pair], folder: Path, threads: int | None
) -> Iterator[tuple[str, int, Load]]:
    home = Path(shutil.copytree(world.home, folder / "kolibri"))
    with kolibri.serving(world.program, home, threads) as server:
        for name, writes in {pair.theirs: pair.writes for pair in pairs}.items():
            requests = world.attempts if writes else [Request(kolibri.LEARN)]
            warm_up(server, requests[: kolibri.LEARNERS])
            for connections in CONNECTIONS:
                yield name, connections, put_load(server, requests, connections)


# -- figures


def judge(loads: Loads, pair: Pair, connections: int, where: str) -> list[Figure]:
    own = together(loads["ours", pair.ours, connections])
    peers = {peer: together(loads[peer, pair.theirs, connections]) for peer in PEERS}
    name = f"{pair.ours} beside Kolibri's {pair.theirs}, {connections} connection(s){where}"

    def figure(what: str, unit: str, value: Callable[[Load], float], target: float | None = None) -> Figure:
        values = {peer: round(value(load), 3) for peer, load in peers.items()}
        return Figure(f"{name}: {what}", value(own), unit, target, peers=values)

    def times(what: str, value: float, target: float | None = None) -> Figure:
        return Figure(f"{name}: {what}", value, "times", target, at_most=False)

    return [
        figure("throughput", "requests/s", lambda load: load.per_second),
        figure("p95", "ms", lambda load: load.p95_ms),
        figure("CPU", "ms/request", lambda load: load.cpu_ms),
        figure("errors", "requests", lambda load: load.errors, 0),
        times(
            "throughput against the better one",
            own.per_second / max(load.per_second for load in peers.values()),
            None if where else pair.times,
        ),
        times(
            "CPU of the thriftier one against ours", min(load.cpu_ms for load in peers.values()) / own.cpu_ms
        ),
    ]


def together(loads: Sequence[Load]) -> Load:
    """The median of the rounds, and all their errors."""
    found = {field.name: median(getattr(load, field.name) for load in loads) for field in fields(Load)}
    return Load(**{**found, "errors": sum(load.errors for load in loads)})


if __name__ == "__main__":
    save("peers", measure())
