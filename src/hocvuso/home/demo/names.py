"""Invented people's names: a family shares its surname and given names follow fashion."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

SOUTH_OF_LATITUDE = 16.3  # the Hải Vân pass: Huỳnh and Võ to its south, Hoàng and Vũ to its north
SOUTHERN = {"Hoàng": "Huỳnh", "Vũ": "Võ"}


def words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


SURNAMES = words(
    """Nguyễn Trần Lê Phạm Hoàng Phan Vũ Đặng Bùi Đỗ
    Hồ Ngô Dương Lý Đinh Trịnh Đoàn Lương Mai Cao"""
)
IN_A_HUNDRED = (38, 11, 10, 7, 5, 4, 4, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)


@dataclass(frozen=True, slots=True)
class Generation:
    born_until: int
    women_middle: Sequence[str]
    women: Sequence[str]
    men_middle: Sequence[str]
    men: Sequence[str]


GENERATIONS = (
    Generation(
        1964,
        words("Thị"),
        words("Lan Hoa Mai Nhàn Thơm Tươi Mận Lụa Sen Xuân Hòa Bích Chắt Gái Huệ Thắm Sửu Tý Nga Loan"),
        words("Văn Văn Đình Xuân Bá Quang"),
        words("Hùng Tư Sáu Thịnh Khang Toàn Lợi Thọ Phúc Cường Hợi Mão Bình Tiến Đức Khôi Chiến Thắng Ổn"),
    ),
    Generation(
        1989,
        words("Thị Thị Thị Thu Thanh Ngọc Kim"),
        words("Hương Hằng Thủy Hạnh Hiền Hà Phương Yến Dung Oanh Thúy Ngân Nhung Vân Tâm Quyên Lý Thảo"),
        words("Văn Văn Đức Quốc Mạnh Anh Minh"),
        words("Tuấn Dũng Sơn Hải Long Nam Trung Thành Quân Kiên Tùng Hưng Việt Hiếu Vinh Tâm Phong Giang"),
    ),
    Generation(
        9999,
        words("Thị Ngọc Khánh Minh Thảo Bảo Phương Quỳnh"),
        words("Anh Linh Chi Trâm Vy Nhi Ngân Hân Mai Thư Trang Uyên Giang My Châu Như Ly Hà Nguyên Diệp"),
        words("Gia Minh Đức Tuấn Quang Hoàng Nhật Văn"),
        words("Huy Khánh Bảo Phúc Duy Đạt Khoa Long Nam Kiên Quân Minh Phong Hiếu Thịnh Tài Vũ An Khôi Đăng"),
    ),
)  # fmt: skip


def make_surname(rng: Random, latitude: float) -> str:
    surname = rng.choices(SURNAMES, IN_A_HUNDRED)[0]
    return SOUTHERN.get(surname, surname) if latitude < SOUTH_OF_LATITUDE else surname


def make_name(rng: Random, surname: str, *, woman: bool, birth_year: int) -> str:
    """`make_name(rng, "Trần", woman=True, birth_year=1951)` → "Trần Thị Thơm"."""
    generation = next(each for each in GENERATIONS if birth_year <= each.born_until)
    middles = generation.women_middle if woman else generation.men_middle
    givens = generation.women if woman else generation.men
    middle, given = rng.choice(middles), rng.choice(givens)
    while given in (middle, surname):
        given = rng.choice(givens)
    return f"{surname} {middle} {given}"
