"""Attempts and responses."""

from datetime import date, datetime, timedelta

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.models.items import BankVersion, Item
from hocvuso.assessment.models.sessions import TestSession
from hocvuso.assessment.models.tests import Test
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person

GRACE = timedelta(seconds=30)  # for an answer that was on its way when the time ran out


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def of(self, person: Person) -> "AttemptQuerySet":
        return self.filter(person=person)

    def open(self) -> "AttemptQuerySet":
        return self.filter(status=Attempt.Status.OPEN)

    def overdue(self, now: datetime) -> "AttemptQuerySet":
        """In a session that is paused no clock runs."""
        paused = models.Q(session__status=TestSession.Status.PAUSED)
        return self.open().filter(deadline_at__lt=now - GRACE).exclude(paused)


class Attempt(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("under way")
        PASSED = "passed", _("passed")
        FAILED = "failed", _("not yet")
        EXPIRED = "expired", _("time ran out")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="attempts")
    test = models.ForeignKey(Test, on_delete=models.PROTECT, related_name="attempts")
    seed = models.BigIntegerField(help_text="drawing of items and order of options")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    started_at = models.DateTimeField()
    deadline_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    score = models.FloatField(
        null=True, help_text="share of right answers, 0–1; none if nothing was answered"
    )
    profile = models.JSONField(default=dict, help_text="{group code: [right, asked]}")
    session = models.ForeignKey(TestSession, null=True, on_delete=models.PROTECT, related_name="attempts")
    bank = models.ForeignKey(BankVersion, null=True, on_delete=models.PROTECT, related_name="attempts")
    excluded = models.JSONField(default=list, help_text="item numbers of the bank not to ask: met before")
    estimate = models.JSONField(default=dict, help_text="of an adaptive test, see engine.verdict")

    objects = AttemptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "test"], condition=models.Q(status="open"), name="attempt_one_open"
            ),
        ]
        indexes = [
            # AttemptQuerySet.overdue; few attempts are open
            models.Index(fields=["deadline_at"], condition=models.Q(status="open"), name="attempt_due"),
        ]

    def __str__(self) -> str:
        return f"{self.test_id} {self.status}"

    def overdue(self, now: datetime) -> bool:
        return self.status == self.Status.OPEN and self.deadline_at < now - GRACE

    def answered(self) -> int:
        return sum(asked for _right, asked in self.profile.values())

    def right_answers(self) -> int:
        return sum(right for right, _asked in self.profile.values())

    def retake_on(self) -> date | None:
        """The first day for another try; None while under way, when passed, or without a score."""
        if self.finished_at is None or self.score is None or self.status == self.Status.PASSED:
            return None
        return timezone.localdate(self.finished_at) + timedelta(days=self.test.retake_after_days)


class Response(models.Model):
    """One asked item of an attempt; `answer` is null until answered. Key led by the attempt.

    The time an answer took runs from the answer before it, or from `asked_at` if that is later.
    """

    attempt = models.ForeignKey(Attempt, on_delete=models.CASCADE, related_name="responses", db_index=False)
    position = models.PositiveSmallIntegerField(help_text="from 1")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="responses")
    order = models.JSONField(help_text="indexes of options, steps or right halves as shown")
    answer = models.JSONField(null=True, help_text="in the item's own order, see engine.marking")
    right = models.BooleanField(null=True)
    asked_at = models.DateTimeField(db_default=Now(), help_text="when the item was drawn")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="response_once"),
            models.UniqueConstraint(fields=["attempt", "item"], name="response_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.attempt_id} {self.position}"
