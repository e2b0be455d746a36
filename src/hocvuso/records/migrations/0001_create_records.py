"""The tables of the spine; on PostgreSQL records are partitioned by month; on both engines they cannot be changed.

A later migration that rebuilds one of these tables on SQLite drops its triggers and must make them again.
"""

import datetime

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import hocvuso.base.ids
from hocvuso.records.partitions import make_partitions_ahead

PARTITION = """
CREATE TABLE records_partitioned (LIKE records_record INCLUDING ALL) PARTITION BY RANGE (id);
DROP TABLE records_record;
ALTER TABLE records_partitioned RENAME TO records_record;
CREATE TABLE records_record_default PARTITION OF records_record DEFAULT;
CREATE FUNCTION records_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'records are append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER records_record_default_kept BEFORE TRUNCATE ON records_record_default
    FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
"""
KEEP_POSTGRESQL = """
CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION records_refuse();
CREATE TRIGGER {table}_kept_whole BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION records_refuse();
"""
KEEP_SQLITE = (
    "CREATE TRIGGER {table}_kept_from_{verb} BEFORE {verb} ON {table}"
    " BEGIN SELECT RAISE(ABORT, 'records are append-only: {verb} on {table} refused'); END"
)


def partition_by_month(apps, schema_editor):
    """Only on PostgreSQL, while the table is new and empty; indexes and foreign keys follow."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(PARTITION)
        make_partitions_ahead(datetime.datetime.now(datetime.UTC).date(), schema_editor.connection)


def keep_what_is_written(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for table in ("records_record", "records_seal"):
            if schema_editor.connection.vendor == "postgresql":
                cursor.execute(KEEP_POSTGRESQL.format(table=table))
            else:
                for verb in ("UPDATE", "DELETE"):
                    cursor.execute(KEEP_SQLITE.format(table=table, verb=verb))


def let_go(apps, schema_editor):
    """Back to nothing: the tables are dropped next; SQLite drops their triggers with them."""
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP FUNCTION records_refuse CASCADE")


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("people", "0001_create_people"),
        ("places", "0001_create_places"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("previous", models.BinaryField(max_length=32)),
                ("digest", models.BinaryField(max_length=32)),
                ("count", models.PositiveIntegerField()),
                ("entries", models.BinaryField()),
                ("sealed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="Record",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=hocvuso.base.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "verb",
                    models.CharField(
                        choices=[
                            ("registered", "became a learner"),
                            ("experienced", "read"),
                            ("answered", "answered"),
                            ("completed", "completed"),
                            ("attempted", "began"),
                            ("passed", "passed"),
                            ("failed", "did not pass yet"),
                            ("attended", "attended"),
                            ("voided", "undid"),
                            ("moved", "moved or changed group"),
                            ("confirmed", "was confirmed"),
                            ("revoked", "confirmation was withdrawn"),
                            ("reported", "reported"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "object_kind",
                    models.CharField(
                        help_text="lesson, check, test, certificate, person, place …", max_length=20
                    ),
                ),
                ("object_key", models.CharField(help_text="slug or id of the object", max_length=160)),
                ("audience", models.CharField(blank=True, max_length=8)),
                ("age_band", models.CharField(blank=True, max_length=6)),
                ("sex", models.CharField(blank=True, max_length=6)),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("alone", "alone"),
                            ("helped", "with help"),
                            ("done_for", "done for the person"),
                        ],
                        default="alone",
                        max_length=8,
                    ),
                ),
                ("happened_at", models.DateTimeField()),
                ("learnt_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "source",
                    models.CharField(
                        default="web", help_text="web, offline, import, api, demo", max_length=10
                    ),
                ),
                ("result", models.JSONField(default=dict)),
                (
                    "entered_by",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "helper",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "household",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="people.household",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="records",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "place",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="records",
                        to="places.place",
                    ),
                ),
                (
                    "undoes",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="undone_by",
                        to="records.record",
                    ),
                ),
            ],
        ),
        migrations.RunPython(partition_by_month, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Unsealed",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "record",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="waiting",
                        to="records.record",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["person", "verb", "happened_at"], name="record_person"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(fields=["place", "verb", "happened_at"], name="record_place"),
        ),
        migrations.AddIndex(
            model_name="record",
            index=models.Index(
                condition=models.Q(("undoes__isnull", False)), fields=["undoes"], name="record_undoes"
            ),
        ),
        migrations.RunPython(keep_what_is_written, let_go),
    ]
