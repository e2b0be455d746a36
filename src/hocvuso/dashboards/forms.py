"""What one may ask of a board, and a village's report that its month is complete."""

from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import new_id
from hocvuso.dashboards.queries.words import title_of
from hocvuso.indicators.models import Indicator
from hocvuso.people.models.persons import AGE_BANDS, Audience, Sex

MONTHS_BACK = 24
DIMENSIONS = (
    "adult=yes",
    *(f"audience={value}" for value in Audience.values),
    *(f"age={label}" for _start, label in AGE_BANDS),
    *(f"sex={value}" for value in Sex.values if value),
)


def months_back(today: date, count: int = MONTHS_BACK) -> list[date]:
    """First days of the last months, oldest first, this month included."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - count + 1, last + 1)]


def month_name(month: date) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")


class BoardForm(forms.Form):
    """The month one looks at and the measure drawn; what is strange falls back to the usual."""

    month = forms.ChoiceField(label=_("Month"))
    measure = forms.ChoiceField(label=_("Trend of"))

    def __init__(self, data: Any, *, indicators: list[Indicator]) -> None:
        months = months_back(timezone.localdate())
        usual = {"month": months[-1].isoformat(), "measure": "confirmed"}
        given = {name: data.get(name) or usual[name] for name in usual}
        super().__init__(given)
        self.titles = {one.slug: title_of(one) for one in indicators}
        self.offer("month", [(month.isoformat(), month_name(month)) for month in reversed(months)])
        self.offer("measure", list(self.titles.items()))
        self.usual = usual

    def offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101 - for the type checker
        field.choices = choices

    def chosen_month(self) -> date:
        return date.fromisoformat(self._chosen("month"))

    def chosen_measure(self) -> str:
        return self._chosen("measure")

    def measure_title(self) -> str:
        return self.titles.get(self.chosen_measure(), self.chosen_measure())

    def query(self) -> str:
        """What was chosen, for links that keep it."""
        return urlencode({"month": self.chosen_month().isoformat(), "measure": self.chosen_measure()})

    def _chosen(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name) or self.usual[name]


class FigureShowForm(forms.Form):
    """Which figure is opened: a dimension of the tally, and a month or the running total."""

    dimension = forms.ChoiceField(choices=[(one, one) for one in DIMENSIONS], required=False)
    month = forms.DateField(required=False)

    def clean_month(self) -> date | None:
        return known_month(self.cleaned_data["month"])

    def chosen(self) -> tuple[str, date | None] | None:
        """None for what no page of ours asks."""
        if not self.is_valid():
            return None
        return self.cleaned_data["dimension"], self.cleaned_data["month"]


def known_month(month: date | None) -> date | None:
    if month is not None and month not in months_back(timezone.localdate()):
        raise forms.ValidationError(_("Open the page again and send once more."))
    return month


class ReportSendForm(forms.Form):
    """`deed` is made with the page, so that a second tap on the button does nothing."""

    deed = forms.UUIDField(widget=forms.HiddenInput)
    month = forms.DateField(widget=forms.HiddenInput)

    @classmethod
    def blank(cls, month: date) -> "ReportSendForm":
        return cls(initial={"deed": new_id(), "month": month})

    def clean_deed(self) -> UUID:
        deed: UUID = self.cleaned_data["deed"]
        if deed.version != 7:
            raise forms.ValidationError(_("Open the page again and send once more."))
        return deed

    def clean_month(self) -> date | None:
        return known_month(self.cleaned_data["month"])
