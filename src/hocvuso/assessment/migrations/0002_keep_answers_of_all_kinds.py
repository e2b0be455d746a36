"""Answers of all kinds: a list of indexes, or a text, where there was one index."""

from typing import Any

from django.db import migrations, models

AS_LIST = {
    "sqlite": "UPDATE assessment_response SET answer = '[' || choice || ']' WHERE choice IS NOT NULL",
    "postgresql": "UPDATE assessment_response SET answer = jsonb_build_array(choice) WHERE choice IS NOT NULL",
}


def make_lists(apps: Any, schema_editor: Any) -> None:
    schema_editor.execute(AS_LIST[schema_editor.connection.vendor])


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_create_assessment")]

    operations = [
        migrations.AddField(
            "response",
            "answer",
            models.JSONField(help_text="in the item's own order, see engine.marking", null=True),
        ),
        migrations.RunPython(make_lists, migrations.RunPython.noop),
        migrations.RemoveField("response", "choice"),
        migrations.AlterField(
            "response",
            "order",
            models.JSONField(help_text="indexes of options, steps or right halves as shown"),
        ),
        migrations.AlterField(
            "item",
            "kind",
            models.CharField(
                choices=[
                    ("choice", "one answer"),
                    ("multiple", "several answers"),
                    ("order", "steps in order"),
                    ("match", "pairs"),
                    ("hotspot", "a place on a screen"),
                    ("short", "a number or a word"),
                ],
                default="choice",
                max_length=10,
            ),
        ),
        migrations.AlterField(
            "item",
            "body",
            models.JSONField(help_text="{language, stem, …}: see item_shapes, by kind"),
        ),
    ]
