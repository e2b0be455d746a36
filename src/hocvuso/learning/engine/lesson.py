"""From a lesson's Markdown to the HTML that is published: text, steps, boxes, screens, the check question."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import nh3
import yaml
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

from hocvuso.base import yaml12
from hocvuso.base.icons import draw_icon
from hocvuso.base.screen import marks_of, render_screen
from hocvuso.learning.engine.pages import Block, paginate

BOXES = {
    "tip": ("ok", "check", "Mách nhỏ"),
    "warning": ("mind", "warning", "Cẩn thận"),
    "ask": ("info", "users", "Nhờ người chỉ giúp"),
}
WORDS_MAX = 250
CHECK_HERE = "<!--check-->"  # where the author put the question; the page sets its form there
VERDICT = "Đúng rồi. "  # authors open the right option's reason with it
SAID_MARK = re.compile(r"\((\d+)\)")


class LessonError(ValueError):
    """A mistake in the body; `line` counts from the body's first line."""

    def __init__(self, line: int, field: str, message: str) -> None:
        super().__init__(message)
        self.line, self.field, self.message = line, field, message


@dataclass(frozen=True)
class Published:
    html: str
    pages: list[str] = field(repr=False)
    check: dict[str, Any]
    screens: list[dict[str, Any]]
    words: int


def publish(body: str) -> Published:
    """Render a lesson's body. Raises LessonError for anything an author must mend."""
    tokens = MARKDOWN.parse(body)
    drawn = [draw_block(run) for run in top_level(tokens)]
    blocks = [block for block, _ in drawn]
    checks = [data for block, data in drawn if block.kind == "check"]
    screens = [data for block, data in drawn if block.kind == "screen"]
    if len(checks) != 1:
        raise LessonError(1, "check", f"a lesson has exactly one check question, not {len(checks)}")
    if not screens:
        raise LessonError(1, "screen", "a lesson shows at least one phone screen")
    words = count_words(tokens)
    if words > WORDS_MAX:
        raise LessonError(1, "body", f"{words} words of running text; at most {WORDS_MAX}")
    return Published("".join(block.html for block in blocks), paginate(blocks), checks[0], screens, words)


def parser() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    for name in BOXES:
        markdown.use(container_plugin, name)
    return markdown


def top_level(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """The tokens of each block that stands alone: a paragraph, a whole list, a box, a screen."""
    run: list[Token] = []
    for token in tokens:
        if token.type == "fence" and token.level > 0:
            raise LessonError(
                line_of(token), "block", "a screen or check stands alone, not inside a list or box"
            )
        run.append(token)
        if token.level == 0 and token.nesting <= 0:
            yield run
            run = []


def draw_block(run: Sequence[Token]) -> tuple[Block, dict[str, Any]]:
    """One block, and what its YAML says if it has any."""
    first = run[0]
    if first.type == "fence":
        data = load_block(first)
        return (
            Block("check", CHECK_HERE) if first.info.strip() == "check" else draw_screen(first, data)
        ), data
    if first.type == "ordered_list_open":
        first.attrSet("class", "steps")
        return Block("steps", clean(run), says=marks_said(run), items=draw_items(run)), {}
    if first.type.startswith("container_"):
        name = first.type.removeprefix("container_").removesuffix("_open")
        return Block(name, draw_box(name, run[1:-1]), says=marks_said(run)), {}
    kind = "heading" if first.type == "heading_open" else "text"
    return Block(kind, clean(run), says=marks_said(run), words=count_words(run)), {}


def draw_screen(token: Token, data: dict[str, Any]) -> Block:
    try:
        html = render_screen(data)
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise LessonError(line_of(token), "screen", f"cannot be drawn: {error!r}") from error
    return Block("screen", html, shows=frozenset(marks_of(html)))


def draw_items(run: Sequence[Token]) -> tuple[Block, ...]:
    """Each step of a numbered list as a list of its own that goes on counting."""
    opening, number, items, part = run[0], int(run[0].attrGet("start") or 1), [], []
    for token in run[1:-1]:
        part.append(token)
        if token.level == 1 and token.nesting == -1:
            head = Token(
                opening.type, opening.tag, 1, attrs={"class": "steps", "start": str(number)}, block=True
            )
            items.append(Block("step", clean([head, *part, run[-1]]), says=marks_said(part)))
            number, part = number + 1, []
    return tuple(items)


def draw_box(name: str, inside: Sequence[Token]) -> str:
    kind, icon, title = BOXES[name]
    head = (
        f'<div class="notice notice-{kind}" role="note">{draw_icon(icon)}<div><p><b>{escape(title)}</b></p>'
    )
    return f"{head}{clean(inside)}</div></div>"


def load_block(token: Token) -> dict[str, Any]:
    line, name = line_of(token), token.info.strip()
    if name not in ("check", "screen"):
        raise LessonError(line, name or "block", "a fenced block is `screen` or `check`")
    try:
        data = yaml12.load(token.content)
    except yaml.MarkedYAMLError as error:
        inner = error.problem_mark.line + 1 if error.problem_mark else 0
        raise LessonError(line + inner, name, str(error.problem)) from error
    check_block(name, data, line)
    return dict(data)


def check_block(name: str, data: Any, line: int) -> None:
    if not isinstance(data, dict):
        raise LessonError(line, name, "needs fields")
    if name == "screen":
        if not data.get("alt") or not isinstance(data.get("items"), list):
            raise LessonError(line, "screen", "needs `alt` and a list of `items`")
        return
    options = data.get("options")
    if not data.get("question") or not isinstance(options, list) or len(options) < 2:
        raise LessonError(line, "check", "needs a question and options")
    if not all(isinstance(one, dict) and one.get("text") and one.get("why") for one in options):
        raise LessonError(line, "check.options", "each option needs `text` and `why`")
    if sum(bool(option.get("right")) for option in options) != 1:
        raise LessonError(line, "check.options", "exactly one option is right")


def count_words(tokens: Sequence[Token]) -> int:
    return sum(len(token.content.split()) for token in tokens if token.type == "inline")


def marks_said(tokens: Sequence[Token]) -> frozenset[str]:
    """The numbers by which the text points into a screen: "chạm **Kích hoạt** (1)"."""
    return frozenset(
        n for token in tokens if token.type == "inline" for n in SAID_MARK.findall(token.content)
    )


def line_of(token: Token) -> int:
    return token.map[0] + 1 if token.map else 1


def clean(run: Sequence[Token]) -> str:
    """Plain Markdown as HTML; nh3 is a second lock behind `html: False`."""
    html = RendererHTML().render(run, MARKDOWN.options, {})
    return nh3.clean(html, tags=TAGS, attributes={"ol": {"start", "class"}})


TAGS = {
    "p",
    "strong",
    "em",
    "ol",
    "ul",
    "li",
    "h2",
    "h3",
    "br",
    "table",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "code",
}
MARKDOWN = parser()
