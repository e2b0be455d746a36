from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, RequestFactory

from hocvuso.base import views
from hocvuso.base.csp import POLICY, build_policy, csp_extra
from hocvuso.base.middleware import LARGEST_BODY, ProfileMiddleware, SecurityHeaders
from hocvuso.base.origin import same_origin

PAGES = ("/kieu-dang", "/tro-giup", "/gioi-thieu", "/giay-phep")
OURS = {"headers": {"sec-fetch-site": "same-origin"}}


def parsed(response: HttpResponse) -> Element:
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())


@pytest.mark.parametrize("page", PAGES)
def test_page_is_sound_html(client: Client, page: str) -> None:
    root = parsed(client.get(page))

    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert root.get("lang") == "vi"
    assert len(list(root.iter("h1"))) == 1
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("page", PAGES)
def test_page_has_nothing_inline(client: Client, page: str) -> None:
    root = parsed(client.get(page))

    assert [script for script in root.iter("script") if script.text or not script.get("src")] == []
    assert [script for script in root.iter("script") if script.get("defer") is None] == []
    assert list(root.iter("style")) == []
    assert [
        node.tag for node in root.iter() if any(name == "style" or name[:2] == "on" for name in node.attrib)
    ] == []


@pytest.mark.parametrize("page", PAGES)
def test_page_may_be_kept_by_a_cache_per_cookie(client: Client, page: str) -> None:
    first, second = client.get(page), client.get(page)

    assert first.content == second.content
    assert first.cookies == {}
    assert first["Vary"] == "Cookie"


def test_profile_is_applied_by_the_server(client: Client) -> None:
    client.cookies["hvs_profile"] = "xl.c.en"

    response = client.get("/tro-giup")

    root = parsed(response)
    assert (root.get("class"), root.get("lang")) == ("size-xl is-contrast", "en")
    assert response["Content-Language"] == "en"
    assert root.find(".//h1").text == "Help"


@pytest.mark.parametrize(
    ("before", "sent", "after"),
    [
        ("", {"size": "l"}, "l.vi"),
        ("l.vi", {"contrast": "on"}, "l.c.vi"),
        ("l.c.vi", {"contrast": "off"}, "l.vi"),
        ("m.c.s.vi", {"language": "en"}, "m.c.s.en"),
        ("m.vi", {"steps": "on", "speak": "on"}, "m.f.s.vi"),
        ("l.c.vi", {"size": "huge", "contrast": "maybe"}, "l.c.vi"),
    ],
)
def test_one_tap_changes_one_thing(client: Client, before: str, sent: dict[str, str], after: str) -> None:
    client.cookies["hvs_profile"] = before

    response = client.post("/cach-doc", {**sent, "next": "/tro-giup"}, **OURS)

    assert (response.status_code, response["Location"]) == (302, "/tro-giup")
    assert response.cookies["hvs_profile"].value == after


def test_script_gets_the_form_in_its_new_state(client: Client) -> None:
    headers = {"sec-fetch-site": "same-origin", "x-requested-with": "fetch"}
    response = client.post("/cach-doc", {"contrast": "on"}, headers=headers)

    form = html5lib.parseFragment(response.content.decode(), namespaceHTMLElements=False).find("form")
    pressed = [button.get("name") for button in form.iter("button") if button.get("aria-pressed") == "true"]
    assert response["X-Profile-Class"] == "size-m is-contrast"
    assert pressed == ["size", "contrast"]


@pytest.mark.parametrize("place", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""])
def test_foreign_next_leads_home(client: Client, place: str) -> None:
    response = client.post("/cach-doc", {"size": "l", "next": place}, **OURS)

    assert response["Location"] == "/"


def test_page_is_found_again_by_its_referer(client: Client) -> None:
    headers = {"sec-fetch-site": "same-origin", "referer": "http://testserver/hoc/"}
    response = client.post("/cach-doc", {"size": "l"}, headers=headers)

    assert response["Location"] == "http://testserver/hoc/"


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec-fetch-site": "same-origin"}, 302),
        ({"sec-fetch-site": "cross-site", "origin": "http://testserver"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"origin": "http://testserver"}, 302),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "http://testserver/hoc/"}, 302),
        ({"referer": "http://testserver.evil.example/"}, 403),
        ({}, 403),
    ],
)
def test_only_our_own_page_may_change_the_profile(headers: dict[str, str], status: int) -> None:
    client = Client(enforce_csrf_checks=True)

    assert client.post("/cach-doc", {"size": "l"}, headers=headers).status_code == status


def test_profile_is_changed_by_post_only(client: Client) -> None:
    assert client.get("/cach-doc").status_code == 405


def test_signed_in_person_keeps_the_profile(rf: RequestFactory) -> None:
    kept: list[str] = []
    request = rf.post("/cach-doc", {"size": "xl"}, **OURS)
    request.user = type("Reader", (), {"is_authenticated": True, "keep_profile": kept.append})

    ProfileMiddleware(views.profile_update)(request)

    assert kept == ["xl.vi"]


def test_safety_headers_are_on_every_answer(client: Client) -> None:
    for page in ("/tro-giup", "/khong-co-trang-nay"):
        headers = client.get(page).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Permissions-Policy"].startswith("camera=(self)")


def test_view_may_widen_one_source_and_no_other() -> None:
    assert build_policy(style_src="'unsafe-inline'") == POLICY.replace(
        "style-src 'self'", "style-src 'self' 'unsafe-inline'"
    )
    assert build_policy(worker_src="blob:") == f"{POLICY}; worker-src blob:"


def test_widened_policy_belongs_to_its_view(rf: RequestFactory) -> None:
    @csp_extra(img_src="blob:")
    def view(request: object) -> HttpResponse:
        return HttpResponse()

    assert view(rf.get("/"))["Content-Security-Policy"] == POLICY.replace("data:", "data: blob:")


def test_origin_check_stands_alone(rf: RequestFactory) -> None:
    @same_origin
    def view(request: object) -> HttpResponse:
        return HttpResponse("done")

    assert view(rf.post("/", **OURS)).content == b"done"
    with pytest.raises(PermissionDenied):
        view(rf.post("/", headers={"sec-fetch-site": "cross-site"}))


@pytest.mark.parametrize(
    ("status", "response"),
    [
        (400, lambda request: views.bad_request(request, ValueError("secret"))),
        (403, lambda request: views.forbidden(request, ValueError("secret"))),
        (403, views.csrf_failure),
        (404, lambda request: views.not_found(request, ValueError("secret"))),
        (500, views.server_error),
    ],
)
def test_trouble_is_told_kindly_in_both_languages(rf: RequestFactory, status: int, response) -> None:
    answer = response(rf.get("/"))

    root = parsed(answer)
    assert answer.status_code == status
    assert root.get("lang") == "vi"
    assert [node.get("lang") for node in root.iter("div") if node.get("lang")] == ["en"]
    assert b"secret" not in answer.content and b"Traceback" not in answer.content


def test_missing_page_touches_no_database(client: Client) -> None:
    assert client.get("/khong-co-trang-nay").status_code == 404


def test_vary_of_the_view_is_kept(rf: RequestFactory) -> None:
    def view(request: object) -> HttpResponse:
        return HttpResponse(headers={"Vary": "HX-Request"})

    assert ProfileMiddleware(view)(rf.get("/"))["Vary"] == "HX-Request, Cookie"


def test_a_body_without_end_is_refused_before_it_is_read(client: Client) -> None:
    response = client.generic("POST", "/cach-doc", b"next=/", CONTENT_LENGTH=str(LARGEST_BODY + 1), **OURS)

    root = parsed(response)
    assert response.status_code == 413
    assert root.find(".//h1").text == "Tệp gửi lên quá lớn"
    assert response["Content-Security-Policy"] == POLICY


@pytest.mark.django_db
def test_what_a_signed_in_browser_is_sent_is_kept_nowhere(client: Client) -> None:
    guest = client.get("/giay-phep")
    client.cookies["hvs_session"] = "whatever"

    response = client.get("/giay-phep")

    assert ("Cache-Control" in guest, response["Cache-Control"]) == (False, "private, no-store")
    assert response["X-Frame-Options"] == "DENY"


def test_production_is_reached_by_https_only(rf: RequestFactory, settings: Any) -> None:
    demo = SecurityHeaders(lambda request: HttpResponse("ok"))(rf.get("/"))
    settings.DEMO = False

    response = SecurityHeaders(lambda request: HttpResponse("ok"))(rf.get("/"))

    assert "Strict-Transport-Security" not in demo
    assert response["Strict-Transport-Security"] == "max-age=31536000"
