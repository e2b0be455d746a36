from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.actions import Given
from hocvuso.assessment.engine.marking import LONGEST_TEXT
from hocvuso.assessment.models.sessions import Seat
from hocvuso.assessment.models.tests import Test
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place

LAST_POSITION = 1000  # far above any test; keeps the number within the column
NOT_SHOWN = _("That answer is not among those shown. Choose one of them.")


class AttemptBeginForm(forms.Form):
    """`deed` was made with the page: sending it twice begins once."""

    deed = forms.UUIDField()


class PlacesField(forms.Field):
    """Every `choice` of the page, in its order: places on the screen or ranks; None for nothing chosen."""

    widget = forms.MultipleHiddenInput

    def clean(self, value: list[str] | None) -> list[int | None]:
        given = value or []
        if not all(one == "" or (one.isascii() and one.isdigit() and len(one) < 4) for one in given):
            raise forms.ValidationError(NOT_SHOWN)
        return [int(one) if one else None for one in given]


class AttemptAnswerForm(forms.Form):
    """Whether an answer is whole depends on the kind of item, which the action knows."""

    position = forms.IntegerField(min_value=1, max_value=LAST_POSITION)
    choice = PlacesField(required=False)
    text = forms.CharField(max_length=LONGEST_TEXT, required=False)

    def given(self) -> Given:
        data = self.cleaned_data
        return Given(data["position"], data["choice"], data["text"])


class CalibrationDecideForm(forms.Form):
    decision = forms.ChoiceField(choices=[("activate", ""), ("discard", "")])


class SessionNewForm(forms.Form):
    """A test to sit together, in one of the places that the invigilator answers for."""

    test = forms.ModelChoiceField(Test.objects.none(), label=_("Test"), empty_label=None)
    place = forms.ModelChoiceField(Place.objects.none(), label=_("Place"), empty_label=None)
    venue = forms.CharField(label=_("Where"), help_text=_("For example: the village hall"), max_length=120)
    held_at = forms.DateTimeField(
        label=_("When"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%d/%m/%Y %H:%M"],
    )

    def __init__(self, *args: Any, invigilator: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [role.place.pk for role in invigilator.current_roles() if role.place and role.sees_names()]
        cast(Any, self.fields["test"]).queryset = Test.objects.current()
        cast(Any, self.fields["place"]).queryset = Place.objects.filter(pk__in=places)


class SessionActForm(forms.Form):
    act = forms.ChoiceField(choices=[(name, "") for name in ("open", "pause", "resume", "end")])


class SeatAddForm(forms.Form):
    """Somebody whom the invigilator may see, found by name."""

    q = forms.CharField(label=_("Name"), max_length=120, required=False)


class SeatListForm(forms.Form):
    person = forms.UUIDField()


class SeatSeeForm(forms.Form):
    how = forms.ChoiceField(choices=Seat.Seen.choices)


class IncidentForm(forms.Form):
    text = forms.CharField(label=_("What happened"), max_length=300)
    seat = forms.IntegerField(required=False)


class SessionJoinForm(forms.Form):
    code = forms.CharField(
        label=_("Code of the session"), max_length=12, help_text=_("Six letters and digits on the board.")
    )
