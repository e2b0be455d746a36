"""What a lesson weighs, cold: the page and all it needs, gzip, without the optional typeface."""

import gzip
import os
import re
import subprocess
import sys
import tempfile
from urllib.request import Request, urlopen

from bench.load import serving
from bench.result import Figure

BUDGET = 14 * 1024


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {"HOCVUSO_VAR": folder, "HOCVUSO_DATABASE_URL": f"sqlite:///{folder}/w.db"}
        for words in (
            ["migrate", "-v0"],
            ["createcachetable"],
            ["content", "load"],
            ["collectstatic", "--noinput", "-v0"],
        ):
            command = [sys.executable, "-m", "hocvuso", *words]
            subprocess.run(command, check=True, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
        with serving("hocvuso.wsgi:application", environment) as server:
            return weigh(f"http://127.0.0.1:{server.port}")


def weigh(site: str) -> list[Figure]:
    courses = set(re.findall(r'href="(/hoc/khoa/[^"/#?]+)"', read(f"{site}/hoc/khoa").decode()))
    found = (
        re.findall(r'href="(/hoc/khoa/[^"/#?]+/[^"/#?]+)"', read(site + path).decode()) for path in courses
    )
    weights = {path: weigh_page(site, path) for path in sorted({path for paths in found for path in paths})}
    heaviest = max(weights, key=lambda path: weights[path][0])
    average = sum(weight for weight, _blocking in weights.values()) / len(weights)
    return [
        Figure(f"heaviest lesson, cold ({heaviest})", weights[heaviest][0], "bytes gzip", BUDGET),
        Figure("lesson, cold, on average", average, "bytes gzip", BUDGET),
        Figure("lessons weighed", len(weights), "pages", 32, at_most=False),
        Figure("blocking scripts", max(blocking for _w, blocking in weights.values()), "scripts", 0),
    ]


def weigh_page(site: str, path: str) -> tuple[int, int]:
    """Bytes of page, styles and scripts as gzip, and how many scripts block."""
    page = read(site + path)
    text = page.decode()
    files = set(re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)) | set(
        re.findall(r'<script[^>]* src="([^"]+)"', text)
    )
    scripts = re.findall(r"<script[^>]*>", text)
    blocking = sum("defer" not in script and "async" not in script for script in scripts)
    return packed(page) + sum(packed(read(site + name)) for name in files), blocking


def packed(body: bytes) -> int:
    return len(gzip.compress(body, mtime=0))


def read(url: str) -> bytes:
    with urlopen(Request(url), timeout=20) as answer:
        return bytes(answer.read())
