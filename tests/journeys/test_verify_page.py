"""Path 2: anyone who holds a certificate's paper asks whether it is good."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Page, expect

from hocvuso.recognition.engine.code import SIGNS, new_code, spell
from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.ways import each_way

WARD = "06658"
STANDING = """
SELECT c.code, x.full_name, f.title, f.version, c.issued_at FROM recognition_certificate c
JOIN people_person x ON x.id = c.person_id
JOIN places_place p ON p.id = x.place_id
JOIN skills_framework f ON f.id = c.framework_id
WHERE c.revoked_at IS NULL AND p.code LIKE ? ORDER BY c.code
"""


@pytest.fixture
def paper(site: Site) -> tuple[str, ...]:
    """Code, name, framework and day of a certificate that holds, of a learner of the ward."""
    return site.rows(STANDING, f"{WARD}.%")[0]


@each_way
def test_a_good_code_says_for_whom_by_what_and_since_when(open_page: Open, paper, viewport, script):
    code, name, framework, version, issued_at = paper
    page = open_page(viewport, script=script)

    type_code(page, spell(code).lower())

    expect(page.locator("h1.verdict-valid")).to_be_visible()
    details = page.locator("dl.details")
    expect(details).to_contain_text(spell(code))
    expect(details).to_contain_text(f"{framework}, ")
    expect(details).to_contain_text(version)
    expect(details).to_contain_text(" ".join(f"{word[0]}." for word in name.upper().split()))
    assert name not in page.content()
    expect(details).to_contain_text(day_in_words(issued_at))


def day_in_words(moment: str) -> str:
    """The day in Viet Nam of a moment that the database keeps in UTC."""
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC).astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))
    return f"{at.day}/{at.month}/{at.year}"


def type_code(page: Page, code: str) -> None:
    page.goto("/xac-minh/")
    page.locator("[name=ma]").fill(code)
    page.locator("main form .button-main").click()


@each_way
def test_an_altered_code_is_refused_kindly_and_nothing_is_lost(open_page: Open, paper, viewport, script):
    code = paper[0]
    altered = code[:4] + SIGNS[SIGNS.index(code[4]) - 1] + code[5:]
    page = open_page(viewport, script=script)

    type_code(page, altered)

    expect(page.locator("h1.verdict-valid")).to_have_count(0)
    expect(page.locator("[name=ma]")).to_have_value(altered)
    expect(page.locator("main")).not_to_contain_text(paper[1])
    assert page.goto(f"/xac-minh/{altered}").status == 404


@each_way
def test_an_invented_code_is_refused_kindly(open_page: Open, viewport, script):
    page, invented = open_page(viewport, script=script), new_code()

    answer = page.goto(f"/xac-minh/{invented}")

    assert answer.status == 404
    expect(page.locator("h1.verdict-valid")).to_have_count(0)
    expect(page.locator("[name=ma]")).to_have_value(invented)


@each_way
def test_a_withdrawn_certificate_says_so_from_that_moment_on(open_page: Open, paper, viewport, script):
    code = paper[0]
    officer, anyone = open_page(viewport, script=script), open_page(viewport, script=script)
    anyone.goto(f"/xac-minh/{code}")
    expect(anyone.locator("h1.verdict-valid")).to_be_visible()

    sign_in(officer, "canboxa")
    officer.goto(certificate_of(officer, code))
    officer.locator("a[href$='/thu-hoi']").click()
    officer.locator("[name=reason]").fill("Bài làm không do chính người học làm.")
    officer.locator("main form .button-danger").click()
    expect(officer.locator("h1.verdict-revoked")).to_be_visible()

    anyone.reload()
    expect(anyone.locator("h1.verdict-revoked")).to_be_visible()
    expect(anyone.locator("main")).not_to_contain_text("không do chính người học")


def certificate_of(officer: Page, code: str) -> str:
    """Found among those the officer's commune has confirmed."""
    officer.goto("/xac-nhan/cho-duyet/?status=granted")
    while not officer.locator("tr", has_text=spell(code)).count():
        officer.locator("nav.pager a[rel=next]").click()
    return officer.locator("tr", has_text=spell(code)).locator("a[href*='/giay/']").get_attribute("href")
