"""The ways each journey is walked: on a small and a wide screen, with and without JavaScript."""

import pytest

from tests.journeys.conftest import SMALL, WIDE

each_way = pytest.mark.parametrize(
    ("viewport", "script"),
    [(SMALL, True), (SMALL, False), (WIDE, True), (WIDE, False)],
    ids=["360", "360-plain", "1280", "1280-plain"],
)
