"""Path 3: a helper takes in the ward's own list, row by row, and prints the cards of all."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.cards import open_with_card, pages_of, press_and_download, read_cards
from tests.journeys.class_list import FIRST_ROW, ClassList, make_class_list
from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.ways import each_way

WARD = "Phường Cao Xanh"
TWICE, WRONG_DAY, NAMELESS = FIRST_ROW + 3, FIRST_ROW + 4, FIRST_ROW + 5


@each_way
def test_from_the_file_of_the_ward_to_cards_that_open(open_page: Open, site: Site, viewport, script):
    helper, given = open_page(viewport, script=script), make_class_list()
    sign_in(helper, "huongdan")

    upload(helper, given.file)
    see_each_problem(helper, given)
    correct_one_and_skip_one(helper)
    take_in(helper)
    expect_people(site, given)
    paper = print_cards(helper)

    cards, text = read_cards(paper), " ".join(" ".join(pages_of(paper)).split())
    assert len(cards) == 5
    assert [name for name in given.names[:5] if name not in text] == []
    learner = open_page(viewport, script=script)
    open_with_card(learner, cards[0])
    learner.goto("/toi")
    expect(learner.locator("h1")).to_have_text(re.compile("|".join(given.names[:5])))


def upload(page: Page, file: bytes) -> None:
    page.goto("/danh-sach-lop")
    sheet = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    page.locator("[name=file]").set_input_files({"name": "lop.xlsx", "mimeType": sheet, "buffer": file})
    page.locator("[name=place]").select_option(label=WARD)
    page.locator("main form .button-main").click()
    expect(page.locator("ol.roster")).to_be_visible()


def see_each_problem(page: Page, given: ClassList) -> None:
    """Sound rows are tidied silently; the others say what is doubtful, each by its number in the file."""
    first = page.locator(f"#row-{FIRST_ROW}")
    expect(first).to_contain_text(given.names[0])
    expect(first).to_contain_text("01/01/1958")
    expect(first).to_contain_text(given.phone_as_written())
    expect(page.locator(f"#row-{FIRST_ROW + 1}")).to_contain_text("Khu phố 1 (mẫu)")  # merged downwards
    expect(page.locator(f"#row-{FIRST_ROW + 2}")).to_contain_text(given.names[2])
    for number in (TWICE, WRONG_DAY, NAMELESS):
        expect(page.locator(f"#row-{number} .roster-problem").first).to_be_visible()
    expect(page.locator(f"#row-{WRONG_DAY}")).to_contain_text("32/13/1970")
    expect(page.locator(f"[name=r{TWICE}-choice]")).to_have_value("skip")
    expect(page.locator(".roster-blocking")).to_have_count(2)
    expect(page.locator("ol.roster > li")).to_have_count(7)  # neither total nor signature is a person


def correct_one_and_skip_one(page: Page) -> None:
    page.locator(f"[name=r{WRONG_DAY}-birth]").fill("12/3/1970")
    page.locator(f"[name=r{NAMELESS}-choice]").select_option("skip")
    page.locator("ol.roster ~ .actions .button-main").click()
    expect(page.locator(".roster-blocking:visible")).to_have_count(1)  # of the row left out
    expect(page.locator(f"#row-{WRONG_DAY}")).to_contain_text("12/03/1970")


def take_in(page: Page) -> None:
    """Pressed twice, as with a slow line: the second time nobody is added."""
    page.locator("a[href$='/nhap']").click()
    address = page.url
    page.locator("[name=learning]").check()
    page.locator("[name=how][value=spoken]").check()
    form = {
        field.get_attribute("name"): field.input_value()
        for field in page.locator("main form input:not([name=contact])").all()
        if field.get_attribute("type") == "hidden" or field.is_checked()
    }
    page.locator("main form .button-main").click()
    page.wait_for_url("**/danh-sach-lop/*/the")
    again = page.context.request.post(address, form=form, headers={"Referer": address})
    assert again.url.endswith("/the")


def expect_people(site: Site, given: ClassList) -> None:
    """Each once; the name with its capitals set right, birth and phone understood."""
    query = "SELECT full_name, birth_year, birth_on, phone FROM people_person WHERE full_name = ?"
    found = [row for name in given.names for row in site.rows(query, name)]
    assert found == [
        (given.names[0], 1958, "1958-01-01", f"+84{given.phone}"),
        (given.names[1], 1958, None, None),
        (given.names[2], 1962, "1962-03-15", None),
        (given.names[3], 1970, "1970-03-12", None),
        (given.names[4], 1949, "1949-09-07", None),
    ]


def print_cards(page: Page) -> bytes:
    page.locator("[name=contact]").fill("Tổ công nghệ số cộng đồng, 0912 345 678")
    page.locator("[name=which][value=new]").check()
    paper = press_and_download(page, "main form .button-main")
    assert len(pages_of(paper)) == 1
    return paper
