"""What a person's records say, what is offered to whom, and where a certificate was recorded."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place
from hocvuso.places.queries import units_on
from hocvuso.recognition.engine.criteria import DECLARED, EVIDENCE, Fact, Judgement, criteria_of, judge
from hocvuso.recognition.models import Certificate, Claim, CriteriaSet
from hocvuso.records.models import Record

SEEN_KINDS = sorted({kind for _verb, kind in EVIDENCE.values()})
SEEN_VERBS = sorted({verb for verb, _kind in EVIDENCE.values()})


def facts_about(person: Person, *, since: datetime | None = None) -> list[Fact]:
    """The records that criteria look at, without those undone by a later one."""
    records = person.records.filter(verb__in=SEEN_VERBS, object_kind__in=SEEN_KINDS, undone_by=None)
    if since is not None:
        records = records.filter(happened_at__gt=since)
    return [fact_of(record) for record in records.order_by("happened_at", "id")]


def fact_of(record: Record) -> Fact:
    return Fact(
        record_id=str(record.id),
        verb=record.verb,
        object_kind=record.object_kind,
        object_key=record.object_key,
        mode=record.mode,
        on=timezone.localdate(record.happened_at),
        score=record.result.get("score"),
        seen_by_other=record.entered_by_id not in (None, record.person_id),
    )


def withdrawn_at(person: Person, slug: str) -> datetime | None:
    """When the person's confirmation was last withdrawn: what happened before counts no more."""
    revoked = person.certificates.filter(claim__criteria_set__slug=slug, revoked_at__isnull=False)
    return revoked.order_by("-revoked_at").values_list("revoked_at", flat=True).first()


def judge_person(
    person: Person, criteria_set: CriteriaSet, *, at: datetime, declared: Collection[str] = ()
) -> Judgement:
    facts = facts_about(person, since=withdrawn_at(person, criteria_set.slug))
    return judge(criteria_of(criteria_set.rules), facts, on=timezone.localdate(at), declared=declared)


def standing_certificate(person: Person, slug: str) -> Certificate | None:
    return person.certificates.standing().filter(claim__criteria_set__slug=slug).first()


@dataclass(frozen=True)
class Offer:
    """One recognition and how far the person is from it."""

    criteria_set: CriteriaSet
    judgement: Judgement
    certificate: Certificate | None
    waiting: Claim | None
    withdrawn: Certificate | None

    @property
    def ready(self) -> bool:
        """A rule decides on what is there; a reviewer may also be asked before all is."""
        return self.judgement.met or not self.criteria_set.automatic

    @property
    def declarable(self) -> list[tuple[str, dict[str, Any]]]:
        return [
            (rule["key"], rule) for rule in self.criteria_set.rules["criteria"] if rule["kind"] == DECLARED
        ]


def offers_to(person: Person) -> list[Offer]:
    """What can be had now comes first, what is held already last."""
    if person.place is None:
        return []
    offered = CriteriaSet.objects.in_force().filter(subject="person").for_place(person.place)
    offers = [offer_of(person, criteria_set) for criteria_set in offered]
    return sorted(offers, key=lambda offer: (offer.certificate is not None, not offer.judgement.met))


def offer_of(person: Person, criteria_set: CriteriaSet) -> Offer:
    claims = person.claims.filter(criteria_set__slug=criteria_set.slug)
    certificates = person.certificates.filter(claim__criteria_set__slug=criteria_set.slug)
    return Offer(
        criteria_set=criteria_set,
        judgement=judge_person(person, criteria_set, at=timezone.now()),
        certificate=standing_certificate(person, criteria_set.slug),
        waiting=claims.filter(status=Claim.Status.OPEN).first(),
        withdrawn=certificates.filter(revoked_at__isnull=False).order_by("-revoked_at").first(),
    )


def places_of(certificate: Certificate) -> list[str]:
    """Where it was recorded, in the names of the day of issue: ["Xã Thọ Xuân", "Tỉnh Thanh Hóa"].

    A unit younger than the certificate is named as it is today.
    """
    home = certificate.claim.place
    units = units_on(timezone.localdate(certificate.issued_at)).select_related(None)
    path = units.filter(place=home).values_list("path", flat=True).first() or home.path
    codes = [code for code in path.split("/") if code]
    names = dict(units.filter(place__code__in=codes).values_list("place__code", "name"))
    places = Place.objects.filter(code__in=codes, kind__in=(Place.Kind.COMMUNE, Place.Kind.PROVINCE))
    today = dict(places.values_list("code", "name"))
    return [names.get(code, today[code]) for code in reversed(codes) if code in today]
