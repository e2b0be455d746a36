"""`hocvuso worker`: seals, folds, and runs queued tasks until it is told to stop."""

import signal
from datetime import date
from threading import Event
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import OperationalError, close_old_connections
from django.utils import timezone
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from hocvuso.indicators.actions import fold_batch, is_behind
from hocvuso.people.sessions import SessionStore
from hocvuso.records.actions import seal_batch
from hocvuso.records.models import Unsealed
from hocvuso.records.partitions import make_partitions_ahead


class Command(BaseCommand):
    help = "Seal and fold records every few seconds and run queued tasks. Several may run at once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--interval", type=float, default=2.0, help="seconds between two rounds")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stopping = Event()
        self.tasks = make_task_worker()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        tended_on: date | None = None
        while not self.stopping.is_set():
            close_old_connections()
            more = False
            try:
                if tended_on != timezone.now().date():
                    tended_on = timezone.now().date()
                    make_partitions_ahead(tended_on)
                    SessionStore.clear_expired()
                more = self.work_a_round()
            except OperationalError as error:  # the database is away or busy: the next round tries again
                self.stderr.write(f"{error}")
            if not more:
                self.stopping.wait(options["interval"])

    def work_a_round(self) -> bool:
        """One batch of each; whether there may be more. Asking first costs no lock."""
        sealed = Unsealed.objects.exists() and seal_batch() is not None
        folded = is_behind() and fold_batch() > 0
        if DBTaskResult.objects.ready().exists():
            self.tasks.run()
        return sealed or folded

    def stop(self, number: int, frame: FrameType | None) -> None:
        """What has begun is finished: a task, a batch of the fold."""
        self.stopping.set()
        self.tasks.running = False


def make_task_worker() -> Worker:
    """django-tasks' own worker; each call of its `run` works off the queue and returns."""
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=get_random_string(32),
        excluded_queue_names=[],
    )
