"""`hocvuso serve`: bring the house in order, then open the door: web server and worker together."""

import os
import signal
import subprocess
import sys
import time
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection
from django.utils.timezone import localdate

from hocvuso.dashboards.queries.atlas import write_vega
from hocvuso.learning.models import Lesson
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place

NO_DEMO_PEOPLE = "0"


class Command(BaseCommand):
    help = "Migrate, load places and content, in demo mode the demo world; then serve."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument(
            "--workers", type=int, default=0, help="0: one on SQLite (a single writer), else one a core"
        )
        parser.add_argument(
            "--no-prepare", action="store_true", help="the database and static files are ready"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        started = time.monotonic()
        if not options["no_prepare"]:
            prepare()
        workers = options["workers"] or (1 if connection.vendor == "sqlite" else os.cpu_count() or 1)
        connection.close()
        self.stdout.write(
            f"Ready in {time.monotonic() - started:.1f} s: http://{options['host']}:{options['port']}/"
        )
        self.stdout.flush()
        run_together(
            [sys.executable, "-m", "hocvuso", "worker"],
            [
                *(
                    sys.executable,
                    "-m",
                    "granian",
                    "--interface",
                    "wsgi",
                    "hocvuso.wsgi:application",
                    "--no-ws",
                ),
                *("--host", options["host"], "--port", str(options["port"]), "--workers", str(workers)),
                *("--blocking-threads", "4", "--log-level", "warning"),
            ],
        )


def prepare() -> None:
    """Idempotent and quick when there is nothing to do."""
    Path(settings.VAR).mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if not Place.objects.exists():
        call_command("places_load")
    load_changed_content()
    if (
        settings.DEMO
        and os.environ.get("HOCVUSO_DEMO_PEOPLE") != NO_DEMO_PEOPLE
        and not Person.objects.exists()
    ):
        call_command("demo")
    write_vega(Path(settings.GENERATED))
    collect_static()


def load_changed_content() -> None:
    """In demo mode whenever a file changed; in production only what is there the first time."""
    stamp, kept = stamp_of_content(), Path(settings.VAR) / ".content-stamp"
    changed = not kept.exists() or kept.read_text() != stamp
    if not Lesson.objects.exists() or (settings.DEMO and changed):
        call_command("content_load", verbosity=0)
        kept.write_text(stamp)


def stamp_of_content() -> str:
    """Files with their sizes and times, and the day: changes of units wait for theirs."""
    files = sorted(path for path in Path(settings.CONTENT).rglob("*") if path.is_file())
    found = [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files]
    return sha256(f"{localdate()} {connection.settings_dict['NAME']} {found}".encode()).hexdigest()


def collect_static() -> None:
    """Only when a file changed: naming and compressing them all takes longer than the rest of a start."""
    stamp, kept = stamp_of_static(), Path(settings.STATIC_ROOT) / ".stamp"
    if not kept.exists() or kept.read_text() != stamp:
        call_command("collectstatic", interactive=False, verbosity=0)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(stamp)


def stamp_of_static() -> str:
    """Name, size and time of each file that would be collected, by the storage that would keep them."""
    found = sorted(
        (path, stat.st_size, stat.st_mtime_ns)
        for finder in get_finders()
        for path, storage in finder.list([])
        for stat in [Path(storage.path(path)).stat()]
    )
    return sha256(f"{settings.STORAGES['staticfiles']} {found}".encode()).hexdigest()


def run_together(*commands: list[str]) -> None:
    """Run all until one ends or we are told to stop; then end the others."""
    running = [subprocess.Popen(command) for command in commands]  # noqa: S603 - our own commands

    def stop(number: int, frame: FrameType | None) -> None:
        for process in running:
            process.terminate()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    while all(process.poll() is None for process in running):
        time.sleep(0.2)
    for process in running:
        process.terminate()
        process.wait(timeout=15)
