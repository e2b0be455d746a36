"""A class list as wards really keep it: find its heading, then each person's row, and say what is doubtful.

Plain text cells in (see base.spreadsheet), a `Reading` out; nothing is dropped without being named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from hocvuso.base.folding import fold
from hocvuso.people.engine.cleaning import (
    Birth,
    clean_age,
    clean_audience,
    clean_birth,
    clean_id_number,
    clean_name,
    clean_phone,
    clean_sex,
    is_mark,
    squeeze,
)

MOST_ROWS = 5000
HEADING_WITHIN = 60  # rows from the top
FIELDS = ("name", "birth", "sex", "phone", "village", "household", "audience", "id_number", "note")
BLOCKING = frozenset({"name_missing", "name_long", "birth_unreadable", "birth_future", "birth_too_long_ago"})
_EXACT = {
    "họ": "family",
    "hộ": "household",
    "tên": "given",
    "năm": "birth_year",
    "ngày": "birth_day",
    "tháng": "birth_month",
    "nam": "male",
    "nữ": "female",
}
_HEADINGS = (
    ("index", r"^(stt|tt|so tt|so thu tu|no)$"),
    ("ignored", r"^dan toc|^ton giao|^que quan|^noi sinh|^noi cap|^ngay cap|^chu ky|^ky ten|^ky nhan"),
    ("family", r"^ho (va )?(ten )?(dem|lot|chu dem|chu lot|lot dem)$"),
    (
        "household",
        r"^(so|ma|chu|ten chu|ho ten chu|ho va ten chu) ho$|^ho (gia dinh|so|gd)$|^so ho (gia dinh|khau)$",
    ),
    ("male", r"^(gioi tinh|nam sinh|ngay sinh) nam$"),
    ("female", r"^(gioi tinh|nam sinh|ngay sinh) nu$"),
    (
        "name",
        r"\bho (va )?ten\b|^ten (hoc vien|nguoi|day du)|^hoc vien$|^full name$|^ho (va )?chu dem (va )?ten",
    ),
    ("id_number", r"\b(cccd|cmnd|cmt|can cuoc|dinh danh)\b"),
    ("age", r"^tuoi$|^do tuoi$"),
    ("birth", r"\b(ngay|nam|thang) sinh\b|^sinh (nam|ngay)|^ngay thang nam( sinh)?$|^ns$|^nt ?ns$"),
    ("phone", r"\b(sdt|dien thoai|so dt|so may|di dong|zalo)\b|^dt$|^so lien he$|^lien he$|^phone$"),
    ("sex", r"^gioi( tinh)?$|^phai$|^gt$|^nam nu$|^nu nam$"),
    ("village", r"^(ten )?(thon|to|khu|ban|ap|khom|xom|buon|lang|tdp|kp|phum|soc)\b"),
    ("village", r"dia chi|noi o|cho o|thuong tru|cu tru"),
    ("audience", r"doi tuong|nghe nghiep|thanh phan"),
    ("note", r"^ghi chu"),
)
_HEADING_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in _HEADINGS)
# with their accents: Tống, Tô and Bàn are families
_NO_PERSON = re.compile(
    r"^(tổng( cộng| số)?|tong (cong|so)|cộng|người (lập|tổng hợp|báo cáo)|cán bộ lập|xác nhận|thủ trưởng"
    r"|chủ tịch|tm\.|kt\.|trưởng thôn|\(?ký|danh sách|ấn định)( |:|,|\.|$)"
)
_DATELINE = re.compile(r"ngày.*tháng.*năm")
_GROUP = re.compile(
    r"^(?:[ivx]+[.)\s]+|\d+[.)\s]+)?(?:thôn|tổ|khu|bản|ấp|khóm|xóm|buôn|làng|tdp|kp|phum|sóc)[\s:]"
)
_COLUMN_NUMBER = re.compile(r"^\(?(\d{1,2}|[a-z])\)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Problem:
    field: str
    code: str


@dataclass(frozen=True)
class Values:
    """One person's row, cleaned."""

    name: str = ""
    birth_year: int | None = None
    birth_on: date | None = None
    sex: str = ""
    phone: str | None = None
    village: str = ""
    household: str = ""
    audience: str = ""
    id_number: str | None = None

    def likeness(self) -> tuple[str, int | None, str]:
        """Two rows alike in this speak of one person."""
        return fold(self.name), self.birth_year, fold(self.village)


@dataclass
class Row:
    number: int  # in the file, from 1
    raw: dict[str, str]
    values: Values
    problems: list[Problem] = field(default_factory=list)


@dataclass(frozen=True)
class Heading:
    first_row: int  # index of the first row below it
    columns: tuple[str, ...]  # field by column; "" for what is not read
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    heading: Heading
    rows: list[Row]
    left_out: list[tuple[int, str]]


class NoHeading(ValueError):
    """No row names a column of persons; `seen` is what was read at the top, for the reader to compare."""

    def __init__(self, seen: list[list[str]]) -> None:
        super().__init__("no heading")
        self.seen = seen


class TooManyRows(ValueError):
    pass


def read_roster(cells: Sequence[Sequence[str]], *, today: date) -> Reading:
    """Raises NoHeading, TooManyRows."""
    heading = find_heading(cells)
    if heading is None:
        raise NoHeading([[text for text in row if text] for row in cells[:12] if any(row)])
    rows: list[Row] = []
    left_out: list[tuple[int, str]] = []
    group = ""
    for number, line in enumerate(cells[heading.first_row :], start=heading.first_row + 1):
        raw = gather(line, heading.columns)
        kind = judge_row(line, raw)
        if kind == "group":
            group = distinct(line)[0]
        if kind == "person":
            rows.append(read_row(number, raw | {"village": raw.get("village") or group}, today=today))
        elif kind != "blank":
            left_out.append((number, " · ".join(distinct(line))))
    if len(rows) > MOST_ROWS:
        raise TooManyRows
    mark_repeats(rows)
    return Reading(heading, rows, left_out)


# -- the heading


def find_heading(cells: Sequence[Sequence[str]]) -> Heading | None:
    """The row near the top (or two, one under the other) that names most columns, the name among them."""
    best: Heading | None = None
    for index, row in enumerate(cells[:HEADING_WITHIN]):
        alone = name_columns(index + 1, row)
        if not has_name(alone):
            continue
        below = cells[index + 1] if index + 1 < len(cells) else ()
        for heading in (alone, name_columns(index + 2, row, below)):
            if best is None or weight(heading) > weight(best):
                best = heading
    return best


def name_columns(first_row: int, upper: Sequence[str], lower: Sequence[str] = ()) -> Heading:
    width = max(len(upper), len(lower))
    pairs = [(text_at(upper, column), text_at(lower, column)) for column in range(width)]
    columns: list[str] = []
    for above, below in pairs:
        columns.append(next_column(columns, field_of(below) or field_of(above), blank=not (above or below)))
    texts = tuple(squeeze(" ".join(dict.fromkeys(pair))) for pair in pairs)
    return Heading(first_row, tuple(columns), texts)


def next_column(columns: Sequence[str], name: str, *, blank: bool) -> str:
    """One column a field; but a name may spread over two columns under one heading."""
    after_name = bool(columns) and columns[-1] == "name" and columns.count("name") == 1
    if after_name and (blank or name == "name"):
        return "name"
    return "" if name in columns else name


def field_of(text: str) -> str:
    """Which column a heading names: "Họ và tên", "HỌ TÊN", "SĐT", "Thôn/Tổ" …; '' if none."""
    words = squeeze(text).lower().rstrip(" :.*")
    if words in _EXACT:
        return _EXACT[words]
    plain = fold(words)
    return next(
        (name for name, pattern in _HEADING_PATTERNS if len(plain) < 60 and pattern.search(plain)), ""
    )


def has_name(heading: Heading) -> bool:
    return "name" in heading.columns or "given" in heading.columns


def weight(heading: Heading) -> int:
    return len(set(heading.columns) - {"", "ignored"})


# -- rows


def gather(line: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    """Text by field, where a field may have come in several columns (family and given name, Nam | Nữ)."""
    raw: dict[str, str] = {}
    for column, name in enumerate(columns):
        text = squeeze(text_at(line, column))
        if name == "name" and raw.get(name) not in (None, "", text):
            text = squeeze(f"{raw[name]} {text}")
        if name:
            raw[name] = text
    raw["name"] = raw.get("name") or squeeze(f"{raw.pop('family', '')} {raw.pop('given', '')}")
    born = [raw.pop(part, "") for part in ("birth_day", "birth_month", "birth_year")]
    if any(born):
        raw["birth"] = "/".join(part or "0" for part in born)
    gather_sex(raw)
    return raw


def gather_sex(raw: dict[str, str]) -> None:
    """Two columns Nam | Nữ hold a cross, or the birth itself."""
    for sex in ("male", "female"):
        text = raw.pop(sex, "")
        if text and not raw.get("sex"):
            raw["sex"] = sex
            if not is_mark(text):
                raw["birth"] = raw.get("birth") or text


def judge_row(line: Sequence[str], raw: Mapping[str, str]) -> str:
    """ "person", "blank", "group" (a village's name above its people) or "other" (totals, signatures …)."""
    texts = [text.lower() for text in distinct(line)]
    if len(texts) == 1 and _GROUP.search(texts[0]):
        return "group"
    meant = [value for name, value in raw.items() if name not in ("index", "ignored") and value]
    if not meant:
        return "blank" if all(text.rstrip(".").isdecimal() for text in texts) else "other"
    if any(_NO_PERSON.search(text) for text in texts[:3]) or (len(texts) < 3 and _DATELINE.search(texts[-1])):
        return "other"
    name = raw["name"]
    if field_of(name) == "name" or all(_COLUMN_NUMBER.search(value) for value in meant):
        return "other"  # the heading again on a new page, or the numbers of the columns
    return "person" if name or any(raw.get(field) for field in ("birth", "phone", "id_number")) else "other"


def read_row(number: int, raw: Mapping[str, str], *, today: date) -> Row:
    values, problems = clean_values(raw, today=today)
    kept = {name: raw[name] for name in (*FIELDS, "age") if raw.get(name)}
    return Row(number, kept, values, problems)


def clean_values(raw: Mapping[str, str], *, today: date) -> tuple[Values, list[Problem]]:
    """The same for a file's row and for what a helper corrected by hand."""
    name, name_problem = clean_name(raw.get("name", ""))
    birth, birth_problem = read_birth(raw, today)
    sex, sex_problem = clean_sex(raw.get("sex", ""))
    phone, phone_problem = clean_phone(raw.get("phone", ""))
    audience, audience_problem = clean_audience(raw.get("audience", ""))
    id_number, id_problem = clean_id_number(raw.get("id_number", ""))
    values = Values(
        name=name or "",
        birth_year=birth.year,
        birth_on=birth.on,
        sex=sex,
        phone=phone,
        village=squeeze(raw.get("village", "")),
        household=squeeze(raw.get("household", "")),
        audience=audience,
        id_number=id_number,
    )
    found = {
        "name": name_problem,
        "birth": birth_problem,
        "sex": sex_problem,
        "phone": phone_problem,
        "audience": audience_problem,
        "id_number": id_problem,
    }
    return values, [Problem(field, code) for field, code in found.items() if code]


def read_birth(raw: Mapping[str, str], today: date) -> tuple[Birth, str]:
    if raw.get("birth") or not raw.get("age"):
        return clean_birth(raw.get("birth", ""), today)
    return clean_age(raw["age"], today)


def mark_repeats(rows: Iterable[Row]) -> None:
    """A later row alike, or with the phone of an earlier one, is named; people decide."""
    likenesses: set[tuple[str, int | None, str]] = set()
    phones: dict[str, str] = {}
    for row in rows:
        values = row.values
        if values.name and values.likeness() in likenesses:
            row.problems.append(Problem("name", "twice_in_list"))
        elif values.phone in phones:
            same = phones[values.phone] == fold(values.name)
            row.problems.append(Problem("phone", "twice_in_list" if same else "phone_shared"))
        likenesses.add(values.likeness())
        if values.phone:
            phones.setdefault(values.phone, fold(values.name))


def distinct(line: Sequence[str]) -> list[str]:
    """The texts of a row; a merged cell counts once."""
    return list(dict.fromkeys(text for cell in line if (text := squeeze(cell))))


def text_at(line: Sequence[str], column: int) -> str:
    return line[column] if column < len(line) else ""
