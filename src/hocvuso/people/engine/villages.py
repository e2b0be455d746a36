"""Which village a list means: "TDP 3", "Tổ dân phố 03", "tổ 3 - khu 5", "3" and "Tổ 3" are one."""

import re
from collections.abc import Mapping

from hocvuso.base.folding import fold

_KINDS = (
    (r"\b(to dan pho|to dp|tdp)\b", "to"),
    (r"\b(khu pho|khu dan cu|kp|kdc)\b", "khu"),
    (r"\b(so|thu) (?=\d)", ""),
    (r"\b0+(?=\d)", ""),
)
_KIND = re.compile(r"^(to|khu|thon|ban|buon|ap|khom|xom|lang|phum|soc) ")
_NUMBERING = re.compile(r"^(?:[ivx]+|\d+) (?=(?:to|khu|thon|ban|buon|ap|khom|xom|lang|phum|soc)\b)")


def village_key(name: str) -> str:
    """`village_key("Tổ dân phố số 03") == "to 3"`."""
    key = fold(name)
    for pattern, kind in _KINDS:
        key = re.sub(pattern, kind, key)
    return _NUMBERING.sub("", " ".join(key.split()))


class Villages:
    """The villages of one commune by all they may be called; `names` by whatever identifies them."""

    def __init__(self, names: Mapping[int, str]) -> None:
        self._by_key = {village_key(name): identifier for identifier, name in names.items()}
        bare: dict[str, list[int]] = {}
        for key, identifier in self._by_key.items():
            bare.setdefault(_KIND.sub("", key), []).append(identifier)
        self._by_bare = {key: found[0] for key, found in bare.items() if len(found) == 1}

    def find(self, text: str) -> int | None:
        """By the whole name, by the name without its kind, or as part of an address."""
        key = village_key(text)
        exact = self._by_key.get(key) or self._by_bare.get(_KIND.sub("", key))
        if exact is not None or not key:
            return exact
        inside = [known for known in self._by_key if f" {known} " in f" {key} "]
        return self._by_key[max(inside, key=len)] if inside else None
