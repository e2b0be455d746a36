from django import forms
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.actions import Given
from hocvuso.assessment.engine.marking import LONGEST_TEXT

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
