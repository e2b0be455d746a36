"""Answers by kind of item: what is shown, what was given, whether it is right.

An answer is kept in the item's own order, whatever was shown: a list of indexes (the option chosen; all
options ticked; the steps as ranked; the right half put to each left half), or the text typed.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

Answer = list[int] | str
LONGEST_TEXT = 60


class NotAnswered(ValueError):
    """Something is still open: an option to choose, a number to give, a word to type."""


class NotShown(ValueError):
    """What no page of ours sends."""


PARTS = {"order": "steps", "match": "pairs", "short": "accept"}  # of all other kinds: options
KEPT_IN_PLACE = ("hotspot", "short")


def parts(kind: str, body: Mapping[str, Any]) -> int:
    return len(body[PARTS.get(kind, "options")])


def texts(kind: str, body: Mapping[str, Any], order: Sequence[int]) -> list[str]:
    """What can be chosen, ranked or put to a left half, as shown; nothing where text is typed in."""
    if kind == "short":
        return []
    word = {"order": "", "match": "right"}.get(kind, "text")
    things = body[PARTS.get(kind, "options")]
    return [str(things[index][word] if word else things[index]) for index in order]


def read_answer(kind: str, shown: Sequence[int | None], text: str, order: Sequence[int]) -> Answer:
    """From the page's fields: `shown` are places on the screen; of an order, the ranks given, from 1.

    Raises NotAnswered or NotShown.
    """
    if kind == "short":
        return read_text(text)
    if not shown or (kind in ("order", "match") and None in shown):
        raise NotAnswered
    given = [number for number in shown if number is not None]
    if kind == "order":
        return read_ranks(given, order)
    if not all(0 <= number < len(order) for number in given):
        raise NotShown
    own = [order[number] for number in given]
    wanted = {"match": len(order), "multiple": len(set(own))}.get(kind, 1)
    if len(own) != wanted:
        raise NotShown
    return sorted(own) if kind == "multiple" else own


def read_text(text: str) -> str:
    if not plain(text):
        raise NotAnswered
    return text.strip()[:LONGEST_TEXT]


def read_ranks(ranks: Sequence[int], order: Sequence[int]) -> list[int]:
    """The steps as ranked. Two of the same rank leave something open: a person mends that."""
    if len(ranks) != len(order) or not all(1 <= rank <= len(order) for rank in ranks):
        raise NotShown
    if len(set(ranks)) < len(ranks):
        raise NotAnswered
    by_rank = dict(zip(ranks, order, strict=True))
    return [by_rank[rank] for rank in sorted(by_rank)]


def is_right(kind: str, body: Mapping[str, Any], answer: Answer) -> bool:
    """All or nothing: half an order pays no bill."""
    if isinstance(answer, str):
        return comparable(answer, body) in {comparable(form, body) for form in body["accept"]}
    return answer in keys(kind, body)


def keys(kind: str, body: Mapping[str, Any]) -> list[Any]:
    if kind == "short":
        return list(body["accept"])
    if kind in ("order", "match"):
        return [list(range(parts(kind, body)))]
    return [[index for index, option in enumerate(body["options"]) if option.get("right")]]


def comparable(text: str, body: Mapping[str, Any]) -> str:
    """Of a number the digits alone: `50.000 đồng` is 50000."""
    spelled = plain(text)
    digits = "".join(sign for sign in spelled if sign.isdigit())
    return digits if body["input"] == "number" and digits else spelled


def plain(text: str) -> str:
    """Letters and digits alone, in one case and without marks: `1.000.000 đ` and `1000000d` are the same."""
    spelled = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in spelled if letter.isalnum())
