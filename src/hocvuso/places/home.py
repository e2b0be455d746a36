"""The home place that somebody has chosen on this device: a signed cookie, no account needed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from hocvuso.places.models import Place

COOKIE = "hvs_place"
SALT = "places.home"
KEPT_SECONDS = 365 * 24 * 60 * 60


def chosen_place(request: HttpRequest) -> Place | None:
    """What the chosen unit is today, even if it was merged since; one query, and none without the cookie."""
    code = request.get_signed_cookie(COOKIE, default=None, salt=SALT)
    place = Place.objects.select_related("parent").filter(code=code).first() if code else None
    return place.today() if place else None


def remember_place(response: HttpResponse, place: Place) -> None:
    response.set_signed_cookie(
        COOKIE,
        place.code,
        salt=SALT,
        max_age=KEPT_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def forget_place(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")
