"""Files and texts that are not what they should be: told at the field, quickly, and nothing is lost."""

import io
import zipfile
from collections.abc import Callable

import pytest
from openpyxl import Workbook
from playwright.sync_api import Page, expect

from tests.journeys.class_list import FIRST_ROW, HEADING, make_class_list
from tests.journeys.conftest import Open, Site, sign_in
from tests.journeys.names import invent_name
from tests.journeys.ways import each_way

QUICKLY_MS = 15_000
LONG = "Nguyễn " + "Thị " * 123 + "Dài"


def broken() -> bytes:
    """Half of what was a workbook."""
    whole = make_class_list().file
    return whole[: len(whole) // 2]


def huge() -> bytes:
    return make_class_list().file + b"\0" * (6 * 1024 * 1024)


def zip_bomb() -> bytes:
    """Some 200 kB that swell to 200 MB."""
    source, target = io.BytesIO(make_class_list().file), io.BytesIO()
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            swollen = name == "xl/worksheets/sheet1.xml"
            new.writestr(name, b" " * (200 * 1024 * 1024) if swollen else old.read(name))
    return target.getvalue()


def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40


def nothing() -> bytes:
    return b""


def no_heading() -> bytes:
    book = Workbook()
    book.active.append(["Mua", "10", "quyển vở"])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@pytest.mark.parametrize("make", [broken, huge, zip_bomb, picture, nothing, no_heading])
def test_a_file_that_is_no_list_is_refused_at_the_field(
    open_page: Open, site: Site, make: Callable[[], bytes]
):
    page = open_page()
    sign_in(page, "huongdan")
    rosters = site.value("SELECT count(*) FROM people_roster")

    upload(page, "lop.xlsx", make())

    expect(page.locator(".field-wrong .field-error")).to_be_visible(timeout=QUICKLY_MS)
    expect(page.locator("[name=file]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=place] option:checked")).to_have_text("Phường Cao Xanh")
    expect(page.locator("main")).not_to_contain_text("Traceback")
    assert site.value("SELECT count(*) FROM people_roster") == rosters


def upload(page: Page, name: str, data: bytes) -> None:
    page.goto("/danh-sach-lop")
    file = {"name": name, "mimeType": "application/octet-stream", "buffer": data}
    page.locator("[name=file]").set_input_files(file)
    page.locator("[name=place]").select_option(label="Phường Cao Xanh")
    page.locator("main form .button-main").click()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1258"])
def test_a_text_file_of_any_office_program_is_read(open_page: Open, encoding: str):
    page = open_page()
    sign_in(page, "huongdan")
    lines = [",".join(HEADING), "1,Trần Văn Bàng,1961,Nam,,Khu phố 1 (mẫu),"]

    upload(page, "lop.csv", encode("\r\n".join(lines), encoding))

    expect(page.locator("ol.roster > li")).to_contain_text("Trần Văn Bàng")


def encode(text: str, encoding: str) -> bytes:
    """Code page 1258 writes the tones after their letters."""
    if encoding != "cp1258":
        return text.encode(encoding)
    return "".join(CP1258.get(letter, letter) for letter in text).encode(encoding)


CP1258 = {
    "ọ": "o\u0323",
    "ầ": "â\u0300",
    "à": "a\u0300",
    "ố": "ô\u0301",
    "ẫ": "â\u0303",
    "ớ": "ơ\u0301",
    "ổ": "ô\u0309",
    "ú": "ú",
}


@each_way
def test_a_name_of_500_letters_is_told_at_its_field_and_nothing_is_lost(open_page: Open, viewport, script):
    page = open_page(viewport, script=script)
    sign_in(page, "huongdan")
    page.goto("/nguoi-hoc/them")
    page.locator("[name=full_name]").evaluate(
        "field => field.removeAttribute('maxlength')"
    ) if script else None
    page.locator("[name=full_name]").fill(LONG)
    typed = page.locator("[name=full_name]").input_value()
    page.locator("[name=birth]").fill("1950")
    page.locator("[name=household]").fill("Hộ 12")
    page.locator("[name=place]").select_option(index=1)
    page.locator("[name=learning]").check()
    page.locator("[name=how][value=paper]").check()

    page.locator("main form .button-main").click()

    expect(page.locator(".field-wrong")).to_have_count(1)
    expect(page.locator("[name=full_name]")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("[name=full_name]")).to_have_value(typed)
    expect(page.locator("[name=birth]")).to_have_value("1950")
    expect(page.locator("[name=household]")).to_have_value("Hộ 12")
    expect(page.locator("[name=learning]")).to_be_checked()


@each_way
def test_500_letters_find_no_place_and_open_no_door(open_page: Open, viewport, script):
    page = open_page(viewport, script=script)
    page.goto(f"/noi-o/?q={LONG}")
    expect(page.locator("main h1")).to_be_visible()
    expect(page.locator("button.place")).to_have_count(0)

    page.goto(f"/xac-minh/{LONG}")
    expect(page.locator("h1.verdict-valid")).to_have_count(0)
    expect(page.locator("[name=ma]")).to_be_visible()

    assert page.goto(f"/the/{LONG}").status == 200
    expect(page.locator("[name=pin]")).to_have_count(0)


def test_a_list_with_a_name_of_500_letters_waits_for_a_correction(open_page: Open):
    page, short = open_page(), invent_name()
    sign_in(page, "huongdan")
    book = Workbook()
    for row in ([], [], [], [], HEADING, [1, LONG, 1950, "Nữ"], [2, short, 1951, "Nữ"]):
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)

    upload(page, "lop.xlsx", file.getvalue())

    expect(page.locator(f"#row-{FIRST_ROW} .roster-blocking")).to_be_visible()
    expect(page.locator(f"#row-{FIRST_ROW + 1}")).to_contain_text(short)
    expect(page.locator("a[href$='/nhap']")).to_have_count(0)
