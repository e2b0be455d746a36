"""A commune's list of villages, as pasted or as a sheet, to clean names with the problem of each."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from hocvuso.base.folding import fold
from hocvuso.places.engine.naming import VILLAGE_TYPES
from hocvuso.places.engine.words import same_name

LONGEST_NAME = 120
NUMBERING = re.compile(r"^\s*(?:\d+\s*[.)\-–]\s+|[-–•*+]\s+)")
SPACES = re.compile(r"\s+")
ROMAN = re.compile(r"^[IVX]+$")
HEADINGS = {
    fold(text)
    for text in (
        *VILLAGE_TYPES,
        "Tên thôn",
        "Tên bản",
        "Tên ấp",
        "Tên khu phố",
        "Tên tổ dân phố",
        "Tên",
        "Thôn/bản",
    )
} | {"thon ban", "thon to dan pho", "stt", "tt"}
TYPES = sorted(VILLAGE_TYPES, key=len, reverse=True)


@dataclass(frozen=True, slots=True)
class VillageRow:
    """`problem`: nothing, or heading, nameless, long, twice, there."""

    line: int
    name: str
    problem: str = ""


def check_lines(lines: Iterable[str], *, type_name: str, there: Iterable[str]) -> list[VillageRow]:
    """Every line that is not empty, with its problem; a name without a type gets `type_name`."""
    known = {same_name(name) for name in there}
    seen: set[str] = set()
    rows = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            name = clean_name(line, type_name)
            problem = find_problem(line, name, known, seen)
            shown = line.strip() if problem in ("heading", "nameless") else name
            rows.append(VillageRow(number, shown, problem))
            seen.add(same_name(name))
    return rows


def find_problem(line: str, name: str, known: set[str], seen: set[str]) -> str:
    words = same_name(name)
    if fold(line) in HEADINGS:
        return "heading"
    if not fold(line):
        return "nameless"
    if len(name) > LONGEST_NAME:
        return "long"
    if words in known:
        return "there"
    return "twice" if words in seen else ""


def clean_name(line: str, type_name: str) -> str:
    """`clean_name("1.  THÔN ĐÔNG", "Thôn") == "Thôn Đông"`."""
    text = SPACES.sub(" ", NUMBERING.sub("", unicodedata.normalize("NFC", line))).strip(" ,;.")
    if text.isupper():
        text = " ".join(word if ROMAN.match(word) else word.capitalize() for word in text.split())
    for known in TYPES:
        if text.lower().startswith(f"{known.lower()} "):
            return f"{known} {text[len(known) + 1 :]}"
    return f"{type_name} {text}".strip()


def names_in(cells: Sequence[Sequence[str]]) -> list[str]:
    """The column of a sheet that its heading calls the names, or else the one with most words."""
    for number, row in enumerate(cells):
        for column, cell in enumerate(row):
            if fold(cell) in HEADINGS - {"stt", "tt"}:
                return take_column(cells[number + 1 :], column)
    columns = [take_column(cells, column) for column in range(max(map(len, cells), default=0))]
    return max(columns, key=lambda column: sum(map(has_letters, column)), default=[])


def take_column(cells: Sequence[Sequence[str]], column: int) -> list[str]:
    return [line[column] if column < len(line) else "" for line in cells]


def has_letters(cell: str) -> bool:
    return any(letter.isalpha() for letter in cell)
