from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.spreadsheet import LARGEST_FILE, Cells, Refused, read_sheets
from hocvuso.people.engine.roster import NoHeading, Reading, TooManyRows, read_roster
from hocvuso.people.forms.learners import HOW, place_choice
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Person
from hocvuso.people.models.rosters import Roster, RosterRow
from hocvuso.people.roster_lines import Line
from hocvuso.people.wording import REFUSALS
from hocvuso.places.models import Place


class RosterNewForm(forms.Form):
    """The file is read right here, so that what is wrong with it stands at its field."""

    file = forms.FileField(
        label=_("The class list"),
        help_text=_("As it is: .xlsx, .xls, .ods or .csv, up to 5 MB and 5,000 people."),
        allow_empty_file=True,
        widget=forms.FileInput({"accept": ".xlsx,.xls,.ods,.csv,.txt"}),
    )

    def __init__(self, *args: Any, viewer: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["place"] = place_choice(viewer, label=_("Of which place?"))
        self.seen: list[list[str]] = []

    def clean_file(self) -> Reading:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST_FILE:
            raise forms.ValidationError(REFUSALS["too_big"])
        try:
            return self.read(read_sheets(file.read()))
        except Refused as refused:
            raise forms.ValidationError(REFUSALS[refused.code]) from refused
        except TooManyRows as refused:
            raise forms.ValidationError(REFUSALS["too_many_rows"]) from refused

    def file_name(self) -> str:
        return str(getattr(self.files["file"], "name", ""))

    def read(self, sheets: list[Cells]) -> Reading:
        """The first sheet with a heading and people below it."""
        for cells in sheets:
            try:
                reading = read_roster(cells, today=timezone.localdate())
            except NoHeading as refused:
                self.seen = self.seen or refused.seen
                continue
            if reading.rows:
                return reading
        raise forms.ValidationError(_("No row names the columns. A column “Họ và tên” is needed."))


class RosterRowForm(forms.Form):
    """One row, as text: it goes the same way as the text of a file."""

    number = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Full name"), max_length=200, required=False)
    birth = forms.CharField(label=_("Birth"), max_length=40, required=False)
    sex = forms.ChoiceField(
        label=_("Sex"), choices=[("", "–"), ("Nữ", _("Female")), ("Nam", _("Male"))], required=False
    )
    phone = forms.CharField(label=_("Mobile phone"), max_length=40, required=False)
    village = forms.ChoiceField(label=_("Village"), required=False)
    choice = forms.ChoiceField(label=_("What to do"))

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, row: RosterRow, villages: Mapping[int, str]
    ) -> None:
        super().__init__(data, prefix=f"r{row.number}", initial=text_of(row, villages))
        self.row = row
        names = [("", _("the commune as a whole")), *((name, name) for name in villages.values())]
        self.fields["village"].choices = names  # type: ignore[attr-defined]
        choices = [choice for choice in RosterRow.Choice.choices if choice[0] != "same" or row.person_id]
        self.fields["choice"].choices = choices  # type: ignore[attr-defined]

    def correction(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "number"}


def text_of(row: RosterRow, villages: Mapping[int, str]) -> dict[str, Any]:
    """What the fields show: the cleaned value, or what was typed where it could not be understood."""
    values, raw, line = row.values, row.raw, Line(row)
    return {
        "number": row.number,
        "name": values.get("name") or raw.get("name", ""),
        "birth": line.birth() or raw.get("birth", ""),
        "sex": {"female": "Nữ", "male": "Nam"}.get(values.get("sex", ""), ""),
        "phone": line.phone() or raw.get("phone", ""),
        "village": villages.get(values.get("place", 0), ""),
        "choice": row.choice,
    }


class RosterCommitForm(forms.Form):
    """The consents of a whole class, as they were asked. Nothing is ticked beforehand."""

    learning = forms.BooleanField(
        label=_("I asked each of them in the first of these words, and they said yes")
    )
    contact = forms.BooleanField(label=_("I asked the second too, and they said yes"), required=False)
    how = forms.ChoiceField(label=_("How was the consent given?"), choices=HOW, widget=forms.RadioSelect)

    def purposes(self) -> list[str]:
        return [purpose for purpose in Consent.Purpose.values if self.cleaned_data.get(purpose)]


class RosterCardsForm(forms.Form):
    """Cards go by parts of 200, so that a sheet comes within seconds."""

    contact = forms.CharField(
        label=_("Whom to ask, as printed on the card"),
        help_text=_("For example the community digital team and its phone number."),
        max_length=70,
    )
    which = forms.ChoiceField(
        label=_("For whom?"),
        choices=[
            ("new", _("those who have no card yet")),
            ("all", _("everybody in this list; the old cards end")),
        ],
        widget=forms.RadioSelect,
        initial="new",
    )
    part = forms.ChoiceField(label=_("Part of the list"), required=False)

    def __init__(self, *args: Any, parts: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        numbers = [(number, str(number)) for number in range(1, parts + 1)]
        self.fields["part"].choices = numbers  # type: ignore[attr-defined]
        if parts == 1:
            self.fields["part"].widget = forms.HiddenInput()


def villages_of(roster: Roster) -> dict[int, str]:
    below = Place.objects.current().within(roster.place).exclude(pk=roster.place_id)
    return dict(below.order_by("path").values_list("pk", "name"))
