from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from hocvuso.people.codes import CODE_LENGTH, PIN_LENGTH, clean_code


class SignInForm(forms.Form):
    """The password door. Which of name and password was wrong is not said."""

    name = forms.CharField(
        label=_("Phone number or user name"),
        max_length=60,
        widget=forms.TextInput({"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    remember = forms.BooleanField(label=_("This is my own phone or computer: remember me"), required=False)
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


class CardFindForm(forms.Form):
    """The card's code typed by hand, when there is no camera."""

    code = forms.CharField(
        label=_("Card code"),
        help_text=_("Ten letters and digits under the QR square on the card."),
        max_length=40,
        widget=forms.TextInput(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, initial: dict[str, Any] | None = None) -> None:
        super().__init__(data, initial=initial, auto_id="card_%s")

    def clean_code(self) -> str:
        code = clean_code(self.cleaned_data["code"])
        if len(code) != CODE_LENGTH:
            raise forms.ValidationError(
                _("A card code has ten letters and digits. Please look at the card again.")
            )
        return code


class CardOpenForm(forms.Form):
    pin = forms.RegexField(
        regex=rf"^[0-9]{{{PIN_LENGTH}}}$",
        label=_("The 4 secret digits (PIN)"),
        error_messages={"invalid": _("The PIN has 4 digits.")},
        widget=forms.TextInput(
            {
                "inputmode": "numeric",
                "autocomplete": "off",
                "maxlength": PIN_LENGTH,
                "class": "pin",
                "pattern": "[0-9]*",
            }
        ),
    )
    remember = forms.BooleanField(label=_("This is my own phone or computer: remember me"), required=False)
    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)


def page_after(form: forms.Form, request: HttpRequest) -> str:
    """Where the reader was going, if that is a page of ours; else the first page."""
    target: Any = form.cleaned_data.get("next")
    ours = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return str(target) if target and ours else "/"
