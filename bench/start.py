"""The second `make run`: everything is there already."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.error import URLError
from urllib.request import urlopen

from bench.result import Figure

PORT = "8790"


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "HOCVUSO_VAR": folder,
            "HOCVUSO_DATABASE_URL": f"sqlite:///{folder}/s.db",
            "PORT": PORT,
        }
        with started(environment) as first:
            pass
        with started(environment) as second:
            pass
    return [
        Figure("first start with the demo world, until ready", first, "s"),
        Figure("second start, until ready", second, "s", 5),
    ]


@contextmanager
def started(environment: dict[str, str]) -> Iterator[float]:
    begin = time.monotonic()
    command = [sys.executable, "-m", "hocvuso", "serve"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    try:
        while not answers():
            if process.poll() is not None or time.monotonic() - begin > 400:
                raise RuntimeError("the product did not start")
            time.sleep(0.05)
        yield time.monotonic() - begin
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


def answers() -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{PORT}/readyz", timeout=5):
            return True
    except (URLError, ConnectionError, TimeoutError):
        return False
