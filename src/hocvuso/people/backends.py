"""Signing in by user name or phone number with a password."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.contrib.auth.hashers import make_password
from django.http import HttpRequest

from hocvuso.people.models.persons import Person


class NameOrPhoneBackend(BaseBackend):
    def authenticate(
        self, request: HttpRequest | None, username: str = "", password: str = "", **kwargs: Any
    ) -> Person | None:
        person = Person.objects.by_sign_in_name(username)
        if person is None:
            make_password(password)  # the same time whether or not the name exists
            return None
        return person if person.check_password(password) and person.may_enter() else None

    def get_user(self, user_id: Any) -> Person | None:
        person = Person.objects.filter(pk=user_id).first()
        return person if person and person.may_enter() else None
