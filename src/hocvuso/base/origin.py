"""A page that caches may keep carries no secret token: its forms are accepted when our own page sent them."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt


def sent_by_our_page(request: HttpRequest) -> bool:
    """Browsers tell where a form came from and a foreign page cannot change what they tell."""
    site = request.headers.get("Sec-Fetch-Site")
    if site:
        return site in ("same-origin", "none")
    source = request.headers.get("Origin") or request.headers.get("Referer")
    return bool(source) and urlsplit(source).netloc == request.get_host()


def same_origin(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Stands in for the token of CsrfViewMiddleware on forms of cached public pages."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not sent_by_our_page(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return csrf_exempt(wrapped)
