"""The database itself refuses to change what is written, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction

from hocvuso.people.tests.make import make_person
from hocvuso.records.actions import seal_all
from hocvuso.records.models import Record, Seal
from hocvuso.records.tests.make import make_record

pytestmark = pytest.mark.django_db

CHANGES = [
    "UPDATE records_record SET verb = 'passed'",
    "DELETE FROM records_record",
    "UPDATE records_seal SET number = number + 1",
    "DELETE FROM records_seal",
]
ON_SQLITE = [
    "INSERT OR REPLACE INTO records_record SELECT * FROM records_record",
    "INSERT OR REPLACE INTO records_seal SELECT * FROM records_seal",
]
ON_POSTGRESQL = [
    "TRUNCATE records_record CASCADE",
    "TRUNCATE records_record_default CASCADE",
    "TRUNCATE records_seal",
    "DELETE FROM ONLY {partition}",
    "TRUNCATE {partition} CASCADE",
]


@pytest.mark.parametrize("change", CHANGES + ON_SQLITE + ON_POSTGRESQL)
def test_change_is_refused(change: str):
    if change in (ON_SQLITE if connection.vendor == "postgresql" else ON_POSTGRESQL):
        pytest.skip("a statement of the other engine")
    record = make_record(person=make_person())
    seal_all()
    connection.check_constraints()  # nothing pending, as after a commit
    before = list(Record.objects.values()), list(Seal.objects.values())

    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(change.format(partition=partition_of(record)))

    assert (list(Record.objects.values()), list(Seal.objects.values())) == before


def partition_of(record: Record) -> str:
    if connection.vendor != "postgresql":
        return ""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM records_record WHERE id = %s", [record.pk])
        return cursor.fetchone()[0]
