import pytest
from django.urls import reverse

from hocvuso.places.actions import add_village, merge_places
from hocvuso.places.tests.make import OPENED_ON, make_country_tree
from hocvuso.places.tests.test_place_search import read, words

pytestmark = pytest.mark.django_db


def show(client, code="VN"):
    return client.get(reverse("places:place_list", args=[code]))


def buttons(response):
    form = next(
        form for form in read(response).iter("form") if form.get("action") == reverse("places:place_choose")
    )
    return [(button.get("value"), words(button)) for button in form.iter("button")]


def test_provinces_are_listed(client):
    make_country_tree()

    response = client.get(reverse("places:place_list"))

    assert [words(link) for link in read(response).iter("a") if link.get("class") == "card"] == [
        "Tỉnh Quảng Ninh",
        "Tỉnh Thanh Hóa",
    ]


def test_communes_of_a_province_can_be_chosen(client):
    make_country_tree()

    assert buttons(show(client, "38")) == [("15556", "Xã Lam Sơn"), ("15499", "Xã Thọ Xuân")]


def test_villages_stand_in_the_order_of_their_numbers(client):
    tree = make_country_tree()
    add_village(tree.tho_xuan, name="Thôn Mẫu 10")

    assert [words for _, words in buttons(show(client, "15499"))] == [
        "Đây là nơi ở của tôi",
        "Thôn Mẫu 1",
        "Thôn Mẫu 2",
        "Thôn Mẫu 10",
    ]


def test_a_merged_place_leads_to_its_successor(client):
    tree = make_country_tree()
    merge_places([tree.lam_son], into=tree.tho_xuan, on=OPENED_ON.replace(year=2026))

    response = client.get(reverse("places:place_list", args=["15556"]), follow=True)

    assert response.redirect_chain == [("/noi-o/danh-sach/15499", 302)]
    assert "Xã Lam Sơn nay thuộc Xã Thọ Xuân, Thanh Hóa." in response.content.decode()


def test_an_unknown_code_is_not_found(client):
    make_country_tree()

    assert show(client, "77777").status_code == 404


@pytest.mark.parametrize("villages", [1, 3])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, villages):
    tree = make_country_tree()
    for number in range(villages):
        add_village(tree.lam_son, name=f"Thôn {number}")

    with django_assert_num_queries(3):
        show(client, "15556")
