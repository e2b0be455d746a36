"""The cookie in which a guest's device keeps what was learnt on it; signed, so that nobody invents deeds."""

import binascii
import struct

from django.conf import settings
from django.core.signing import BadSignature, Signer, b64_decode, b64_encode
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from hocvuso.learning.engine.guest import GuestLesson, pack, unpack

COOKIE = "hvs_guest"
KEPT_SECONDS = 180 * 24 * 60 * 60
SIGNER = Signer(salt="learning.guest")


def read_guest(request: HttpRequest) -> dict[int, GuestLesson]:
    """By lesson id; nothing when the cookie is missing, altered or of another installation."""
    try:
        return unpack(b64_decode(SIGNER.unsign(request.COOKIES.get(COOKIE, "")).encode()))
    except (BadSignature, struct.error, binascii.Error, ValueError):
        return {}


def keep_guest(response: HttpResponse, lessons: dict[int, GuestLesson]) -> None:
    response.set_cookie(
        COOKIE,
        SIGNER.sign(b64_encode(pack(lessons.values())).decode()),
        max_age=KEPT_SECONDS,
        path=reverse("learning:need_list"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def forget_guest(response: HttpResponse) -> None:
    response.delete_cookie(COOKIE, path=reverse("learning:need_list"), samesite="Lax")
