from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import ValidationError
from django.db import close_old_connections, connection
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_officer, make_person
from hocvuso.places.tests.make import make_place
from hocvuso.recognition.actions import claim_recognition, revoke_certificate
from hocvuso.recognition.engine.code import is_well_formed
from hocvuso.recognition.models import Certificate, Claim, CriteriaSet
from hocvuso.recognition.tests.make import BASIC_TEST, make_certificate, make_criteria_set, make_pass
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db


def test_by_rule_a_passed_test_leads_to_a_certificate_and_one_record() -> None:
    person, rules = make_person(), make_criteria_set(valid_months=24)
    record = make_pass(person)

    claim = claim_recognition(person, rules, by=person)

    evidence = claim.evidence.get()
    confirmed = Record.objects.get(verb="confirmed")
    certificate = claim.certificate
    assert (claim.status, claim.decision.granted, claim.decision.by) == ("granted", True, None)
    assert (evidence.criterion, evidence.met, evidence.record_ids) == ("basic-test", True, [str(record.id)])
    assert (confirmed.person, confirmed.place) == (person, person.place)
    assert (confirmed.object_kind, confirmed.object_key) == ("person", "citizen-confirmed")
    assert confirmed.result == {"certificate": certificate.code}
    assert is_well_formed(certificate.code)
    assert certificate.framework == rules.framework
    assert certificate.valid_until.year == timezone.localdate().year + 2
    assert not certificate.name_shared


def test_by_rule_without_evidence_it_is_not_yet_and_says_what_lacks() -> None:
    person = make_person()

    claim = claim_recognition(person, make_criteria_set(), by=person)

    assert (claim.status, claim.decision.granted) == ("refused", False)
    assert claim.evidence.get().detail == {"lacks": [["never", "citizen-basic"]]}
    assert not Certificate.objects.exists()
    assert not Record.objects.filter(verb="confirmed").exists()


def test_help_is_no_evidence_of_skill() -> None:
    person = make_person()
    make_pass(person, helper=make_helper(person.place))

    claim = claim_recognition(person, make_criteria_set(), by=person)

    assert claim.status == "refused"
    assert claim.evidence.get().detail == {"lacks": [["helped", "citizen-basic"]]}


def test_records_of_others_are_no_evidence() -> None:
    person = make_person()
    make_pass(make_person(place=person.place))

    assert claim_recognition(person, make_criteria_set(), by=person).status == "refused"


def test_reviewer_s_set_stays_open_even_with_all_evidence() -> None:
    person = make_person()
    make_pass(person)

    claim = claim_recognition(person, make_criteria_set(automatic=False), by=person)

    assert claim.status == "open"
    assert claim.evidence.get().met
    assert not Certificate.objects.exists()


def test_what_was_declared_is_kept_as_evidence() -> None:
    person = make_person()
    asked = [{"key": "uses-vneid", "title": "Đang dùng", "title_en": "Uses it", "kind": "declared"}]
    rules = make_criteria_set(criteria=[BASIC_TEST, *asked], automatic=False)

    claim = claim_recognition(person, rules, by=person, declared={"uses-vneid"})

    met = dict(claim.evidence.values_list("criterion", "met"))
    assert met == {"basic-test": False, "uses-vneid": True}


def test_the_same_deed_twice_is_one_claim() -> None:
    person, rules, deed = make_person(), make_criteria_set(), new_id()

    first = claim_recognition(person, rules, by=person, deed=deed)
    make_pass(person)
    second = claim_recognition(person, rules, by=person, deed=deed)

    assert first == second
    assert second.status == "refused"


def test_a_deed_of_someone_else_is_refused() -> None:
    rules, deed, other = make_criteria_set(), new_id(), make_person()
    claim_recognition(other, rules, by=other, deed=deed)
    person = make_person()

    with pytest.raises(ValidationError) as error:
        claim_recognition(person, rules, by=person, deed=deed)

    assert error.value.code == "deed"


def test_who_holds_a_certificate_gets_no_second_one() -> None:
    person = make_person()
    certificate = make_certificate(person)
    newer = make_criteria_set()

    again = claim_recognition(person, newer, by=person)

    assert again == certificate.claim
    assert Certificate.objects.count() == 1


def test_who_waits_for_a_decision_waits_once() -> None:
    person, rules = make_person(), make_criteria_set(automatic=False)

    assert claim_recognition(person, rules, by=person) == claim_recognition(person, rules, by=person)


def test_an_expired_certificate_may_be_followed_by_a_new_one() -> None:
    person = make_person()
    long_ago = timezone.now() - timedelta(days=400)
    rules = make_criteria_set(valid_months=12, valid_from=long_ago.date())
    make_pass(person, happened_at=long_ago - timedelta(days=1))
    first = claim_recognition(person, rules, by=person, happened_at=long_ago).certificate

    second = claim_recognition(person, rules, by=person).certificate

    assert first.state() == "expired"
    assert second.state() == "valid"
    assert first.code != second.code


def test_what_a_withdrawn_confirmation_rested_on_counts_no_more() -> None:
    person = make_person()
    officer = make_officer(person.place)
    certificate = make_certificate(person)
    revoke_certificate(certificate, by=officer, reason="Người khác làm bài thay.")
    rules = certificate.criteria_set

    assert claim_recognition(person, rules, by=person).status == "refused"

    make_pass(person)
    assert claim_recognition(person, rules, by=person).status == "granted"


def test_helper_of_the_place_may_claim_for_a_learner_a_stranger_may_not() -> None:
    person, rules = make_person(), make_criteria_set()
    make_pass(person)

    with pytest.raises(ValidationError) as error:
        claim_recognition(person, rules, by=make_helper(make_place("Xã Khác")))
    helper = make_helper(person.place)
    claim = claim_recognition(person, rules, by=helper)

    assert error.value.code == "role"
    assert claim.status == "granted"
    assert Record.objects.get(verb="confirmed").entered_by == helper


def test_without_a_home_there_is_no_claim() -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(place=None)

    with pytest.raises(ValidationError) as error:
        claim_recognition(person, make_criteria_set(), by=person)

    assert error.value.code == "place"
    assert not Claim.objects.exists()


def test_nearest_variant_wins_over_the_general_one() -> None:
    commune = make_place()
    village = make_place("Thôn Một", "village", commune)
    general = make_criteria_set()
    of_province = make_criteria_set(place=commune.parent)
    of_commune = make_criteria_set(place=commune, valid_from=timezone.localdate())
    make_criteria_set(place=make_place("Xã Khác"))
    make_criteria_set(place=village, valid_from=timezone.localdate() + timedelta(days=1))

    offered = CriteriaSet.objects.in_force()

    assert offered.for_place(village) == [of_commune]
    assert offered.for_place(make_place("Xã Thứ Ba", parent=commune.parent)) == [of_province]
    assert offered.for_place(make_place("Tỉnh Xa", "province")) == [general]


def test_a_claim_made_offline_is_judged_by_the_day_it_was_made() -> None:
    person, rules = make_person(), make_criteria_set(valid_from=datetime(2024, 1, 1, tzinfo=UTC).date())
    make_pass(person, happened_at=timezone.now() - timedelta(days=10))

    early = claim_recognition(person, rules, by=person, happened_at=timezone.now() - timedelta(days=11))
    late = claim_recognition(person, rules, by=person, happened_at=timezone.now() - timedelta(days=9))

    assert (early.status, late.status) == ("refused", "granted")
    assert late.certificate.issued_at == late.claimed_at


@pytest.mark.django_db(transaction=True)
def test_claims_at_the_same_moment_give_one_certificate() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("one in-memory database has one writer; SQLite's IMMEDIATE transactions queue")
    person, rules = make_person(), make_criteria_set()
    make_pass(person)
    start, found = Barrier(4), []

    def claim() -> None:
        try:
            start.wait()
            found.append(claim_recognition(person, rules, by=person).pk)
        finally:
            close_old_connections()
            connection.close()

    threads = [Thread(target=claim) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1
    assert Certificate.objects.count() == 1
    assert Record.objects.filter(verb="confirmed").count() == 1
