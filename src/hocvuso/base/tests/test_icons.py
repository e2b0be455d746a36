import re
from pathlib import Path

import pytest
from django.conf import settings

from hocvuso.base.icons import ICONS, draw_icon

PROMISED = re.compile(r"^Icons: (.+?)\.$", re.MULTILINE | re.DOTALL)
USED = re.compile(r"{% icon [\"']([\w-]+)[\"'] %}")


def test_every_icon_promised_to_authors_is_drawn() -> None:
    words = PROMISED.search((settings.ROOT / "docs" / "content.md").read_text(encoding="utf-8"))

    assert words and set(words[1].split()) - set(ICONS) == set()


def test_every_icon_a_template_asks_for_is_drawn() -> None:
    asked = {
        name
        for page in Path(settings.PACKAGE).rglob("*.html")
        for name in USED.findall(page.read_text("utf-8"))
    }

    assert asked and asked - set(ICONS) == set()


def test_every_drawing_in_the_file_was_read() -> None:
    drawn = (settings.PACKAGE / "base" / "icons.svg").read_text(encoding="utf-8").count("<symbol ")

    assert len(ICONS) == drawn


def test_unknown_icon_is_refused() -> None:
    with pytest.raises(KeyError):
        draw_icon("unicorn")
