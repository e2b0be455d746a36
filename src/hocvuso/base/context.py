"""What every page template may count on."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hocvuso.base.profile import profile_of


def page(request: HttpRequest) -> dict[str, Any]:
    return {"profile": profile_of(request), "DEMO": settings.DEMO}
