import html5lib
import pytest
from django.urls import reverse

from hocvuso.places.actions import merge_places
from hocvuso.places.tests.make import OPENED_ON, make_country_tree, make_place

pytestmark = pytest.mark.django_db
URL = reverse("places:place_search")


def read(response):
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    return parser.parse(response.content.decode())


def words(element):
    return " ".join("".join(element.itertext()).split())


def cards(response):
    return [
        words(card)
        for card in read(response).iter()
        if "card" in card.get("class", "").split() and card.tag != "div"
    ]


def test_a_stranger_finds_the_home_place(client):
    make_country_tree()

    response = client.get(URL, {"q": "tho xuan"})

    assert cards(response) == ["Xã Thọ Xuân Thanh Hóa"]


def test_the_page_is_well_formed(client):
    make_country_tree()
    page = read(client.get(URL, {"q": "thanh hoa", "next": "/hoc/"}))

    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert page.get("lang") == "vi"
    assert len(list(page.iter("h1"))) == 1
    assert len(ids) == len(set(ids))
    assert [label.get("for") for label in page.iter("label")] == ["id_q"]


def test_a_province_leads_to_its_communes(client):
    make_country_tree()

    page = read(client.get(URL, {"q": "tỉnh thanh hóa", "next": "/hoc/"}))

    links = [link.get("href") for link in page.iter("a") if "card" in link.get("class", "").split()]
    assert links == ["/noi-o/danh-sach/38?next=/hoc/"]


def test_typing_gets_a_fragment(client):
    make_country_tree()

    response = client.get(URL, {"q": "cao x"}, headers={"HX-Request": "true"})

    assert b"<html" not in response.content
    assert "Phường Cao Xanh" in response.content.decode()


def test_a_merged_place_is_shown_as_what_it_has_become(client):
    tree = make_country_tree()
    merge_places([tree.lam_son], into=tree.tho_xuan, on=OPENED_ON.replace(year=2026))

    assert cards(client.get(URL, {"q": "lam son"})) == ["Xã Thọ Xuân Thanh Hóa trước đây: xã Lam Sơn"]


def test_what_is_not_found_is_told_with_advice(client):
    make_country_tree()

    response = client.get(URL, {"q": "<b>Москва</b>"})

    assert "Chưa tìm thấy “&lt;b&gt;Москва&lt;/b&gt;”" in response.content.decode()


@pytest.mark.parametrize("text", ["a" * 500, "", "a\x00b"])
def test_bad_input_is_answered_at_the_field_and_kept(client, text):
    make_country_tree()

    response = client.get(URL, {"q": text})

    page = read(response)
    field = next(element for element in page.iter("input") if element.get("name") == "q")
    assert (response.status_code, field.get("aria-invalid")) == (200, "true")
    assert field.get("value", "") == text.replace("\x00", "\ufffd") or "\x00" in text


def test_before_the_first_search_nothing_is_wrong(client):
    response = client.get(URL)

    assert "field-wrong" not in response.content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow(client, django_assert_num_queries, count):
    for number in range(count):
        make_place(f"Xã Bạch Đằng {number}")
    client.get(URL, {"q": "bach dang"})

    with django_assert_num_queries(2):
        assert len(cards(client.get(URL, {"q": "bach dang"}, headers={"HX-Request": "true"}))) == count
