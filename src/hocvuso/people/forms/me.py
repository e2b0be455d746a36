from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from hocvuso.people.consents import WORDING
from hocvuso.people.engine.cleaning import clean_name
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Person
from hocvuso.people.wording import PROBLEMS

ADDRESSES = ("bác", "cô", "chú", "ông", "bà", "anh", "chị", "em", "bạn")


class AddressForm(forms.Form):
    address_as = forms.ChoiceField(
        label=_("How shall we address you?"),
        choices=[("", _("by name only")), *((word, word) for word in ADDRESSES)],
        required=False,
    )


class ConsentForm(forms.Form):
    """A yes or its withdrawal, one purpose at a time."""

    purpose = forms.ChoiceField(choices=Consent.Purpose.choices)
    given = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class BeginForm(forms.Form):
    """Somebody who signed in but is no learner yet. Nothing is ticked beforehand."""

    learning = forms.BooleanField(
        label=WORDING[Consent.Purpose.LEARNING],
        error_messages={
            "required": _("Without this consent we may keep nothing, and so teach nothing by name.")
        },
    )
    contact = forms.BooleanField(label=WORDING[Consent.Purpose.CONTACT], required=False)
    full_name = forms.CharField(label=_("Full name"), max_length=120)

    def clean_full_name(self) -> str:
        name, problem = clean_name(self.cleaned_data["full_name"])
        if name is None:
            raise forms.ValidationError(PROBLEMS[problem])
        return name

    def purposes(self) -> list[str]:
        return [purpose for purpose in Consent.Purpose.values if self.cleaned_data.get(purpose)]


class EraseForm(forms.Form):
    sure = forms.BooleanField(label=_("Yes, erase all of it. I know that this cannot be undone."))


class PasswordForm(forms.Form):
    old = forms.CharField(
        label=_("Password now"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )
    new = forms.CharField(
        label=_("New password"),
        help_text=_(
            "At least 8 letters, digits or signs. Several words are easier to remember than a riddle."
        ),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: object, person: Person, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.person = person

    def clean_old(self) -> str:
        old: str = self.cleaned_data["old"]
        if not self.person.check_password(old):
            raise forms.ValidationError(_("This is not the password now."))
        return old

    def clean_new(self) -> str:
        new: str = self.cleaned_data["new"]
        validate_password(new, self.person)
        return new
