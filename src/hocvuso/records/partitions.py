"""Monthly partitions of the records table on PostgreSQL, cut by primary key: a UUIDv7 begins with its moment.

SQLite has one table and nothing to do here.
"""

from datetime import UTC, date, datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

TABLE = "records_record"
MONTHS_AHEAD = 3
STRAYS = "SELECT EXISTS (SELECT FROM records_record_default WHERE id >= %s AND id < %s)"


def next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def first_id(month: date) -> UUID:
    """Below every UUIDv7 made in the month (UTC), above every one made before."""
    moment = datetime(month.year, month.month, 1, tzinfo=UTC)
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def make_partitions(since: date, until: date, using: BaseDatabaseWrapper | None = None) -> list[str]:
    """Make the missing partitions from one month to another, both included; returns the new ones' names.

    A month of which records already lie in the default partition keeps them there and gets no partition.
    """
    database = using or connection
    made: list[str] = []
    if database.vendor != "postgresql":
        return made
    month, last = since.replace(day=1), until.replace(day=1)
    while month <= last:
        if make_partition(month, database):
            made.append(partition_name(month))
        month = next_month(month)
    return made


def make_partitions_ahead(today: date, using: BaseDatabaseWrapper | None = None) -> list[str]:
    until = today
    for _ in range(MONTHS_AHEAD):
        until = next_month(until)
    return make_partitions(today, until, using)


def partition_name(month: date) -> str:
    return f"{TABLE}_{month:%Y_%m}"


def make_partition(month: date, database: BaseDatabaseWrapper) -> bool:
    name, start, end = partition_name(month), first_id(month), first_id(next_month(month))
    with transaction.atomic(using=database.alias), database.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [TABLE])
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            return False
        cursor.execute(STRAYS, [start, end])
        if cursor.fetchone()[0]:
            return False
        cursor.execute(f"CREATE TABLE {name} PARTITION OF {TABLE} FOR VALUES FROM ('{start}') TO ('{end}')")
        cursor.execute(refuse_truncate(name))
    return True


def refuse_truncate(name: str) -> str:
    """Statement triggers of the table do not guard a partition that is emptied by its own name."""
    return (
        f"CREATE TRIGGER {name}_kept BEFORE TRUNCATE ON {name}"
        " FOR EACH STATEMENT EXECUTE FUNCTION records_refuse()"
    )
