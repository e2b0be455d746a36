"""Path 1: an older learner with a cheap phone, from the first page to a certificate on paper."""

from playwright.sync_api import Page, expect

from tests.journeys.answers import answer_all, attempt_of
from tests.journeys.cards import Card, open_with_card, pages_of, register_learner
from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.lessons import answer, options_of
from tests.journeys.names import invent_name
from tests.journeys.ways import each_way

VILLAGE = "Khu phố 3 (mẫu)"
LENGTHS = """
SELECT json_extract(t.policy, '$.min_length'), t.length FROM assessment_test t
JOIN assessment_attempt a ON a.test_id = t.id WHERE a.id = ?
"""
ANSWERS = 'SELECT count(answer), sum("right") FROM assessment_response WHERE attempt_id = ?'


@each_way
def test_from_the_first_page_to_the_certificate(open_page: Open, site: Site, viewport, script):
    name = invent_name()
    helper = open_page(viewport, script=script)
    sign_in(helper, "huongdan")
    card = register_learner(helper, name, village=VILLAGE)

    phone = open_page(viewport, script=script)
    find_home(phone)
    choose_reading_tools(phone)
    learn_first_lesson(phone, site, need="Trả tiền bằng mã QR")
    keep_what_was_learnt(phone, card)

    another_day = open_page(viewport, script=script)
    come_back(another_day, card, name)
    take_test(another_day, site)
    code = get_certificate(another_day, name)
    see_what_others_see(another_day, code)


def find_home(page: Page) -> None:
    page.goto("/")
    page.locator("#place-q").fill("tho xuan")
    page.locator("form[role=search] button").click()
    place = page.locator("button.place", has_text="Xã Thọ Xuân").filter(has_text="Thanh Hóa")
    place.click()
    expect(page.locator("#toasts")).to_contain_text("Xã Thọ Xuân")
    page.goto("/")
    expect(page.locator("#place ~ p")).to_contain_text("Xã Thọ Xuân, Thanh Hóa")


def choose_reading_tools(page: Page) -> None:
    """The page changes at once; the server draws every later page that way."""
    root = page.locator("html")
    press_tool(page, "[name=speak]")
    expect(root).to_have_class("size-m is-speak")
    press_tool(page, "[name=size][value=l]")
    expect(root).to_have_class("size-l is-speak")
    page.reload()
    expect(root).to_have_class("size-l is-speak")
    drawn = page.context.request.get("/").text()
    assert 'class="size-l is-speak"' in drawn


def press_tool(page: Page, button: str) -> None:
    tools = page.locator("details.tools").last
    if tools.get_attribute("open") is None:
        tools.locator("summary").click()
    tools.locator(button).click()


def learn_first_lesson(page: Page, site: Site, need: str) -> None:
    page.goto("/")
    page.locator("a.card", has_text=need).click()
    expect(page.locator("h1")).to_have_text(need)
    page.locator("main a[href*='/hoc/khoa/']").first.click()
    expect(page.locator("#kiem-tra form")).to_be_visible()
    right, wrong = options_of(page, site)

    answer(page, wrong["text"])
    expect(page.locator("[role=status][lang] .notice-mind")).to_contain_text(wrong["why"])
    expect(page.locator("[role=status][lang] .notice-ok")).to_contain_text(right["text"])
    page.locator("a[data-again]").click()
    answer(page, right["text"])
    expect(page.locator("[role=status][lang] .notice-ok")).to_contain_text(right["why"])
    expect(page.locator("[role=status][lang] .notice-mind")).to_have_count(0)
    assert page.locator("main progress").first.get_attribute("value") == "1"


def keep_what_was_learnt(page: Page, card: Card) -> None:
    """The helper's card opens the same phone; what was learnt on it before is asked about, and kept."""
    open_with_card(page, card)
    press_tool(page, "[name=size][value=xl]")
    expect(page.locator("html")).to_have_class("size-xl is-speak")
    page.goto("/hoc/cua-toi")
    page.locator("button[name=mine][value=yes]").click()
    expect(page.locator("#toasts .notice-ok")).to_be_visible()
    expect(page.locator("main section.card li")).to_have_count(1)


def come_back(page: Page, card: Card, name: str) -> None:
    """On another phone: the reading tools came along, and so did the progress."""
    open_with_card(page, card)
    expect(page.locator("html")).to_have_class("size-xl is-speak")
    page.goto("/hoc/cua-toi")
    expect(page.locator("main")).to_contain_text(name)
    expect(page.locator("main section.card li")).to_have_count(1)


def take_test(page: Page, site: Site) -> None:
    """Every answer right, of whatever kind: the test ends as soon as that is clear, and says so."""
    page.goto("/kiem-tra/")
    page.locator("main .card a.button-main").first.click()
    page.locator("form[action$='/bat-dau'] button").click()
    expect(page.locator("#question")).to_be_visible()
    attempt = attempt_of(page)

    asked = answer_all(page, site)

    page.wait_for_url("**/ket-qua")
    expect(page.locator("a[href='/xac-nhan/']").last).to_be_visible()
    expect(page.locator("#verdict + * ~ p").first).to_contain_text(
        f"đã trả lời {asked} câu, đúng {asked} câu"
    )
    assert site.value("SELECT status FROM assessment_attempt WHERE id = ?", attempt) == "passed"
    least, most = site.rows(LENGTHS, attempt)[0]
    assert least <= asked <= most
    assert site.rows(ANSWERS, attempt) == [(asked, asked)]


def get_certificate(page: Page, name: str) -> str:
    """The code on the paper."""
    page.locator("main a[href='/xac-nhan/']").last.click()
    page.locator("main form .button-main").click()
    page.wait_for_url("**/xac-nhan/giay/*/")
    code = page.locator("dl.details dd b").inner_text()
    link = page.locator("a[href$='giay.pdf']").get_attribute("href")
    answer = page.context.request.get(link)
    assert answer.headers["content-type"] == "application/pdf"
    paper = " ".join(" ".join(pages_of(answer.body())).split())
    assert name in paper
    assert code in paper
    return code


def see_what_others_see(page: Page, code: str) -> None:
    page.locator("a[href*='/xac-minh/']").first.click()
    expect(page.locator("h1.verdict-valid")).to_be_visible()
    expect(page.locator("dl.details")).to_contain_text(code)
