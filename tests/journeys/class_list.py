"""A class list as wards keep it: a title block, merged cells, and every habit of typing."""

import io
from dataclasses import dataclass
from datetime import date
from random import SystemRandom

from openpyxl import Workbook

from tests.journeys.names import invent_name

HEADING = ["STT", "Họ và tên", "Ngày sinh", "Giới tính", "SĐT", "Thôn/Tổ", "Ghi chú"]
FIRST_ROW = 6  # below title block and heading


@dataclass(frozen=True)
class ClassList:
    """`names`: as the product is to keep them, in the order of the file's persons."""

    names: list[str]
    phone: int
    file: bytes

    def phone_as_written(self) -> str:
        """0912 345 678"""
        digits = f"0{self.phone}"
        return f"{digits[:4]} {digits[4:7]} {digits[7:]}"


def make_class_list() -> ClassList:
    names = [invent_name() for _ in range(6)]
    phone = SystemRandom().randrange(912_000_000, 913_000_000)  # a number: its leading 0 is gone
    book = Workbook()
    sheet = book.active
    sheet.append(["ỦY BAN NHÂN DÂN PHƯỜNG CAO XANH"])
    sheet.append(["DANH SÁCH HỌC VIÊN LỚP BÌNH DÂN HỌC VỤ SỐ"])
    sheet.append(["(Kèm theo kế hoạch của phường)"])
    sheet.append([])
    sheet.append(HEADING)
    for row in rows(names, phone):
        sheet.append(row)
    for cells in ("A1:G1", "A2:G2", "A3:G3", "F6:F7"):
        sheet.merge_cells(cells)
    file = io.BytesIO()
    book.save(file)
    return ClassList(names, phone, file.getvalue())


def rows(names: list[str], phone: int) -> list[list[object]]:
    capitals = names[0].upper().replace(" ", "  ", 1)
    return [
        [1, capitals, "1/1/1958", "Nữ", phone, "Khu phố 1 (mẫu)", None],
        [2, names[1], 1958, "Nữ", None, None, "nghe kém"],
        [3, names[2].lower(), date(1962, 3, 15), "nữ", None, "Khu phố 2 (mẫu)", None],
        [4, names[0], "1958", "Nữ", f"0{phone}", "Khu phố 1 (mẫu)", "ghi hai lần"],
        [5, names[3], "32/13/1970", "Nữ", None, "Khu phố 2 (mẫu)", None],
        [6, None, 1975, "Nam", None, "Khu phố 2 (mẫu)", None],
        [7, names[4], "7.9.1949", "Nữ", None, "Khu phố 2 (mẫu)", None],
        ["Tổng cộng: 7 người"],
        [None, "NGƯỜI LẬP BIỂU", None, None, None, "Cao Xanh, ngày 5 tháng 9 năm 2026"],
    ]
