"""Persons (learners and staff alike), their households, organizations and roles."""

from datetime import date
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.folding import fold
from hocvuso.base.ids import new_id
from hocvuso.people.phones import normalise
from hocvuso.places.models import Place

AGE_BANDS = ((0, "0-14"), (15, "15-17"), (18, "18-34"), (35, "35-54"), (55, "55-64"), (65, "65+"))
ADULT_AGE = 18


class Audience(models.TextChoices):
    """The four audiences of QĐ 757/QĐ-BKHCN."""

    CITIZEN = "citizen", _("Citizen")
    STUDENT = "student", _("Student")
    OFFICIAL = "official", _("Official or public employee")
    WORKER = "worker", _("Worker")


NEEDS_TIME = "needs_time"  # a vulnerability: half as many minutes again in a test


class Sex(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")
    UNSTATED = "", _("Not stated")


class Household(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="households")
    name = models.CharField(max_length=120, help_text="the head's name, or what the village calls it")
    number = models.CharField(max_length=30, blank=True, help_text="the number the village uses for it")

    class Meta:
        indexes = [models.Index(fields=["place", "number"], name="household_place")]  # import: find by number

    def __str__(self) -> str:
        return self.name


class Organization(models.Model):
    class Kind(models.TextChoices):
        AGENCY = "agency", _("Agency")
        SCHOOL = "school", _("School")
        ENTERPRISE = "enterprise", _("Enterprise")
        UNION = "union", _("Union")
        MARKET = "market", _("Market")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=Kind.choices)
    name = models.CharField(max_length=200)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="organizations")

    def __str__(self) -> str:
        return self.name


class PersonQuerySet(models.QuerySet["Person"]):
    def within(self, place: Place) -> "PersonQuerySet":
        return self.filter(place__path__startswith=place.path)

    def by_sign_in_name(self, name: str) -> "Person | None":
        """The person with this user name or phone number, however the number is written."""
        name = name.strip()
        return self.filter(
            models.Q(username=name.lower()) | models.Q(phone=normalise(name) or "-"), erased_at=None
        ).first()

    def learners(self) -> "PersonQuerySet":
        return self.filter(registered_at__isnull=False, erased_at=None)

    def visible_to(self, viewer: "Person") -> "PersonQuerySet":
        """Whose names the viewer may see: helpers and officers of the village or commune, and oneself."""
        allowed = models.Q(pk=viewer.pk)
        for role in viewer.current_roles():
            if role.sees_names() and role.place is not None:
                allowed |= models.Q(place__path__startswith=role.place.path)
        return self.filter(allowed, erased_at=None)


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> "Person":
        return self.get(username=username)


class Person(AbstractBaseUser):
    """Anyone the system knows. A learner may have no phone, e-mail or e-ID: then `assisted` is true."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    username = models.CharField(max_length=60, unique=True, null=True, blank=True)
    phone = models.CharField(
        max_length=16, unique=True, null=True, blank=True, help_text="E.164: +84912345678"
    )
    email = models.EmailField(blank=True)
    full_name = models.CharField(max_length=120)
    folded_name = models.CharField(max_length=120, editable=False)
    address_as = models.CharField(
        max_length=20, blank=True, help_text="bác, cô, chú, anh, chị, bạn: as the person chose"
    )
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    sex = models.CharField(max_length=6, choices=Sex.choices, blank=True)
    audience = models.CharField(max_length=8, choices=Audience.choices, default=Audience.CITIZEN)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    household = models.ForeignKey(
        Household, null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.SET_NULL, related_name="members"
    )
    vulnerabilities = models.JSONField(default=list, blank=True)
    speaks = models.CharField(
        max_length=20, blank=True, default="vi", help_text="language the person is at ease in"
    )
    profile = models.CharField(max_length=20, blank=True, help_text="reading tools, see base.profile")
    assisted = models.BooleanField(default=False)
    invented = models.BooleanField(default=False, help_text="belongs to the demo world")
    id_number_cipher = models.BinaryField(null=True, editable=False)
    id_number_hash = models.CharField(max_length=64, unique=True, null=True, editable=False)
    is_active = models.BooleanField(default=True)
    registered_at = models.DateTimeField(null=True, help_text="when the person became a learner")
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    erased_at = models.DateTimeField(null=True)

    objects = PersonManager.from_queryset(PersonQuerySet)()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        indexes = [
            # roster matching and people lists of a place
            models.Index(fields=["place", "folded_name"], name="person_place_name"),
        ]

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.folded_name = fold(self.full_name)
        super().save(*args, **kwargs)

    # -- who
    def age_on(self, day: date) -> int | None:
        if self.birth_on:
            return (
                day.year
                - self.birth_on.year
                - ((day.month, day.day) < (self.birth_on.month, self.birth_on.day))
            )
        return day.year - self.birth_year if self.birth_year else None

    def birth_text(self) -> str:
        """As people type it: 15/03/1958, or only 1958."""
        return f"{self.birth_on:%d/%m/%Y}" if self.birth_on else str(self.birth_year or "")

    def age_band(self, day: date) -> str:
        """One of AGE_BANDS, or '' when the age is not known."""
        age = self.age_on(day)
        return "" if age is None else [label for start, label in AGE_BANDS if age >= start][-1]

    def initials(self) -> str:
        """`N. T. H.`: what a stranger may see."""
        return " ".join(f"{word[0]}." for word in self.full_name.upper().split())

    @property
    def short_name(self) -> str:
        """`bác Hoa`: how the site speaks to the person."""
        words = self.full_name.split()
        return f"{self.address_as} {words[-1] if words else ''}".strip() or str(
            self.username or self.phone or ""
        )

    def phone_contact(self) -> str:
        """`Trần Văn Giúp, 0912345678`: whom learners may ask."""
        return f"{self.full_name}, {self.phone_text()}" if self.phone else self.full_name

    def phone_text(self) -> str:
        """`0912 345 678`."""
        return f"0{self.phone[3:6]} {self.phone[6:9]} {self.phone[9:]}" if self.phone else ""

    def given_initial(self) -> str:
        """`H`: the first letter of the given name, all that a card tells whoever finds it."""
        words = self.full_name.split()
        return words[-1][0].upper() if words else ""

    # -- rights
    def may_enter(self) -> bool:
        """Invented people, whose passwords and PINs everybody knows, are of the demo world only."""
        return self.is_active and self.erased_at is None and (settings.DEMO or not self.invented)

    def current_roles(self) -> "list[Role]":
        """Roles in force today, places fetched; one query a request."""
        if not hasattr(self, "_roles"):
            self._roles = list(self.roles.in_force().select_related("place", "organization"))
        return self._roles

    def has_role(self, kind: str, place: Place | None = None) -> bool:
        """Whether the person holds the role, over the given place if one is given."""
        return any(
            role.kind == kind and (place is None or (role.place is not None and role.place.contains(place)))
            for role in self.current_roles()
        )

    def keep_profile(self, code: str) -> None:
        Person.objects.filter(pk=self.pk).update(profile=code)


class RoleQuerySet(models.QuerySet["Role"]):
    def in_force(self, day: date | None = None) -> "RoleQuerySet":
        on = day or timezone.localdate()
        return self.filter(models.Q(until=None) | models.Q(until__gt=on), since__lte=on)


class Role(models.Model):
    """What someone may do, over a place with all below it or over an organization."""

    class Kind(models.TextChoices):
        HELPER = "helper", _("Helper")
        OFFICER = "officer", _("Officer")
        REVIEWER = "reviewer", _("Reviewer")
        AUTHOR = "author", _("Author")
        OPERATOR = "operator", _("Operator")

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roles")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="roles")
    organization = models.ForeignKey(
        Organization, null=True, blank=True, on_delete=models.CASCADE, related_name="roles"
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    objects = RoleQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~(models.Q(place__isnull=False) & models.Q(organization__isnull=False)),
                name="role_one_scope",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.place or self.organization or ''}"

    def sees_names(self) -> bool:
        """Names are for those who work with the people themselves: village and commune."""
        local = self.place is not None and self.place.kind in (Place.Kind.VILLAGE, Place.Kind.COMMUNE)
        return local and self.kind in (Role.Kind.HELPER, Role.Kind.OFFICER, Role.Kind.REVIEWER)
