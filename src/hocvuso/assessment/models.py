"""Items, tests, attempts and responses. What was answered never changes."""

from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.engine.drawing import shuffle_parts
from hocvuso.assessment.engine.marking import keys, parts
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import NEEDS_TIME, Person
from hocvuso.places.models import Place
from hocvuso.skills.models import Framework, Skill, SkillGroup

GRACE = timedelta(seconds=30)  # for an answer that was on its way when the time ran out
MORE_TIME = 1.5  # for those whose vulnerabilities name NEEDS_TIME


def title_of(thing: "Test | Skill | SkillGroup") -> str:
    """In the reader's language where there is one."""
    return thing.title_en if get_language() == "en" and thing.title_en else thing.title


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
