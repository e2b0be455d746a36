import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_officer, make_person, make_role
from hocvuso.places.tests.make import make_place
from hocvuso.recognition.actions import decide_claim, issue_certificate, revoke_certificate, share_name
from hocvuso.recognition.models import Certificate, Claim, Decision
from hocvuso.recognition.tests.make import make_certificate, make_claim, make_pass
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db


def make_reviewer(place) -> Person:
    reviewer = make_person("Phạm Thị Xét", place=place)
    make_role(reviewer, "reviewer", place)
    return reviewer


def test_reviewer_grants_and_the_certificate_follows() -> None:
    person = make_person()
    make_pass(person)
    claim, reviewer = make_claim(person), make_reviewer(person.place)

    decision = decide_claim(claim, granted=True, by=reviewer)

    claim.refresh_from_db()
    assert (claim.status, decision.by) == ("granted", reviewer)
    assert claim.certificate.issued_at == decision.at
    assert Record.objects.get(verb="confirmed").entered_by == reviewer


def test_refusal_needs_a_reason() -> None:
    person = make_person()
    claim, officer = make_claim(person), make_officer(person.place)

    with pytest.raises(ValidationError) as error:
        decide_claim(claim, granted=False, by=officer, reason="  ")
    decide_claim(claim, granted=False, by=officer, reason="Chưa tự làm bài kiểm tra.")

    claim.refresh_from_db()
    assert list(error.value.message_dict) == ["reason"]
    assert (claim.status, claim.decision.reason) == ("refused", "Chưa tự làm bài kiểm tra.")
    assert not Certificate.objects.exists()


def test_the_first_decision_stands() -> None:
    person = make_person()
    claim, officer = make_claim(person), make_officer(person.place)
    first = decide_claim(claim, granted=False, by=officer, reason="Chưa đủ.")

    second = decide_claim(claim, granted=True, by=make_reviewer(person.place))

    assert second == first
    assert not Certificate.objects.exists()


def test_nobody_decides_on_himself_on_other_places_or_as_a_helper() -> None:
    commune = make_place()
    officer = make_officer(commune)
    own = make_claim(officer)
    claim = make_claim(make_person(place=commune), own.criteria_set)
    outsiders = [make_officer(make_place("Xã Khác")), make_helper(commune), claim.person]

    for claimed, by in [(own, officer), *((claim, outsider) for outsider in outsiders)]:
        with pytest.raises(ValidationError) as error:
            decide_claim(claimed, granted=True, by=by)
        assert error.value.code == "role"

    assert set(Claim.objects.values_list("status", flat=True)) == {"open"}


def test_province_officer_may_decide_on_the_commune_officer() -> None:
    commune = make_place()
    claim = make_claim(make_officer(commune))

    decide_claim(claim, granted=True, by=make_officer(commune.parent))

    assert Certificate.objects.get().person == claim.person


def test_the_database_keeps_one_decision_and_no_refusal_without_reason() -> None:
    person = make_person()
    claim, officer = make_claim(person), make_officer(person.place)

    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(claim=claim, granted=False, by=officer, at=timezone.now())
    decide_claim(claim, granted=True, by=officer)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.create(claim=claim, granted=True, by=officer, at=timezone.now())


def test_only_a_granted_claim_leads_to_a_certificate_and_only_once() -> None:
    person = make_person()
    waiting = make_claim(person)

    with pytest.raises(ValidationError) as error:
        issue_certificate(waiting)
    certificate = make_certificate(make_person())

    assert error.value.code == "status"
    assert issue_certificate(certificate.claim) == certificate
    assert Record.objects.filter(verb="confirmed").count() == 1


def test_officer_withdraws_once_with_a_reason_and_a_record() -> None:
    certificate = make_certificate(make_person())
    place = certificate.person.place
    officer = make_officer(place)

    with pytest.raises(ValidationError) as error:
        revoke_certificate(certificate, by=officer, reason="")
    first = revoke_certificate(certificate, by=officer, reason="Cấp nhầm người.")
    second = revoke_certificate(certificate, by=make_officer(place.parent), reason="Lý do khác.")

    record = Record.objects.get(verb="revoked")
    assert list(error.value.message_dict) == ["reason"]
    assert (second.revoked_by, second.revoked_reason, second.revoked_at) == (
        officer,
        "Cấp nhầm người.",
        first.revoked_at,
    )
    assert second.state() == "revoked"
    assert (record.person, record.object_key) == (certificate.person, "citizen-confirmed")
    assert record.result == {"certificate": certificate.code}


def test_only_an_officer_of_the_place_withdraws() -> None:
    certificate = make_certificate(make_person())
    commune = certificate.person.place
    outsiders = [make_officer(make_place("Xã Khác")), make_helper(commune), make_reviewer(commune)]

    for by in [*outsiders, certificate.person]:
        with pytest.raises(ValidationError) as error:
            revoke_certificate(certificate, by=by, reason="Không có quyền.")
        assert error.value.code == "role"

    assert Certificate.objects.standing().get() == certificate


def test_only_the_holder_shares_the_name() -> None:
    certificate = make_certificate(make_person("Nguyễn Thị Hoa"))
    hidden = certificate.public_name()

    shared = share_name(certificate, True, by=certificate.person).public_name()
    with pytest.raises(ValidationError):
        share_name(certificate, False, by=make_officer(certificate.person.place))
    certificate.refresh_from_db()

    assert (hidden, shared) == ("N. T. H.", "Nguyễn Thị Hoa")
    assert certificate.name_shared
    assert share_name(certificate, False, by=certificate.person).public_name() == hidden
