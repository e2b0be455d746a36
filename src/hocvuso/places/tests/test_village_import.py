from io import BytesIO

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from hocvuso.places.tests.make import OPENED_ON, make_country_tree
from hocvuso.places.tests.test_place_search import read, words

pytestmark = pytest.mark.django_db
URL = reverse("places:village_import", args=["15556"])


def sign_in(client, kind, place):
    """People live in a room above, so they are made through their tables."""
    person = get_user_model().objects.create(full_name="Lê Thị Cán", username=f"{kind}-{place.code}")
    role = apps.get_model("people", "Role")
    role.objects.create(person=person, kind=kind, place=place, since=OPENED_ON)
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")


@pytest.fixture
def tree(client):
    tree = make_country_tree()
    sign_in(client, "officer", tree.lam_son)
    return tree


def names(commune):
    return list(commune.children.order_by("code").values_list("code", "name"))


def outcomes(response):
    rows = [row for row in read(response).iter("tr") if row.find("td") is not None]
    return [tuple(words(cell) for cell in row.iter("td")) for row in rows]


def workbook(rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    data = BytesIO()
    book.save(data)
    return SimpleUploadedFile("thon.xlsx", data.getvalue())


def test_a_list_is_looked_at_before_it_is_added(client, tree):
    pasted = "1. Thôn Đông\nTÂY\n\nthôn đông\n"

    response = client.post(URL, {"names": pasted, "type_name": "Thôn"})

    assert outcomes(response) == [
        ("1", "Thôn Đông", "sẽ được thêm"),
        ("2", "Thôn Tây", "sẽ được thêm"),
        ("4", "Thôn đông", "trùng với dòng trên"),
    ]
    assert names(tree.lam_son) == []


def test_the_good_lines_are_added_once(client, tree):
    data = {"names": "Thôn Đông\nTây\nthôn đông", "type_name": "Bản", "create": "1"}

    first = client.post(URL, data, follow=True)
    second = client.post(URL, data, follow=True)

    assert names(tree.lam_son) == [("15556.001", "Thôn Đông"), ("15556.002", "Bản Tây")]
    assert "Đã thêm 2 thôn, tổ dân phố." in first.content.decode()
    assert "Đã thêm 0 thôn, tổ dân phố." in second.content.decode()


def test_a_workbook_is_read(client, tree):
    file = workbook(
        [["DANH SÁCH THÔN XÃ LAM SƠN"], [], ["STT", "Tên thôn"], [1, "Thôn Đông"], [2, "Thôn Tây"]]
    )

    response = client.post(URL, {"file": file, "type_name": "Thôn", "create": "1"})

    assert [row[1] for row in outcomes(response)] == ["Thôn Đông", "Thôn Tây"]
    assert "Thôn Đông\nThôn Tây" in response.content.decode()
    assert names(tree.lam_son) == []


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ({}, "Dán các tên hoặc chọn một tệp."),
        ({"names": "\n".join(f"Thôn {n}" for n in range(501))}, "Danh sách dài quá."),
        ({"names": "Thôn 1", "type_name": "Lâu đài"}, "Chọn một loại trong danh sách."),
        ({"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04broken")}, "Đây không phải bảng tính."),
        ({"file": SimpleUploadedFile("a.csv", b"\xff" * 6_000_000)}, "Tệp lớn hơn 5 MB."),
        ({"file": SimpleUploadedFile("a.csv", b"\n\n ,,\n")}, "Tệp này trống."),
    ],
)
def test_mistakes_are_told_and_nothing_is_added(client, tree, data, message):
    response = client.post(URL, {"type_name": "Thôn", "create": "1", **data})

    assert response.status_code == 200
    assert message in response.content.decode()
    assert names(tree.lam_son) == []


@pytest.mark.parametrize("kind", ["helper", "reviewer"])
def test_other_roles_find_no_such_page(client, kind):
    tree = make_country_tree()
    sign_in(client, kind, tree.lam_son)

    assert client.get(URL).status_code == 404


def test_an_officer_of_another_commune_finds_no_such_page(client):
    tree = make_country_tree()
    sign_in(client, "officer", tree.tho_xuan)

    assert client.post(URL, {"names": "Thôn 1", "type_name": "Thôn", "create": "1"}).status_code == 404
    assert names(tree.lam_son) == []


def test_an_officer_of_the_province_may(client):
    tree = make_country_tree()
    sign_in(client, "officer", tree.thanh_hoa)

    assert client.get(URL).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client):
    make_country_tree()

    assert client.get(URL).status_code == 302


def test_the_way_there_is_shown_to_the_officer_alone(client, tree):
    page = reverse("places:place_list", args=["15556"])

    assert URL in client.get(page).content.decode()
    client.logout()
    assert URL not in client.get(page).content.decode()
