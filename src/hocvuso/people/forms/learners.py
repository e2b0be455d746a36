from typing import Any

from django import forms
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from hocvuso.base.folding import fold
from hocvuso.base.ids import new_id
from hocvuso.people.consents import WORDING
from hocvuso.people.engine.cleaning import Birth, clean_birth, clean_id_number, clean_name, clean_phone
from hocvuso.people.id_numbers import hash_id_number, lock_id_number
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import NEEDS_TIME, Audience, Person, Sex
from hocvuso.people.queries import alike, places_seen_by
from hocvuso.people.wording import PROBLEMS


def place_choice(viewer: Person, label: Any) -> forms.ModelChoiceField:
    """One of the communes and villages whose people the viewer works with; a sole one is chosen already."""
    places = places_seen_by(viewer)
    found = list(places[:2])
    return forms.ModelChoiceField(
        label=label,
        queryset=places,
        initial=found[0] if len(found) == 1 else None,
        empty_label=_("choose a place"),
    )


HOW = [("spoken", _("read out, and the person said yes")), ("paper", _("signed on paper"))]


class PersonFields(forms.Form):
    """What a helper may enter about a person of the helper's places."""

    full_name = forms.CharField(label=_("Full name"), max_length=200)
    birth = forms.CharField(
        label=_("Year or date of birth"),
        help_text=_("For example 1958 or 15/3/1958."),
        max_length=40,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric"}),
    )
    sex = forms.ChoiceField(label=_("Sex"), choices=Sex.choices, required=False, widget=forms.RadioSelect)
    phone = forms.CharField(
        label=_("Mobile phone"), max_length=40, required=False, widget=forms.TextInput({"inputmode": "tel"})
    )
    audience = forms.ChoiceField(label=_("Group"), choices=Audience.choices, initial=Audience.CITIZEN)
    household = forms.CharField(
        label=_("Household"),
        help_text=_("Its number, or the name of its head."),
        max_length=120,
        required=False,
    )
    needs_time = forms.BooleanField(label=_("Needs more time in tests"), required=False)
    id_number = forms.CharField(
        label=_("Personal ID number"),
        help_text=_("12 digits. It is kept encrypted, and only needed where a confirmation goes to VNeID."),
        max_length=20,
        required=False,
        widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, viewer: Person, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.person = person
        self.fields["place"] = place_choice(viewer, label=_("Village"))

    def clean_full_name(self) -> str:
        name, problem = clean_name(self.cleaned_data["full_name"])
        if name is None:
            raise forms.ValidationError(PROBLEMS[problem])
        return name

    def clean_birth(self) -> Birth:
        birth, problem = clean_birth(self.cleaned_data["birth"], timezone.localdate())
        if problem and problem not in ("birth_missing", "birth_guessed"):
            raise forms.ValidationError(PROBLEMS[problem])
        return birth

    def clean_phone(self) -> str | None:
        phone, problem = clean_phone(self.cleaned_data["phone"])
        if problem:
            raise forms.ValidationError(PROBLEMS[problem])
        if phone and self.others().filter(phone=phone).exists():
            raise forms.ValidationError(PROBLEMS["phone_taken"])
        return phone

    def clean_id_number(self) -> str | None:
        number, problem = clean_id_number(self.cleaned_data["id_number"])
        if problem:
            raise forms.ValidationError(PROBLEMS[problem])
        if number and self.others().filter(id_number_hash=hash_id_number(number)).exists():
            raise forms.ValidationError(PROBLEMS["id_number_taken"])
        return number

    def others(self) -> Any:
        return Person.objects.exclude(pk=self.person.pk) if self.person else Person.objects.all()

    def details(self) -> dict[str, Any]:
        """For register_person and change_person; an ID number left empty stays as it was."""
        given = self.cleaned_data
        birth: Birth = given["birth"]
        details = {name: given[name] for name in ("sex", "phone", "audience")}
        details |= {"birth_year": birth.year, "birth_on": birth.on}
        others = [word for word in (self.person.vulnerabilities if self.person else []) if word != NEEDS_TIME]
        details["vulnerabilities"] = others + [NEEDS_TIME] * given["needs_time"]
        return details | (dict(lock_id_number(given["id_number"])) if given["id_number"] else {})


class PersonAddForm(PersonFields):
    """With the consent, asked before anything is written; nothing is ticked beforehand."""

    learning = forms.BooleanField(label=WORDING[Consent.Purpose.LEARNING])
    contact = forms.BooleanField(label=WORDING[Consent.Purpose.CONTACT], required=False)
    how = forms.ChoiceField(label=_("How was the consent given?"), choices=HOW, widget=forms.RadioSelect)
    sure = forms.BooleanField(label=_("This is somebody else; add all the same"), required=False)
    deed = forms.UUIDField(widget=forms.HiddenInput, initial=new_id)
    field_order = ("deed",)

    @cached_property
    def known(self) -> list[Person]:
        """People of the viewer's places who may be the same."""
        given = self.cleaned_data
        if not {"full_name", "birth", "deed"} <= given.keys():
            return []
        seen = Person.objects.visible_to(self.viewer).select_related("place").exclude(pk=given["deed"])
        return list(alike(seen, folded_name=fold(given["full_name"]), birth_year=given["birth"].year)[:5])

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if not given.get("sure") and self.known:
            raise forms.ValidationError(
                _("This person may already be in the list. Look below."), code="known"
            )
        return given

    def others(self) -> Any:
        """The same form sent twice must not stumble over its own first arrival."""
        return Person.objects.exclude(pk=str(self.cleaned_data.get("deed") or new_id()))

    def purposes(self) -> list[str]:
        return [purpose for purpose in Consent.Purpose.values if self.cleaned_data.get(purpose)]


class PersonSearchForm(forms.Form):
    q = forms.CharField(label=_("Name or phone"), max_length=120, required=False)

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = place_choice(viewer, label=_("Village"))
        places.required, places.empty_label = False, _("all")
        self.fields["place"] = places


class HelperConsentForm(forms.Form):
    """A yes or a withdrawal told to a helper."""

    purpose = forms.ChoiceField(choices=Consent.Purpose.choices)
    given = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])
    how = forms.ChoiceField(choices=HOW, required=False)

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if given.get("given") == "yes" and not given.get("how"):
            raise forms.ValidationError(_("Say how the consent was given."))
        return given


class CardPrintForm(forms.Form):
    contact = forms.CharField(
        label=_("Whom to ask, as printed on the card"),
        help_text=_("For example the community digital team and its phone number."),
        max_length=70,
    )
