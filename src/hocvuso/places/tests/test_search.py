"""The search engine alone, on a handful of names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.places.engine.naming import split_type
from hocvuso.places.engine.search import Name, SearchIndex
from hocvuso.places.engine.words import accent, same_name

NAMES = [
    Name(1, "province", "Tỉnh Thanh Hóa"),
    Name(2, "commune", "Xã Thọ Xuân", "Thanh Hóa"),
    Name(3, "commune", "Xã Lam Sơn", "Thanh Hóa"),
    Name(2, "commune", "Huyện Thọ Xuân", "Thanh Hóa", former=True),
    Name(3, "commune", "Huyện Thọ Xuân", "Thanh Hóa", former=True, main=False),
    Name(4, "commune", "Xã Xuân Thọ", "Đắk Lắk"),
    Name(5, "commune", "Phường Hòa Bình", "Phú Thọ"),
    Name(6, "commune", "Phường Bàn Cờ", "Hồ Chí Minh"),
    Name(6, "commune", "Quận 3", "Hồ Chí Minh", former=True),
    Name(6, "commune", "Phường 1", "Quận 3, Hồ Chí Minh", former=True),
    Name(7, "commune", "Phường Mỹ Tho", "Đồng Tháp"),
    Name(8, "commune", "Xã Mỹ Thọ", "Đồng Tháp"),
    Name(9, "commune", "Phường Quan Hóa", "Thanh Hóa"),
    Name(10, "province", "Thành phố Hồ Chí Minh"),
    Name(11, "commune", "Phường Bắc Giang", "Bắc Ninh"),
    Name(12, "province", "Thành phố Bắc Ninh"),
    Name(12, "province", "Tỉnh Bắc Giang", former=True),
    Name(13, "commune", "Xã Tân Phú", "Đồng Tháp"),
    Name(14, "commune", "Xã Tân Phú Đông", "Đồng Tháp"),
    Name(15, "commune", "Phường An Hải", "Hải Phòng"),
    Name(16, "commune", "Phường Hải An", "Hải Phòng"),
    Name(17, "commune", "Xã Ea H'Leo", "Đắk Lắk"),
    Name(18, "commune", "Xã Ea Hiao", "Đắk Lắk"),
]
INDEX = SearchIndex(NAMES)


def found(text, **options):
    return [hit.place_id for hit in INDEX.search(text, **options)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("tho xuan", 2),
        ("Thọ Xuân", 2),
        ("THO XUAN", 2),
        ("thoxuan", 2),
        ("tho xu", 2),
        ("xa tho xuan", 2),
        ("xuân thọ", 4),
        ("xuan tho", 4),
        ("huyện Thọ Xuân", 2),
        ("xa tho xuan, huyen tho xuan, tinh thanh hoa", 2),
        ("thanh hoa tho xuan", 2),
        ("hòa bình", 5),
        ("hoà bình", 5),
        ("my tho", 7),
        ("mỹ thọ", 8),
        ("mỹ tho", 7),
        ("quan hoa", 9),
        ("quận 3", 6),
        ("q3", 6),
        ("p1 q3", 6),
        ("tp ho chi minh", 10),
        ("bac giang", 11),
        ("tinh bac giang", 12),
        ("tho xuam", 2),
        ("xã tân phú, đồng tháp", 13),
        ("tân phú đông đồng tháp", 14),
        ("hải an hải phòng", 16),
        ("xã ea h'leo đắk lắk", 17),
        ("lan son", 3),
        ("  thọ\t\xa0xuân\n", 2),
    ],
)
def test_the_unit_that_is_meant_comes_first(text, first):
    assert found(text)[0] == first


def test_todays_name_stands_before_the_heirs_of_an_old_one():
    assert found("tho xuan") == [2, 3, 4]


def test_an_old_name_is_told_with_its_unit():
    assert [hit.name.text for hit in INDEX.search("quan 3")] == ["Quận 3"]


def test_each_place_is_offered_once():
    assert sorted(found("thanh hoa")) == sorted(set(found("thanh hoa")))


def test_kinds_and_limit_are_kept():
    assert found("bac giang", kinds=["province"]) == [12]
    assert found("thanh hoa", limit=1) == [1]


@pytest.mark.parametrize(
    "text",
    ["", " ", "?!", "Москва", "北京", "🙂", "xyzzy", "\x00", "a" * 500, "thọ xuân " * 99],
)
def test_strange_input_finds_nothing_and_breaks_nothing(text):
    assert set(found(text)) in (set(), {2, 3, 4})


@given(st.text(max_size=120))
def test_any_text_is_answered(text):
    hits = found(text, limit=5)

    assert len(hits) == len(set(hits)) <= 5


@given(st.sampled_from([name for name in NAMES if not name.former]), st.integers(1, 30))
def test_every_name_is_found_while_it_is_typed(name, letters):
    """Once its type is there, from the second letter of its own name on."""
    type_name, short_name = split_type(name.text)
    typed = f"{type_name} {short_name[: letters + 1]}"

    assert name.place_id in found(typed, limit=20)


def test_an_empty_index_finds_nothing():
    assert SearchIndex([]).search("tho xuan") == []


def test_tones_are_compared_wherever_they_are_put():
    assert accent("hòa") == accent("hoà") != accent("hoa")
    assert same_name("Thôn HOÀ Bình") == same_name("thôn hòa bình")
    assert same_name("Thôn Đông") != same_name("Thôn Đồng")
