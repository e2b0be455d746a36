"""Files from strangers to rows of plain text. Workbooks are opened by a child with little memory and time.

A sheet of one cell in the last corner asks its reader for gigabytes, and a zip may swell a thousandfold: the
child then dies, and the reader is told.
"""

import csv
import io
import json
import re
import resource
import subprocess
import sys
import unicodedata
import zipfile
import zlib
from collections.abc import Iterable
from datetime import date, datetime

from python_calamine import CalamineWorkbook

LARGEST_FILE = 5 * 1024 * 1024
LARGEST_UNPACKED = 60 * 1024 * 1024
CHILD_MEMORY = 1024 * 1024 * 1024
CHILD_SECONDS = 20
MOST_SHEETS = 8
MOST_LINES = 6000
MOST_COLUMNS = 60
LONGEST_CELL = 1000
MOST_LETTERS = 5_000_000  # one long text, merged or shared over a whole sheet, weighs nothing in its file
UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, OSError, EOFError, ValueError)
MANIFEST, MANIFEST_READ = "META-INF/manifest.xml", 1024 * 1024
ZIP = b"PK\x03\x04"
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
SPACES = re.compile(
    r"[\s\x00-\x1f\x7f\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)  # unseen signs too
Cells = list[list[str]]


class Refused(ValueError):
    """`code` says why: empty, too_big, encrypted, swollen, not_a_sheet."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def read_sheets(data: bytes) -> list[Cells]:
    """The sheets of an .xlsx, .xls, .ods or .csv file; raises Refused."""
    if not data.strip(b"\x00\r\n\t ,;"):
        raise Refused("empty")
    if len(data) > LARGEST_FILE:
        raise Refused("too_big")
    if data.startswith(ZIP):
        check_zip(data)
        return read_in_child(data)
    if data.startswith(OLD_OFFICE):
        if ENCRYPTED_OFFICE in data:
            raise Refused("encrypted")
        return read_in_child(data)
    return [read_csv(data)]


def check_zip(data: bytes) -> None:
    """By its own table of contents; one that lies meets the limits of the child."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size, locked = sum(entry.file_size for entry in archive.infolist()), is_locked(archive)
    except UNREADABLE as error:
        raise Refused("not_a_sheet") from error
    if size > LARGEST_UNPACKED:
        raise Refused("swollen")
    if locked:
        raise Refused("encrypted")


def is_locked(archive: zipfile.ZipFile) -> bool:
    """By the zip itself, or by what an open document says of itself."""
    if any(entry.flag_bits & 1 for entry in archive.infolist()):
        return True
    manifest = next((one for one in archive.infolist() if one.filename == MANIFEST), None)
    if manifest is None:
        return False
    with archive.open(manifest) as file:
        return b"encryption-data" in file.read(MANIFEST_READ)


# -- workbooks


def read_in_child(data: bytes) -> list[Cells]:
    command = [sys.executable, "-m", "hocvuso.base.spreadsheet"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=CHILD_SECONDS, check=False)  # noqa: S603 - our own module
    except subprocess.TimeoutExpired as error:
        raise Refused("swollen") from error
    if done.returncode == 0:
        sheets: list[Cells] = json.loads(done.stdout)
        return sheets
    raise Refused("not_a_sheet" if done.returncode == 1 else "swollen")


def read_workbook(data: bytes) -> list[Cells]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    sheets = [read_sheet(book, name) for name in book.sheet_names[:MOST_SHEETS]]
    if sum(len(cell) for rows in sheets for row in rows for cell in row) > MOST_LETTERS:
        raise MemoryError
    return sheets


def read_sheet(book: CalamineWorkbook, name: str) -> Cells:
    sheet = book.get_sheet_by_name(name)
    lines = sheet.to_python(skip_empty_area=False, nrows=MOST_LINES)
    rows = [[as_text(cell) for cell in line[:MOST_COLUMNS]] for line in lines]
    for first, last in sheet.merged_cell_ranges or ():
        spread(rows, first, last)
    return rows


def spread(rows: Cells, first: tuple[int, int], last: tuple[int, int]) -> None:
    """A merged cell's text stands in each of its cells."""
    if first[0] >= len(rows) or first[1] >= len(rows[first[0]]):
        return
    text = rows[first[0]][first[1]]
    for row in rows[first[0] : last[0] + 1]:
        for column in range(first[1], min(last[1] + 1, len(row))):
            row[column] = text


def as_text(cell: object) -> str:
    """`912345678.0 -> "912345678"`, dates as 1958-01-31, true as a cross."""
    if isinstance(cell, bool):
        return "x" if cell else ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else squeeze(str(cell)[:LONGEST_CELL])


def squeeze(text: str) -> str:
    """One composed form of each letter (NFC), single spaces, none at the ends."""
    return SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def main() -> None:
    """The child: a workbook on standard input, rows as JSON on standard output; 1 if it is no workbook."""
    resource.setrlimit(resource.RLIMIT_AS, (CHILD_MEMORY, CHILD_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CHILD_SECONDS, CHILD_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        sheets = read_workbook(sys.stdin.buffer.read())
    except MemoryError:
        sys.exit(3)
    except Exception:  # noqa: BLE001 - whatever is wrong inside, it is no workbook for us
        sys.exit(1)
    json.dump(sheets, sys.stdout)


# -- comma-separated


def read_csv(data: bytes) -> Cells:
    text = decode(data)
    sample = "\n".join(text.splitlines()[:30])
    mark = max(",;\t|", key=sample.count)
    try:
        lines: Iterable[list[str]] = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
        return [[squeeze(cell) for cell in line[:MOST_COLUMNS]] for line in lines][:MOST_LINES]
    except csv.Error as error:
        raise Refused("not_a_sheet") from error


def decode(data: bytes) -> str:
    """UTF-8 or UTF-16 with or without their mark, else Windows-1258, the old Vietnamese code page."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return decode_as(data, "utf-16")
    if data[1:200:2].count(0) > len(data[:200]) // 6:
        return decode_as(data, "utf-16-le")
    try:
        return check_text(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return decode_as(data, "cp1258")


def decode_as(data: bytes, encoding: str) -> str:
    try:
        return check_text(data.decode(encoding))
    except UnicodeDecodeError as error:
        raise Refused("not_a_sheet") from error


def check_text(text: str) -> str:
    """Pictures and programs are full of control characters; lists have none."""
    if any(ord(letter) < 32 and letter not in "\t\r\n\x0b\x0c" for letter in text[:5000]):
        raise Refused("not_a_sheet")
    return text


if __name__ == "__main__":
    main()
