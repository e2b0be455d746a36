"""Courses, lessons, pathways, and how far each learner has come."""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models.persons import Person
from hocvuso.skills.models import Skill


class Titled(models.Model):
    """Named in Vietnamese, and in English for the English screens."""

    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        return self.title_en if self.title_en and get_language() == "en" else self.title


class Course(Titled):
    slug = models.SlugField(max_length=60, unique=True)
    summary = models.TextField(blank=True)
    summary_en = models.TextField(blank=True)
    icon = models.CharField(max_length=20, default="book")
    audiences = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField(default=0)
    published = models.BooleanField(default=True)
    head = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position", "slug"]

    def get_absolute_url(self) -> str:
        return reverse("learning:course_show", args=[self.slug])

    @property
    def shown_summary(self) -> str:
        return self.summary_en if self.summary_en and get_language() == "en" else self.summary


class LessonQuerySet(models.QuerySet["Lesson"]):
    def published(self) -> "LessonQuerySet":
        """What a reader may open: the lesson and its course are both published."""
        return self.filter(published=True, course__published=True)

    def in_order(self) -> "LessonQuerySet":
        return self.select_related("course").order_by("course__position", "course__slug", "position", "slug")

    def without_text(self) -> "LessonQuerySet":
        """For lists: a lesson's text is 20 times as long as all the rest of it."""
        return self.defer("source_text", "html", "pages", "check_question", "head", "course__head")

    def for_skill_groups(self, codes: Iterable[str], framework: str) -> "LessonQuerySet":
        return self.filter(skill__group__code__in=list(codes), skill__group__framework__slug=framework)


class Lesson(Titled):
    """One useful thing in five minutes. `html` is rendered when published, never on request."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="lessons")
    slug = models.SlugField(max_length=60)
    position = models.PositiveSmallIntegerField()
    summary = models.CharField(max_length=300, blank=True)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="lessons")
    minutes = models.PositiveSmallIntegerField()
    source_text = models.TextField(help_text="the Markdown file as written")
    html = models.TextField()
    pages = models.JSONField(default=list, help_text="the same one thing at a time, see engine.pages")
    check_question = models.JSONField(help_text="{question, options: [{text, right, why}]}")
    head = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    published = models.BooleanField(default=True)
    published_at = models.DateTimeField(db_default=Now())
    content_hash = models.CharField(max_length=64)

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["course", "position"]
        constraints = [models.UniqueConstraint(fields=["course", "slug"], name="lesson_once")]

    def get_absolute_url(self) -> str:
        return reverse("learning:lesson_show", args=[self.course.slug, self.slug])

    @property
    def options(self) -> list[dict[str, Any]]:
        return list(self.check_question["options"])

    @property
    def right_choice(self) -> int:
        return next(number for number, option in enumerate(self.options) if option.get("right"))

    @property
    def key(self) -> str:
        """`course/lesson`: the lesson's name in records and addresses."""
        return f"{self.course.slug}/{self.slug}"


class Pathway(Titled):
    class Kind(models.TextChoices):
        NEED = "need", _("need")
        AUDIENCE = "audience", _("audience")

    slug = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    icon = models.CharField(max_length=20, default="book")
    position = models.PositiveSmallIntegerField(default=0)
    steps = models.JSONField(help_text="course or course/lesson slugs, in order")
    published = models.BooleanField(default=True)
    head = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["kind", "position"]

    def get_absolute_url(self) -> str:
        return reverse("learning:pathway_show", args=[self.slug])


class LessonProgress(models.Model):
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="lesson_progress")
    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="progress")
    opened_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0, help_text="answers given to the check question")
    right = models.BooleanField(default=False, help_text="the check question has been answered rightly")
    right_first = models.BooleanField(default=False, help_text="at the first try")
    completed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "lesson"], name="lessonprogress_once")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.lesson_id}"
