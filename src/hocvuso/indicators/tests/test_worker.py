import signal
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.db import OperationalError
from django.utils import timezone
from django_tasks import task
from django_tasks_db.models import DBTaskResult

from hocvuso.indicators.management.commands import worker
from hocvuso.indicators.models import Tally
from hocvuso.indicators.tests.make import make_indicators
from hocvuso.people.models.doors import Session
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Seal
from hocvuso.records.tests.make import make_record

DONE: list[int] = []


@task()
def remember(number: int) -> None:
    DONE.append(number)


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch) -> worker.Command:
    """With the signals kept from the test runner."""
    handlers: dict[int, Any] = {}
    monkeypatch.setattr(signal, "signal", handlers.__setitem__)
    made = worker.Command(stderr=StringIO())
    made.handlers = handlers
    return made


@pytest.mark.django_db(transaction=True)
def test_worker_seals_folds_and_runs_tasks_until_told_to_stop(
    command: worker.Command, monkeypatch: pytest.MonkeyPatch
):
    make_indicators()
    make_record("passed", make_person(), object_kind="test", object_key="citizen-basic")
    DONE.clear()
    remember.enqueue(7)
    rounds = []

    def work_then_stop(work: Any = command.work_a_round) -> bool:
        more = work()
        rounds.append(more)
        if not more:
            command.handlers[signal.SIGTERM](signal.SIGTERM, None)
        return more

    monkeypatch.setattr(command, "work_a_round", work_then_stop)

    command.handle(interval=0.01)

    assert rounds == [True, False]
    assert DONE == [7]
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"
    assert Seal.objects.count() == 1
    assert Tally.objects.filter(measure="tested", dimension="").count() == 2


@pytest.mark.django_db(transaction=True)
def test_worker_waits_while_the_database_is_busy(command: worker.Command, monkeypatch: pytest.MonkeyPatch):
    rounds = []

    def busy() -> bool:
        rounds.append(1)
        if len(rounds) == 2:
            command.handlers[signal.SIGINT](signal.SIGINT, None)
            return False
        raise OperationalError("database is locked")

    monkeypatch.setattr(command, "work_a_round", busy)

    command.handle(interval=0.01)

    assert len(rounds) == 2
    assert command.stderr.getvalue() == "database is locked\n"


@pytest.mark.django_db(transaction=True)
def test_worker_forgets_sessions_that_have_ended(command: worker.Command, monkeypatch: pytest.MonkeyPatch):
    person, now = make_person(), timezone.now()
    for key, hours in (("gone", -1), ("going-on", 1)):
        Session.objects.create(session_key=key, person=person, expire_date=now + timedelta(hours=hours))
    monkeypatch.setattr(command, "work_a_round", lambda: command.handlers[signal.SIGTERM](15, None))

    command.handle(interval=0.01)

    assert list(Session.objects.values_list("session_key", flat=True)) == ["going-on"]
