"""Words of a Vietnamese name, in the forms in which they are compared."""

import re
import unicodedata
from functools import lru_cache

from hocvuso.base.folding import fold

TONES = {"\u0300", "\u0301", "\u0303", "\u0309", "\u0323"}


def split_words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=8192)
def plain(word: str) -> str:
    return fold(word).replace(" ", "")


@lru_cache(maxsize=8192)
def accent(word: str) -> str:
    """The word with its tone at the end, so that Hòa and Hoà are one: `hoa` + grave."""
    letters = unicodedata.normalize("NFD", word)
    tone = "".join(letter for letter in letters if letter in TONES)
    return unicodedata.normalize("NFC", "".join(letter for letter in letters if letter not in TONES)) + tone


def same_name(text: str) -> str:
    """Equal for one name in two spellings (Hoà, HÒA), but not for Đông and Đồng."""
    return " ".join(map(accent, split_words(text)))
