"""A database that is away: the process lives, readiness says what is down, readers get a kind page."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

NOWHERE = "postgresql://hocvuso@127.0.0.1:1/hocvuso?connect_timeout=2"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def ask(port: int, path: str) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    response = connection.getresponse()
    return response.status, response.read().decode()


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Served without a database to serve from."""
    port, var = free_port(), tmp_path_factory.mktemp("down")
    environment = {**os.environ, "HOCVUSO_VAR": str(var), "HOCVUSO_DATABASE_URL": NOWHERE, "PORT": str(port)}
    command = [sys.executable, "-m", "hocvuso", "serve", "--no-prepare"]
    with (Path(var) / "log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            wait_until_alive(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_until_alive(port: int, process: "subprocess.Popen[bytes]") -> None:
    for _attempt in range(300):
        assert process.poll() is None
        try:
            ask(port, "/healthz")
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("The server does not come up.")


def test_the_process_is_alive(port: int):
    assert ask(port, "/healthz") == (200, "ok\n")


def test_readiness_names_what_is_down(port: int):
    status, text = ask(port, "/readyz")

    assert status == 503
    assert json.loads(text) == {"ready": False, "database": False, "cache": False}


@pytest.mark.parametrize(
    "path", ["/", "/hoc/", "/hoc/khoa/tra-tien-bang-ma-qr/quet-ma-tra-tien", "/dang-nhap"]
)
def test_a_reader_gets_a_kind_page_and_no_trace(port: int, path: str):
    status, text = ask(port, path)

    assert status in (200, 500)  # a page that needs no database is simply there
    assert text.count("<h1") == 1
    assert "Traceback" not in text
    assert "psycopg" not in text
