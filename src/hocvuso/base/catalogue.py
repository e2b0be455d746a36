"""The Vietnamese catalogue: what asks to be translated, and whether it is; no system tools."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

Message = tuple[str | None, str | tuple[str, str]]  # context, msgid or (singular, plural)
KEYWORDS = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def extract_messages(package: Path) -> dict[Message, list[tuple[str, int]]]:
    """Every message of the package's Python and templates, with the places it stands in; tests left out."""
    found: dict[Message, list[tuple[str, int]]] = {}
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.html"), *package.rglob("*.txt")]):
        if {"tests", "migrations", "static"} & set(path.relative_to(package).parts):
            continue
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            source = templatize(source)
        for line, message, _comments, context in extract(
            "python", BytesIO(source.encode()), keywords=KEYWORDS
        ):
            key = message if isinstance(message, str) else (message[0], message[1])
            if key:
                found.setdefault((context, key), []).append((str(path.relative_to(package.parent)), line))
    return found


def read_catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="vi", domain="django")


def write_catalogue(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=110, sort_output=True, omit_header=False, no_location=True)


def compile_catalogue(path: Path) -> Path:
    """Write the .mo beside the .po if it is missing or older; returns it."""
    target = path.with_suffix(".mo")
    if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
        with target.open("wb") as file:
            write_mo(file, read_catalogue(path))
    return target


def find_faults(messages: Iterable[Message], catalogue: Catalog) -> list[str]:
    """What is missing, fuzzy, or has lost a placeholder, in words."""
    faults = []
    for context, key in messages:
        entry = catalogue.get(key, context)
        name = key if isinstance(key, str) else key[0]
        if entry is None or not any(
            entry.string if isinstance(entry.string, (tuple, list)) else [entry.string]
        ):
            faults.append(f"missing: {name!r}")
        elif entry.fuzzy:
            faults.append(f"fuzzy: {name!r}")
        else:
            faults += [f"broken: {name!r}: {error}" for error in entry.check(catalogue)]
    return faults
