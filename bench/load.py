"""Servers on loopback and the load put on them, with the CPU they spent."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

TICKS = os.sysconf("SC_CLK_TCK")

LUA = """
local requests, at = {}, 0
for line in io.lines(os.getenv("BENCH_REQUESTS")) do
  local method, path, headers, body = line:match("^(%S+)\\t([^\\t]*)\\t([^\\t]*)\\t(.*)$")
  local fields = {Host = "127.0.0.1"}
  for name, value in headers:gmatch("([^:;]+): ([^|]*)|") do fields[name] = value end
  requests[#requests + 1] = wrk.format(method, path, fields, body ~= "" and body or nil)
end
request = function() at = at % #requests + 1; return requests[at] end
done = function(summary, latency, _)
  local e = summary.errors
  local failed = e.connect + e.read + e.write + e.timeout + e.status
  io.write(string.format("BENCH %d %d %.3f %.3f %d\\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000,
    failed))
end
"""


@dataclass(frozen=True)
class Request:
    path: str
    method: str = "GET"
    body: str = ""
    headers: tuple[tuple[str, str], ...] = ()

    def line(self) -> str:
        fields = "".join(f"{name}: {value}|" for name, value in self.headers)
        return "\t".join((self.method, self.path, fields, self.body))


@dataclass(frozen=True)
class Load:
    per_second: float
    p50_ms: float
    p95_ms: float
    cpu_ms: float
    errors: int


@dataclass(frozen=True)
class Server:
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """User and system time of the server's processes so far."""
        family = [self.process.pid]
        for pid in family:
            for children in Path(f"/proc/{pid}/task").glob("*/children"):
                family += [int(child) for child in children.read_text().split()]
        return sum(self._ticks(pid) for pid in family) / TICKS

    @staticmethod
    def _ticks(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])


@contextmanager
def serving(application: str, environment: dict[str, str], threads: int = 4) -> Iterator[Server]:
    """Granian with one worker; the context ends it."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        application,
        "--no-ws",
        "--host",
        "127.0.0.1",
    ]
    command += [
        "--port",
        str(port),
        "--workers",
        "1",
        "--blocking-threads",
        str(threads),
        "--log-level",
        "warning",
    ]
    process = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        wait_for(f"http://127.0.0.1:{port}/healthz", process)
        yield Server(port, process)
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> float:
    """Seconds until the address answers at all."""
    start = time.monotonic()
    while time.monotonic() - start < seconds:
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            with urlopen(url, timeout=5):
                return time.monotonic() - start
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise RuntimeError(f"{url} does not answer")


def warm_up(server: Server, requests: Sequence[Request]) -> None:
    """Ask each once: templates, catalogues and indexes are loaded by the first who needs them."""
    for one in requests:
        connection = HTTPConnection("127.0.0.1", server.port, timeout=60)
        connection.request(one.method, one.path, one.body or None, dict(one.headers))
        connection.getresponse().read()
        connection.close()


def put_load(server: Server, requests: Sequence[Request], connections: int, seconds: int = 4) -> Load:
    """Ask the given requests round and round; needs wrk (Debian package)."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "load.lua").write_text(LUA)
        (Path(folder) / "requests").write_text(
            "".join(one.line() + "\n" for one in requests), encoding="utf-8"
        )
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s"]
        command += ["-s", f"{folder}/load.lua", f"http://127.0.0.1:{server.port}/"]
        before = server.cpu_seconds()
        run = subprocess.run(
            command,
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "BENCH_REQUESTS": f"{folder}/requests"},
        )
        spent = server.cpu_seconds() - before
    line = next(line for line in run.stdout.splitlines() if line.startswith("BENCH"))
    count, micros, p50, p95, errors = (float(word) for word in line.split()[1:])
    return Load(count / (micros / 1e6), p50, p95, spent * 1000 / max(count, 1), int(errors))


def describe(load: Load) -> str:
    return json.dumps(load.__dict__)
