"""The drawings of ``icons.svg``, set into the page one by one: a page carries only those it shows."""

import re
from pathlib import Path
from types import MappingProxyType

SYMBOL = re.compile(r'<symbol id="([\w-]+)" viewBox="0 0 24 24"><path d="([^"]+)"/></symbol>')
ICONS = MappingProxyType(dict(SYMBOL.findall(Path(__file__).with_suffix(".svg").read_text(encoding="utf-8"))))


def draw_icon(name: str) -> str:
    """An unknown name raises KeyError: a missing drawing must be met by a test, not by a reader."""
    return f'<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{ICONS[name]}"/></svg>'
