"""A board's table of places as a spreadsheet; numbers stay numbers, what is missing stays a word."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

import xlsxwriter

AS_TYPED = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}  # names run nothing


def write_sheet(title: str, board: Any, source: str, words: Mapping[str, str]) -> bytes:
    """`board` has `columns`, `children` and `month_name` (dashboards.queries.Board)."""
    stream = BytesIO()
    book = xlsxwriter.Workbook(stream, AS_TYPED)
    sheet = book.add_worksheet()
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    number = book.add_format({"num_format": "#,##0"})
    percent = book.add_format({"num_format": "0.0"})
    absent = book.add_format({"italic": True, "font_color": "#7d5000"})
    sheet.write(0, 0, f"{title} – {board.month_name}", bold)
    sheet.write(1, 0, source)
    heads = [words["place"], *(column["title"] for column in board.columns), f"{words['share']} (%)"]
    for column, head in enumerate(heads):
        sheet.write(3, column, head, bold)
    for line, row in enumerate(board.children, start=4):
        sheet.write_string(line, 0, row.title)
        for column, cell in enumerate(row.cells, start=1):
            if cell.value is None or cell.hidden:
                sheet.write_string(line, column, words["missing" if cell.value is None else "hidden"], absent)
            else:
                sheet.write_number(line, column, cell.value, number)
        if row.share is not None:
            sheet.write_number(line, len(heads) - 1, round(row.share, 1), percent)
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, len(heads) - 1, 16)
    sheet.freeze_panes(4, 1)
    book.close()
    return stream.getvalue()
