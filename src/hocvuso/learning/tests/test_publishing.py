"""From Markdown to published HTML."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.learning.engine.lesson import CHECK_HERE, LessonError, publish
from hocvuso.learning.tests.make import BODY

CHECK = BODY[BODY.index("```check") : BODY.index("::: ask")]
SCREEN = BODY[BODY.index("```screen") : BODY.index("::: tip")]
WRITTEN_TAGS = {
    "p",
    "strong",
    "em",
    "ol",
    "ul",
    "li",
    "h2",
    "h3",
    "br",
    "code",
    "table",
    "thead",
    "tbody",
    "tr",
}
DRAWN_TAGS = {"th", "td", "div", "figure", "figcaption", "span", "b", "svg", "path", "i", "small"}
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\r\x00"), max_size=200)


def body_with(text: str) -> str:
    return f"{text}\n\n{SCREEN}\n{CHECK}"


def test_steps_keep_their_order_and_the_question_its_place() -> None:
    published = publish(BODY)

    assert published.html.index('<ol class="steps">') < published.html.index('<figure class="screen">')
    assert (
        published.html.index("Mách nhỏ")
        < published.html.index(CHECK_HERE)
        < published.html.index("Nhờ người")
    )
    assert "Muốn gọi" not in published.html
    assert published.check["options"][1]["right"] is True


def test_running_text_is_counted_without_screens_and_question() -> None:
    assert publish(body_with("Một hai ba **bốn** năm.")).words == 5


@pytest.mark.parametrize(
    ("body", "line", "field"),
    [
        (BODY.replace(CHECK, ""), 1, "check"),
        (BODY + CHECK, 1, "check"),
        (BODY.replace(SCREEN, ""), 1, "screen"),
        (BODY.replace("right: true, ", ""), 18, "check.options"),
        (BODY.replace('why: "Chưa đúng. Nút này dừng cuộc gọi."', "note: x"), 18, "check.options"),
        (BODY.replace("  - {text: Nút Tắt", "  - {text: Nút: Tắt"), 21, "check"),
        (BODY.replace("alt: Màn hình gọi điện\n", ""), 7, "screen"),
        (BODY.replace("- button:", "- knob:"), 7, "screen"),
        (BODY.replace("```screen", "```picture"), 7, "picture"),
        (BODY.replace("::: tip\nNói to", "::: tip\n```screen\nalt: x\n```\nNói to"), 15, "block"),
        (body_with("chữ " * 251), 1, "body"),
    ],
)
def test_a_mistake_is_named_with_line_and_field(body: str, line: int, field: str) -> None:
    with pytest.raises(LessonError) as caught:
        publish(body)

    assert (caught.value.line, caught.value.field) == (line, field)


@given(TEXT)
def test_whatever_is_written_no_foreign_tag_comes_out(text: str) -> None:
    try:
        html = publish(body_with(text)).html
    except LessonError:
        return

    assert {tag.lower() for tag in re.findall(r"<\s*(\w+)", html)} <= WRITTEN_TAGS | DRAWN_TAGS
    assert re.findall(r"<[^>]*\son\w+\s*=", html) == []


@given(TEXT)
def test_publishing_twice_gives_the_same_bytes(text: str) -> None:
    try:
        first = publish(body_with(text))
    except LessonError:
        return

    assert publish(body_with(text)) == first


def test_html_in_a_lesson_is_shown_not_obeyed() -> None:
    html = publish(body_with("<script>alert(1)</script> <img src=x onerror=alert(1)>")).html

    assert "&lt;script&gt;" in html
    assert "<script" not in html and "<img" not in html
