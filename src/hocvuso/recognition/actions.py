"""Claim → evidence → decision → certificate: the only place that writes any of them.

A claim carries the id of its deed. What follows happens once for each claim or certificate and needs no deed.
"""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.recognition.engine.code import new_code
from hocvuso.recognition.engine.criteria import Finding, add_months
from hocvuso.recognition.models import REVIEWING, Certificate, Claim, CriteriaSet, Decision, Evidence
from hocvuso.recognition.queries import judge_person, standing_certificate
from hocvuso.records.actions import write_record
from hocvuso.records.models import Verb

SAY_WHY = _("Say why, so that the person knows what to do next.")


@transaction.atomic
def claim_recognition(
    person: Person,
    criteria_set: CriteriaSet,
    *,
    by: Person,
    declared: Collection[str] = (),
    deed: UUID | None = None,
    happened_at: datetime | None = None,
    source: str = "web",
) -> Claim:
    """Gathers the evidence from the records, then decides by rule or leaves the claim open for a reviewer.

    Whoever already holds a standing certificate, or waits for a decision, gets that claim back.
    """
    person = Person.objects.select_for_update(of=("self",)).select_related("place").get(pk=person.pk)
    if by.pk != person.pk and not Person.objects.visible_to(by).filter(pk=person.pk).exists():
        raise ValidationError(_("You cannot claim for this person."), code="role")
    earlier = earlier_claim(person, criteria_set, deed)
    if earlier is not None:
        return earlier
    if person.place is None:
        raise ValidationError(_("Choose where you live first."), code="place")
    moment = happened_at or timezone.now()
    judgement = judge_person(person, criteria_set, at=moment, declared=declared)
    claim = Claim.objects.create(
        id=deed or new_id(), person=person, criteria_set=criteria_set, place=person.place, claimed_at=moment
    )
    Evidence.objects.bulk_create(evidence_of(claim, finding) for finding in judgement.findings)
    if criteria_set.automatic:
        settle(claim, granted=judgement.met, by=None, at=moment)
        if judgement.met:
            issue_certificate(claim, by=by, source=source)
    return claim


def earlier_claim(person: Person, criteria_set: CriteriaSet, deed: UUID | None) -> Claim | None:
    same = Claim.objects.filter(pk=deed).first() if deed else None
    if same is not None:
        if same.person_id != person.pk or same.criteria_set_id != criteria_set.pk:
            raise ValidationError(_("This form was already used. Open the page again."), code="deed")
        return same
    standing = standing_certificate(person, criteria_set.slug)
    if standing is not None:
        return standing.claim
    waiting = person.claims.filter(criteria_set__slug=criteria_set.slug, status=Claim.Status.OPEN)
    return waiting.first()


def evidence_of(claim: Claim, finding: Finding) -> Evidence:
    return Evidence(
        claim=claim,
        kind=finding.kind,
        criterion=finding.key,
        met=finding.met,
        record_ids=list(finding.record_ids),
        detail={"lacks": [[lack.why, lack.target] for lack in finding.lacks]},
    )


def settle(claim: Claim, *, granted: bool, by: Person | None, at: datetime, reason: str = "") -> Decision:
    claim.status = Claim.Status.GRANTED if granted else Claim.Status.REFUSED
    claim.save(update_fields=["status"])
    return Decision.objects.create(claim=claim, granted=granted, by=by, reason=reason, at=at)


@transaction.atomic
def decide_claim(
    claim: Claim,
    *,
    granted: bool,
    by: Person,
    reason: str = "",
    source: str = "web",
) -> Decision:
    """A reviewer's word. The first decision stands: who decides later learns what was decided."""
    claim = (
        Claim.objects.select_for_update(of=("self",)).select_related("place", "criteria_set").get(pk=claim.pk)
    )
    if claim.status != Claim.Status.OPEN:
        return claim.decision
    if by.pk == claim.person_id or not any(by.has_role(kind, claim.place) for kind in REVIEWING):
        raise ValidationError(_("This claim is not yours to decide."), code="role")
    if not granted and not reason.strip():
        raise ValidationError(
            {"reason": _("Say why, so that the person knows what to do next.")}, code="reason"
        )
    decision = settle(claim, granted=granted, by=by, at=timezone.now(), reason=reason.strip())
    if granted:
        issue_certificate(claim, by=by, source=source)
    return decision


@transaction.atomic
def issue_certificate(claim: Claim, *, by: Person | None = None, source: str = "web") -> Certificate:
    """The certificate of a granted claim, once."""
    if claim.status != Claim.Status.GRANTED:
        raise ValidationError(_("Only a granted claim leads to a certificate."), code="status")
    rules = claim.criteria_set
    issued_at = claim.decision.at
    months = rules.rules.get("valid_months")
    certificate, created = Certificate.objects.get_or_create(
        claim=claim,
        defaults={
            "code": unused_code(),
            "person": claim.person,
            "framework": rules.framework,
            "issued_at": issued_at,
            "valid_until": add_months(timezone.localdate(issued_at), months) if months else None,
        },
    )
    if created:
        write_record(
            Verb.CONFIRMED,
            object_kind="person",
            object_key=rules.slug,
            person=claim.person,
            by=by,
            happened_at=issued_at,
            result={"certificate": certificate.code},
            source=source,
        )
    return certificate


def unused_code() -> str:
    code = new_code()
    while Certificate.objects.filter(code=code).exists():
        code = new_code()
    return code


@transaction.atomic
def revoke_certificate(
    certificate: Certificate, *, by: Person, reason: str, source: str = "web"
) -> Certificate:
    """Withdraws a certificate for good; the first withdrawal stands."""
    related = Certificate.objects.select_for_update(of=("self",)).select_related("person", "claim__place")
    certificate = related.get(pk=certificate.pk)
    if certificate.revoked_at is not None:
        return certificate
    if by.pk == certificate.person_id or not by.has_role("officer", certificate.claim.place):
        raise ValidationError(_("This certificate is not yours to withdraw."), code="role")
    if not reason.strip():
        raise ValidationError(
            {"reason": _("Say why, so that the person knows what to do next.")}, code="reason"
        )
    certificate.revoked_at = timezone.now()
    certificate.revoked_by = by
    certificate.revoked_reason = reason.strip()
    certificate.save(update_fields=["revoked_at", "revoked_by", "revoked_reason"])
    write_record(
        Verb.REVOKED,
        object_kind="person",
        object_key=certificate.criteria_set.slug,
        person=certificate.person,
        by=by,
        happened_at=certificate.revoked_at,
        result={"certificate": certificate.code},
        source=source,
    )
    return certificate


def share_name(certificate: Certificate, shared: bool, *, by: Person) -> Certificate:
    """Only the holder lets others see the full name on the verify page."""
    if by.pk != certificate.person_id:
        raise ValidationError(_("Only the holder decides that."), code="role")
    certificate.name_shared = shared
    certificate.save(update_fields=["name_shared"])
    return certificate
