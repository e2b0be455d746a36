"""Kolibri from the package index: a throw-away environment, a device with learners, its server, its requests.

Its parts that speak with the network (pingback, discovery) are off; all else is as it sets itself up: SQLite,
log files, task workers. Only the server's threads may be set.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from pathlib import Path
from socket import socket
from typing import Any
from uuid import UUID, uuid4

from bench.load import Request, Server, wait_for

VERSION = "0.19.5"  # brings all it needs with it
LEARNERS = 32
ITEMS = 8  # questions of the exercise
TOKEN = "x" * 32
NAMES = ("node_id", "content_id", "channel_id")
LEARN = "/en/learn/"
PROGRESS = "/api/logger/trackprogress/"
SETTLING = 3  # seconds for what it does after its start


def install(folder: Path) -> Path:
    """The command, in an environment of its own."""
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    command = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", f"kolibri=={VERSION}"]
    subprocess.run([folder / "bin/python", *command], check=True)
    return folder / "bin/kolibri"


def environment_of(home: Path, threads: int | None = None) -> dict[str, str]:
    """Nothing of ours reaches it."""
    found = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
    found |= {"HOME": str(home), "KOLIBRI_HOME": str(home), "KOLIBRI_LISTEN_ADDRESS": "127.0.0.1"}
    found |= {"KOLIBRI_DISABLE_PING": "true", "KOLIBRI_ZEROCONF_ENABLED": "false"}
    return found | ({"KOLIBRI_CHERRYPY_THREAD_POOL": str(threads)} if threads else {})


def prepare(program: Path, home: Path) -> list[Request]:
    """A device that learners may sign up at; the answers they will give, one learner after the other."""
    home.mkdir()
    device = "--facility Do --superusername chu --superuserpassword chu --preset nonformal --language_id en"
    command = [str(program), "manage", "provisiondevice", *device.split(), "--noinput"]
    subprocess.run(command, check=True, env=environment_of(home), capture_output=True)
    with serving(program, home) as server:
        facility = ask(server, "GET", "/api/public/v1/facility/")[0][0]["id"]
        learners = [sign_up(server, facility, number) for number in range(LEARNERS)]
    items = [uuid4() for _ in range(ITEMS)]
    return [answer(session, log, item) for item in items for session, log in learners]


@contextmanager
def serving(program: Path, home: Path, threads: int | None = None) -> Iterator[Server]:
    port, other = free_ports()
    command = [str(program), "start", "--foreground", "--port", str(port), "--zip-port", str(other)]
    with (home / "console.txt").open("ab") as console:
        process = subprocess.Popen(command, env=environment_of(home, threads), stdout=console, stderr=console)
    try:
        wait_for(f"http://127.0.0.1:{port}{LEARN}", process, seconds=120)
        time.sleep(SETTLING)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def free_ports() -> tuple[int, int]:
    with socket() as first, socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return first.getsockname()[1], second.getsockname()[1]


def sign_up(server: Server, facility: str, number: int) -> tuple[str, str]:
    """A learner's session, and the log of the exercise they begin.

    Logs name an exercise and do not ask for it: none needs to be brought in from Kolibri's studio.
    """
    person = {"facility": facility, "username": f"do{number}", "full_name": "Người Đo", "password": TOKEN}
    _person, session = ask(server, "POST", "/api/auth/signup/", person)
    exercise = {name: UUID(int=position).hex for position, name in enumerate(NAMES, 1)}
    goal = {"type": "m_of_n", "m": ITEMS, "n": ITEMS}
    begun, _session = ask(
        server, "POST", PROGRESS, {**exercise, "kind": "exercise", "mastery_model": goal}, session
    )
    return session, begun["session_id"]


def answer(session: str, log: str, item: UUID) -> Request:
    """What its exercise page sends when a question is answered for the first time."""
    interaction = {
        "item": item.hex,
        "correct": 1,
        "complete": True,
        "time_spent": 6.2,
        "answer": {"question": {"radio 1": {"choicesSelected": [False, True, False, False]}}},
        "simple_answer": "B",
    }
    body = {"time_spent_delta": 7.1, "interactions": [interaction]}
    return Request(f"{PROGRESS}{log}/", "PUT", json.dumps(body), tuple(headers(session).items()))


def headers(session: str) -> dict[str, str]:
    cookies = f"kolibri_csrftoken={TOKEN}" + (f"; kolibri={session}" if session else "")
    return {"Cookie": cookies, "X-CSRFToken": TOKEN, "Content-Type": "application/json"}


def ask(server: Server, method: str, path: str, body: Any = None, session: str = "") -> tuple[Any, str]:
    """What it answers, and the session that it opened."""
    connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
    connection.request(method, path, None if body is None else json.dumps(body), headers(session))
    response = connection.getresponse()
    text = response.read()
    connection.close()
    if response.status >= 400:
        raise RuntimeError(f"{method} {path}: {response.status} {text[:200]!r}")
    cookies: SimpleCookie = SimpleCookie()
    for line in response.headers.get_all("Set-Cookie", []):
        cookies.load(line)
    return json.loads(text), cookies["kolibri"].value if "kolibri" in cookies else ""
