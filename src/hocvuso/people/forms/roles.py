from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.people.models.persons import Person, Role
from hocvuso.people.queries import communes_of_officer
from hocvuso.places.models import Place


class RoleGrantForm(forms.Form):
    """A commune's officer makes one of the commune's people its helper or reviewer."""

    person = forms.CharField(
        label=_("Phone number or user name"),
        help_text=_("Of somebody who is registered in the commune and has one of the two."),
        max_length=60,
    )
    kind = forms.ChoiceField(
        label=_("Role"),
        choices=[(kind.value, kind.label) for kind in (Role.Kind.HELPER, Role.Kind.REVIEWER)],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, officer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.officer = officer
        communes = communes_of_officer(officer)
        below = Place.objects.current().filter(parent__in=communes)
        places = (Place.objects.filter(pk__in=communes) | below).order_by("path")
        self.fields["place"] = forms.ModelChoiceField(
            label=_("Over which place?"), queryset=places, empty_label=_("choose a place")
        )

    def clean_person(self) -> Person:
        found = Person.objects.visible_to(self.officer).by_sign_in_name(self.cleaned_data["person"])
        if found is None:
            raise forms.ValidationError(_("Nobody of your commune is registered with this name or number."))
        return found
