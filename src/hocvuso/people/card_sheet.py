"""The printed sheet of cards: the only place where a code and its PIN are ever seen together."""

import io
from collections.abc import Iterable
from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language, gettext

from hocvuso.base.pdf import render_pdf
from hocvuso.people.actions.cards import IssuedCard
from hocvuso.people.codes import spaced
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place

TEMPLATE = Path(__file__).parent / "print" / "cards.typ"


def draw_cards(cards: Iterable[IssuedCard], *, contact: str) -> bytes:
    site = settings.PUBLIC_URL.split("://")[-1]
    how = gettext("Scan with a phone's camera and type the 4 digits. Or open %(site)s and type the code.")
    words = {
        "title": gettext("Học Vụ Số · Learner's card"),
        "how": how % {"site": site},
        "code": gettext("Card code"),
        "pin": gettext("Secret PIN"),
        "keep": gettext("Cut off, learn by heart, show it to nobody."),
    }
    data = {
        "language": get_language() or "vi",
        "words": words,
        "contact": contact,
        "cards": [describe_card(card) for card in cards],
    }
    return render_pdf(TEMPLATE, data)


def describe_card(card: IssuedCard) -> dict[str, str]:
    return {
        "name": card.person.full_name,
        "place": name_home(card.person),
        "code": spaced(card.code),
        "pin": card.pin,
        "qr": draw_qr(settings.PUBLIC_URL + reverse("people:card_open", args=[card.code])),
    }


def name_home(person: Person) -> str:
    """A village with its commune."""
    home = person.place
    if home is None:
        return ""
    if home.kind == Place.Kind.VILLAGE and home.parent is not None:
        return f"{home.name}, {home.parent.name}"
    return home.name


def draw_qr(text: str) -> str:
    file = io.BytesIO()
    segno.make(text, error="m").save(file, kind="svg", border=1, xmldecl=False, svgns=True)
    return file.getvalue().decode()
