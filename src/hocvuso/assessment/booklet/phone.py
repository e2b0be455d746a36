"""The form as a file for phones: for asking without a network."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from hocvuso.assessment.booklet.making import Booklet
from hocvuso.assessment.engine.marking import comparable
from hocvuso.assessment.models.items import Item

MARK_DIGITS = 16


def phone_form(booklet: Booklet) -> dict[str, Any]:
    """The form with its questions, for asking without a network.

    There are no keys in it: a device compares sha256("<code>:<slug>:<answer>"), its first hex digits, with
    the item's `marks`, an answer being the own indexes of the options, sorted and joined by commas, or the
    text as engine.marking.comparable has it. Whoever can read code can try all options out, so a verdict of a
    device is for showing alone: the server marks the answers again.
    """
    questions = {slug: phone_item(booklet, item) for slug, item in booklet.items.items()}
    about = {"code": booklet.code, "title": booklet.test.name(), "minutes": booklet.test.minutes}
    return booklet.form.as_json() | about | {"questions": questions}


def phone_item(booklet: Booklet, item: Item) -> dict[str, Any]:
    shown: dict[str, Any] = {"kind": item.kind, "stem": item.body["stem"]}
    if item.kind == Item.Kind.SHORT:
        answers = sorted({comparable(form, item.body) for form in item.body["accept"]})
        shown["input"] = item.body["input"]
    else:
        answers = [",".join(str(index) for index in sorted(item.keys()[0]))]
        shown["options"] = [option["text"] for option in item.body["options"]]
        shown["order"] = booklet.order(item)
    return shown | {"marks": [mark_of(booklet, item.slug, answer) for answer in answers]}


def mark_of(booklet: Booklet, slug: str, answer: str) -> str:
    return sha256(f"{booklet.code}:{slug}:{answer}".encode()).hexdigest()[:MARK_DIGITS]


def as_bytes(phone: Mapping[str, Any]) -> bytes:
    return json.dumps(phone, ensure_ascii=False, separators=(",", ":")).encode()
