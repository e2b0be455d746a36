"""What every page must be: sound HTML in the reader's language with one h1, labels and unique ids."""

from xml.etree.ElementTree import Element

import html5lib
from django.http import HttpResponse

HIDDEN = ("hidden", "submit")


def sound(response: HttpResponse, status: int = 200) -> Element:
    """The page's tree; raises for HTML that a browser would have to mend."""
    assert response.status_code == status
    root = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(response.content.decode())
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    assert root.get("lang") == "vi"
    assert len(list(root.iter("h1"))) == 1
    assert len(ids) == len(set(ids))
    fields = [node for tag in ("input", "select", "textarea") for node in root.iter(tag)]
    assert [
        field.attrib for field in fields if field.get("type") not in HIDDEN and not labelled(root, field)
    ] == []
    return root


def labelled(root: Element, field: Element) -> bool:
    around = any(field in label.iter() for label in root.iter("label"))
    return around or any(label.get("for") == field.get("id") for label in root.iter("label"))


def text(root: Element) -> str:
    return " ".join(" ".join(root.itertext()).split())
