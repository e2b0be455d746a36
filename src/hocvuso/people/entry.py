"""Letting a person in: a new session key, a named device, and the reading tools the person is used to."""

from time import time

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse

from hocvuso.base.profile import COOKIE, keep_on_device, parse
from hocvuso.people.devices import name_device
from hocvuso.people.models.persons import Person

BACKEND = "hocvuso.people.backends.NameOrPhoneBackend"
REMEMBER = "remember"


def enter(request: HttpRequest, person: Person, *, remember: bool) -> None:
    """`login` gives the session a new key; without `remember` it ends with the browser."""
    login(request, person, backend=BACKEND)
    request.session["device"] = name_device(request.headers.get("User-Agent", ""))
    request.session["since"] = int(time())
    request.session.pop(REMEMBER, None)
    request.session.set_expiry(None if remember else 0)


def bring_reading_tools(request: HttpRequest, response: HttpResponse, person: Person) -> None:
    """On a device that knows nothing yet; one that was set up keeps its own."""
    if person.profile and COOKIE not in request.COOKIES:
        keep_on_device(response, parse(person.profile))
