"""The reading of class lists: no database, no Django."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.base.folding import fold
from hocvuso.base.spreadsheet import read_sheets
from hocvuso.people.engine.cleaning import (
    clean_age,
    clean_audience,
    clean_birth,
    clean_id_number,
    clean_name,
    clean_phone,
    clean_sex,
    squeeze,
)
from hocvuso.people.engine.roster import (
    MOST_ROWS,
    NoHeading,
    Problem,
    TooManyRows,
    clean_values,
    field_of,
    read_roster,
)
from hocvuso.people.tests.lists import make_two_line_list, make_ward_list

TODAY = date(2026, 11, 22)
LETTERS = "aàảãáạăằẳẵắặâầẩẫấậbcdđeèẻẽéẹêềểễếệghiìỉĩíịklmnoòỏõóọôồổỗốộơờởỡớợpqrstuùủũúụưừửữứựvxyỳỷỹýỵ"
words = st.text(LETTERS + LETTERS.upper() + "'", min_size=1, max_size=7)
names = st.lists(words, min_size=2, max_size=5).map(" ".join)
spaces = st.text(" \t\u00a0\n", max_size=3)


# -- one cell


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("NGUYỄN THỊ  HOA", "Nguyễn Thị Hoa"),
        ("  nguyễn thị hoa ", "Nguyễn Thị Hoa"),
        ("12. Nguyễn Thị Hoa (tổ trưởng)", "Nguyễn Thị Hoa"),
        ("Nguyễn thị hoa", "Nguyễn Thị Hoa"),
        ("H'HEN NIÊ", "H'Hen Niê"),
        ("Y Blô Êban", "Y Blô Êban"),
        (unicodedata.normalize("NFD", "ĐỖ THỊ LỆ THỦY"), "Đỗ Thị Lệ Thủy"),
    ],
)
def test_names_get_their_capitals(typed, name):
    assert clean_name(typed) == (name, "")


def test_unseen_signs_cannot_turn_a_name_round():
    assert clean_name("Nguyễn \u202eThị\u202c\u2066 Hoa\x07") == ("Nguyễn Thị Hoa", "")


@pytest.mark.parametrize(
    ("typed", "problem"),
    [("", "name_missing"), (" -- ", "name_missing"), ("Hoa", "name_odd"), ("A" * 500, "name_long")],
)
def test_doubtful_names_are_told(typed, problem):
    assert clean_name(typed)[1] == problem


@pytest.mark.parametrize(
    ("typed", "year", "on"),
    [
        ("1958", 1958, None),
        ("1/1/1958", 1958, date(1958, 1, 1)),
        ("01-02-1958", 1958, date(1958, 2, 1)),
        ("1.2.1958", 1958, date(1958, 2, 1)),
        ("1958-03-15", 1958, date(1958, 3, 15)),
        ("1958-03-15 00:00:00", 1958, date(1958, 3, 15)),
        ("15031958", 1958, date(1958, 3, 15)),
        ("21259", 1958, date(1958, 3, 15)),
        ("tháng 5/1958", 1958, None),
        ("5/1958", 1958, None),
        ("0/0/1958", 1958, None),
        ("năm 1958", 1958, None),
        ("sinh năm 1958", 1958, None),
        ("ngày 15 tháng 3 năm 1958", 1958, date(1958, 3, 15)),
    ],
)
def test_births_are_read(typed, year, on):
    assert clean_birth(typed, TODAY) == ((year, on), "")


@pytest.mark.parametrize(
    ("typed", "year", "problem"),
    [
        ("58", 1958, "birth_guessed"),
        ("15", 2015, "birth_guessed"),
        ("15/3/58", 1958, "birth_guessed"),
        ("3/15/1958", 1958, "birth_guessed"),
        ("", None, "birth_missing"),
        ("32/13/1970", None, "birth_unreadable"),
        ("năm con gà", None, "birth_unreadable"),
        ("31/2/1970", None, "birth_unreadable"),
        ("2027", None, "birth_future"),
        ("23/11/2026", None, "birth_future"),
        ("1890", None, "birth_too_long_ago"),
        ("99999999999999999999", None, "birth_unreadable"),
    ],
)
def test_doubtful_births_are_told(typed, year, problem):
    birth, told = clean_birth(typed, TODAY)

    assert (birth.year, told) == (year, problem)


def test_an_age_is_a_guess_at_the_year():
    assert clean_age("68 tuổi", TODAY) == ((1958, None), "birth_guessed")
    assert clean_age("già", TODAY)[1] == "birth_unreadable"


@pytest.mark.parametrize(
    "typed",
    [
        "912345678",
        "0912345678",
        "0912.345.678",
        "+84 912 345 678",
        "84912345678",
        "'0912345678",
        "0912345678 / 0987654321",
    ],
)
def test_phones_are_read(typed):
    assert clean_phone(typed) == ("+84912345678", "")


@pytest.mark.parametrize("typed", ["12345", "không có", "02373888999"])
def test_other_numbers_are_no_mobile_phones(typed):
    assert clean_phone(typed) == (None, "phone_unreadable")


def test_sex_audience_and_id_number():
    assert [clean_sex(text) for text in ("Nữ", "NAM", "ông", "", "?!x")] == [
        ("female", ""),
        ("male", ""),
        ("male", ""),
        ("", ""),
        ("", "sex_unreadable"),
    ]
    assert [
        clean_audience(text)[0] for text in ("Cán bộ phường", "Công nhân", "HSSV", "Hộ nghèo", "abc")
    ] == [
        "official",
        "worker",
        "student",
        "citizen",
        "",
    ]
    assert clean_id_number("001058 012 345") == ("001058012345", "")
    assert clean_id_number("1058012345") == ("001058012345", "")
    assert clean_id_number("123456789") == (None, "id_number_unreadable")


# -- properties


@given(
    st.lists(st.tuples(words, spaces), min_size=2, max_size=5).map(
        lambda parts: " ".join(w + s for w, s in parts)
    )
)
def test_cleaning_a_name_twice_changes_nothing_and_loses_no_letter(typed):
    name, _problem = clean_name(typed)
    if name is not None:
        assert clean_name(name)[0] == name
        assert fold(name) == fold(typed)
        assert name == unicodedata.normalize("NFC", name)
        assert "  " not in name


@given(names)
def test_composed_or_not_a_name_is_the_same(name):
    assert clean_name(unicodedata.normalize("NFD", name)) == clean_name(unicodedata.normalize("NFC", name))


@given(
    st.dates(date(1907, 1, 1), TODAY),
    st.sampled_from(["{d}/{m}/{y}", "{d:02}-{m:02}-{y}", "{y}-{m:02}-{d:02}", "{d}.{m}.{y}"]),
)
def test_every_date_comes_back(day, form):
    typed = form.format(d=day.day, m=day.month, y=day.year)

    assert clean_birth(typed, TODAY) == ((day.year, day), "")


@given(
    st.integers(0, 99_999_999).map(lambda n: f"9{n:08}"),
    st.sampled_from(["{}", "0{}", "+84{}", "84{}", "{}.0"]),
)
def test_every_mobile_number_comes_back(number, form):
    typed = form.format(number)
    phone, _problem = clean_phone(typed)

    assert phone == (f"+84{number}" if not typed.endswith(".0") else None)


@given(
    st.dictionaries(
        st.sampled_from(["name", "birth", "age", "sex", "phone", "village", "audience", "id_number"]),
        st.text(max_size=40),
    )
)
def test_no_text_breaks_the_cleaning(raw):
    values, problems = clean_values(raw, today=TODAY)

    assert values.birth_year is None or TODAY.year - 120 <= values.birth_year <= TODAY.year
    assert len({problem.field for problem in problems}) == len(problems)
    again, _ = clean_values(
        {"name": values.name, "phone": values.phone or "", "village": values.village}, today=TODAY
    )
    assert (again.phone, again.village) == (values.phone, values.village)


@given(st.lists(st.lists(st.text(max_size=12), max_size=8), max_size=25))
def test_no_table_breaks_the_reading(cells):
    table = [["Họ và tên", "Năm sinh", "SĐT"], *cells]

    reading = read_roster(table, today=TODAY)

    numbers = [row.number for row in reading.rows] + [number for number, _ in reading.left_out]
    assert len(numbers) == len(set(numbers))
    for number, line in enumerate(table[reading.heading.first_row :], start=reading.heading.first_row + 1):
        told = number in numbers
        assert (
            told
            or len({squeeze(text) for text in line if squeeze(text)}) <= 1
            or all(text == "" or text.rstrip(".").isdigit() for text in map(squeeze, line[3:]))
        )


# -- the heading


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Họ và tên", "name"),
        ("HỌ TÊN", "name"),
        ("Họ và tên học viên", "name"),
        ("Ngày sinh", "birth"),
        ("Năm sinh", "birth"),
        ("Ngày, tháng, năm sinh", "birth"),
        ("NĂM", "birth_year"),
        ("Nam", "male"),
        ("Nữ", "female"),
        ("SĐT", "phone"),
        ("Số điện thoại", "phone"),
        ("Giới tính", "sex"),
        ("Thôn/Tổ", "village"),
        ("Khu phố", "village"),
        ("Tổ dân phố", "village"),
        ("Hộ", "household"),
        ("Họ", "family"),
        ("Số hộ", "household"),
        ("Đối tượng", "audience"),
        ("Số CCCD", "id_number"),
        ("Số định danh cá nhân", "id_number"),
        ("Ghi chú", "note"),
        ("Dân tộc", "ignored"),
        ("Ngày cấp", "ignored"),
        ("Điểm thi", ""),
        (unicodedata.normalize("NFD", "Hộ"), "household"),
    ],
)
def test_headings_in_many_words(text, name):
    assert field_of(text) == name


def test_a_table_without_a_heading_shows_what_was_read():
    with pytest.raises(NoHeading) as refused:
        read_roster([["Báo cáo"], [], ["Tháng", "Số lượng"], ["1", "20"]], today=TODAY)

    assert refused.value.seen == [["Báo cáo"], ["Tháng", "Số lượng"], ["1", "20"]]


def test_more_rows_than_allowed():
    table = [["Họ và tên"], *([f"Nguyễn Văn Số{n}"] for n in range(MOST_ROWS + 1))]

    with pytest.raises(TooManyRows):
        read_roster(table, today=TODAY)


# -- whole lists


def test_the_wards_list_is_read_row_by_row():
    (cells,) = read_sheets(make_ward_list())

    reading = read_roster(cells, today=TODAY)

    seen = [
        (row.number, row.values.name, row.values.birth_year, row.values.phone, row.values.household)
        for row in reading.rows
    ]
    assert seen == [
        (6, "Nguyễn Thị Hoa", 1958, "+84912345678", "12"),
        (7, "Trần Văn Bình", 1958, "+84987654321", "12"),
        (8, "Lê Thị Cúc", 1962, "+84912000111", ""),
        (10, "Nguyễn Thị Hoa", 1958, "+84912345678", "12"),
        (11, "Phạm Thị Lệ Thủy", 1990, None, ""),
        (12, "Đỗ Văn Sáu", None, None, ""),
        (13, "", 1975, None, ""),
        (14, "Tống Văn Bảy", 1958, "+84912345678", ""),
    ]
    assert {
        row.number: [(p.field, p.code) for p in row.problems] for row in reading.rows if row.problems
    } == {
        10: [("name", "twice_in_list")],
        12: [("birth", "birth_unreadable"), ("phone", "phone_unreadable")],
        13: [("name", "name_missing")],
        14: [("birth", "birth_guessed"), ("phone", "phone_shared")],
    }
    assert [number for number, _text in reading.left_out] == [15, 16, 17]
    assert [row.values.audience for row in reading.rows][:3] == ["citizen", "citizen", "official"]


def test_a_heading_over_two_lines():
    (cells,) = read_sheets(make_two_line_list())

    reading = read_roster(cells, today=TODAY)

    seen = [(v.name, v.birth_year, v.sex, v.village) for v in (row.values for row in reading.rows)]
    assert seen == [
        ("Nguyễn Thị Hoa", 1958, "female", "Khu phố 1"),
        ("Trần Văn Bình", 1960, "male", "Khu phố 2"),
    ]


def test_columns_nam_and_nu_with_crosses():
    reading = read_roster(
        [
            ["Họ tên", "Năm sinh", "Nam", "Nữ"],
            ["Trần Văn Bình", "1958", "x", ""],
            ["Lê Thị Cúc", "1960", "", "X"],
        ],
        today=TODAY,
    )

    assert [(row.values.sex, row.values.birth_year) for row in reading.rows] == [
        ("male", 1958),
        ("female", 1960),
    ]


def test_a_villages_name_above_its_people():
    table = [
        ["STT", "Họ và tên"],
        ["I. Thôn Đông"],
        ["1", "Bàn Thị Mai"],
        ["Thôn Tây", "Thôn Tây"],
        ["2", "Tô Văn Cường"],
    ]

    reading = read_roster(table, today=TODAY)

    assert [(row.values.name, row.values.village) for row in reading.rows] == [
        ("Bàn Thị Mai", "I. Thôn Đông"),
        ("Tô Văn Cường", "Thôn Tây"),
    ]


def test_numbers_of_columns_and_a_heading_again_are_no_people():
    table = [
        ["STT", "Họ và tên", "Năm sinh"],
        ["(1)", "(2)", "(3)"],
        ["1", "Lê Thị Cúc", "1960"],
        ["STT", "Họ và tên", "Năm sinh"],
        ["2"],
    ]

    reading = read_roster(table, today=TODAY)

    assert [row.values.name for row in reading.rows] == ["Lê Thị Cúc"]
    assert [number for number, _ in reading.left_out] == [2, 4]


def test_family_and_given_name_in_two_columns():
    reading = read_roster([["Họ đệm", "Tên", "Tuổi"], ["Nguyễn Thị", "Hoa", "68"]], today=TODAY)

    (row,) = reading.rows
    assert (row.values.name, row.values.birth_year) == ("Nguyễn Thị Hoa", 1958)
    assert row.problems == [Problem("birth", "birth_guessed")]
