"""Names for people whom a journey invents: each time others, since all journeys share one world."""

from random import SystemRandom

SURNAMES = ["Bùi", "Đặng", "Đỗ", "Hồ", "Huỳnh", "Lý", "Mai", "Ngô", "Phan", "Tạ", "Trịnh", "Võ", "Vũ"]
MIDDLE = ["Bích", "Diệu", "Hoài", "Kim", "Lệ", "Minh", "Ngọc", "Như", "Quỳnh", "Thanh", "Thu", "Tuyết"]
GIVEN = [
    "An",
    "Chi",
    "Dung",
    "Đào",
    "Hạnh",
    "Hiền",
    "Lan",
    "Liên",
    "Loan",
    "Mơ",
    "Nga",
    "Oanh",
    "Thảo",
    "Yến",
]


def invent_name() -> str:
    """`Đặng Kim Tuyết Lan`: four words, one name in some ten thousand."""
    random = SystemRandom()
    return " ".join([random.choice(SURNAMES), *random.sample(MIDDLE, 2), random.choice(GIVEN)])
