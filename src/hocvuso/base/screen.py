"""Phone screens drawn from a short description: what each element means stands in ``docs/content.md``."""

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from hocvuso.base.icons import draw_icon

Value = Any  # YAML as authors write it: text, a list or a mapping; the content check has seen it before
DIGITS = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "")
QR_SQUARES = """
#####.#.#.#####
#...#..##.#...#
#.#.#.#...#.#.#
#...#.##..#...#
#####.#.#.#####
......##.......
#.##.#..#.##.#.
..#..##.#..#.##
##.#..#..##..#.
.......#.#..##.
#####.#..##.#..
#...#..#.#..##.
#.#.#.##...#..#
#...#..#.#.##..
#####.#.#..#.#.
"""
DRAWN_MARK = re.compile(r'<span class="mark">([^<]*)</span>')
NOTICE_ICONS = {"ok": "check", "warn": "warning", "bad": "close"}
CALL_BUTTONS = ({"label": "Từ chối", "kind": "danger"}, {"label": "Nghe máy", "kind": "main"})


def render_screen(screen: Mapping[str, Value]) -> str:
    """A figure that a screen reader meets as one picture with the author's words for it."""
    alt = escape(str(screen["alt"]))
    drawn = "".join(draw_element(element) for element in screen["items"])
    return (
        f'<figure class="screen"><div class="phone" role="img" aria-label="{alt}">{drawn}</div>'
        f'<figcaption aria-hidden="true">{alt}</figcaption></figure>'
    )


def marks_of(html: str) -> list[str]:
    """The numbers drawn on a screen, in the order of their places."""
    return DRAWN_MARK.findall(html)


def draw_element(element: Mapping[str, Value]) -> str:
    ((name, value),) = element.items()
    return ELEMENTS[name](value)


def draw_bar(value: Value) -> str:
    bar = as_mapping(value, "title")
    back = draw_icon("back") if bar.get("back") else ""
    tool = draw_icon(bar["icon"]) if bar.get("icon") else ""
    return box("bar", f"{back}<b>{text(bar, 'title')}</b>{tool}", bar)


def line_drawer(kind: str) -> Callable[[Value], str]:
    def draw(value: Value) -> str:
        line = as_mapping(value, "text")
        return box(kind, text(line, "text"), line)

    return draw


def draw_icons(icons: Sequence[Mapping[str, Value]]) -> str:
    return box(
        "icons",
        "".join(box("icon", f"{draw_icon(it['icon'])}<span>{text(it, 'label')}</span>", it) for it in icons),
    )


def draw_list(rows: Sequence[Value]) -> str:
    return box("list", "".join(draw_row(as_mapping(row, "label")) for row in rows))


def draw_row(row: Mapping[str, Value]) -> str:
    icon = draw_icon(row["icon"]) if row.get("icon") else ""
    note = f"<small>{text(row, 'note')}</small>" if row.get("note") else ""
    tick = draw_icon("check") if row.get("chosen") else ""
    kind = "row phone-chosen" if row.get("chosen") else "row"
    return box(kind, f"{icon}<span>{text(row, 'label')}{note}</span>{tick}", row)


def draw_field(field: Mapping[str, Value]) -> str:
    inside = text(field, "value") or f"<i>{text(field, 'placeholder')}</i>"
    return box("field", f"<small>{text(field, 'label')}</small><span>{inside}</span>", field)


def draw_button(value: Value) -> str:
    button = as_mapping(value, "label")
    return box(f"button phone-{escape(str(button.get('kind', 'main')))}", text(button, "label"), button)


def draw_toggle(toggle: Mapping[str, Value]) -> str:
    return box(
        "toggle phone-on" if toggle.get("on") else "toggle",
        f"<span>{text(toggle, 'label')}</span><i></i>",
        toggle,
    )


def draw_bubble(bubble: Mapping[str, Value]) -> str:
    return box(f"bubble phone-{escape(str(bubble['from']))}", text(bubble, "text"), bubble)


def draw_notification(note: Mapping[str, Value]) -> str:
    return box(
        "notification",
        f"{draw_icon('bell')}<span><b>{text(note, 'app')}</b>{text(note, 'text')}</span>",
        note,
    )


def draw_call(call: Mapping[str, Value]) -> str:
    number = f"<small>{text(call, 'number')}</small>" if call.get("number") else ""
    buttons = draw_buttons(call.get("buttons", CALL_BUTTONS))
    return box("call", f"{draw_icon('user')}<b>{text(call, 'name')}</b>{number}{buttons}", call)


def draw_qr(code: Mapping[str, Value]) -> str:
    return box("qr", f"{QR}<small>{text(code, 'label')}</small>", code)


def draw_pin(pin: Mapping[str, Value]) -> str:
    dots = "".join("<b></b>" if n < pin["filled"] else "<i></i>" for n in range(pin["of"]))
    return box("pin", dots, pin)


def draw_keypad(value: Value) -> str:
    keys = "".join(f"<span>{digit}</span>" for digit in DIGITS)
    return box("keypad", keys, value or {})


def draw_picture(value: Value) -> str:
    picture = as_mapping(value, "label")
    return box("picture", f"{draw_icon('image')}<small>{text(picture, 'label')}</small>", picture)


def draw_dialog(dialog: Mapping[str, Value]) -> str:
    words = f"<b>{text(dialog, 'title')}</b><span>{text(dialog, 'text')}</span>"
    return box("dialog", words + draw_buttons(dialog.get("buttons", ())), dialog)


def draw_notice(notice: Mapping[str, Value]) -> str:
    kind = notice.get("kind", "ok")
    return box(
        f"notice phone-{escape(str(kind))}",
        f"{draw_icon(NOTICE_ICONS[kind])}<span>{text(notice, 'text')}</span>",
        notice,
    )


def draw_buttons(buttons: Sequence[Value]) -> str:
    return (
        f'<div class="phone-buttons">{"".join(draw_button(button) for button in buttons)}</div>'
        if buttons
        else ""
    )


def box(kind: str, inside: str, value: Mapping[str, Value] | None = None) -> str:
    return f'<div class="phone-{kind}">{inside}{draw_mark(value or {})}</div>'


def draw_mark(value: Mapping[str, Value]) -> str:
    return f'<span class="mark">{escape(str(value["mark"]))}</span>' if value.get("mark") else ""


def text(value: Mapping[str, Value], key: str) -> str:
    return escape(str(value.get(key) or ""))


def as_mapping(value: Value, key: str) -> Mapping[str, Value]:
    """Authors may write ``bar: Title`` for ``bar: {title: Title}``."""
    return value if isinstance(value, Mapping) else {key: value}


def draw_squares(rows: Sequence[str]) -> str:
    """Looks like a QR code and says nothing: whoever points a camera at a lesson is sent nowhere."""
    path = "".join(draw_runs(row, y) for y, row in enumerate(rows))
    return f'<svg viewBox="0 0 {len(rows[0])} {len(rows)}"><path d="{path}"/></svg>'


def draw_runs(row: str, y: int) -> str:
    runs = [list(run) for _, run in groupby(enumerate(row), key=lambda cell: cell[1])]
    return "".join(f"M{run[0][0]} {y}.5h{len(run)}" for run in runs if run[0][1] == "#")


QR = draw_squares(QR_SQUARES.split())
ELEMENTS: Mapping[str, Callable[[Any], str]] = {
    "bar": draw_bar,
    "text": line_drawer("text"),
    "big": line_drawer("big"),
    "small": line_drawer("small"),
    "icons": draw_icons,
    "list": draw_list,
    "field": draw_field,
    "button": draw_button,
    "toggle": draw_toggle,
    "bubble": draw_bubble,
    "notification": draw_notification,
    "call": draw_call,
    "qr": draw_qr,
    "pin": draw_pin,
    "keypad": draw_keypad,
    "picture": draw_picture,
    "dialog": draw_dialog,
    "notice": draw_notice,
}
