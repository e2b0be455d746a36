"""Each kind of question: by keyboard alone, left open first and then answered; and for everybody's eyes."""

import json
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.answers import (
    PARTS,
    POSITION,
    SEND,
    VERDICT,
    Asked,
    begin_test,
    read_asked,
    send_answer,
)
from tests.journeys.audit import audit
from tests.journeys.cards import new_learner
from tests.journeys.conftest import SMALL, WIDE, Open, Site
from tests.journeys.six_kinds import KINDS, TEST, load_six_kinds, load_usual_content
from tests.journeys.ways import PROFILES, each_way

VILLAGE = "Khu phố 4 (mẫu)"
ERROR = "#form-errors"
STOPS = 40  # of the Tab key, more than any of these pages has
KEPT = 'SELECT answer, "right" FROM assessment_response WHERE attempt_id = ? AND position = ?'


@pytest.fixture(scope="module")
def six_kinds(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    load_six_kinds(site, tmp_path_factory.mktemp("six") / "content")
    yield TEST
    load_usual_content(site)


@each_way
def test_each_kind_is_answered_by_keyboard_alone(
    open_page: Open, site: Site, six_kinds: str, viewport, script
):
    page, _name = new_learner(open_page, viewport, village=VILLAGE, script=script)
    attempt = begin_test(page, six_kinds)
    seen = []

    for position in range(1, len(KINDS) + 1):
        asked = read_asked(site, attempt)
        seen.append(asked.kind)
        assert asked.position == position
        send_nothing(page, asked)
        assert read_asked(site, attempt) == asked
        type_answer(page, asked)
        press(page, SEND)
        expect(page.locator(f"{POSITION}[value='{position + 1}'], {VERDICT}")).to_be_attached()
        answer, right = site.rows(KEPT, attempt, position)[0]
        assert (json.loads(answer), right) == (asked.key(), 1)

    page.wait_for_url("**/ket-qua")
    assert sorted(seen) == sorted(KINDS)
    assert site.value("SELECT status FROM assessment_attempt WHERE id = ?", attempt) == "passed"


def send_nothing(page: Page, asked: Asked) -> None:
    """What is missing is said at once, and a link in those words leads to the first field."""
    press(page, SEND)
    expect(page.locator(ERROR)).to_be_focused()
    expect(page.locator(ERROR)).not_to_be_empty()
    expect(page.locator(POSITION)).to_have_value(str(asked.position))
    press(page, f"{ERROR} a")
    expect(page.locator("#choice-0")).to_be_focused()


def type_answer(page: Page, asked: Asked) -> None:
    """From the first field on. Of several lists the last is forgotten at first; the others stay chosen."""
    fields = asked.fields()
    if asked.kind == "short":
        page.keyboard.type(fields[0])
    elif asked.kind in PARTS:
        choose_in_lists(page, asked, fields[:-1])
        press(page, SEND)
        expect(page.locator(ERROR)).to_be_focused()
        for place, value in enumerate([*fields[:-1], ""]):
            expect(page.locator(f"#choice-{place}")).to_have_value(value)
        choose_in_lists(page, asked, fields)
    elif asked.kind == "multiple":
        for place in fields:
            go_to(page, f"#choice-{place}")
            page.keyboard.press("Space")
    else:
        page.keyboard.press("Space")
        for _place in range(int(fields[0])):
            page.keyboard.press("ArrowDown")


def choose_in_lists(page: Page, asked: Asked, fields: list[str]) -> None:
    first = 0 if asked.kind == "order" else 1  # the lists begin with rank 1, or with place 0
    for place, value in enumerate(fields):
        go_to(page, f"#choice-{place}")
        page.keyboard.press("Home")
        for _option in range(int(value) + first):
            page.keyboard.press("ArrowDown")
        expect(page.locator(f"#choice-{place}")).to_have_value(value)


def press(page: Page, button: str) -> None:
    go_to(page, button)
    page.keyboard.press("Enter")


def go_to(page: Page, field: str) -> None:
    for _stop in range(STOPS):
        if page.locator(f"{field}:focus").count():
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not reach {field}.")


@pytest.mark.parametrize("viewport", [SMALL, WIDE], ids=["360", "1280"])
@pytest.mark.parametrize("profile", PROFILES)
def test_each_kind_is_for_everybody(open_page: Open, site: Site, six_kinds: str, profile: str, viewport):
    page, _name = new_learner(open_page, viewport, village=VILLAGE, profile=PROFILES[profile])
    attempt = begin_test(page, six_kinds)
    wrong, seen = [], []

    for position in range(1, len(KINDS) + 1):
        expect(page.locator(POSITION)).to_have_value(str(position))
        asked = read_asked(site, attempt)
        seen.append(asked.kind)
        wrong += [f"{asked.kind}: {fault}" for fault in audit(page)]
        page.locator(SEND).click()
        expect(page.locator(ERROR)).to_be_focused()
        wrong += [f"{asked.kind}, left open: {fault}" for fault in audit(page)]
        send_answer(page, asked)
        expect(page.locator(f"{POSITION}[value='{position + 1}'], {VERDICT}")).to_be_attached()

    wrong += [f"result: {fault}" for fault in audit(page)]
    assert not wrong, "\n".join(wrong)
    assert sorted(seen) == sorted(KINDS)
