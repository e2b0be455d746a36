"""The append-only spine: what happened, sealed in hash-chained batches."""

from functools import lru_cache
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Household, Person
from hocvuso.places.models import Place
from hocvuso.records.engine.seals import unpack


class Verb(models.TextChoices):
    """xAPI's verbs where it has one (adlnet.gov/expapi/verbs), ours below."""

    REGISTERED = "registered", _("became a learner")
    EXPERIENCED = "experienced", _("read")
    ANSWERED = "answered", _("answered")
    COMPLETED = "completed", _("completed")
    ATTEMPTED = "attempted", _("began")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("did not pass yet")
    ATTENDED = "attended", _("attended")
    VOIDED = "voided", _("undid")
    # ours
    MOVED = "moved", _("moved or changed group")
    CONFIRMED = "confirmed", _("was confirmed")
    REVOKED = "revoked", _("confirmation was withdrawn")
    REPORTED = "reported", _("reported")


class RecordQuerySet(models.QuerySet["Record"]):
    def standing(self) -> "RecordQuerySet":
        """Neither undone nor undoing."""
        undone = Record.objects.filter(verb=Verb.VOIDED, undoes=models.OuterRef("pk"))
        return self.exclude(verb=Verb.VOIDED).filter(~models.Exists(undone))

    def insert_new(self, record: "Record") -> bool:
        """Insert unless its id is there; whether it was inserted. One statement: a learner waits for it."""
        fields = Record._meta.concrete_fields
        values = [field.get_db_prep_save(getattr(record, field.attname), connection) for field in fields]
        with connection.cursor() as cursor:
            cursor.execute(insert_statement(), values)
            return cursor.fetchone() is not None


@lru_cache(maxsize=1)
def insert_statement() -> str:
    columns = [str(field.column) for field in Record._meta.concrete_fields]
    places = ", ".join(["%s"] * len(columns))
    return (
        f"INSERT INTO {Record._meta.db_table} ({', '.join(columns)}) VALUES ({places})"  # noqa: S608 - own names
        " ON CONFLICT (id) DO NOTHING RETURNING id"
    )


class Record(models.Model):
    """What happened. Never changed, never deleted (the database refuses); a mistake is undone by another.

    `place` and the three facets are the person's at that moment, so that a fold needs nothing but records.
    The body holds no name, phone or ID number: after erasure the record stays, without a face.
    """

    class Mode(models.TextChoices):
        ALONE = "alone", _("alone")
        HELPED = "helped", _("with help")
        DONE_FOR = "done_for", _("done for the person")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, related_name="records", db_index=False
    )
    verb = models.CharField(max_length=16, choices=Verb.choices)
    object_kind = models.CharField(
        max_length=20, help_text="lesson, check, test, certificate, person, place …"
    )
    object_key = models.CharField(max_length=160, help_text="slug or id of the object")
    place = models.ForeignKey(
        Place, null=True, on_delete=models.DO_NOTHING, related_name="records", db_index=False
    )
    household = models.ForeignKey(
        Household, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False
    )
    audience = models.CharField(max_length=8, blank=True)
    age_band = models.CharField(max_length=6, blank=True)
    sex = models.CharField(max_length=6, blank=True)
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.ALONE)
    helper = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False
    )
    happened_at = models.DateTimeField()
    learnt_at = models.DateTimeField(db_default=Now())
    entered_by = models.ForeignKey(
        Person, null=True, on_delete=models.DO_NOTHING, related_name="+", db_index=False
    )
    source = models.CharField(max_length=10, default="web", help_text="web, offline, import, api, demo")
    result = models.JSONField(default=dict)
    undoes = models.ForeignKey(
        "self", null=True, on_delete=models.DO_NOTHING, related_name="undone_by", db_index=False
    )

    objects = RecordQuerySet.as_manager()

    class Meta:
        indexes = [
            # one person's story, newest last; folds per person
            models.Index(fields=["person", "verb", "happened_at"], name="record_person"),
            # opening a figure down to its records
            models.Index(fields=["place", "verb", "happened_at"], name="record_place"),
            # RecordQuerySet.standing; few records are undone
            models.Index(fields=["undoes"], condition=models.Q(undoes__isnull=False), name="record_undoes"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_kind} {self.object_key}"


class Unsealed(models.Model):
    """Records waiting for their seal. What was written past `actions` is not here, so `verify` finds it."""

    record = models.OneToOneField(Record, on_delete=models.DO_NOTHING, related_name="waiting")

    def __str__(self) -> str:
        return str(self.record_id)


class Seal(models.Model):
    """A batch of records in their final order, chained to the batch before by SHA-256.

    `entries` is 48 bytes a record: its 16-byte id, then the 32-byte digest of its canonical form.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    previous = models.BinaryField(max_length=32)
    digest = models.BinaryField(max_length=32)
    count = models.PositiveIntegerField()
    entries = models.BinaryField()
    sealed_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.number}"

    def record_ids(self) -> list[UUID]:
        return [identifier for identifier, _digest in unpack(bytes(self.entries))]
