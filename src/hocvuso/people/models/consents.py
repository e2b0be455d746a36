"""What people agreed to, and who looked at their data."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models.persons import Person
from hocvuso.people.wording import LOOKS
from hocvuso.places.models import Place


class Consent(models.Model):
    """A person's yes to one purpose, in the words shown; withdrawing is as easy.

    Without `learning` nobody can be kept here: withdrawing it is asking to be erased.
    """

    class Purpose(models.TextChoices):
        LEARNING = "learning", _("Learn with us and be counted")
        CONTACT = "contact", _("Hear from us about lessons")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12, choices=Purpose.choices)
    wording = models.TextField(help_text="exactly what was read or read out")
    given_at = models.DateTimeField(db_default=Now())
    withdrawn_at = models.DateTimeField(null=True)
    how = models.CharField(
        max_length=10,
        choices=[
            ("screen", _("on screen")),
            ("spoken", _("spoken, noted by a helper")),
            ("paper", _("on paper")),
        ],
    )
    noted_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose"], condition=models.Q(withdrawn_at=None), name="consent_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}: {self.purpose}"


class AccessLog(models.Model):
    """Who looked at whose data, when, on which page. `subject` null: a list of `count` people of `place`."""

    viewer = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="looks")
    subject = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="looked_at")
    place = models.ForeignKey(Place, null=True, on_delete=models.PROTECT)
    what = models.CharField(max_length=60)
    count = models.PositiveIntegerField(default=1)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-at"], name="accesslog_subject")
        ]  # "who looked at my data"

    def __str__(self) -> str:
        return f"{self.viewer} {self.what}"

    def what_in_words(self) -> str:
        return str(LOOKS.get(self.what.split(":")[0], self.what))
