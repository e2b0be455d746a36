from django import forms
from django.utils.translation import gettext_lazy as _

LAST_POSITION = 1000  # far above any test; keeps the number within the column
NOT_SHOWN = _("That answer is not among those shown. Choose one of them.")


class AttemptBeginForm(forms.Form):
    """`deed` was made with the page: sending it twice begins once."""

    deed = forms.UUIDField()


class AttemptAnswerForm(forms.Form):
    position = forms.IntegerField(min_value=1, max_value=LAST_POSITION)
    choice = forms.IntegerField(
        min_value=0,
        max_value=LAST_POSITION,
        error_messages={
            "required": _("You have not chosen an answer yet. Tap one of them, then tap Answer."),
            **dict.fromkeys(("invalid", "min_value", "max_value"), NOT_SHOWN),
        },
    )

    def answer(self) -> dict[str, int]:
        return {"position": self.cleaned_data["position"], "shown": self.cleaned_data["choice"]}
