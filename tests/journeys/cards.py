"""QR cards: printed by a helper, read from the paper, used to sign in."""

import io
import re
from dataclasses import dataclass

from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.journeys.conftest import Open, sign_in
from tests.journeys.names import invent_name

CODE, PIN = re.compile(r"^[2-9A-Z]{5} [2-9A-Z]{5}$", re.M), re.compile(r"^(?:\d ?){4}$", re.M)


@dataclass(frozen=True)
class Card:
    code: str
    pin: str

    @property
    def address(self) -> str:
        """What the QR square holds, behind the name of the site."""
        return f"/the/{self.code}"


def pages_of(pdf: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def read_cards(pdf: bytes) -> list[Card]:
    """Code and PIN of each card, in the order they are printed."""
    text = "\n".join(pages_of(pdf))
    codes, pins = CODE.findall(text), PIN.findall(text)
    assert len(codes) == len(pins), text
    return [Card(code.replace(" ", ""), pin.replace(" ", "")) for code, pin in zip(codes, pins, strict=True)]


def press_and_download(page: Page, button: str) -> bytes:
    with page.expect_download() as download:
        page.locator(button).click()
    return download.value.path().read_bytes()


def register_learner(page: Page, name: str, *, village: str, born: str = "1951") -> Card:
    """By the helper who is signed in on `page`: name and consent, then the card on paper."""
    page.goto("/nguoi-hoc/them")
    page.locator("[name=full_name]").fill(name)
    page.locator("[name=birth]").fill(born)
    page.locator("[name=place]").select_option(label=village)
    page.locator("[name=learning]").check()
    page.locator("[name=how][value=spoken]").check()
    page.locator("main form .button-main").click()
    expect(page.locator("h1")).to_have_text(name)
    page.locator("[name=contact]").fill("Tổ công nghệ số cộng đồng, 0912 345 678")
    return read_cards(press_and_download(page, "form[action$='/the'] button"))[0]


def open_with_card(page: Page, card: Card) -> None:
    """As when the phone's camera has read the QR square."""
    page.goto(card.address)
    page.locator("[name=pin]").fill(card.pin)
    page.locator("main form .button-main").click()
    expect(page.locator("form[action='/dang-xuat']")).to_be_attached()


def new_learner(
    open_page: Open, viewport: dict[str, int], *, village: str, script: bool = True, profile: str = ""
) -> tuple[Page, str]:
    """Somebody with a phone and a name of their own, just registered and signed in."""
    helper, name = open_page(viewport, script=script), invent_name()
    sign_in(helper, "huongdan")
    card = register_learner(helper, name, village=village)
    page = open_page(viewport, script=script, profile=profile)
    open_with_card(page, card)
    return page, name
