"""The certificate on paper: what is written on it, and its QR."""

import io
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from hocvuso.base.pdf import render_pdf
from hocvuso.recognition.models import Certificate
from hocvuso.recognition.queries import places_of

TEMPLATE = Path(__file__).parent / "print" / "certificate.typ"


def draw_certificate(certificate: Certificate) -> bytes:
    """The paper is in Vietnamese, whatever language its reader uses on screen."""
    with override("vi"):
        return render_pdf(TEMPLATE, describe_certificate(certificate), accessible=True)


def describe_certificate(certificate: Certificate) -> dict[str, Any]:
    day = timezone.localdate(certificate.issued_at)
    rules, framework, url = certificate.criteria_set, certificate.framework, verify_url(certificate)
    name = certificate.person.full_name
    return {
        "title": gettext("Certificate %(code)s") % {"code": certificate.spelled},
        "year": day.year,
        "month": day.month,
        "day": day.day,
        "heading": gettext("Certificate"),
        "confirms": gettext("This is to confirm that"),
        "name": name,
        "attained": gettext("has attained"),
        "criteria": rules.title,
        "framework": f"{framework.title} · "
        + gettext("version %(version)s") % {"version": framework.version},
        "lines": facts_on_paper(certificate),
        "note": note_of(certificate),
        "invented": gettext("Sample: this person is invented.") if certificate.person.invented else "",
        "qr": draw_qr(url),
        "qr_words": gettext("QR code that opens the page to check this certificate"),
        "code": certificate.spelled,
        "site": verify_site(),
    }


def facts_on_paper(certificate: Certificate) -> list[dict[str, str]]:
    day = timezone.localdate(certificate.issued_at)
    lines = [
        {"label": gettext("Recorded at"), "value": ", ".join(places_of(certificate))},
        {"label": gettext("Issued"), "value": in_words(day.day, day.month, day.year)},
    ]
    if certificate.valid_until:
        until = certificate.valid_until
        value = in_words(until.day, until.month, until.year)
        lines.append({"label": gettext("Holds until the end of"), "value": value})
    return lines


def in_words(day: int, month: int, year: int) -> str:
    return gettext("day %(day)s month %(month)s year %(year)s") % {"day": day, "month": month, "year": year}


def note_of(certificate: Certificate) -> str:
    rules = certificate.criteria_set
    words = {"criteria": rules.title, "version": rules.version, "site": verify_site()}
    if rules.place is None:
        general = gettext("Confirmed by the criteria “%(criteria)s”, version %(version)s. Check at %(site)s.")
        return general % words
    local = gettext(
        "Confirmed by the criteria “%(criteria)s” of %(place)s, version %(version)s. Check at %(site)s."
    )
    return local % {**words, "place": rules.place.name}


def verify_url(certificate: Certificate) -> str:
    """What the QR carries; it also opens on a machine that reads no QR, when typed."""
    return settings.PUBLIC_URL + reverse("verify:certificate_verify", args=[certificate.code])


def verify_site() -> str:
    return settings.PUBLIC_URL.split("://")[-1] + reverse("verify:code_verify")


def draw_qr(url: str) -> str:
    """An SVG that scales; error correction M survives a crease or a stain."""
    drawn = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        drawn, kind="svg", border=2, dark="#26221b", light=None, xmldecl=False, nl=False, omitsize=True
    )
    return drawn.getvalue().decode()
