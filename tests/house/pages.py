"""What every page of the house must be, whoever looks at it."""

from collections import Counter
from collections.abc import Iterator
from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse
from html5lib.html5parser import ParseError

UNLABELLED = ("hidden", "submit", "button")
FIELDS = ("input", "select", "textarea")


def faults(response: HttpResponse) -> list[str]:
    """Nothing for a sound page, and for what is no page."""
    if not response.get("Content-Type", "").startswith("text/html"):
        return []
    text = response.content.decode()
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    whole = text.lstrip().lower().startswith("<!doctype")
    try:
        root = parser.parse(text) if whole else parser.parseFragment(text, container="div")
    except ParseError as error:
        return [f"a browser would have to mend it: {error}"]
    return [*(faults_of_whole(root, response) if whole else ()), *faults_of_parts(root)]


def faults_of_whole(root: Element, response: HttpResponse) -> Iterator[str]:
    if root.get("lang") != response["Content-Language"]:
        yield f"lang is {root.get('lang')}"
    if (count := len(list(root.iter("h1")))) != 1:
        yield f"{count} h1"
    if len(list(root.iter("main"))) != 1:
        yield "no main part"
    if not (root.findtext("head/title") or "").strip():
        yield "no title"


def faults_of_parts(root: Element) -> Iterator[str]:
    ids = Counter(node.get("id") for node in root.iter() if node.get("id"))
    yield from (f"id {name} {count} times" for name, count in ids.items() if count > 1)
    yield from (f"no label: {describe(field)}" for field in fields(root) if not labelled(root, field))
    yield from (f"no words: {describe(node)}" for node in pressable(root) if not words(root, node))
    yield from (f"no alt: {describe(image)}" for image in root.iter("img") if image.get("alt") is None)
    yield from inline(root)
    names = set(ids)
    for node in root.iter():
        for attribute in ("for", "aria-labelledby", "aria-describedby", "form"):
            yield from (
                f"{attribute}={one}" for one in (node.get(attribute) or "").split() if one not in names
            )


def inline(root: Element) -> Iterator[str]:
    """What the Content-Security-Policy forbids."""
    yield from ("inline style" for _ in root.iter("style"))
    yield from ("inline script" for script in root.iter("script") if not script.get("src"))
    for node in root.iter():
        yield from (
            f"{name} on {describe(node)}"
            for name, _value in node.items()
            if name == "style" or name[:2] == "on"
        )


def fields(root: Element) -> list[Element]:
    return [field for tag in FIELDS for field in root.iter(tag) if field.get("type") not in UNLABELLED]


def labelled(root: Element, field: Element) -> bool:
    if field.get("aria-label") or field.get("aria-labelledby"):
        return True
    return any(
        field in label.iter() or label.get("for", "-") == field.get("id") for label in root.iter("label")
    )


def pressable(root: Element) -> list[Element]:
    return [node for tag in ("a", "button", "summary") for node in root.iter(tag)]


def words(root: Element, node: Element) -> str:
    alternatives = [image.get("alt") or "" for image in node.iter("img")]
    return (node.get("aria-label") or " ".join([*node.itertext(), *alternatives])).strip()


def describe(node: Element) -> str:
    return f"<{node.tag} {' '.join(f'{name}={value}' for name, value in node.items())}>"
