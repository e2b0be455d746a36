"""Administrative units: what they are today, what they were, their names, how many people live there."""

from datetime import date

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


class PlaceQuerySet(models.QuerySet["Place"]):
    def within(self, place: "Place") -> "PlaceQuerySet":
        """The place itself and all below it."""
        return self.filter(path__startswith=place.path)

    def current(self) -> "PlaceQuerySet":
        return self.filter(valid_to=None)

    def as_of(self, day: date) -> "PlaceQuerySet":
        """Those that existed on a day; names and paths of that day: `queries.units_on`."""
        return self.filter(models.Q(valid_to=None) | models.Q(valid_to__gt=day), valid_from__lte=day)

    def of_kind(self, kind: str) -> "PlaceQuerySet":
        return self.filter(kind=kind)


class Place(models.Model):
    """One unit as it is today. Its earlier names, parents and paths: `PlaceVersion`.

    A unit that has ended lies inside its successor: a sum over a path reads old series on today's map.
    """

    class Kind(models.TextChoices):
        COUNTRY = "country", _("Country")
        PROVINCE = "province", _("Province")
        COMMUNE = "commune", _("Commune")
        VILLAGE = "village", _("Village")

    code = models.CharField(
        max_length=20, unique=True, help_text="official; villages: <commune>.<nnn>; country: VN"
    )
    kind = models.CharField(max_length=10, choices=Kind.choices)
    name = models.CharField(max_length=120, help_text="with its type: Phường Cao Xanh")
    short_name = models.CharField(max_length=120, help_text="without its type: Cao Xanh")
    name_en = models.CharField(max_length=120, blank=True)
    type_name = models.CharField(max_length=30, blank=True, help_text="Tỉnh, Thành phố, Xã, Phường, Thôn …")
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="children")
    path = models.CharField(max_length=80, help_text="codes from the top, each followed by '/': VN/22/06658/")
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    area_km2 = models.FloatField(null=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day it no longer exists")
    successor = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="predecessors")

    objects = PlaceQuerySet.as_manager()

    class Meta:
        ordering = ["path"]
        indexes = [
            # PlaceQuerySet.within: prefix search needs the pattern class on PostgreSQL
            models.Index(fields=["path"], name="place_path", opclasses=["varchar_pattern_ops"]),
            # lists of children in one kind (dashboards)
            models.Index(fields=["parent", "kind"], name="place_parent_kind"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="place_valid_range",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def shown_name(self) -> str:
        """With its type, in the reader's language."""
        return self.name_en if get_language() == "en" and self.name_en else self.name

    def full_name(self) -> str:
        """`Xã Thọ Xuân, Thanh Hóa`; a village says its commune too."""
        names, above = [self.shown_name()], self.parent
        while above is not None and above.kind != Place.Kind.COUNTRY:
            names.append(above.shown_name() if above.kind == Place.Kind.COMMUNE else above.short_name)
            above = above.parent
        return ", ".join(names)

    def contains(self, other: "Place") -> bool:
        return other.path.startswith(self.path)

    def lineage(self) -> list[str]:
        """Codes from the country down to this unit."""
        return self.path.rstrip("/").split("/")

    def today(self) -> "Place":
        """The unit that this one has become (itself while it exists)."""
        place = self
        while place.valid_to is not None and place.successor is not None:
            place = place.successor
        return place


class PlaceVersion(models.Model):
    """What a unit was called and where it belonged during one period; the newest equals `Place`."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="versions")
    name = models.CharField(max_length=120)
    type_name = models.CharField(max_length=30, blank=True)
    path = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    decision = models.CharField(max_length=200, blank=True, help_text="the act that began this period")

    class Meta:
        ordering = ["place", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["place", "valid_from"], name="placeversion_once"),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gt=models.F("valid_from")),
                name="placeversion_valid_range",
            ),
        ]
        indexes = [models.Index(fields=["path"], name="placeversion_path", opclasses=["varchar_pattern_ops"])]

    def __str__(self) -> str:
        return f"{self.name} ({self.valid_from})"

    def covers(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day < self.valid_to)


class PlaceAlias(models.Model):
    """Any name one may search by, today's or of the 63-province map, leading to today's unit."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=200, help_text="as shown: Huyện Thọ Xuân, Thanh Hóa (cũ)")
    folded = models.CharField(max_length=200)
    former = models.BooleanField(default=False)
    main = models.BooleanField(default=True, help_text="of the heirs of a former unit, the first")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "name"], name="placealias_once")]

    def __str__(self) -> str:
        return self.name


class PlaceChange(models.Model):
    """One change of the map that has been applied: what, from which day, by which act."""

    slug = models.CharField(max_length=80, unique=True, help_text="file name and number of the change in it")
    effective_on = models.DateField()
    kind = models.CharField(max_length=10, help_text="renamed, moved, merged, split")
    decision = models.CharField(max_length=200, blank=True)
    detail = models.JSONField(default=dict, help_text="the change as the content file words it")
    applied_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["effective_on", "slug"]

    def __str__(self) -> str:
        return f"{self.effective_on} {self.slug}"


class PlaceEdition(models.Model):
    """One row, renewed with every change of a unit or a name: whoever keeps places in memory compares it."""

    value = models.UUIDField()

    def __str__(self) -> str:
        return str(self.value)


class Baseline(models.Model):
    """A counted population of a place in a year: the denominators of percentages."""

    class Count(models.TextChoices):
        POPULATION = "population", _("Population")
        ADULTS = "adults", _("Adults")
        HOUSEHOLDS = "households", _("Households")
        OFFICIALS = "officials", _("Officials and public employees")
        STUDENTS = "students", _("Students")
        WORKERS = "workers", _("Workers")

    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="baselines")
    count = models.CharField(max_length=12, choices=Count.choices)
    year = models.PositiveSmallIntegerField()
    value = models.PositiveIntegerField()
    source = models.CharField(max_length=200)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["place", "count", "year"], name="baseline_once")]

    def __str__(self) -> str:
        return f"{self.place} {self.count} {self.year}: {self.value}"
