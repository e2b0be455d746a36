"""Foreign keys go down only; string references escape the import linter, so the models are walked."""

from django.apps import apps

STACK = (
    ("home",),
    ("interop",),
    ("dashboards",),
    ("recognition",),
    ("learning",),
    ("assessment",),
    ("indicators",),
    ("records",),
    ("people",),
    ("places", "skills"),
    ("base",),
)
LEVEL = {room: level for level, rooms in enumerate(STACK) for room in rooms}


def our_rooms() -> list[str]:
    return [
        app.name.removeprefix("hocvuso.") for app in apps.get_app_configs() if app.name.startswith("hocvuso.")
    ]


def test_every_room_stands_in_the_stack() -> None:
    assert set(our_rooms()) == set(LEVEL)


def test_foreign_keys_go_down_only() -> None:
    upward = [
        f"{model.__name__}.{field.name} -> {field.related_model.__name__}"
        for model in apps.get_models()
        if model._meta.app_label in LEVEL
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model._meta.app_label in LEVEL
        if model._meta.app_label != field.related_model._meta.app_label
        and LEVEL[field.related_model._meta.app_label] <= LEVEL[model._meta.app_label]
    ]

    assert upward == []
