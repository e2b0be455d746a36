"""Tests: rules as content, one row a version."""

from math import ceil

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models.persons import NEEDS_TIME, Person
from hocvuso.skills.models import Framework, Skill, SkillGroup


def title_of(thing: "Test | Skill | SkillGroup") -> str:
    """In the reader's language where there is one."""
    return thing.title_en if get_language() == "en" and thing.title_en else thing.title


MORE_TIME = 1.5  # for those whose vulnerabilities name NEEDS_TIME


class TestQuerySet(models.QuerySet["Test"]):
    def current(self) -> "TestQuerySet":
        return self.filter(current=True)


class Test(models.Model):
    __test__ = False  # not one of pytest's

    class Mode(models.TextChoices):
        FIXED = "fixed", _("the same number of questions for all")
        ADAPTIVE = "adaptive", _("as many questions as it takes")
        LADDER = "ladder", _("as many as it takes, before calibration")

    slug = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    framework = models.ForeignKey(Framework, on_delete=models.PROTECT, related_name="tests")
    audience = models.CharField(max_length=8)
    supervised = models.BooleanField(default=False, help_text="sat in a test session only")
    mode = models.CharField(max_length=8, choices=Mode.choices, default=Mode.FIXED)
    policy = models.JSONField(default=dict, help_text="of an adaptive test, see content.PolicyShape")
    length = models.PositiveSmallIntegerField(help_text="of an adaptive test, the most questions")
    blueprint = models.JSONField(help_text="{skill group code: number of items}")
    pass_share = models.FloatField()
    group_floor = models.FloatField(default=0)
    retake_after_days = models.PositiveSmallIntegerField()
    minutes = models.PositiveSmallIntegerField()
    current = models.BooleanField(default=True)
    head = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    objects = TestQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="test_once"),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(current=True), name="test_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"

    def name(self) -> str:
        return title_of(self)

    def is_fixed(self) -> bool:
        return self.mode == self.Mode.FIXED

    def minutes_for(self, person: Person) -> int:
        return ceil(self.minutes * MORE_TIME) if NEEDS_TIME in person.vulnerabilities else self.minutes

    def right_to_pass(self) -> int:
        """The fewest right answers that pass."""
        return ceil(self.pass_share * self.length - 1e-9)
