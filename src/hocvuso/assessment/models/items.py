"""Items, what calibrations say of them, and the versions of a bank. What was answered never changes."""

from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.engine.drawing import shuffle_parts
from hocvuso.assessment.engine.marking import keys, parts
from hocvuso.assessment.models.tests import Test
from hocvuso.people.models.persons import Person
from hocvuso.skills.models import Framework, Skill


class ItemQuerySet(models.QuerySet["Item"]):
    def current(self) -> "ItemQuerySet":
        return self.filter(current=True)

    def for_test(self, test: "Test") -> "ItemQuerySet":
        """The bank that the test is drawn from."""
        return self.current().filter(
            neutralised=None,
            skill__group__framework=test.framework_id,
            skill__group__code__in=list(test.blueprint),
        )


class Item(models.Model):
    """One version of one question; a change in content makes a new row, old rows stay for their answers."""

    class Kind(models.TextChoices):
        CHOICE = "choice", _("one answer")
        MULTIPLE = "multiple", _("several answers")
        ORDER = "order", _("steps in order")
        MATCH = "match", _("pairs")
        HOTSPOT = "hotspot", _("a place on a screen")
        SHORT = "short", _("a number or a word")

    slug = models.SlugField(max_length=80)
    version = models.PositiveIntegerField(default=1)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.CHOICE)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="items")
    step = models.PositiveSmallIntegerField(help_text="ladder inside the skill: 1 easy … 3 hard")
    difficulty = models.FloatField(help_text="expected, logits")
    body = models.JSONField(help_text="{language, stem, …}: see item_shapes, by kind")
    current = models.BooleanField(default=True)
    head = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["skill", "step", "slug"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="item_once"),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(current=True), name="item_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.slug} v{self.version}"

    def parts(self) -> int:
        return parts(self.kind, self.body)

    def shown_order(self, seed: int) -> list[int]:
        """The parts' own indexes as a person with this seed sees them."""
        return shuffle_parts(self.kind, self.parts(), self.slug, seed)

    def keys(self) -> list[Any]:
        """All answers that are right, as responses keep them."""
        return keys(self.kind, self.body)


class Neutralised(models.Model):
    """An item found to be bad: it counts for nobody any more and is asked no more."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, related_name="neutralised")
    reason = models.CharField(max_length=300)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())
    changed = models.JSONField(default=dict, help_text="{touched, gained, kept}: attempts")

    def __str__(self) -> str:
        return f"{self.item_id}: {self.reason}"


class CalibrationQuerySet(models.QuerySet["Calibration"]):
    def in_force(self, framework: int) -> "Calibration | None":
        return self.filter(framework=framework, status=Calibration.Status.ACTIVE).first()


class Calibration(models.Model):
    """Item numbers worked out from answers: a draft until an author has looked at it."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("to be looked at")
        ACTIVE = "active", _("in force")
        RETIRED = "retired", _("was in force")
        DISCARDED = "discarded", _("thrown away")

    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="calibrations")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.DRAFT)
    model = models.CharField(max_length=3, help_text="1pl, 2pl or 3pl")
    people = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    report = models.JSONField(default=dict, help_text="fit, linking, drift, who would change sides")
    made_at = models.DateTimeField(db_default=Now())
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    objects = CalibrationQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["framework"], condition=models.Q(status="active"), name="calibration_one_active"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.framework_id} {self.status}"


class ItemCalibration(models.Model):
    """One item's numbers in one calibration, on the scale where people are 0 ± 1 when it was first set up."""

    calibration = models.ForeignKey(Calibration, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="calibrations")
    a = models.FloatField(help_text="discrimination")
    b = models.FloatField(help_text="difficulty, logits")
    c = models.FloatField(default=0, help_text="chance of guessing")
    d = models.FloatField(default=1, help_text="1 less the chance of slipping")
    error_a = models.FloatField(null=True)
    error_b = models.FloatField(null=True)
    answers = models.PositiveIntegerField()
    fit = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calibration", "item"], name="itemcalibration_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in {self.calibration_id}"


class BankVersion(models.Model):
    """A bank as attempts ran on it: never changed, so that any of them can be replayed."""

    digest = models.CharField(max_length=16, primary_key=True)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="banks")
    calibration = models.ForeignKey(Calibration, null=True, on_delete=models.PROTECT, related_name="banks")
    content = models.JSONField(help_text="by item number: items, slugs, groups, skills, steps, parameters")
    made_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.digest
