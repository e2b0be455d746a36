"""Thin layers round every request: its size, safety headers, profile and language, who may come in."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers
from django.utils.translation import activate

from hocvuso.base.csp import POLICY
from hocvuso.base.profile import COOKIE, parse
from hocvuso.base.views import too_large

View = Callable[[HttpRequest], HttpResponse]

SAFETY = (
    ("Content-Security-Policy", POLICY),
    ("Referrer-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(self), microphone=(), geolocation=(), payment=(), usb=()"),
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("X-Frame-Options", "DENY"),  # for browsers that know no frame-ancestors
)
ONLY_HTTPS = ("Strict-Transport-Security", "max-age=31536000")
LARGEST_BODY = 24 * 1024 * 1024  # forms and files are held to less, with a word at their field


class SecurityHeaders:
    """Also the first door: a body without end would fill the disk before any form could refuse it."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response
        self.headers = SAFETY if settings.DEMO else (*SAFETY, ONLY_HTTPS)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = too_large(request) if is_too_large(request) else self.get_response(request)
        for name, value in self.headers:
            response.headers.setdefault(name, value)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def is_too_large(request: HttpRequest) -> bool:
    length = request.META.get("CONTENT_LENGTH") or ""
    return length.isdigit() and int(length) > LARGEST_BODY


class ProfileMiddleware:
    """Reads one cookie and no session: a public page stays cheap, and may be kept by a cache per cookie."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        profile = parse(request.COOKIES.get(COOKIE, ""))
        request.profile = profile  # type: ignore[attr-defined]
        request.LANGUAGE_CODE = profile.language
        activate(profile.language)
        response = self.get_response(request)
        response.headers.setdefault("Content-Language", profile.language)
        if "Vary" in response.headers:
            patch_vary_headers(response, ("Cookie",))
        else:
            response.headers["Vary"] = "Cookie"
        return response


class LoginRequired(LoginRequiredMiddleware):
    """Django's own reads session and user even for a view that anybody may see."""

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        if not getattr(view_func, "login_required", True):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
