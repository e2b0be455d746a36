"""Vietnamese text folded for searching: no diacritics, one case, single spaces."""

import re
import unicodedata

_SPACES = re.compile(r"[^0-9a-z]+")


def fold(text: str) -> str:
    """`fold("Xã  Thọ Xuân") == "xa tho xuan"`; both tone placements (Hòa/Hoà) fold to the same."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d").replace("Đ", "d"))
    kept = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return _SPACES.sub(" ", kept).strip()
