from django.http import HttpRequest

from hocvuso.people.models.persons import Person


class SignedInRequest(HttpRequest):
    """What a view gets that LoginRequiredMiddleware guards."""

    user: Person
