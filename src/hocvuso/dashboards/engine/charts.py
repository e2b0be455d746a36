"""Chart specifications (Vega-Lite, made with Altair)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt

from hocvuso.base.charts import ACCENT, EDGE, SHEET, SOFT, finish

# light to dark, readable in grey as well; missing is hollow, never the pale end of the scale
STEPS = ("#f0cfd5", "#dc93a6", "#c4587b", "#a3164a", "#6a0a2c")
LIMITS = (20, 40, 60, 80)
COUNTRY_BOX = ((102.0, 8.0), (117.6, 23.6))  # degrees; with the sea that holds Hoàng Sa and Trường Sa
WIDTH, HEIGHT = 420, 460


@dataclass(frozen=True)
class Point:
    """A place on the map. `share` is a percentage, None where it is missing."""

    name: str
    longitude: float
    latitude: float
    share: float | None


def trend_spec(
    months: Sequence[date], values: Sequence[int], title: str, target: float | None = None
) -> dict[str, Any]:
    """A line over months, from zero, with the target as a dashed line."""
    rows = [{"month": month.isoformat(), "value": value} for month, value in zip(months, values, strict=True)]
    chart = alt.Chart(alt.InlineData(values=rows)).encode(
        x=alt.X("month:T", title=None, axis=alt.Axis(format="%m/%y", grid=False, labelOverlap=True)),
        y=alt.Y(
            "value:Q", title=title, scale=alt.Scale(zero=True), axis=alt.Axis(format=",d", tickMinStep=1)
        ),
    )
    layers = [
        chart.mark_area(color=ACCENT, opacity=0.12),
        chart.mark_line(color=ACCENT, strokeWidth=2.5, point=alt.OverlayMarkDef(color=ACCENT, size=30)),
    ]
    return finish(alt.layer(*layers).properties(width=WIDTH, height=220))


def map_spec(points: Sequence[Point], title: str, missing: str) -> dict[str, Any]:
    """One dot a unit at its place, coloured by share; a missing one is a small hollow ring."""
    (west, south), (east, north) = box_round(points)
    between = [f"{low}–{high}%" for low, high in zip(LIMITS, LIMITS[1:], strict=False)]
    labels = [f"< {LIMITS[0]}%", *between, f"≥ {LIMITS[-1]}%", missing]
    rows = [
        {"n": p.name, "x": round(p.longitude, 3), "y": round(p.latitude, 3), "label": labels[bin_of(p.share)]}
        for p in points
    ]
    colour = alt.Color(
        "label:N",
        title=title,
        sort=labels,
        scale=alt.Scale(domain=labels, range=[*STEPS, SHEET]),
        legend=alt.Legend(symbolStrokeColor=SOFT, symbolSize=90, titleLimit=WIDTH),
    )
    rows.sort(key=lambda row: row["label"] != missing)  # what is known lies on top
    unknown = alt.datum.label == missing
    small, large = (5, 26) if len(rows) > 500 else (30, 110)
    chart = (
        alt.Chart(alt.InlineData(values=rows))
        .mark_circle(opacity=1, strokeWidth=0.5 if len(rows) > 500 else 1)
        .encode(
            x=alt.X("x:Q", axis=None, scale=alt.Scale(domain=[west, east], nice=False)),
            y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[south, north], nice=False)),
            size=alt.condition(unknown, alt.value(small), alt.value(large)),
            stroke=alt.condition(unknown, alt.value(EDGE), alt.value(SHEET)),
            color=colour,
            tooltip=[alt.Tooltip("n:N", title=" "), alt.Tooltip("label:N", title=title)],
        )
        .properties(width=WIDTH, height=map_height(west, south, east, north))
    )
    return finish(chart)


def bin_of(share: float | None) -> int:
    return len(STEPS) if share is None else sum(share >= limit for limit in LIMITS)


def box_round(points: Sequence[Point]) -> tuple[tuple[float, float], tuple[float, float]]:
    """The country's own frame when the points spread over it, else a frame round the points."""
    if not points:
        return COUNTRY_BOX
    west, east = min(p.longitude for p in points), max(p.longitude for p in points)
    south, north = min(p.latitude for p in points), max(p.latitude for p in points)
    if east - west > 8:
        return COUNTRY_BOX
    margin = max(east - west, north - south, 0.05) * 0.06
    return (west - margin, south - margin), (east + margin, north + margin)


def map_height(west: float, south: float, east: float, north: float) -> int:
    """Degrees of latitude are a little longer than those of longitude at 16° north (1 / cos 16°)."""
    return round(min(max(WIDTH * (north - south) / (east - west) * 1.04, 200), 640))
