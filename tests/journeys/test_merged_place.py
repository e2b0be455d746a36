"""Units that exist no more: old names lead to today's unit, and so does a home chosen before a merger."""

from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.ways import each_way

MERGER = """\
slug: {day}-{code}
on: {day}
title: Nhập xã, chỉ có trong thế giới thử
decision: Quyết định mẫu
language: vi
license: CC-BY-4.0
review: {{by: Ban biên tập mẫu, on: {day}}}
sources:
  - {{title: Nguồn mẫu, site: vi-du.vn, checked_on: {day}}}
changes:
  - {{kind: merged, codes: ["{code}"], into: "{into}"}}
"""
FAR_FROM_OTHER_JOURNEYS = """
SELECT code, name FROM places_place WHERE kind = 'commune' AND valid_to IS NULL AND path LIKE '%/12/%'
ORDER BY code DESC LIMIT 2
"""


@each_way
def test_old_names_lead_to_todays_unit(open_page: Open, viewport, script):
    """Names of the map before July 2025, with and without tone marks."""
    page = open_page(viewport, script=script)
    for old, today in (("phường Hà Phong", "Phường Hà Tu"), ("huyen tho xuan", "Xã Thọ Xuân")):
        page.goto("/noi-o/")
        page.locator("[name=q]").fill(old)
        page.locator("main form[role=search] button").click()
        expect(page.locator("button.place", has_text=today).first).to_be_visible()


@pytest.fixture(scope="module")
def merger(site: Site, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str, str, str]:
    """Code and name of a commune, and of the one it is to be merged into; the act lies in `site.var`."""
    (code, name), (into, today) = site.rows(FAR_FROM_OTHER_JOURNEYS)
    return code, name, into, today


def test_a_home_chosen_before_a_merger_is_todays_unit_after_it(
    open_page: Open, site: Site, merger: tuple[str, str, str, str], tmp_path: Path
):
    code, name, into, today = merger
    page = open_page()
    choose_home(page, code)
    page.goto("/")
    expect(page.locator("#place ~ p")).to_contain_text(name)

    merge(site, tmp_path, code, into)

    page.goto("/")
    expect(page.locator("#place ~ p")).to_contain_text(today)
    assert today in choose_home(page, code)
    page.goto(f"/noi-o/danh-sach/{code}")
    assert page.url.endswith(f"/noi-o/danh-sach/{into}")
    page.goto(f"/noi-o/?q={name}")
    expect(page.locator(f"button.place[value='{into}']")).to_contain_text(name, ignore_case=True)
    officer = open_page()
    sign_in(officer, "canbotw")
    officer.goto(f"/so-lieu/{code}/")
    expect(officer.locator("h1")).to_be_visible()


def choose_home(page: Page, code: str) -> str:
    """As from a page that was opened before the merger; what the answer says."""
    page.goto("/noi-o/")
    return page.context.request.post("/noi-o/chon", form={"code": code}, headers={"Referer": page.url}).text()


def merge(site: Site, folder: Path, code: str, into: str) -> None:
    day = date.today().isoformat()  # noqa: DTZ011 - the product's own day differs by hours at most
    (folder / "places").mkdir()
    (folder / "places" / f"{day}-{code}.yaml").write_text(MERGER.format(day=day, code=code, into=into))
    site.run("content", "load", str(folder))
