"""Asking for a confirmation, deciding on it, holding the certificate."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hocvuso.base.ids import new_id
from hocvuso.people.actions import log_look
from hocvuso.people.models.persons import Person
from hocvuso.people.requests import SignedInRequest
from hocvuso.recognition.actions import claim_recognition, decide_claim, revoke_certificate, share_name
from hocvuso.recognition.document import draw_certificate, draw_qr, verify_url
from hocvuso.recognition.explaining import rows_of_claim, rows_of_judgement, title_of
from hocvuso.recognition.forms import (
    CertificateRevokeForm,
    CertificateShareForm,
    ClaimDecideForm,
    ClaimListForm,
    ClaimNewForm,
)
from hocvuso.recognition.models import REVIEWING, Certificate, Claim
from hocvuso.recognition.queries import Offer, offers_to, places_of

PAGE_SIZE = 20


def claim_new(request: SignedInRequest) -> HttpResponse:
    """What is asked, what the person has, what is missing; and the certificates already held."""
    person = request.user
    offers = offers_to(person)
    if request.method == "POST":
        return claim_now(request, person, offers)
    context = {
        "offers": [describe_offer(offer) for offer in offers],
        "certificates": person.certificates.select_related("claim__criteria_set"),
        "homeless": person.place is None,
        "deed": new_id(),
    }
    return render(request, "recognition/claim_new.html", context)


def describe_offer(offer: Offer) -> dict[str, Any]:
    return {
        "offer": offer,
        "rules": offer.criteria_set,
        "rows": rows_of_judgement(offer.criteria_set, offer.judgement),
        "declarable": [(key, title_of(rule)) for key, rule in offer.declarable],
    }


def claim_now(request: SignedInRequest, person: Person, offers: list[Offer]) -> HttpResponse:
    form = ClaimNewForm(request.POST, offers=offers)
    if not form.is_valid():
        reasons = [str(reason) for reason in form.errors.get("criteria_set", [])]
        return sent_back(request, reasons or [_("Something was missing. Try again.")])
    asked = form.cleaned_data
    try:
        claim = claim_recognition(
            person,
            asked["criteria_set"].criteria_set,
            by=person,
            declared=asked["declared"],
            deed=asked["deed"],
        )
    except ValidationError as error:
        return sent_back(request, error.messages)
    if claim.status == Claim.Status.GRANTED:
        return redirect("recognition:certificate_show", certificate=claim.certificate.pk)
    return redirect("recognition:claim_show", claim=claim.pk)


def sent_back(request: SignedInRequest, reasons: list[str]) -> HttpResponse:
    for reason in reasons:
        messages.error(request, reason)
    return redirect("recognition:claim_new")


@require_safe
def claim_show(request: SignedInRequest, claim: UUID) -> HttpResponse:
    own = Claim.objects.filter(person=request.user)
    found = get_object_or_404(own.select_related("criteria_set", "decision"), pk=claim)
    return render(request, "recognition/claim_show.html", {"claim": found, "rows": rows_of_claim(found)})


@require_safe
def claim_list(request: SignedInRequest) -> HttpResponse:
    """The queue of the reviewer's places, the longest waiting first; what is decided, the latest first."""
    viewer = reviewer_or_404(request)
    status = ClaimListForm(request.GET).chosen()
    order = "claimed_at" if status == Claim.Status.OPEN else "-claimed_at"
    claims = Claim.objects.decidable_by(viewer).filter(status=status, person__erased_at=None)
    related = claims.select_related("person", "place", "criteria_set", "decision__by", "certificate")
    page = Paginator(related.prefetch_related("evidence").order_by(order, "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "page_obj": page,
        "entries": describe_queue(viewer, page),
        "status": status,
        "statuses": Claim.Status.choices,
        "page_wide": True,
    }
    return render(request, "recognition/claim_list.html", context)


def reviewer_or_404(request: SignedInRequest) -> Person:
    viewer = request.user
    if not any(viewer.has_role(kind) for kind in REVIEWING):
        raise Http404
    return viewer


def describe_queue(viewer: Person, page: Page) -> list[dict[str, Any]]:
    """Names where the viewer may see them, initials elsewhere; the look is noted."""
    people = {claim.person_id for claim in page}
    named = set(Person.objects.visible_to(viewer).filter(pk__in=people).values_list("pk", flat=True))
    if named:
        place = next(role.place for role in viewer.current_roles() if role.sees_names())
        log_look(viewer, place=place, what="claim_list", count=len(named))
    return [
        {
            "claim": claim,
            "named": claim.person_id in named,
            "name": name_of(claim.person, named),
            "rows": rows_of_claim(claim),
        }
        for claim in page
    ]


def name_of(person: Person, named: set[UUID]) -> str:
    return person.full_name if person.pk in named else person.initials()


def named_for(viewer: Person, person: Person, *, what: str) -> str:
    """The full name if the viewer may see it, and then the look is noted; else the initials."""
    named = set(Person.objects.visible_to(viewer).filter(pk=person.pk).values_list("pk", flat=True))
    if named:
        log_look(viewer, person, what=what)
    return name_of(person, named)


def claim_decide(request: SignedInRequest, claim: UUID) -> HttpResponse:
    viewer = reviewer_or_404(request)
    claims = Claim.objects.decidable_by(viewer).filter(person__erased_at=None)
    found = get_object_or_404(
        claims.select_related("person", "place", "criteria_set", "decision__by"), pk=claim
    )
    form = ClaimDecideForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            decision = decide_claim(
                found,
                granted=form.cleaned_data["granted"] == "yes",
                by=viewer,
                reason=form.cleaned_data["reason"],
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            said = _("Confirmed.") if decision.granted else _("Noted: not yet.")
            messages.success(request, said)
            return redirect("recognition:claim_list")
    context = {
        "claim": found,
        "name": named_for(viewer, found.person, what="claim"),
        "rows": rows_of_claim(found),
        "form": form,
        "earlier": found.person.claims.filter(status=Claim.Status.REFUSED).exclude(pk=found.pk).count(),
    }
    return render(request, "recognition/claim_decide.html", context)


@require_safe
def certificate_show(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    """The holder's own page; also for helpers and officers who may see the holder, noted."""
    viewer = request.user
    found = get_object_or_404(Certificate.objects.public().visible_to(viewer), pk=certificate)
    log_look(viewer, found.person, what="certificate")
    url = verify_url(found)
    context = {
        "certificate": found,
        "own": found.person_id == viewer.pk,
        "revocable": Certificate.objects.standing().revocable_by(viewer).filter(pk=found.pk).exists(),
        "places": places_of(found),
        "verify_url": url,
        "qr": draw_qr(url),
    }
    return render(request, "recognition/certificate_show.html", context)


@require_safe
def certificate_pdf(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    viewer = request.user
    found = get_object_or_404(
        Certificate.objects.public().visible_to(viewer), pk=certificate, revoked_at=None
    )
    log_look(viewer, found.person, what="certificate_pdf")
    response = HttpResponse(draw_certificate(found), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="giay-xac-nhan-{found.spelled}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_POST
def certificate_share(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    viewer = request.user
    found = get_object_or_404(viewer.certificates, pk=certificate)
    form = CertificateShareForm(request.POST)
    if form.is_valid():
        shared = share_name(found, form.cleaned_data["shared"] == "yes", by=viewer).name_shared
        whole, short = _("Your full name is now shown."), _("Only your initials are shown now.")
        messages.success(request, whole if shared else short)
    return redirect("recognition:certificate_show", certificate=found.pk)


def certificate_revoke(request: SignedInRequest, certificate: UUID) -> HttpResponse:
    viewer = reviewer_or_404(request)
    certificates = Certificate.objects.public().standing().revocable_by(viewer)
    found = get_object_or_404(certificates, pk=certificate)
    form = CertificateRevokeForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        revoke_certificate(found, by=viewer, reason=form.cleaned_data["reason"])
        messages.success(request, _("The certificate was withdrawn."))
        return redirect("verify:certificate_verify", code=found.code)
    name = named_for(viewer, found.person, what="certificate_revoke")
    context = {"certificate": found, "name": name, "form": form}
    return render(request, "recognition/certificate_revoke.html", context)
