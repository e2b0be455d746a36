"""Class lists on their way in."""

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import new_id
from hocvuso.people.engine.roster import BLOCKING
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place


class Roster(models.Model):
    """A class list on its way in: read from a file, corrected row by row, then committed once."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("being checked")
        COMMITTED = "committed", _("imported")
        DROPPED = "dropped", _("thrown away")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="rosters")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rosters")
    file_name = models.CharField(max_length=200)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.DRAFT)
    columns = models.JSONField(default=list, help_text="[heading as read, field] of each column of the file")
    left_out = models.JSONField(
        default=list, help_text="[row number, text] of rows that are no persons: totals, signatures"
    )
    created_at = models.DateTimeField(db_default=Now())
    committed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.file_name


def blocks(problems: list[dict[str, str]]) -> bool:
    """Whether a row with these problems cannot be added as it stands."""
    return any(problem["code"] in BLOCKING for problem in problems)


class RosterRow(models.Model):
    class Choice(models.TextChoices):
        ADD = "add", _("add")
        SAME = "same", _("is already known")
        SKIP = "skip", _("leave out")

    roster = models.ForeignKey(Roster, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField(help_text="row number in the file, from 1")
    raw = models.JSONField(help_text="text by field as read; emptied when imported")
    values = models.JSONField(help_text="cleaned values by field; emptied when imported")
    problems = models.JSONField(default=list, help_text="[{field, code}], see engine.roster")
    choice = models.CharField(max_length=5, choices=Choice.choices, default=Choice.ADD)
    person = models.ForeignKey(
        Person, null=True, on_delete=models.SET_NULL, related_name="+", help_text="found or made"
    )

    class Meta:
        ordering = ["roster", "number"]
        constraints = [models.UniqueConstraint(fields=["roster", "number"], name="rosterrow_once")]

    def __str__(self) -> str:
        return f"{self.roster} {self.number}"

    def is_blocked(self) -> bool:
        return blocks(self.problems)
