"""Class lists as wards keep them, made for the tests (all people invented)."""

import io
import unicodedata
from datetime import date

from openpyxl import Workbook

HEADING = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "SĐT", "Thôn/Tổ", "Hộ", "Đối tượng", "Ghi chú"]


def save(book: Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def make_workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    return save(book)


def make_ward_list() -> bytes:
    """The list of issue 2, path 1: title block, merged cells, every habit of typing, totals and signature."""
    book = Workbook()
    sheet = book.active
    sheet.append(["ỦY BAN NHÂN DÂN PHƯỜNG CAO XANH"])
    sheet.append(["DANH SÁCH HỌC VIÊN LỚP BÌNH DÂN HỌC VỤ SỐ Tổ dân phố 3"])
    sheet.append(["(Kèm theo Kế hoạch ngày 5 tháng 9 năm 2026)"])
    sheet.append([])
    sheet.append(HEADING)
    for row in (
        [1, "NGUYỄN THỊ  HOA", "1/1/1958", "Nữ", 912345678, "Tổ 1", "12", "Người dân", ""],
        [2, "TRẦN VĂN BÌNH", 1958, "Nam", "0987 654 321", "Tổ 1", "12", "Người dân", "nghe kém"],
        [3, "lê thị cúc", date(1962, 3, 15), "nữ", "0912.000.111", "Tổ 2", None, "Cán bộ", None],
        [None] * 9,
        [4, "NGUYỄN THỊ HOA", "1958", "Nữ", "0912345678", "Tổ 1", "12", "Người dân", ""],
        [
            5,
            unicodedata.normalize("NFD", "Phạm Thị Lệ Thủy"),
            date(1990, 12, 1),
            "Nữ",
            None,
            "TDP 2",
            "",
            "Công nhân",
        ],
        [6, "Đỗ Văn Sáu", "32/13/1970", "Nam", "12345", "Tổ 9", "", "", ""],
        [7, "", "1975", "Nữ", "", "Tổ 1", "", "", ""],
        [8, "Tống Văn Bảy", "58", "Nam", "0912345678", "Tổ 2", "", "Học sinh", ""],
        ["Tổng cộng: 8 người"],
        [None, None, None, None, None, "Cao Xanh, ngày 5 tháng 9 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, None, None, "TM. ỦY BAN NHÂN DÂN"],
    ):
        sheet.append(row)
    for merged in ("A1:I1", "A2:I2", "A3:I3", "G6:G7", "A15:I15"):
        sheet.merge_cells(merged)
    return save(book)


def make_two_line_list() -> bytes:
    """A heading over two lines: family and given name under one cell, the birth under Nam or Nữ."""
    book = Workbook()
    sheet = book.active
    sheet.append(["DANH SÁCH LỚP HỌC"])
    sheet.append(["TT", "Họ và tên", None, "Năm sinh", None, "Khu phố"])
    sheet.append([None, None, None, "Nam", "Nữ", None])
    sheet.append([1, "Nguyễn Thị", "Hoa", None, 1958, "Khu phố 1"])
    sheet.append([2, "Trần Văn", "Bình", "1960", None, "Khu phố 2"])
    for merged in ("A1:F1", "A2:A3", "B2:C3", "D2:E2", "F2:F3"):
        sheet.merge_cells(merged)
    return save(book)
