"""A PIN tried ten times: the card rests, nothing is given away, a new card helps."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.cards import Card, open_with_card, press_and_download, read_cards, register_learner
from tests.journeys.conftest import Open, sign_in
from tests.journeys.names import invent_name
from tests.journeys.ways import each_way

FREE_TRIES = 5


@each_way
def test_ten_wrong_pins_open_nothing_and_a_new_card_opens(open_page: Open, viewport, script):
    helper, name = open_page(viewport, script=script), invent_name()
    sign_in(helper, "huongdan")
    card = register_learner(helper, name, village="Khu phố 5 (mẫu)")
    stranger = open_page(viewport, script=script)

    for number in range(1, FREE_TRIES):
        try_pin(stranger, card, wrong(card))
        expect(stranger.locator(".field-error")).to_contain_text(str(FREE_TRIES - number))
        expect(stranger.locator("main")).not_to_contain_text(name)
    try_pin(stranger, card, wrong(card))
    expect_resting(stranger)
    for _number in range(FREE_TRIES, 10):
        assert stranger.goto(card.address).status == 429
        expect_resting(stranger)
    expect_resting_even_for_the_right_one(stranger, card)

    helper.reload()
    helper.locator("[name=contact]").fill("Tổ công nghệ số cộng đồng")
    fresh = read_cards(press_and_download(helper, "form[action$='/the'] button"))[0]
    learner = open_page(viewport, script=script)
    open_with_card(learner, fresh)
    learner.goto("/toi")
    expect(learner.locator("h1")).to_have_text(name)


def wrong(card: Card) -> str:
    return "8642" if card.pin != "8642" else "8643"


def try_pin(page: Page, card: Card, pin: str) -> None:
    page.goto(card.address)
    page.locator("[name=pin]").fill(pin)
    page.locator("main form .button-main").click()


def expect_resting(page: Page) -> None:
    """How long, and what to do meanwhile; there is nothing to type into."""
    expect(page.locator(".notice-mind")).to_contain_text(re.compile(r"\b1[45]\b"))
    expect(page.locator("[name=pin]")).to_have_count(0)


def expect_resting_even_for_the_right_one(page: Page, card: Card) -> None:
    page.goto("/dang-nhap")
    token = page.locator("[name=csrfmiddlewaretoken]").first.input_value()
    form = {"pin": card.pin, "csrfmiddlewaretoken": token}
    told = page.context.request.post(card.address, form=form, headers={"Referer": page.url})
    assert told.status == 429
    page.goto("/")
    expect(page.locator("form[action='/dang-xuat']")).to_have_count(0)
