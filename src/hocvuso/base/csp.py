"""What a page may load: only our own files, nothing inline. A view that needs more says ``csp_extra``."""

from collections.abc import Callable
from functools import wraps
from types import MappingProxyType
from typing import Any

from django.http import HttpRequest, HttpResponse

SOURCES = MappingProxyType(
    {
        "default-src": "'self'",
        "img-src": "'self' data:",
        "style-src": "'self'",
        "script-src": "'self'",
        "object-src": "'none'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
    }
)


def build_policy(**extra: str) -> str:
    """``build_policy(style_src="'unsafe-inline'")`` adds to the named source and leaves the others."""
    added = {name.replace("_", "-"): value for name, value in extra.items()}
    names = [*SOURCES, *(name for name in added if name not in SOURCES)]
    return "; ".join(
        f"{name} {SOURCES.get(name, '')} {added.get(name, '')}".strip() for name in names
    ).replace("  ", " ")


POLICY = build_policy()


def csp_extra(**extra: str) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    policy = build_policy(**extra)

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            response.headers["Content-Security-Policy"] = policy
            return response

        return wrapped

    return decorate
