"""Indicators, targets and tallies for tests of every room."""

from datetime import date
from functools import cache

from django.conf import settings

from hocvuso.base.content import Parsed, read
from hocvuso.indicators.content import IndicatorShape, load_indicator
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Indicator, Tally, Target
from hocvuso.places.models import Place

DUE_ON = date(2026, 12, 31)


def make_indicators() -> None:
    """Those that the product ships."""
    for parsed in shipped_indicators():
        load_indicator(parsed)


@cache
def shipped_indicators() -> list[Parsed[IndicatorShape]]:
    documents = [
        read(path, settings.CONTENT)[0] for path in sorted(settings.CONTENT.glob("indicators/*.yaml"))
    ]
    return [Parsed(document, IndicatorShape.model_validate(document.data)) for document in documents]


def make_target(place: Place, indicator: str = "confirmed", **fields: object) -> Target:
    """80 % of the adults by the end of 2026, unless said otherwise."""
    if not Indicator.objects.filter(slug=indicator).exists():
        make_indicators()
    defaults = {
        "dimension": "adult=yes",
        "kind": "percent",
        "value": 80,
        "denominator": "adults",
        "due_on": DUE_ON,
        "source": "Kế hoạch mẫu",
    }
    return Target.objects.create(
        place=place, indicator=Indicator.objects.get(slug=indicator), **defaults | fields
    )


def make_tally(place: Place, measure: str, value: int, dimension: str = "", period: date = EVER) -> Tally:
    """A figure without records, for pages that only show it."""
    return Tally.objects.create(place=place, measure=measure, dimension=dimension, period=period, value=value)
