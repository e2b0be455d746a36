"""Many at the same time: really committed, on a database that several connections share."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from django.db import connection, connections

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.records.actions import seal_batch, void_record, write_record
from hocvuso.records.models import Record, Seal, Unsealed
from hocvuso.records.queries import Inspection

pytestmark = pytest.mark.django_db(transaction=True)
THREADS = 8


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Person]:
    """A person in a database for threads: on SQLite a file with the schema of the tests' own, in memory."""
    if connection.vendor == "postgresql":
        yield make_person()
        return
    memory = connection.connection
    options = dict(connection.settings_dict)
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "shared.db"))
    connection.connection = None
    connection.connect()
    memory.backup(connection.connection)
    yield make_person()
    connection.connection.close()
    connection.connection = memory
    connection.settings_dict.update(options)


def at_once(act: Callable[[], Any]) -> list[Any]:
    barrier = Barrier(THREADS)

    def run(_number: int) -> Any:
        barrier.wait()
        try:
            return act()
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_same_deed_gives_one_record(shared: Person):
    deed = new_id()

    def act() -> tuple[Record, bool]:
        return write_record("completed", person=shared, deed=deed, object_kind="lesson", object_key="mot")

    answers = at_once(act)

    assert Record.objects.get().pk == deed
    assert Unsealed.objects.count() == 1
    assert sorted(new for _record, new in answers) == [False] * (THREADS - 1) + [True]
    assert {record.pk for record, _new in answers} == {deed}


def test_same_record_is_undone_once(shared: Person):
    record, _new = write_record("completed", person=shared, object_kind="lesson", object_key="mot")

    answers = at_once(lambda: void_record(record, by=shared, reason="wrong person"))

    assert Record.objects.filter(undoes=record).count() == 1
    assert sum(new for _record, new in answers) == 1


def test_sealers_take_turns(shared: Person):
    for _ in range(20):
        write_record("completed", person=shared, object_kind="lesson", object_key="mot")

    at_once(lambda: seal_batch(limit=2))

    assert sorted(Seal.objects.values_list("number", "count")) == [(number, 2) for number in range(1, 9)]
    assert Unsealed.objects.count() == 4
    assert list(Inspection().faults()) == []
