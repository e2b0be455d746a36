"""The product as it is served, with a small demo world, and Debian's Chromium to drive it."""

import fcntl
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PEOPLE = "400"
PATIENCE_MS = 20_000  # two processes of tests, each with a server, share the machine
SMALL, WIDE = {"width": 360, "height": 740}, {"width": 1280, "height": 900}
BEHIND = """
SELECT (SELECT count(*) FROM records_unsealed),
(SELECT coalesce(max(number), 0) FROM records_seal)
- (SELECT coalesce(max(last_seal), 0) FROM indicators_fold)
"""
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]


def hocvuso(environment: dict[str, str], *words: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "hocvuso", *words],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


def build_world(var: Path) -> None:
    """Everything that `hocvuso serve` prepares, with fewer people."""
    environment = {**os.environ, "HOCVUSO_VAR": str(var)}
    hocvuso(environment, "messages", "--compile")
    hocvuso(environment, "migrate", "--verbosity", "0")
    hocvuso(environment, "createcachetable")
    hocvuso(environment, "places", "load")
    hocvuso(environment, "content", "load")
    (var / "demo.txt").write_text(hocvuso(environment, "demo", "--people", PEOPLE))


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the demo world; built once, then copied for each process of the test run."""
    parallel = "PYTEST_XDIST_WORKER" in os.environ
    base = tmp_path_factory.getbasetemp().parent if parallel else tmp_path_factory.getbasetemp()
    seed, own = base / "seed-world", tmp_path_factory.mktemp("world") / "var"
    with (base / "seed.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (seed / "demo.txt").exists():
            seed.mkdir(exist_ok=True)
            build_world(seed)
    shutil.copytree(seed, own)
    return own


@dataclass(frozen=True)
class Site:
    url: str
    environment: dict[str, str]
    var: Path

    def run(self, *words: str) -> str:
        """A `hocvuso` command on this site's database."""
        return hocvuso(self.environment, *words)

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """What the database holds, read beside the running product; it cannot be changed from here."""
        with closing(sqlite3.connect(f"file:{self.var / 'hocvuso.db'}?mode=ro", uri=True)) as database:
            return database.execute(query, values).fetchall()

    def value(self, query: str, *values: object) -> Any:
        return self.rows(query, *values)[0][0]

    def json(self, query: str, *values: object) -> Any:
        return json.loads(self.value(query, *values))

    def settle(self) -> None:
        """Until the worker that `serve` runs has sealed and folded all that happened."""
        for _attempt in range(2400):
            if self.rows(BEHIND) == [(0, 0)]:
                return
            time.sleep(0.1)
        raise AssertionError("The worker does not keep up.")


@pytest.fixture(scope="session")
def site(world: Path) -> Iterator[Site]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "HOCVUSO_VAR": str(world), "PORT": str(port), "HOCVUSO_PUBLIC_URL": url}
    with (world / "server.log").open("w") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "hocvuso", "serve"], env=environment, stdout=log, stderr=log
        )
        try:
            wait_for(f"{url}/readyz", process, world / "server.log")
            yield Site(url, environment, world)
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    for _attempt in range(2400):
        assert process.poll() is None, log.read_text()
        try:
            with urlopen(url, timeout=5):  # noqa: S310 - our own server
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(log.read_text())


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE_MS)
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield chromium
        chromium.close()


Open = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[Open]:
    """`open_page(viewport, script=False)`: a page of a fresh device; errors in its console fail the test."""
    contexts: list[BrowserContext] = []
    errors: list[str] = []

    def build(viewport: dict[str, int] | None = None, *, script: bool = True, profile: str = "") -> Page:
        context = browser.new_context(
            viewport=viewport or SMALL,
            java_script_enabled=script,
            base_url=site.url,
            locale="vi-VN",
            accept_downloads=True,
        )
        if profile:
            context.add_cookies([{"name": "hvs_profile", "value": profile, "url": site.url}])
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
        return page

    yield build
    for context in contexts:
        context.close()
    assert [error for error in errors if "status of 4" not in error] == []


def sign_in(page: Page, name: str) -> None:
    """As one of the demo people, with name and password."""
    page.goto("/dang-nhap")
    page.locator("input[name=name]").fill(name)
    page.locator("input[name=password]").fill("hocvuso-2026")
    page.locator("form:has(input[name=password]) button").click()
    page.wait_for_load_state("domcontentloaded")
    assert "/dang-nhap" not in page.url, page.locator("main").inner_text()
