from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from hocvuso.base.spreadsheet import LARGEST_FILE, Refused, read_sheets
from hocvuso.places.engine.naming import VILLAGE_TYPES
from hocvuso.places.engine.villages import VillageRow, check_lines, names_in
from hocvuso.places.models import Place

MOST_VILLAGES = 500
LONGEST_LIST = 40_000
LIVE_SEARCH = {
    "type": "search",
    "autocomplete": "off",
    "autocapitalize": "off",
    "spellcheck": "false",
    "enterkeyhint": "search",
    "hx-get": reverse_lazy("places:place_search"),
    "hx-trigger": "input changed delay:200ms",
    "hx-target": "#results",
    "hx-include": "closest form",
    "hx-sync": "this:replace",
}
REFUSALS = {
    "empty": _("The file is empty."),
    "too_big": _("The file is larger than 5 MB. Keep only the list of villages in it."),
    "encrypted": _("The file is locked by a password. Take the password off, then choose it again."),
    "swollen": _("The file holds far more than a list of villages. Copy the names and paste them instead."),
    "not_a_sheet": _("This is not a spreadsheet. Choose an .xlsx or .csv file, or paste the names."),
}


class NextForm(forms.Form):
    """Forms that lead back to the page one came from."""

    next = forms.CharField(required=False, max_length=2000, widget=forms.HiddenInput)

    def page_to_return(self, request: HttpRequest) -> str:
        page = self.cleaned_data.get("next", "")
        safe = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
        return page if safe else "/"


class PlaceSearchForm(NextForm):
    q = forms.CharField(
        label=_("Commune, ward, or an old name"),
        help_text=_("No need for diacritics. For example: tho xuan, huyện Thọ Xuân, quận 3."),
        max_length=100,
        error_messages={
            "required": _("Type the name of a place."),
            "max_length": _("This is too long for the name of a place. Type only the name."),
        },
        widget=forms.TextInput(LIVE_SEARCH),
    )


class PlaceChooseForm(NextForm):
    """The code stands in our own page, so one that is not known was invented."""

    code = forms.ModelChoiceField(
        Place.objects.filter(kind__in=[Place.Kind.COMMUNE, Place.Kind.VILLAGE]).select_related("parent"),
        to_field_name="code",
    )


class VillageImportForm(forms.Form):
    names = forms.CharField(
        label=_("Names, one on each line"),
        required=False,
        max_length=LONGEST_LIST,
        widget=forms.Textarea({"rows": 12, "spellcheck": "false"}),
        error_messages={"max_length": _("The list is too long. Paste at most 500 names at a time.")},
    )
    file = forms.FileField(label=_("Or a file"), help_text=_("An .xlsx or .csv file."), required=False)
    type_name = forms.ChoiceField(
        label=_("Names without a type are"),
        choices=[(name, name) for name in VILLAGE_TYPES],
        error_messages={"invalid_choice": _("Choose one from the list.")},
    )

    def clean_file(self) -> list[str]:
        """The names in the file."""
        file = self.cleaned_data["file"]
        if not file:
            return []
        if file.size > LARGEST_FILE:
            raise ValidationError(REFUSALS["too_big"])
        try:
            sheets = read_sheets(file.read())
        except Refused as refused:
            raise ValidationError(REFUSALS[refused.code]) from refused
        return next((names for sheet in sheets if any(names := names_in(sheet))), [])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        lines = [*data.get("names", "").splitlines(), *(data.get("file") or [])]
        count = sum(bool(line.strip()) for line in lines)
        if not self.errors and not count:
            raise ValidationError(_("Paste the names or choose a file."))
        if count > MOST_VILLAGES:
            raise ValidationError(_("The list is too long. Paste at most 500 names at a time."))
        return {**data, "lines": lines}

    def check_rows(self, commune: Place) -> list[VillageRow]:
        there = commune.children.current().values_list("name", flat=True)
        return check_lines(self.cleaned_data["lines"], type_name=self.cleaned_data["type_name"], there=there)

    def to_correct(self, rows: list[VillageRow]) -> "VillageImportForm":
        """The same list as text, to be corrected or to be created."""
        names = "\n".join(self.cleaned_data["lines"])
        return VillageImportForm(initial={"names": names, "type_name": self.cleaned_data["type_name"]})
