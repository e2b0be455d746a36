"""Production refuses settings that would harm people."""

from typing import Any

import pytest

from hocvuso.base.checks import check_environment

GOOD = {
    "ENV": "production",
    "DEMO": False,
    "DEBUG": False,
    "SECRET_KEY": "s" * 50,
    "ID_KEY": "i" * 50,
    "ALLOWED_HOSTS": ["hocvuso.example.vn"],
    "PUBLIC_URL": "https://hocvuso.example.vn",
}


def faults(settings: Any, **changes: Any) -> list[str | None]:
    for name, value in (GOOD | changes).items():
        setattr(settings, name, value)
    return [fault.id for fault in check_environment(None)]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"ENV": "prod"}, "hocvuso.E001"),
        ({"SECRET_KEY": "missing"}, "hocvuso.E002"),
        ({"ID_KEY": "short"}, "hocvuso.E002"),
        ({"ID_KEY": "s" * 50}, "hocvuso.E003"),
        ({"ALLOWED_HOSTS": ["*"]}, "hocvuso.E004"),
        ({"ALLOWED_HOSTS": []}, "hocvuso.E004"),
        ({"PUBLIC_URL": "http://hocvuso.example.vn"}, "hocvuso.E005"),
        ({"DEBUG": True}, "hocvuso.E007"),
    ],
)
def test_a_harmful_setting_is_named(settings: Any, changes: dict[str, Any], fault: str) -> None:
    assert faults(settings, **changes) == [fault]


def test_the_demo_secret_is_refused(settings: Any) -> None:
    assert faults(settings, SECRET_KEY=settings.DEMO_SECRET) == ["hocvuso.E002"]


def test_good_settings_pass(settings: Any) -> None:
    assert faults(settings) == []
