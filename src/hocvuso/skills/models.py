"""Competency frameworks: versioned data, replaceable by an administrator."""

from django.db import models


class Framework(models.Model):
    slug = models.SlugField(max_length=60)
    version = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    official = models.BooleanField(default=False)
    audiences = models.JSONField(default=list)
    current = models.BooleanField(default=True)
    head = models.JSONField(default=dict, help_text="language, license, review, sources")
    content_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["slug", "version"], name="framework_once"),
            models.UniqueConstraint(
                fields=["slug"], condition=models.Q(current=True), name="framework_one_current"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.version}"


class SkillGroup(models.Model):
    framework = models.ForeignKey(Framework, on_delete=models.CASCADE, related_name="groups")
    code = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["framework", "position"]
        constraints = [models.UniqueConstraint(fields=["framework", "code"], name="skillgroup_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"


class Skill(models.Model):
    group = models.ForeignKey(SkillGroup, on_delete=models.CASCADE, related_name="skills")
    code = models.CharField(max_length=10)
    title = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    meaning = models.TextField(blank=True)
    meaning_en = models.TextField(blank=True)
    official = models.BooleanField(default=False)
    digcomp = models.CharField(max_length=10, blank=True)
    required_for = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["group", "position"]
        constraints = [models.UniqueConstraint(fields=["group", "code"], name="skill_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.title}"
