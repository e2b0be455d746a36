from dataclasses import replace
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_noop

from hocvuso.base.profile import LANGUAGES, SIZES, Profile

ON_OFF = [("on", "on"), ("off", "off")]
FLAGS = ("contrast", "steps", "speak")

DJANGO_SAYS = (  # Django's own sentences, which our catalogue says again in our voice
    gettext_noop("This field is required."),
    gettext_noop("Enter a valid date."),
    gettext_noop("Enter a whole number."),
    gettext_noop("Enter a number."),
    gettext_noop("Enter a valid value."),
    gettext_noop("Enter a valid email address."),
    gettext_noop("Select a valid choice. That choice is not one of the available choices."),
    gettext_noop("Select a valid choice. %(value)s is not one of the available choices."),
    gettext_noop("The submitted file is empty."),
    gettext_noop("No file was submitted. Check the encoding type on the form."),
)


class ProfileUpdateForm(forms.Form):
    """One tap changes one thing; whatever is not understood leaves the profile as it was."""

    size = forms.ChoiceField(choices=[(size, size) for size in SIZES], required=False)
    contrast = forms.ChoiceField(choices=ON_OFF, required=False)
    steps = forms.ChoiceField(choices=ON_OFF, required=False)
    speak = forms.ChoiceField(choices=ON_OFF, required=False)
    language = forms.ChoiceField(choices=[(code, code) for code in LANGUAGES], required=False)
    next = forms.CharField(required=False, max_length=2000)

    def change(self, profile: Profile) -> Profile:
        self.full_clean()
        given = {name: value for name, value in self.cleaned_data.items() if value and name != "next"}
        changes: dict[str, Any] = {
            name: value == "on" if name in FLAGS else value for name, value in given.items()
        }
        return replace(profile, **changes)

    def page_to_return(self, request: HttpRequest) -> str:
        for page in (self.cleaned_data.get("next"), request.headers.get("Referer")):
            if page and url_has_allowed_host_and_scheme(
                page, {request.get_host()}, require_https=request.is_secure()
            ):
                return str(page)
        return "/"
