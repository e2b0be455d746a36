from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from django.core.management import call_command
from django.db import connection

from hocvuso.base.ids import moment_of
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record
from hocvuso.records.partitions import first_id, make_partitions, make_partitions_ahead, next_month
from hocvuso.records.tests.test_append_only import partition_of

pytestmark = pytest.mark.django_db
on_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite keeps records in one table"
)


def make_record_with_id(identifier: UUID) -> Record:
    person = make_person()
    return Record.objects.create(
        id=identifier, verb="completed", person=person, place=person.place, happened_at=datetime.now(UTC)
    )


def test_next_month_crosses_the_year():
    assert [next_month(date(2026, 11, 30)), next_month(date(2026, 12, 31))] == [
        date(2026, 12, 1),
        date(2027, 1, 1),
    ]


def test_month_begins_with_the_lowest_id_of_its_first_millisecond():
    identifier = first_id(date(2027, 3, 1))

    assert moment_of(identifier) == datetime(2027, 3, 1, tzinfo=UTC)
    assert identifier.int & (1 << 80) - 1 == 0


def test_sqlite_has_nothing_to_partition():
    if connection.vendor == "postgresql":
        pytest.skip("the other engine")
    assert make_partitions_ahead(date(2030, 1, 1)) == []


@on_postgresql
def test_months_are_made_ahead_once():
    made = make_partitions(date(2031, 11, 20), date(2032, 1, 5))

    assert made == ["records_record_2031_11", "records_record_2031_12", "records_record_2032_01"]
    assert make_partitions(date(2031, 11, 1), date(2032, 1, 31)) == []


@on_postgresql
def test_record_lies_in_the_partition_of_its_id():
    make_partitions(date(2031, 11, 1), date(2031, 12, 1))
    last = UUID(int=first_id(date(2031, 12, 1)).int - 1)

    november, december = make_record_with_id(last), make_record_with_id(first_id(date(2031, 12, 1)))

    assert [partition_of(november), partition_of(december)] == [
        "records_record_2031_11",
        "records_record_2031_12",
    ]


@on_postgresql
def test_strays_stay_in_the_default_partition():
    stray = make_record_with_id(first_id(date(2019, 5, 1)))

    made = make_partitions(date(2019, 5, 1), date(2019, 6, 1))

    assert made == ["records_record_2019_06"]
    assert partition_of(stray) == "records_record_default"


@on_postgresql
def test_command_names_what_it_made(capsys):
    call_command("records_partitions", since=date(2018, 1, 1))

    assert "records_record_2018_01\n" in capsys.readouterr().out
