"""Cells of a class list as people type them, to values: names, birth, phone, sex, audience, ID number.

Every function takes text and returns (value, problem); the value is None when it cannot be understood, the
problem '' when nothing is to be said. Cleaning what was cleaned changes nothing.
"""

import re
import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from hocvuso.base.folding import fold
from hocvuso.people.phones import normalise

OLDEST = 120  # years
LONGEST_NAME = 120
ID_NUMBER_LENGTH = 12
SPREADSHEET_EPOCH = date(1899, 12, 30)
SERIALS = range(3654, 73051)  # 1910 to 2099, as spreadsheets count days
_SPACES = re.compile(
    r"[\s\x00-\x1f\x7f\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)  # unseen signs too
_BRACKETS = re.compile(r"\(.*?\)")
_NUMBERING = re.compile(r"^[\d\s.,)\-*•/]+")
_WORD_START = re.compile(r"(^|['’\-.])(\w)")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?$")
_PARTS = re.compile(r"^(\d{1,2})\D+(\d{1,2})\D+(\d{4}|\d{2})$")
_MONTH_YEAR = re.compile(r"^(?:thang )?(\d{1,2})\D+(\d{4})$")
_MARKS = frozenset({"x", "v", "1", "co", "true", "✓", "✔", "√", "☑", "✗", "✘"})
_SEXES = {
    "nu": "female",
    "gai": "female",
    "ba": "female",
    "f": "female",
    "female": "female",
    "nam": "male",
    "trai": "male",
    "ong": "male",
    "m": "male",
    "male": "male",
}
_AUDIENCES = (
    ("student", r"\b(hoc sinh|sinh vien|hs|sv|hssv)\b"),
    (
        "official",
        r"\b(can bo|cong chuc|vien chuc|giao vien|cbcc|cbccvc|ccvc|cong an|bo doi|luc luong vu trang)\b",
    ),
    ("worker", r"\b(cong nhan|nguoi lao dong|nld|cn|doanh nghiep|hop tac xa)\b"),
    ("citizen", r"\b(nguoi dan|dan|nong dan|huu tri|noi tro|tieu thuong|cao tuoi|ho|hoi vien|citizen)\b"),
)


class Birth(NamedTuple):
    year: int | None
    on: date | None


UNKNOWN = Birth(None, None)


def squeeze(text: str) -> str:
    """One composed form of each letter (NFC), single spaces, none at the ends."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def clean_name(text: str) -> tuple[str | None, str]:
    """`clean_name("12. NGUYỄN THỊ  HOA (tổ trưởng)") == ("Nguyễn Thị Hoa", "")`."""
    name = squeeze(_NUMBERING.sub("", squeeze(_BRACKETS.sub(" ", squeeze(text))))).strip(" .,;:-")
    if not fold(name):
        return None, "name_missing"
    if len(name) > LONGEST_NAME:
        return None, "name_long"
    name = case_name(name)
    odd = any(letter.isdecimal() for letter in name) or " " not in name
    return name, "name_odd" if odd else ""


def case_name(name: str) -> str:
    """Shouted or whispered words get their capitals; one written with care is kept (H'Hen Niê)."""
    return " ".join(case_word(word) for word in name.split(" "))


def case_word(word: str) -> str:
    careful = word[:1].isupper() and word != word.upper()
    return word if careful else _WORD_START.sub(lambda m: m[1] + m[2].upper(), word.lower())


def clean_birth(text: str, today: date) -> tuple[Birth, str]:
    """A date or only a year: "1/1/1958", "1958", "58", "5/1958", "21186" (as Excel counts days)."""
    written = squeeze(text).lower()
    if not written:
        return UNKNOWN, "birth_missing"
    birth, problem = _read_birth(written, today)
    if birth.year is None:
        return UNKNOWN, "birth_unreadable"
    if birth.year > today.year or (birth.on or today) > today:
        return UNKNOWN, "birth_future"
    return (UNKNOWN, "birth_too_long_ago") if today.year - birth.year > OLDEST else (birth, problem)


def _read_birth(written: str, today: date) -> tuple[Birth, str]:
    if written.isdecimal():
        return _read_number(int(written), len(written), today)
    if match := _ISO.match(written):
        return _as_date(int(match[3]), int(match[2]), int(match[1]))
    plain = re.sub(r"^(sinh )?(ngay|nam) ", "", fold(written))
    if plain.isdecimal() and len(plain) == 4:
        return Birth(int(plain), None), ""
    if match := _PARTS.match(plain):
        year, guessed = _full_year(match[3], today)
        birth, problem = _as_date(int(match[1]), int(match[2]), year)
        return birth, problem or guessed
    if match := _MONTH_YEAR.match(plain):
        return Birth(int(match[2]), None), ""
    return UNKNOWN, ""


def _read_number(number: int, digits: int, today: date) -> tuple[Birth, str]:
    if digits == 4:
        return Birth(number, None), ""
    if digits == 2:
        year, guessed = _full_year(str(number).zfill(2), today)
        return Birth(year, None), guessed
    if digits == 5 and number in SERIALS:
        day = SPREADSHEET_EPOCH + timedelta(days=number)
        return Birth(day.year, day), ""
    if digits == 8:
        text = str(number).zfill(8)
        return _as_date(int(text[:2]), int(text[2:4]), int(text[4:]))
    return UNKNOWN, ""


def _full_year(digits: str, today: date) -> tuple[int, str]:
    """Two digits mean the last year that ended so: said as a guess."""
    year = int(digits)
    if len(digits) == 4:
        return year, ""
    this_century = today.year // 100 * 100
    return (year + this_century - (100 if year + this_century > today.year else 0)), "birth_guessed"


def _as_date(day: int, month: int, year: int) -> tuple[Birth, str]:
    """Unknown day or month is written 0 here and there; a month past 12 was typed on an English machine."""
    if day == 0 or month == 0:
        return Birth(year, None), ""
    swapped = day <= 12 < month
    if swapped:
        day, month = month, day
    try:
        return Birth(year, date(year, month, day)), "birth_guessed" if swapped else ""
    except ValueError:
        return UNKNOWN, ""


def clean_age(text: str, today: date) -> tuple[Birth, str]:
    if not squeeze(text):
        return UNKNOWN, "birth_missing"
    match = re.match(r"\d{1,3}\b", squeeze(text))
    if match is None or int(match[0]) > OLDEST:
        return UNKNOWN, "birth_unreadable"
    return Birth(today.year - int(match[0]), None), "birth_guessed"


def clean_phone(text: str) -> tuple[str | None, str]:
    """The first mobile number of the cell, E.164: "912345678", "0912.345.678", "0912345678 / 0987654321"."""
    written = squeeze(text)
    if not written:
        return None, ""
    for part in (written, *re.split(r"[/,;]|\s-\s|hoặc", written)):
        if phone := normalise(part.lstrip("'")):
            return phone, ""
    return None, "phone_unreadable"


def clean_sex(text: str) -> tuple[str, str]:
    plain = fold(text)
    return (_SEXES.get(plain, ""), "" if not plain or plain in _SEXES else "sex_unreadable")


def is_mark(text: str) -> bool:
    """A cross or tick set into a column."""
    plain = squeeze(text).lower()
    return plain in _MARKS or fold(plain) in _MARKS


def clean_audience(text: str) -> tuple[str, str]:
    plain = fold(text)
    found = [audience for audience, words in _AUDIENCES if re.search(words, plain) or plain == audience]
    return (found[0], "") if found else ("", "audience_unreadable" if plain else "")


def clean_id_number(text: str) -> tuple[str | None, str]:
    """Twelve digits; leading zeros that a spreadsheet took away are put back (numbers begin with 0)."""
    digits = re.sub(r"[\s.\-']", "", squeeze(text))
    if not digits:
        return None, ""
    if digits.isascii() and digits.isdecimal() and ID_NUMBER_LENGTH - 2 <= len(digits) <= ID_NUMBER_LENGTH:
        number = digits.zfill(ID_NUMBER_LENGTH)
        if number.startswith("0"):
            return number, ""
    return None, "id_number_unreadable"
