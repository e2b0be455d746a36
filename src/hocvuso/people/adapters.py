"""How allauth behaves here: our own sign-in page is the only password door, and helpers make the accounts."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _

from hocvuso.people.entry import REMEMBER, enter
from hocvuso.people.id_numbers import lock_text, unlock_text
from hocvuso.people.limits import address_of
from hocvuso.people.models.persons import Person

LONGEST_NAME = 120


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_password": _("This is not the password now."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Person) -> None:
        """The last step of every way in that allauth leads (password, second factor, identity provider)."""
        enter(request, user, remember=bool(request.session.get(REMEMBER)))

    def clean_username(self, username: str | None, shallow: bool = False) -> str | None:
        """Whoever comes by an identity provider has none."""
        return username

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        return redirect("people:sign_in")

    def get_client_ip(self, request: HttpRequest) -> str:
        """Behind our own proxy too, so that one guesser does not shut the door for all."""
        return address_of(request)

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say what happened themselves."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right, or no longer. Type the one the app shows now."),
    }

    def encrypt(self, text: str) -> str:
        """Who copies the database cannot make codes with it."""
        return lock_text(text)

    def decrypt(self, encrypted_text: str) -> str:
        return unlock_text(encrypted_text)


class SocialAccountAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """An identity provider vouches for (provider, subject) and for nothing else.

    A phone number or e-mail in its answer is never matched with ours: a helper may have mistyped one. Whoever
    is already known links the account from the own page. Somebody new gets in without a home place, and
    chooses it.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def is_auto_signup_allowed(self, request: HttpRequest, sociallogin: Any) -> bool:
        return True

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Person:
        person: Person = sociallogin.user
        claimed = sociallogin.account.extra_data.get("name") or data.get("name") or ""
        person.full_name = " ".join(str(claimed).split())[:LONGEST_NAME]
        return person

    def save_user(self, request: HttpRequest, sociallogin: Any, form: Any = None) -> Person:
        person: Person = sociallogin.user
        person.set_unusable_password()
        sociallogin.save(request)
        return person
