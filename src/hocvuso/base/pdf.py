"""Paper: a typst template and its data to PDF, in Be Vietnam Pro."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import typst

PACKAGE = Path(__file__).resolve().parents[1]
FONTS = PACKAGE / "base" / "fonts"


def render_pdf(template_path: Path | str, data: Mapping[str, Any], *, accessible: bool = False) -> bytes:
    """The template reads its data by `json(bytes(sys.inputs.data))`.

    If it sets its document's date, the same data give the same bytes. `accessible` holds it to PDF/UA-1: what
    a screen reader could not read is refused.
    """
    return typst.compile(
        str(template_path),
        root=str(PACKAGE),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["ua-1"] if accessible else [],
    )
