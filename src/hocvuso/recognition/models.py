"""One engine for every "đạt": criteria, claims, evidence, decisions, certificates."""

from datetime import date

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person, Role
from hocvuso.places.models import Place
from hocvuso.recognition.engine.code import spell
from hocvuso.skills.models import Framework

REVIEWING = (Role.Kind.OFFICER, Role.Kind.REVIEWER)


class CriteriaSetQuerySet(models.QuerySet["CriteriaSet"]):
    def in_force(self, day: date | None = None) -> "CriteriaSetQuerySet":
        on = day or timezone.localdate()
        return self.filter(models.Q(valid_to=None) | models.Q(valid_to__gt=on), valid_from__lte=on)

    def for_place(self, place: Place) -> "list[CriteriaSet]":
        """One set of each slug: the variant of the nearest place above, or else the general one."""
        above = [code for code in place.path.split("/") if code]
        sets = self.filter(models.Q(place=None) | models.Q(place__code__in=above))
        ordered = sets.select_related("place", "framework").order_by("place__path", "valid_from")
        general = [one for one in ordered if one.place is None]
        local = [one for one in ordered if one.place is not None]
        nearest = {one.slug: one for one in [*general, *local]}
        return [nearest[slug] for slug in sorted(nearest)]


class CriteriaSet(models.Model):
    """Rules of one recognition, dated and versioned; a place may have its own variant under the same slug."""

    slug = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    subject = models.CharField(max_length=12, default="person")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="criteria_sets")
    place = models.ForeignKey(
        Place, null=True, on_delete=models.PROTECT, related_name="criteria_sets", help_text="null: everywhere"
    )
    rules = models.JSONField(help_text="{criteria: [...], automatic: bool, valid_months: n|null}")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, help_text="first day it is no longer offered")
    head = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    objects = CriteriaSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug", "version"], condition=models.Q(place=None), name="criteriaset_once_general"
            ),
            models.UniqueConstraint(
                fields=["slug", "place", "version"],
                condition=models.Q(place__isnull=False),
                name="criteriaset_once_local",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    @property
    def automatic(self) -> bool:
        return bool(self.rules["automatic"])

    @property
    def local_title(self) -> str:
        return (self.title_en if get_language() == "en" else "") or self.title


class ClaimQuerySet(models.QuerySet["Claim"]):
    def decidable_by(self, viewer: Person) -> "ClaimQuerySet":
        """Claims of the places whose officer or reviewer the viewer is, never one's own."""
        allowed = models.Q(pk=None)
        for role in viewer.current_roles():
            if role.kind in REVIEWING and role.place is not None:
                allowed |= models.Q(place__path__startswith=role.place.path)
        return self.filter(allowed).exclude(person=viewer)


class Claim(models.Model):
    class Status(models.TextChoices):
        OPEN = "open", _("waiting for a decision")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", _("not yet")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="claims")
    criteria_set = models.ForeignKey(CriteriaSet, on_delete=models.PROTECT, related_name="claims")
    place = models.ForeignKey(
        Place, on_delete=models.PROTECT, related_name="claims", help_text="home at that time"
    )
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    claimed_at = models.DateTimeField()

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "criteria_set"], condition=models.Q(status="open"), name="claim_one_open"
            ),
        ]
        indexes = [models.Index(fields=["place", "status", "claimed_at"], name="claim_queue")]  # decidable_by

    def __str__(self) -> str:
        return f"{self.criteria_set_id} {self.status}"


class Evidence(models.Model):
    """What was found for one criterion when the claim was made."""

    class Kind(models.TextChoices):
        TEST = "test", _("test result")
        COURSE = "course", _("course completed")
        PRACTICE = "practice", _("observed practice")
        DECLARED = "declared", _("declaration of use")

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="evidence")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    criterion = models.CharField(max_length=60)
    met = models.BooleanField()
    record_ids = models.JSONField(default=list, help_text="records it rests on")
    detail = models.JSONField(default=dict, help_text="{lacks: [[why, target]]}, see engine.criteria")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["claim", "criterion"], name="evidence_once")]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.met}"


class Decision(models.Model):
    """One a claim, for good. A reviewer who refuses says why; where the rule spoke, the evidence does."""

    claim = models.OneToOneField(Claim, on_delete=models.CASCADE, related_name="decision")
    granted = models.BooleanField()
    by = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="+", help_text="null: by rule"
    )
    reason = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(granted=True) | models.Q(by=None) | ~models.Q(reason=""),
                name="decision_refusal_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.claim_id} {self.granted}"


class CertificateQuerySet(models.QuerySet["Certificate"]):
    def standing(self, day: date | None = None) -> "CertificateQuerySet":
        """Neither revoked nor expired."""
        on = day or timezone.localdate()
        return self.filter(models.Q(valid_until=None) | models.Q(valid_until__gte=on), revoked_at=None)

    def visible_to(self, viewer: Person) -> "CertificateQuerySet":
        """One's own, and those of the people whose names the viewer may see."""
        return self.filter(person__in=Person.objects.visible_to(viewer))

    def revocable_by(self, viewer: Person) -> "CertificateQuerySet":
        """Those recorded in places whose officer the viewer is, never one's own."""
        allowed = models.Q(pk=None)
        for role in viewer.current_roles():
            if role.kind == Role.Kind.OFFICER and role.place is not None:
                allowed |= models.Q(claim__place__path__startswith=role.place.path)
        return self.filter(allowed).exclude(person=viewer)

    def public(self) -> "CertificateQuerySet":
        """What anyone who has the code may look up; an erased person leaves no trace here."""
        related = ("person", "framework", "claim__criteria_set__place", "claim__place")
        return self.filter(person__erased_at=None).select_related(*related)


class Certificate(models.Model):
    """`code` is what the QR carries, see engine.code."""

    class State(models.TextChoices):
        VALID = "valid", _("valid")
        EXPIRED = "expired", _("expired")
        REVOKED = "revoked", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    code = models.CharField(max_length=12, unique=True)
    claim = models.OneToOneField(Claim, on_delete=models.PROTECT, related_name="certificate")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="certificates")
    name_shared = models.BooleanField(
        default=False, help_text="the holder lets the verify page show the full name"
    )
    issued_at = models.DateTimeField()
    valid_until = models.DateField(null=True, help_text="last day it holds; null: no end")
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    revoked_reason = models.TextField(blank=True)

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(revoked_at=None) | ~models.Q(revoked_reason=""),
                name="certificate_revoked_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def spelled(self) -> str:
        return spell(self.code)

    @property
    def criteria_set(self) -> CriteriaSet:
        return self.claim.criteria_set

    def state(self, day: date | None = None) -> str:
        if self.revoked_at is not None:
            return self.State.REVOKED
        on = day or timezone.localdate()
        return (
            self.State.EXPIRED if self.valid_until is not None and self.valid_until < on else self.State.VALID
        )

    def public_name(self) -> str:
        return self.person.full_name if self.name_shared else self.person.initials()
