"""Who is confirmed, by the criteria that the content ships; a few confirmations are withdrawn again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from hocvuso.home.demo.curriculum import Syllabus
from hocvuso.home.demo.deeds import Deed
from hocvuso.home.demo.moments import HERE, id_at, later
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place
from hocvuso.recognition.engine.code import LENGTH, SIGNS, check_sign
from hocvuso.recognition.engine.criteria import Fact, Judgement, add_months, judge
from hocvuso.recognition.models import Certificate, Claim, Decision, Evidence
from hocvuso.records.models import Record, Verb

ASKS = 0.94  # of those who may
WITHDRAWN = 0.012
WITHDRAWN_REASON = "Bài kiểm tra do người khác làm hộ (tình huống minh họa)"
EVIDENT = frozenset({Verb.PASSED, Verb.COMPLETED})


@dataclass(frozen=True, slots=True)
class Confirmation:
    claim_id: UUID
    at: datetime
    judgement: Judgement
    code: str
    withdrawn_at: datetime | None


def plan_confirmation(
    rng: Random, deeds: Sequence[Deed], syllabus: Syllabus, until: datetime
) -> Confirmation | None:
    """Asked for some days after the test, judged by the real rule on what had happened by then."""
    passed = next((deed.at for deed in deeds if deed.verb == Verb.PASSED), None)
    if passed is None or rng.random() > ASKS:
        return None
    at = passed + timedelta(minutes=rng.randint(1, 40)) if rng.random() < 0.7 else later(rng, passed, 4)
    if at < syllabus.confirms_from:
        at = later(rng, syllabus.confirms_from, 40)
    facts = [fact_of(deed) for deed in deeds if deed.verb in EVIDENT and deed.at <= at]
    judgement = judge(syllabus.criteria, facts, on=at.astimezone(HERE).date())
    if at > until or not judgement.met:
        return None
    withdrawn = later(rng, at, 30) if rng.random() < WITHDRAWN else None
    return Confirmation(
        id_at(rng, at), at, judgement, draw_code(rng), withdrawn if withdrawn and withdrawn <= until else None
    )


def fact_of(deed: Deed) -> Fact:
    return Fact(
        record_id=str(deed.id),
        verb=deed.verb,
        object_kind=deed.object_kind,
        object_key=deed.object_key,
        mode=Record.Mode.HELPED if deed.helped else Record.Mode.ALONE,
        on=deed.at.astimezone(HERE).date(),
        score=deed.result.get("score"),
    )


def draw_code(rng: Random) -> str:
    """A well-formed code drawn from the seed: among 23^11 two do not meet."""
    body = "".join(rng.choices(SIGNS, k=LENGTH - 1))
    return body + check_sign(body)


def deeds_of(rng: Random, confirmation: Confirmation, syllabus: Syllabus) -> Iterator[Deed]:
    slug, result = syllabus.recognition.slug, {"certificate": confirmation.code}
    yield Deed(id_at(rng, confirmation.at), confirmation.at, Verb.CONFIRMED, "person", slug, result)
    if (at := confirmation.withdrawn_at) is not None:
        yield Deed(id_at(rng, at), at, Verb.REVOKED, "person", slug, result)


def rows_of(
    confirmation: Confirmation, person: Person, place: Place, officer: Person, syllabus: Syllabus
) -> list[Claim | Evidence | Decision | Certificate]:
    at, rules = confirmation.at, syllabus.recognition
    months = rules.rules.get("valid_months")
    claim = Claim(
        id=confirmation.claim_id,
        person_id=person.pk,
        criteria_set_id=rules.pk,
        place_id=place.pk,
        status=Claim.Status.GRANTED,
        claimed_at=at,
    )
    evidence = [
        Evidence(
            claim_id=claim.pk,
            kind=found.kind,
            criterion=found.key,
            met=found.met,
            record_ids=list(found.record_ids),
        )
        for found in confirmation.judgement.findings
    ]
    certificate = Certificate(
        id=confirmation.claim_id,
        code=confirmation.code,
        claim_id=claim.pk,
        person_id=person.pk,
        framework_id=rules.framework_id,
        issued_at=at,
        valid_until=add_months(at.astimezone(HERE).date(), months) if months else None,
        revoked_at=confirmation.withdrawn_at,
        revoked_by_id=officer.pk if confirmation.withdrawn_at else None,
        revoked_reason=WITHDRAWN_REASON if confirmation.withdrawn_at else "",
    )
    return [claim, *evidence, Decision(claim_id=claim.pk, granted=True, at=at), certificate]
