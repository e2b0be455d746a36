"""The ways a journey is walked: small or wide screen, with or without JavaScript, each reading profile."""

import pytest

from tests.journeys.conftest import SMALL, WIDE

PROFILES = {"normal": "m.vi", "xl": "xl.vi", "contrast": "m.c.vi", "steps": "m.f.vi", "english": "m.en"}
each_way = pytest.mark.parametrize(
    ("viewport", "script"),
    [(SMALL, True), (SMALL, False), (WIDE, True), (WIDE, False)],
    ids=["360", "360-plain", "1280", "1280-plain"],
)
