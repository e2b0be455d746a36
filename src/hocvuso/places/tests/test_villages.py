import pytest

from hocvuso.places.actions import add_village, add_villages, merge_places
from hocvuso.places.engine.villages import check_lines, clean_name, names_in
from hocvuso.places.models import Place
from hocvuso.places.tests.make import OPENED_ON, make_country_tree, make_place


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Thôn 1", "Thôn 1"),
        ("  thôn   Đông ", "Thôn Đông"),
        ("1.  THÔN ĐÔNG", "Thôn Đông"),
        ("12) Bản Phặc Chè", "Bản Phặc Chè"),
        ("- Đồng Tâm;", "Thôn Đồng Tâm"),
        ("TỔ DÂN PHỐ SỐ III", "Tổ dân phố Số III"),
        ("Khu phố 5", "Khu phố 5"),
        ("Hoa\u0300 Bi\u0300nh", "Thôn Hoà Bình"),
        ("7", "Thôn 7"),
    ],
)
def test_names_are_cleaned(line, name):
    assert clean_name(line, "Thôn") == name


def test_each_line_is_told_its_problem():
    lines = ["Tên thôn", "Thôn Đông", "Thôn Đồng", "thôn đông", "", "---", "Thôn " + "a" * 130, "Thôn Có Rồi"]

    rows = check_lines(lines, type_name="Thôn", there=["Thôn Có Rồi"])

    assert (rows[0].name, rows[4].name) == ("Tên thôn", "---")
    assert [(row.line, row.problem) for row in rows] == [
        (1, "heading"),
        (2, ""),
        (3, ""),
        (4, "twice"),
        (6, "nameless"),
        (7, "long"),
        (8, "there"),
    ]


def test_the_column_of_names_is_found_in_a_sheet():
    titled = [["UBND XÃ MẪU", ""], ["", ""], ["STT", "Tên thôn"], ["1", "Thôn Đông"], ["2", "Thôn Tây"]]
    bare = [["1", "Đông", "12"], ["2", "Tây", "30"], ["3"]]

    assert names_in(titled) == ["Thôn Đông", "Thôn Tây"]
    assert names_in(bare) == ["Đông", "Tây", ""]
    assert names_in([]) == []


@pytest.mark.django_db
def test_villages_get_the_next_free_code():
    commune = make_place("Xã Thọ Xuân", code="15499")

    villages = add_villages(commune, names=["Thôn 1", "Thôn 2"], on=OPENED_ON)
    third = add_village(commune, name="Thôn 3")

    assert [village.code for village in (*villages, third)] == ["15499.001", "15499.002", "15499.003"]
    assert third.path == "VN/99/15499/15499.003/"
    assert (third.type_name, third.short_name) == ("Thôn", "3")


@pytest.mark.django_db
def test_a_village_of_the_same_name_is_not_added_twice():
    commune = make_place()
    first = add_village(commune, name="Thôn Hòa Bình")

    assert add_village(commune, name="thôn Hoà Bình") == first
    assert add_village(commune, name="Thôn Hoa Bình") != first


@pytest.mark.django_db
def test_a_code_is_never_given_twice():
    tree = make_country_tree()
    merge_places([tree.village_two], into=tree.village_one, on=OPENED_ON.replace(year=2026))

    assert add_village(tree.tho_xuan, name="Thôn Mẫu 2").code == "15499.003"
    assert Place.objects.get(code="15499.002").today() == tree.village_one
