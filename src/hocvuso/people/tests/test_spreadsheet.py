"""Files from strangers: what is read, and what is refused with its reason."""

import io
import unicodedata
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from hocvuso.base.spreadsheet import (
    ENCRYPTED_OFFICE,
    LARGEST_FILE,
    OLD_OFFICE,
    Refused,
    as_text,
    read_sheets,
)
from hocvuso.people.tests.lists import make_workbook, save

TABLE = "Họ và tên;Năm sinh;Thôn\nNguyễn Thị Hoa;1958;Thôn 1\nTrần Văn Bình;1960;Thôn 2\n"
ROWS = [line.split(";") for line in TABLE.splitlines()]


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        read_sheets(data)
    return refused.value.code


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_csv_in_every_unicode_form(encoding, mark):
    assert read_sheets(TABLE.replace(";", mark).encode(encoding)) == [ROWS]


def test_csv_of_the_old_vietnamese_code_page():
    """Windows-1258 writes a letter and its tone apart; we want them together."""
    parts = []
    for letter in TABLE:
        base = unicodedata.normalize("NFD", letter)
        tone = "".join(mark for mark in base if mark in "\u0300\u0301\u0303\u0309\u0323")
        parts.append(unicodedata.normalize("NFC", "".join(mark for mark in base if mark not in tone)) + tone)

    assert read_sheets("".join(parts).encode("cp1258")) == [ROWS]


def test_a_workbook_comes_as_plain_text():
    data = make_workbook(
        ["Họ và tên", "Sinh", "SĐT"], ["Hoa", date(1958, 1, 31), 912345678], ["Bình", 1958.5, True]
    )

    assert read_sheets(data) == [
        [["Họ và tên", "Sinh", "SĐT"], ["Hoa", "1958-01-31", "912345678"], ["Bình", "1958.5", "x"]]
    ]


def test_cells_as_text():
    assert [as_text(cell) for cell in ("  a  b ", 5.0, 5.25, datetime(1958, 1, 31, 0, 0), False)] == [  # noqa: DTZ001
        "a b",
        "5",
        "5.25",
        "1958-01-31",
        "",
    ]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n\n  ,,, \n", "empty"),
        (b"x" * (LARGEST_FILE + 1), "too_big"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 40, "not_a_sheet"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\x00\x01", "not_a_sheet"),
        (b"PK\x03\x04" + b"broken" * 50, "not_a_sheet"),
        (OLD_OFFICE + b"\x00" * 600, "not_a_sheet"),
        (OLD_OFFICE + ENCRYPTED_OFFICE + b"\x00" * 600, "encrypted"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(data, code):
    assert refusal(data) == code


def make_zip(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


def test_a_zip_of_other_things_is_no_list():
    assert refusal(make_zip(photo=b"not a workbook")) == "not_a_sheet"


def test_a_zip_that_swells_is_not_opened():
    assert refusal(make_zip(sheet=b"0" * 70_000_000)) == "swollen"


def test_a_locked_open_document_is_refused():
    manifest = b'<manifest:file-entry><manifest:encryption-data checksum="x"/></manifest:file-entry>'

    assert refusal(make_zip(**{"META-INF/manifest.xml": manifest, "content.xml": b"x"})) == "encrypted"


def test_one_cell_in_the_last_corner_does_not_take_the_machines_memory():
    data = make_workbook(["Họ và tên"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    files[sheet] = files[sheet].replace(b"</sheetData>", far)

    assert refusal(make_zip(**files)) == "swollen"


def test_a_long_text_over_a_whole_sheet_does_not_take_the_servers_memory():
    book = Workbook()
    book.active["A1"] = "a" * 30_000
    book.active["BH5000"] = "end"
    book.active.merge_cells("A1:BH4999")

    assert refusal(save(book)) == "swollen"


def test_a_long_text_is_cut():
    assert [len(row[0]) for row in read_sheets(make_workbook(["a" * 30_000]))[0]] == [1000]


def test_a_locked_zip_is_refused_whatever_it_holds():
    data = bytearray(make_zip(**{"META-INF/manifest.xml": b"<manifest/>"}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1

    assert refusal(bytes(data)) == "encrypted"


def test_a_zip_that_is_damaged_inside_is_no_list():
    data = make_zip(**{"META-INF/manifest.xml": bytes(range(256)) * 50, "content.xml": b"x"})
    start = data.index(b"manifest.xml") + len(b"manifest.xml")

    assert refusal(data[:start] + b"\xff" * 40 + data[start + 40 :]) == "not_a_sheet"


@settings(max_examples=60)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(data):
    if data.startswith((b"PK\x03\x04", OLD_OFFICE)):
        return
    try:
        sheets = read_sheets(data)
    except Refused as refused:
        assert refused.code in {"empty", "not_a_sheet"}
    else:
        assert all(isinstance(cell, str) for sheet in sheets for row in sheet for cell in row)
