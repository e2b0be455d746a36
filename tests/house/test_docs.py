"""The documents name every room, setting and command."""

import re
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.management import find_commands

DOCS = settings.ROOT / "docs"


def read(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def test_every_room_has_its_page() -> None:
    rooms = [
        app.name.removeprefix("hocvuso.") for app in apps.get_app_configs() if app.name.startswith("hocvuso.")
    ]

    assert [room for room in rooms if not (DOCS / f"{room}.md").exists()] == []


def test_every_setting_is_documented() -> None:
    source = (settings.PACKAGE / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'env(?:_list)?\("([A-Z_]+)"', source))

    assert sorted(name for name in names if f"`HOCVUSO_{name}`" not in read("operating.md")) == []


def test_every_command_is_documented() -> None:
    ours = {
        command
        for app in apps.get_app_configs()
        if app.name.startswith("hocvuso.")
        for command in find_commands(str(Path(app.path) / "management"))
    }

    assert (
        sorted(name for name in ours if f"`hocvuso {name.replace('_', ' ')}" not in read("operating.md"))
        == []
    )
