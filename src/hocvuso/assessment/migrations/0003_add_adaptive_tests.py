"""Adaptive tests: calibrations, versions of a bank, what an attempt ran on and found."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0002_keep_answers_of_all_kinds"),
        ("skills", "0001_create_skills"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="estimate",
            field=models.JSONField(default=dict, help_text="of an adaptive test, see engine.verdict"),
        ),
        migrations.AddField(
            model_name="attempt",
            name="excluded",
            field=models.JSONField(default=list, help_text="item numbers of the bank not to ask: met before"),
        ),
        migrations.AddField(
            model_name="test",
            name="mode",
            field=models.CharField(
                choices=[
                    ("fixed", "the same number of questions for all"),
                    ("adaptive", "as many questions as it takes"),
                    ("ladder", "as many as it takes, before calibration"),
                ],
                default="fixed",
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="test",
            name="policy",
            field=models.JSONField(default=dict, help_text="of an adaptive test, see content.PolicyShape"),
        ),
        migrations.AlterField(
            model_name="test",
            name="length",
            field=models.PositiveSmallIntegerField(help_text="of an adaptive test, the most questions"),
        ),
        migrations.CreateModel(
            name="BankVersion",
            fields=[
                ("digest", models.CharField(max_length=16, primary_key=True, serialize=False)),
                (
                    "content",
                    models.JSONField(
                        help_text="by item number: items, slugs, groups, skills, steps, parameters"
                    ),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="banks",
                        to="skills.framework",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="attempt",
            name="bank",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="attempts",
                to="assessment.bankversion",
            ),
        ),
        migrations.CreateModel(
            name="Calibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("draft", "to be looked at"),
                            ("active", "in force"),
                            ("retired", "was in force"),
                            ("discarded", "thrown away"),
                        ],
                        default="draft",
                        max_length=9,
                    ),
                ),
                ("model", models.CharField(help_text="1pl, 2pl or 3pl", max_length=3)),
                ("people", models.PositiveIntegerField()),
                ("answers", models.PositiveIntegerField()),
                (
                    "report",
                    models.JSONField(default=dict, help_text="fit, linking, drift, who would change sides"),
                ),
                ("made_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("decided_at", models.DateTimeField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "framework",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="skills.framework",
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
            },
        ),
        migrations.AddField(
            model_name="bankversion",
            name="calibration",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="banks",
                to="assessment.calibration",
            ),
        ),
        migrations.CreateModel(
            name="ItemCalibration",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("a", models.FloatField(help_text="discrimination")),
                ("b", models.FloatField(help_text="difficulty, logits")),
                ("c", models.FloatField(default=0, help_text="chance of guessing")),
                ("d", models.FloatField(default=1, help_text="1 less the chance of slipping")),
                ("error_a", models.FloatField(null=True)),
                ("error_b", models.FloatField(null=True)),
                ("answers", models.PositiveIntegerField()),
                ("fit", models.JSONField(default=dict)),
                (
                    "calibration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="items",
                        to="assessment.calibration",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="calibrations",
                        to="assessment.item",
                    ),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="calibration",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "active")), fields=("framework",), name="calibration_one_active"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemcalibration",
            constraint=models.UniqueConstraint(fields=("calibration", "item"), name="itemcalibration_once"),
        ),
    ]
