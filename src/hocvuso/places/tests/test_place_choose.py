import pytest
from django.urls import reverse

from hocvuso.places.actions import merge_places
from hocvuso.places.home import COOKIE, chosen_place
from hocvuso.places.tests.make import OPENED_ON, make_country_tree

pytestmark = pytest.mark.django_db
CHOOSE = reverse("places:place_choose")
HERE = {"Sec-Fetch-Site": "same-origin"}


def choose(client, code, **words):
    return client.post(CHOOSE, {"code": code, **words}, headers=HERE)


def remembered(client, rf):
    request = rf.get("/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value
    return chosen_place(request)


def told(response, client):
    return client.get(response.url).content.decode()


def test_the_home_place_is_remembered_and_told(client, rf):
    tree = make_country_tree()

    response = choose(client, "15499", next=reverse("places:place_search"))

    assert remembered(client, rf) == tree.tho_xuan
    assert "Máy này đã nhớ nơi ở: Xã Thọ Xuân, Thanh Hóa." in told(response, client)
    assert client.cookies[COOKIE]["httponly"] and client.cookies[COOKIE]["samesite"] == "Lax"


def test_a_village_may_be_chosen(client, rf):
    tree = make_country_tree()

    choose(client, "15499.001")

    assert remembered(client, rf).full_name() == "Thôn Mẫu 1, Xã Thọ Xuân, Thanh Hóa"
    assert remembered(client, rf) == tree.village_one


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "x" * 3000]
)
def test_one_is_led_back_inside_the_site_only(client, page):
    make_country_tree()

    response = choose(client, "15499", next=page)

    assert response.status_code == 404 if len(page) > 2000 else response.url == "/"


@pytest.mark.parametrize("code", ["", "38", "VN", "77777", "15499'--", "a" * 500])
def test_what_is_no_home_place_is_not_found(client, code):
    make_country_tree()

    assert choose(client, code).status_code == 404
    assert COOKIE not in client.cookies


def test_another_site_cannot_choose(client):
    make_country_tree()

    response = client.post(CHOOSE, {"code": "15499"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403


def test_an_altered_cookie_counts_as_none(client, rf):
    make_country_tree()
    choose(client, "15499")
    request = rf.get("/")
    request.COOKIES[COOKIE] = client.cookies[COOKIE].value.replace("15499", "06658")

    assert chosen_place(request) is None
    assert chosen_place(rf.get("/")) is None


def test_a_merged_place_becomes_its_successor(client, rf):
    tree = make_country_tree()
    choose(client, "15556")
    merge_places([tree.lam_son], into=tree.tho_xuan, on=OPENED_ON.replace(year=2026))

    assert remembered(client, rf) == tree.tho_xuan
    response = choose(client, "15556", next=reverse("places:place_search"))
    assert "Xã Lam Sơn nay thuộc Xã Thọ Xuân, Thanh Hóa." in told(response, client)
    assert remembered(client, rf) == tree.tho_xuan


def test_the_home_place_can_be_forgotten(client):
    make_country_tree()
    choose(client, "15499")

    client.post(reverse("places:place_forget"), headers=HERE)

    assert client.cookies[COOKIE].value == ""
