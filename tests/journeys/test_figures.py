"""Path 4: officers watch the figures change, from the ward to the country, and see what is missing."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.lessons import answer, options_of
from tests.journeys.ways import each_way

WARD, PROVINCE, COUNTRY = "06658", "22", "VN"
LEARNER = "Nguyễn Thị Hương"
HIDDEN = re.compile("dưới 5")


@each_way
def test_a_lesson_learnt_raises_the_figure_of_the_ward_and_of_all_above(
    open_page: Open, site: Site, viewport, script
):
    officers = {
        place: officer_page(open_page, name, viewport, script)
        for place, name in ((WARD, "canboxa"), (PROVINCE, "canbotinh"), (COUNTRY, "canbotw"))
    }
    site.settle()
    before = {place: lessons_done(page, place) for place, page in officers.items()}
    women = part_of(officers[WARD], WARD, "sex=female")

    lesson = learn_a_lesson(open_page(viewport, script=script), site)
    site.settle()

    after = {place: lessons_done(page, place) for place, page in officers.items()}
    assert after == {place: figure + 1 for place, figure in before.items()}
    assert part_of(officers[WARD], WARD, "sex=female") == women + 1
    open_down_to_the_record(officers[WARD], lesson)
    expect_no_names(officers[PROVINCE])
    expect_no_names(officers[COUNTRY])


def officer_page(open_page: Open, name: str, viewport: dict[str, int], script: bool) -> Page:
    page = open_page(viewport, script=script)
    sign_in(page, name)
    return page


def lessons_done(page: Page, place: str) -> int:
    """In the row of everybody; the table of parts below adds up to the same."""
    page.goto(f"/so-lieu/{place}/")
    whole = number(
        page.locator("section[aria-labelledby=groups] tbody tr").first.locator("td").nth(2).inner_text()
    )
    parts = page.locator("section[aria-labelledby=children] tbody tr").all()
    shown = [row.locator("td").nth(2) for row in parts if row.locator("td").count() > 2]
    texts = [cell.inner_text() for cell in shown]
    hidden = sum(bool(HIDDEN.search(text)) for text in texts)
    known = sum(number(text) for text in texts if re.match(r"\d", text))
    assert known + hidden <= whole <= known + 4 * hidden
    return whole


def part_of(page: Page, place: str, dimension: str) -> int:
    page.goto(f"/so-lieu/{place}/")
    address = f"/so-lieu/{place}/so/lessons_done/?dimension={dimension.replace('=', '%3D')}"
    return number(page.locator(f"a[href='{address}']").first.inner_text())


def number(text: str) -> int:
    """`number("1.884 *") == 1884`."""
    return int("".join(re.findall(r"\d", text)))


def learn_a_lesson(page: Page, site: Site) -> str:
    """The title of the next one that the demo's learner has not finished."""
    sign_in(page, "hocvien")
    page.goto("/hoc/cua-toi")
    page.locator("main p > a.button-main").click()
    expect(page.locator("#kiem-tra form")).to_be_visible()
    lesson = page.locator("h1").inner_text()
    right, _wrong = options_of(page, site)
    answer(page, right["text"])
    expect(page.locator("[role=status][lang] .notice-ok")).to_be_visible()
    return lesson


def open_down_to_the_record(page: Page, lesson: str) -> None:
    """The figure on the page of figures leads to what it was counted from, the latest first."""
    page.goto(f"/so-lieu/{WARD}/")
    page.locator(f"a[href='/so-lieu/{WARD}/so/lessons_done/']").first.click()
    latest = page.locator("main tbody tr", has_text=lesson).first
    expect(latest).to_contain_text(LEARNER)


def expect_no_names(page: Page) -> None:
    """Above the commune: the same records without names; no list of people, no person."""
    page.goto(f"/so-lieu/{WARD}/so/lessons_done/")
    expect(page.locator("main tbody tr").first).to_be_visible()
    assert LEARNER not in page.content()
    for address in ("/nguoi-hoc", f"/nguoi-hoc?q={LEARNER}", "/danh-sach-lop"):
        assert page.goto(address).status == 404
        assert LEARNER not in page.content()


@each_way
def test_the_province_and_the_country_are_seen_as_map_and_as_table(open_page: Open, viewport, script):
    for name, place, parts in (("canbotinh", PROVINCE, 54), ("canbotw", COUNTRY, 34)):
        page = officer_page(open_page, name, viewport, script)
        page.goto(f"/so-lieu/{place}/")
        expect(page.locator("section[aria-labelledby=children] tbody tr")).to_have_count(parts)
        picture = page.locator("section[aria-labelledby=map] img")
        picture.scroll_into_view_if_needed()
        drawn = page.context.request.get(picture.get_attribute("src"))
        assert drawn.headers["content-type"] == "image/svg+xml"
        assert drawn.text().count("<path") > parts

        page.locator("section[aria-labelledby=map] a").last.click()
        expect(page.locator("#map canvas, #map svg, #map img").first).to_be_visible()


@each_way
def test_a_village_is_missing_until_it_reports_and_is_never_shown_as_nothing(
    open_page: Open, site: Site, viewport, script
):
    page = officer_page(open_page, "canboxa", viewport, script)
    site.settle()
    village, month = find_missing_village(page)
    page.goto(f"/so-lieu/{WARD}/?month={month}")
    row = page.locator(
        "section[aria-labelledby=children] tbody tr", has=page.locator(f"a[href*='{village}']")
    )
    expect(row.locator("td").last).to_contain_text("chưa báo cáo")
    assert row.locator("td").nth(1).inner_text().strip() != "0"
    missing = page.locator("section[aria-labelledby=children] .tag-mind").count()

    page.goto(f"/so-lieu/{village}/?month={month}")
    page.locator("form[action$='/bao-cao/'] button").click()
    expect(page.locator("#toasts .notice-ok")).to_be_visible()
    site.settle()

    page.goto(f"/so-lieu/{WARD}/?month={month}")
    expect(row.locator("td").last).to_contain_text("đã báo cáo")
    expect(page.locator("section[aria-labelledby=children] .tag-mind")).to_have_count(missing - 1)


def find_missing_village(page: Page) -> tuple[str, str]:
    """The latest month with a village that has not reported, and that village."""
    page.goto(f"/so-lieu/{WARD}/")
    months = [option.get_attribute("value") for option in page.locator("[name=month] option").all()]
    for month in months:
        page.goto(f"/so-lieu/{WARD}/chua-bao-cao/?month={month}")
        found = page.locator("main ul.pick a")
        if found.count():
            return found.first.get_attribute("href").strip("/").split("/")[-1], str(month)
    raise AssertionError("Every village has reported every month.")
