"""What every page of the room must be: sound HTML with one h1, a language, labels and unique ids."""

from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse


def parsed(response: HttpResponse) -> Element:
    """The page's tree; raises for HTML that a browser would have to mend."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())


def fragment(response: HttpResponse) -> Element:
    """The tree of a part of a page, as a script sets it in."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parseFragment(response.content.decode(), container="div")


def sound(response: HttpResponse, language: str = "vi") -> Element:
    root = parsed(response)
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert response.status_code in (200, 422)
    assert root.get("lang") == language
    assert len(list(root.iter("h1"))) == 1
    assert len(ids) == len(set(ids))
    assert [field for field in fields(root) if not labelled(root, field)] == []
    assert [link for link in root.iter("a") if not words(link)] == []
    return root


def fields(root: Element) -> list[Element]:
    return [node for node in root.iter("input") if node.get("type") != "hidden"]


def labelled(root: Element, field: Element) -> bool:
    around = any(field in label.iter() for label in root.iter("label"))
    return around or any(label.get("for") == field.get("id") for label in root.iter("label"))


def words(node: Element) -> str:
    return " ".join(" ".join(node.itertext()).split())
