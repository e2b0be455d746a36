"""Tests sat together: a place, a time, who was there."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.models.tests import Test
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place


class TestSessionQuerySet(models.QuerySet["TestSession"]):
    def watched_by(self, viewer: Person) -> "TestSessionQuerySet":
        """Own ones, and those in places that the viewer answers for, while the viewer works there."""
        places = [role.place.path for role in viewer.current_roles() if role.place and role.sees_names()]
        inside = models.Q(pk=None)
        for path in places:
            inside |= models.Q(place__path__startswith=path)
        return self.filter(inside)


class TestSession(models.Model):
    """A test sat together under the eyes of a helper: a place, a time, a code, and who was there."""

    __test__ = False  # not one of pytest's

    class Status(models.TextChoices):
        PLANNED = "planned", _("not opened yet")
        OPEN = "open", _("open")
        PAUSED = "paused", _("paused")
        ENDED = "ended", _("ended")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    test = models.ForeignKey(Test, on_delete=models.PROTECT, related_name="sessions")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="test_sessions")
    venue = models.CharField(max_length=120)
    held_at = models.DateTimeField(help_text="planned")
    code = models.CharField(max_length=6, help_text="typed by those who sit; nobody else's while not ended")
    invigilator = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="test_sessions")
    status = models.CharField(max_length=7, choices=Status.choices, default=Status.PLANNED)
    paused_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = TestSessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=~models.Q(status="ended"), name="testsession_code_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.venue} {self.held_at:%Y-%m-%d}"


class Seat(models.Model):
    """One person in one session. Nobody begins before the invigilator has seen who it is."""

    class Seen(models.TextChoices):
        KNOWN = "known", _("known to me")
        PAPER = "paper", _("identity card seen")
        VNEID = "vneid", _("VNeID seen on the phone")

    session = models.ForeignKey(TestSession, on_delete=models.CASCADE, related_name="seats")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="seats")
    joined_at = models.DateTimeField(null=True, help_text="when the person typed the code; null: listed only")
    seen = models.CharField(max_length=5, choices=Seen.choices, blank=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["session", "person__folded_name"]
        constraints = [models.UniqueConstraint(fields=["session", "person"], name="seat_once")]

    def __str__(self) -> str:
        return f"{self.person_id} in {self.session_id}"


class Incident(models.Model):
    """What happened in a session, in the invigilator's words; it decides nothing by itself."""

    session = models.ForeignKey(TestSession, on_delete=models.CASCADE, related_name="incidents")
    seat = models.ForeignKey(Seat, null=True, on_delete=models.CASCADE, related_name="incidents")
    text = models.CharField(max_length=300)
    at = models.DateTimeField(db_default=Now())
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at"]

    def __str__(self) -> str:
        return self.text
