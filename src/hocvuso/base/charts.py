"""How every chart looks: Altair specifications in our colours, and their pictures."""

from typing import Any

import vl_convert

INK, SOFT, EDGE, LINE, SHEET = "#26221b", "#5c5446", "#a4977c", "#ddd0b6", "#fffdf8"
ACCENT = "#a3164a"

FONT = "Be Vietnam Pro, sans-serif"

CONFIG: dict[str, Any] = {
    "background": SHEET,
    "font": FONT,
    "padding": 12,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": SOFT,
        "titleColor": SOFT,
        "gridColor": LINE,
        "domainColor": LINE,
        "labelFontSize": 13,
        "titleFontSize": 13,
    },
    "legend": {
        "labelColor": INK,
        "titleColor": SOFT,
        "labelFontSize": 13,
        "titleFontSize": 13,
        "orient": "bottom",
        "columns": 3,
    },
    "title": {"color": INK, "fontSize": 15, "fontWeight": 600},
}


def finish(chart: Any) -> dict[str, Any]:
    spec: dict[str, Any] = chart.to_dict()
    spec["config"] = CONFIG
    return spec


def draw(spec: dict[str, Any]) -> str:
    """The picture as SVG text."""
    return vl_convert.vegalite_to_svg(spec)
