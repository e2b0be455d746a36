"""Definitions, targets, and tallies folded from records."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from hocvuso.places.models import Baseline, Place


class Indicator(models.Model):
    """What is counted. `rule` is the fold's definition (indicators.engine.measures)."""

    slug = models.SlugField(max_length=60, unique=True)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    meaning = models.TextField(blank=True)
    meaning_en = models.TextField(blank=True)
    unit = models.CharField(max_length=30)
    unit_en = models.CharField(max_length=30, blank=True)
    rule = models.JSONField(help_text="see engine.measures.Rule")
    position = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)
    head = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.title

    def title_in(self, language: str) -> str:
        return (self.title_en if language == "en" else "") or self.title

    def meaning_in(self, language: str) -> str:
        return (self.meaning_en if language == "en" else "") or self.meaning

    def unit_in(self, language: str) -> str:
        return (self.unit_en if language == "en" else "") or self.unit


class Target(models.Model):
    """What a place has undertaken: a percentage of a stated denominator, or a head-count, by a day."""

    class Kind(models.TextChoices):
        PERCENT = "percent", _("percent")
        COUNT = "count", _("head-count")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="targets")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    dimension = models.CharField(
        max_length=30, blank=True, help_text="'' or audience=official, adult=yes …, as in Tally"
    )
    kind = models.CharField(max_length=7, choices=Kind.choices)
    value = models.FloatField()
    denominator = models.CharField(max_length=12, choices=Baseline.Count.choices, blank=True)
    due_on = models.DateField()
    source = models.CharField(max_length=200)

    class Meta:
        ordering = ["place", "due_on", "indicator"]
        constraints = [
            models.UniqueConstraint(fields=["place", "indicator", "dimension", "due_on"], name="target_once"),
            models.CheckConstraint(
                condition=models.Q(kind="count") | ~models.Q(denominator=""),
                name="target_percent_has_denominator",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place}: {self.indicator} {self.value:g}"


class Tally(models.Model):
    """A count at the lowest place. `period` is a month's first day, or EVER for the running total.

    `dimension`: '' for all, else one facet: audience=…, age=…, sex=…, adult=yes.
    """

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="tallies", db_index=False)
    measure = models.SlugField(max_length=60, db_index=False)
    dimension = models.CharField(max_length=30, blank=True)
    period = models.DateField()
    value = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "dimension", "period", "place"], name="tally_once"),
        ]
        indexes = [
            # queries.totals and its kin: the sum is read from the index alone (INCLUDE is unknown to SQLite)
            models.Index(fields=["measure", "dimension", "period", "place", "value"], name="tally_sums"),
            # a fold sweeps away what came to nothing
            models.Index(fields=["measure"], condition=models.Q(value=0), name="tally_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.measure} {self.dimension} {self.period}: {self.value}"


class Share(models.Model):
    """What one subject (person, household, place) contributes to a measure: the fold's memory.

    `facts` are those that decide it (engine.measures.deciding); folding a record again changes nothing.
    """

    measure = models.SlugField(max_length=60, db_index=False)
    subject = models.CharField(max_length=36)
    facts = models.JSONField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "subject"], name="share_once")]

    def __str__(self) -> str:
        return f"{self.measure} {self.subject}"


class Fold(models.Model):
    """How far the tallies have come: the last seal folded. One row, whose lock lets one folder work."""

    last_seal = models.PositiveBigIntegerField(default=0)
    rules = models.CharField(
        max_length=64, blank=True, help_text="hash of the rules folded by; others: rebuild"
    )
    folded_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.last_seal}"
