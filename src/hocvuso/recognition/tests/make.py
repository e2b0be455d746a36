"""Recognition for tests: criteria, what a person has done, claims and certificates."""

from datetime import date, datetime
from itertools import count
from typing import Any

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place
from hocvuso.recognition.actions import claim_recognition, decide_claim
from hocvuso.recognition.models import Certificate, Claim, CriteriaSet
from hocvuso.records.actions import write_record
from hocvuso.records.models import Record
from hocvuso.skills.models import Framework
from hocvuso.skills.tests.make import make_framework

BASIC_TEST = {
    "key": "basic-test",
    "title": "Làm đạt bài kiểm tra",
    "title_en": "Pass the test",
    "kind": "test",
    "test": "citizen-basic",
    "within_months": 24,
}
_numbers = count(1)


def citizen_framework() -> Framework:
    known = Framework.objects.filter(slug="citizen", current=True).first()
    return known or make_framework(version="2026.1", groups=0)


def make_criteria_set(
    slug: str = "citizen-confirmed",
    *,
    criteria: list[dict[str, Any]] | None = None,
    automatic: bool = True,
    valid_months: int | None = None,
    place: Place | None = None,
    valid_from: date = date(2026, 1, 1),
    **fields: Any,
) -> CriteriaSet:
    rules = {"automatic": automatic, "valid_months": valid_months, "criteria": criteria or [BASIC_TEST]}
    values = {
        "title": "Hoàn thành mẫu",
        "title_en": "Sample attained",
        "version": f"t{next(_numbers)}",
        **fields,
    }
    values |= {"framework": citizen_framework(), "place": place, "valid_from": valid_from, **fields}
    return CriteriaSet.objects.create(slug=slug, rules=rules, **values)


def make_pass(
    person: Person,
    *,
    test: str = "citizen-basic",
    score: float = 0.85,
    happened_at: datetime | None = None,
    helper: Person | None = None,
) -> Record:
    """A record that the person passed a test: alone, or with the helper's help."""
    record, _created = write_record(
        "passed",
        object_kind="test",
        object_key=test,
        person=person,
        mode="helped" if helper else "alone",
        helper=helper,
        happened_at=happened_at,
        result={"attempt": str(new_id()), "score": score},
    )
    return record


def make_claim(person: Person, criteria_set: CriteriaSet | None = None) -> Claim:
    """A claim waiting for a reviewer, unless the set given decides by rule."""
    return claim_recognition(person, criteria_set or make_criteria_set(automatic=False), by=person)


def make_certificate(
    person: Person, criteria_set: CriteriaSet | None = None, *, by: Person | None = None
) -> Certificate:
    """A standing certificate: by rule after a passed test, or by the reviewer given."""
    make_pass(person)
    claim = make_claim(person, criteria_set or make_criteria_set(automatic=by is None))
    if by is not None:
        decide_claim(claim, granted=True, by=by)
    return Certificate.objects.get(claim=claim)
