from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from hocvuso.recognition.engine.code import clean, is_well_formed
from hocvuso.recognition.models import Claim
from hocvuso.recognition.queries import Offer

YES_NO = [("yes", _("yes")), ("no", _("no"))]
LONGEST_REASON = 500
MISTYPED = _("This code is not typed correctly. Look once more, sign by sign: twelve letters and digits.")


class ClaimNewForm(forms.Form):
    """Which recognition is claimed, and what the person says of himself. `deed` was made with the page."""

    criteria_set = forms.SlugField()
    deed = forms.UUIDField()
    declared = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, data: Any, *, offers: list[Offer]) -> None:
        super().__init__(data)
        self.offers = {offer.criteria_set.slug: offer for offer in offers}
        keys = [key for offer in offers for key, _rule in offer.declarable]
        self.fields["declared"].choices = [(key, key) for key in keys]  # type: ignore[attr-defined]

    def clean_criteria_set(self) -> Offer:
        offer = self.offers.get(self.cleaned_data["criteria_set"])
        if offer is None:
            raise ValidationError(_("This is no longer offered. Open the page again."), code="gone")
        return offer


class ClaimListForm(forms.Form):
    """Which part of the queue; anything not understood shows what waits."""

    status = forms.ChoiceField(choices=Claim.Status.choices, required=False)

    def chosen(self) -> str:
        self.full_clean()
        return self.cleaned_data.get("status") or Claim.Status.OPEN


class ClaimDecideForm(forms.Form):
    granted = forms.ChoiceField(
        label=_("Your decision"),
        choices=[("yes", _("Confirm")), ("no", _("Not yet"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed for “not yet”: what is missing, and what to do next. The person reads it."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
        required=False,
    )


class CertificateShareForm(forms.Form):
    shared = forms.ChoiceField(choices=YES_NO)


class CertificateRevokeForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The person reads it. Whoever checks the certificate sees only that it was withdrawn."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_REASON,
    )


class CodeVerifyForm(forms.Form):
    ma = forms.CharField(
        label=_("Code on the certificate"),
        help_text=_("Twelve letters and digits, such as K7PM-4XQH-2TVX. Capitals and hyphens do not matter."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the code first."), "max_length": MISTYPED},
    )

    def clean_ma(self) -> str:
        code = clean(self.cleaned_data["ma"])
        if not is_well_formed(code):
            raise ValidationError(MISTYPED, code="mistyped")
        return code
