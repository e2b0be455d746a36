"""Charts for those who look after a bank: verdicts, lengths, exposure, information, item curves."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np

from hocvuso.assessment.engine.irt import Floats
from hocvuso.base.charts import ACCENT, EDGE, finish

WIDTH, HEIGHT = 420, 220
Spec = dict[str, Any]


def inline(rows: Sequence[Mapping[str, Any]]) -> alt.InlineData:
    return alt.InlineData(values=[dict(row) for row in rows])


def level(field: str, value: float) -> alt.Chart:
    """A dashed line at a value: a cut, a limit."""
    axis = {"x": alt.X("at:Q")} if field == "x" else {"y": alt.Y("at:Q")}
    return alt.Chart(inline([{"at": value}])).mark_rule(color=EDGE, strokeDash=[5, 4]).encode(**axis)


def share_chart(points: Sequence[tuple[float, float]], *, x: str, y: str, limit: float) -> Spec:
    """Shares from 0 to 1 over logits, with the least share asked for."""
    rows = [{"x": round(at, 3), "y": round(share, 4)} for at, share in points]
    lowest = min([share for _at, share in points] + [limit])
    line = (
        alt.Chart(inline(rows))
        .mark_line(color=ACCENT, strokeWidth=2.5, point=alt.OverlayMarkDef(color=ACCENT, size=40))
        .encode(
            x=alt.X("x:Q", title=x),
            y=alt.Y(
                "y:Q",
                title=y,
                scale=alt.Scale(domain=[min(0.8, lowest), 1]),
                axis=alt.Axis(format=".0%", tickCount=5),
            ),
        )
    )
    return finish(alt.layer(line, level("y", limit)).properties(width=WIDTH, height=HEIGHT))


def band_chart(rows: Sequence[tuple[float, float, float, float]], *, x: str, y: str) -> Spec:
    """`rows`: at, low, middle, high."""
    data = inline([{"x": at, "low": low, "middle": middle, "high": high} for at, low, middle, high in rows])
    base = alt.Chart(data).encode(x=alt.X("x:Q", title=x))
    band = base.mark_area(color=ACCENT, opacity=0.15).encode(y=alt.Y("low:Q", title=y), y2="high:Q")
    middle = base.mark_line(color=ACCENT, strokeWidth=2.5).encode(y="middle:Q")
    return finish(alt.layer(band, middle).properties(width=WIDTH, height=HEIGHT))


def exposure_chart(rates: Sequence[float], *, x: str, y: str, limit: float) -> Spec:
    """Each item's exposure, the most exposed first."""
    rows = [{"x": place, "y": round(rate, 4)} for place, rate in enumerate(sorted(rates, reverse=True), 1)]
    area = (
        alt.Chart(inline(rows))
        .mark_area(color=ACCENT, opacity=0.6, interpolate="step")
        .encode(
            x=alt.X("x:Q", title=x, scale=alt.Scale(nice=False)),
            y=alt.Y("y:Q", title=y, axis=alt.Axis(format=".0%")),
        )
    )
    return finish(alt.layer(area, level("y", limit)).properties(width=WIDTH, height=HEIGHT))


def information_chart(grid: Floats, curves: Mapping[str, Floats], cut: float, *, x: str, y: str) -> Spec:
    """What a bank tells at each ability, by group: where it is thin, write items."""
    rows = [
        {"x": round(float(at), 2), "y": round(float(value), 3), "group": name}
        for name, curve in curves.items()
        for at, value in zip(grid, curve, strict=True)
    ]
    area = (
        alt.Chart(inline(rows))
        .mark_area(opacity=0.85)
        .encode(
            x=alt.X("x:Q", title=x),
            y=alt.Y("y:Q", title=y, stack=True),
            color=alt.Color("group:N", title=None, scale=alt.Scale(scheme="tableau10")),
        )
    )
    return finish(alt.layer(area, level("x", cut)).properties(width=WIDTH, height=HEIGHT))


def curve_chart(
    grid: Floats, curve: Floats, seen: Sequence[tuple[float, float, int]], *, x: str, y: str
) -> Spec:
    """An item's curve with what people of like ability did: (ability, share right, how many)."""
    line = (
        alt.Chart(inline([{"x": float(at), "y": float(p)} for at, p in zip(grid, curve, strict=True)]))
        .mark_line(color=ACCENT, strokeWidth=2)
        .encode(
            x=alt.X("x:Q", title=x),
            y=alt.Y("y:Q", title=y, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%")),
        )
    )
    dots = (
        alt.Chart(inline([{"x": at, "y": share, "n": many} for at, share, many in seen]))
        .mark_circle(color=EDGE, opacity=0.9)
        .encode(x="x:Q", y="y:Q", size=alt.Size("n:Q", legend=None, scale=alt.Scale(range=[20, 160])))
    )
    return finish(alt.layer(line, dots).properties(width=200, height=140))


def group_information(information: Floats, group: Sequence[int], names: Sequence[str]) -> dict[str, Floats]:
    """Summed over the items of each group; `information` is shaped (points, items)."""
    numbers = np.asarray(group)
    return {name: information[:, numbers == number].sum(axis=1) for number, name in enumerate(names)}
