"""Requests per second, p95 and CPU of the pages that matter, above two floors in the same run."""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.load import Load, Request, Server, put_load, serving, warm_up
from bench.result import Figure

CONNECTIONS = (1, 16)
WARMING = 20


def measure() -> list[Figure]:
    figures: list[Figure] = []
    for database in ("sqlite", "postgresql"):
        with tempfile.TemporaryDirectory() as folder:
            environment = environment_for(database, Path(folder))
            subprocess.run(
                [sys.executable, "-m", "bench.prepare", folder], check=True, env={**os.environ, **environment}
            )
            figures += measure_database(database, Path(folder), environment)
    return figures


def environment_for(database: str, folder: Path) -> dict[str, str]:
    url = os.environ["HOCVUSO_DATABASE_URL"] if database == "postgresql" else f"sqlite:///{folder}/bench.db"
    return {
        "HOCVUSO_VAR": str(folder / "var"),
        "HOCVUSO_DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "hocvuso.settings",
        "BENCH_FOLDER": str(folder),
        "PYTHONPATH": str(Path.cwd()),
    }


def measure_database(database: str, folder: Path, environment: dict[str, str]) -> list[Figure]:
    gets: dict[str, list[dict[str, Any]]] = json.loads((folder / "gets.json").read_text())
    runs: dict[str, list[list[dict[str, Any]]]] = json.loads((folder / "answers.json").read_text())
    figures: list[Figure] = []
    loads: dict[tuple[str, int], Load] = {}
    with serving("bench.floors:ok", environment) as server:
        for connections in CONNECTIONS:
            loads["server ok", connections] = put_load(server, [Request("/")], connections)
    with serving("hocvuso.wsgi:application", environment) as server:
        for name, pages in gets.items():
            warm_up(server, [request_of(page) for page in pages])
            for connections in CONNECTIONS:
                loads[name, connections] = put_load(server, [request_of(page) for page in pages], connections)
        for name in ("answer", "adaptive answer"):
            for connections, run in zip(CONNECTIONS, runs[name], strict=True):
                answers = [request_of(one) for one in run]
                loads[name, connections] = put_answers(server, answers, connections)
    with serving("bench.bare:application", environment) as server:
        for connections in CONNECTIONS:
            loads["bare lesson", connections] = put_load(server, [Request("/lesson")], connections)
        for index, connections in enumerate(CONNECTIONS):
            first, many = sum(map(len, runs["bare answer"][:index])), len(runs["bare answer"][index])
            bare = [Request(f"/answer/{number}", "POST") for number in range(first, first + many)]
            loads["bare answer", connections] = put_answers(server, bare, connections)
    for (name, connections), load in loads.items():
        figures += describe(f"{database}: {name}, {connections} connection(s)", load)
    return figures + ratios(database, loads)


def put_answers(server: Server, run: list[Request], connections: int) -> Load:
    """The first of them warm the server: each may be given once."""
    warm_up(server, run[:WARMING])
    return put_load(server, run[WARMING:], connections, seconds_for(len(run)))


def seconds_for(requests: int) -> int:
    """Short enough that no answer is given twice (2,000 a second at the most)."""
    return max(1, requests // 2000)


def request_of(one: dict[str, Any]) -> Request:
    cookie = f"hvs_session={one['cookie']}" if "cookie" in one else ""
    headers = (("Cookie", cookie),) if cookie else ()
    if "body" not in one:
        return Request(one["path"], headers=headers)
    token = "x" * 32
    posted = (
        ("Cookie", f"{cookie}; hvs_csrf={token}"),
        ("X-CSRFToken", token),
        ("HX-Request", "true"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    )
    return Request(one["path"], "POST", one["body"], posted)


def describe(name: str, load: Load) -> list[Figure]:
    target = 300.0 if "dashboard" in name and "1 connection" in name else None
    return [
        Figure(f"{name}: throughput", load.per_second, "requests/s"),
        Figure(f"{name}: p95", load.p95_ms, "ms", target),
        Figure(f"{name}: CPU", load.cpu_ms, "ms/request"),
        Figure(f"{name}: errors", load.errors, "requests", 0),
    ]


def ratios(database: str, loads: dict[tuple[str, int], Load]) -> list[Figure]:
    """CPU against the bare view running the same SQL."""
    found = []
    for name, bare, target in (("lesson page", "bare lesson", 2.0), ("answer", "bare answer", 2.5)):
        ours, floor = loads[name, 1].cpu_ms, loads[bare, 1].cpu_ms
        peers = {
            bare: round(floor, 3),
            "ours": round(ours, 3),
            "server ok": round(loads["server ok", 1].cpu_ms, 3),
        }
        found.append(
            Figure(f"{database}: {name}, CPU against a bare view", ours / floor, "times", target, peers=peers)
        )
    return found
