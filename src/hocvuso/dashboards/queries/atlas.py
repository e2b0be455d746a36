"""The map of confirmed adults, and what is drawn once and kept until the next fold."""

from pathlib import Path
from typing import Any, cast

import vl_convert
from django.core.cache import cache
from django.utils import timezone

from hocvuso.dashboards.engine.charts import Point
from hocvuso.dashboards.queries.board import adult_bases, share_of
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Fold, Tally
from hocvuso.indicators.queries import (
    by_child,
)
from hocvuso.places.models import Place

MAP_SECONDS = 600


def map_points(place: Place) -> list[Point]:
    """Each commune within, with the share of its adults confirmed; None where that is not known."""
    levels = 2 if place.kind == Place.Kind.COUNTRY else 1
    communes = list(Place.objects.within(place).current().of_kind(Place.Kind.COMMUNE).exclude(latitude=None))
    adults = by_child(place, "confirmed", "adult=yes", levels=levels)
    bases = adult_bases(commune.pk for commune in communes)
    heard = codes_heard() | by_child(place, "learners", levels=levels).keys()

    def share(commune: Place) -> float | None:
        known = commune.code in heard
        return share_of(adults.get(commune.code, 0), bases.get(commune.pk)) if known else None

    return [Point(one.name, one.longitude or 0.0, one.latitude or 0.0, share(one)) for one in communes]


def codes_heard() -> set[str]:
    """Codes of all units that have ever reported, and of those above them."""
    said = Tally.objects.filter(measure="reported", dimension="", period=EVER).values("place")
    paths = Place.objects.filter(pk__in=said).values_list("path", flat=True)
    return {code for path in paths for code in path.rstrip("/").split("/")}


def stamp() -> str:
    """Changes with every fold: what was drawn from tallies is kept until then."""
    last = Fold.objects.values_list("last_seal", flat=True).first() or 0
    return f"{last}-{timezone.localdate():%Y%m%d}"


def kept(key: str, build: Any) -> Any:
    value = cache.get(key)
    if value is None:
        value = build()
        cache.set(key, value, MAP_SECONDS)
    return value


# The interpreter, which spares us 'unsafe-eval', asks Vega for the names an expression must not reach;
# this bundle leaves them out.
FORBIDDEN_NAMES = """
window.vega = {...window.vega, DisallowedObjectProperties: new Set(["__proto__",
  ...Object.getOwnPropertyNames(Object.prototype).filter((n) => typeof Object.prototype[n] === "function")])};
"""


def write_vega(folder: Path) -> None:
    """Vega for the browser, from the package that draws for the server; once a version."""
    target = folder / "dashboards" / "vega.js"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(cast(Any, vl_convert).javascript_bundle() + FORBIDDEN_NAMES, encoding="utf-8")
