"""Every page × role × profile: axe-core finds nothing, nothing sticks out at 360 px, fingers meet targets."""

import pytest
from playwright.sync_api import Browser

from tests.journeys.addresses import LOGINS, Ground, enter_as, lay_ground, pages_for
from tests.journeys.audit import audit
from tests.journeys.conftest import SMALL, WIDE, Open, Site
from tests.journeys.ways import PROFILES

OFFICE = ("helper", "officer", "province", "country")


@pytest.fixture(scope="module")
def ground(site: Site, browser: Browser) -> Ground:
    return lay_ground(site, browser)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("role", [*LOGINS, "graduate"])
def test_every_page_is_for_everybody(open_page: Open, ground: Ground, role: str, profile: str):
    wrong = walk(open_page, ground, role, PROFILES[profile], SMALL)

    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", OFFICE)
def test_pages_of_the_office_are_so_on_a_wide_screen_too(open_page: Open, ground: Ground, role: str):
    wrong = walk(open_page, ground, role, PROFILES["normal"], WIDE)

    assert not wrong, "\n".join(wrong)


def walk(open_page: Open, ground: Ground, role: str, profile: str, viewport: dict[str, int]) -> list[str]:
    page = open_page(viewport, profile=profile)
    enter_as(page, role, ground)
    wrong = []
    for address in pages_for(role, ground):
        page.goto(address)
        wrong += [f"{address}: {fault}" for fault in audit(page)]
    return wrong
