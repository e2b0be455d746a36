"""The short way for public pages: who may take it, and what still holds there."""

from django.http import Http404, HttpRequest, HttpResponse
from django.test import Client, RequestFactory, override_settings
from django.urls import path

from hocvuso.base.fastlane import FastLane, fast


@fast
def quick(request: HttpRequest, name: str) -> HttpResponse:
    if name == "nobody":
        raise Http404
    return HttpResponse(f"{name} {hasattr(request, 'user')} {hasattr(request, 'session')}")


def usual(request: HttpRequest) -> HttpResponse:
    return HttpResponse("usual")


urlpatterns = [path("quick/<slug:name>", quick), path("usual", usual)]
here = override_settings(ROOT_URLCONF=__name__)


def lane(method: str, page: str) -> str:
    request = RequestFactory().generic(method, page)
    return FastLane(lambda request: HttpResponse("the usual way"))(request).content.decode()


@here
def test_a_fast_view_is_called_without_session_and_user() -> None:
    assert lane("GET", "/quick/an") == lane("HEAD", "/quick/an") == "an False False"


@here
def test_everything_else_goes_the_usual_way() -> None:
    ways = [("GET", "/usual"), ("GET", "/nowhere"), ("POST", "/quick/an"), ("GET", "/quick/nobody")]

    assert {lane(method, page) for method, page in ways} == {"the usual way"}


@here
def test_safety_headers_hold_on_the_short_way(client: Client) -> None:
    response = client.get("/quick/an")

    assert response["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in response["Content-Security-Policy"]
    assert "Set-Cookie" not in response
