"""For all tests: those that really commit may sweep away even what the database keeps from being deleted.

Property tests draw the same examples every time and are not judged by the clock.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.test import TransactionTestCase
from hypothesis import HealthCheck, settings

from hocvuso.base.catalogue import compile_catalogue
from hocvuso.records.tests.guards import without_guards

settings.register_profile(
    "house", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("house")


def pytest_configure(config: pytest.Config) -> None:
    """Once a run, before the workers start: pages are tested in Vietnamese."""
    if not hasattr(config, "workerinput"):
        compile_catalogue(Path(django_settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES" / "django.po")


@pytest.fixture(autouse=True, scope="session")
def sweeping_lifts_guards() -> Iterator[None]:
    sweep = TransactionTestCase._fixture_teardown

    def lift_and_sweep(case: TransactionTestCase) -> None:
        with without_guards():
            sweep(case)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lift_and_sweep)
        yield
