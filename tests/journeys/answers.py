"""A test's question: what is asked, and how a right or a wrong answer is given, by kind of item."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, expect

from tests.journeys.conftest import Site

ASKED = """
SELECT r.position, i.kind, i.body, r."order" FROM assessment_response r
JOIN assessment_item i ON i.id = r.item_id WHERE r.attempt_id = ? AND r.answer IS NULL ORDER BY r.position
"""
PARTS = {"order": "steps", "match": "pairs"}
POSITION, SEND, VERDICT = "#answer [name=position]", "#answer .button-main", "#verdict"
MOST = 60  # questions, more than any test asks


@dataclass(frozen=True)
class Asked:
    """`order`: which of the item's own parts stands at each place of the page."""

    position: int
    kind: str
    body: dict[str, Any]
    order: list[int]

    def key(self) -> list[int] | str:
        """A right answer in the item's own order, as the database keeps it."""
        if self.kind == "short":
            return str(self.body["accept"][0])
        if self.kind in PARTS:
            return list(range(len(self.body[PARTS[self.kind]])))
        return [index for index, option in enumerate(self.body["options"]) if option["right"]]

    def fields(self, *, right: bool = True) -> list[str]:
        """What the page's fields hold: places to tap; a rank for each step; a place for each left half."""
        if self.kind == "short":
            return [f"{self.key()}" if right else f"{self.key()}9"]
        if self.kind in PARTS:
            own = [f"{index + 1}" for index in self.order] if self.kind == "order" else self.places()
            return own if right else [*own[1:], own[0]]
        wanted = [place for place, index in enumerate(self.order) if (index in self.key()) == right]
        return [f"{place}" for place in (wanted if right else wanted[:1])]

    def places(self) -> list[str]:
        return [f"{self.order.index(index)}" for index in range(len(self.order))]


def attempt_of(page: Page) -> str:
    """As the database writes its key."""
    return page.url.split("/lam/")[1].split("/")[0].replace("-", "")


def read_asked(site: Site, attempt: str) -> Asked:
    position, kind, body, order = site.rows(ASKED, attempt)[0]
    return Asked(position, kind, json.loads(body), json.loads(order))


def begin_test(page: Page, test: str) -> str:
    """The attempt, with its first question on the page."""
    page.goto(f"/kiem-tra/{test}/")
    page.locator("form[action$='/bat-dau'] button").click()
    expect(page.locator(POSITION)).to_have_value("1")
    return attempt_of(page)


def fill_in(page: Page, asked: Asked, fields: list[str]) -> None:
    if asked.kind == "short":
        page.locator("#answer [name=text]").fill(fields[0])
    elif asked.kind in PARTS:
        for place, value in enumerate(fields):
            page.locator(f"#choice-{place}").select_option(value=value)
    else:
        for place in fields:
            page.locator(f"#choice-{place}").check()


def send_answer(page: Page, asked: Asked, *, right: bool = True) -> None:
    fill_in(page, asked, asked.fields(right=right))
    page.locator(SEND).click()


def answer_all(page: Page, site: Site, is_right: Callable[[int], bool] = lambda _position: True) -> int:
    """Answer until the test ends, and tell how many questions that took."""
    attempt = attempt_of(page)
    for position in range(1, MOST):
        expect(page.locator(POSITION)).to_have_value(str(position))
        asked = read_asked(site, attempt)
        assert asked.position == position
        send_answer(page, asked, right=is_right(position))
        expect(page.locator(f"{POSITION}[value='{position + 1}'], {VERDICT}")).to_be_attached()
        if page.locator(VERDICT).count():
            return position
    raise AssertionError(f"No end after {MOST} questions.")
