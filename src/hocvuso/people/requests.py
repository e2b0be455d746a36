from django.http import HttpRequest

from hocvuso.people.models import Person


class SignedInRequest(HttpRequest):
    """What a view gets that LoginRequiredMiddleware guards."""

    user: Person
