"""From the other rooms' deeds, through the records they write, to the certificate."""

import pytest
from django.urls import reverse

from hocvuso.assessment.tests.make import make_attempt, make_test
from hocvuso.learning.actions import complete_lesson
from hocvuso.learning.tests.make import make_course
from hocvuso.people.tests.make import make_helper, make_person
from hocvuso.recognition.actions import claim_recognition
from hocvuso.recognition.models import Certificate
from hocvuso.recognition.tests.make import BASIC_TEST, make_certificate, make_criteria_set
from hocvuso.records.actions import void_record
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db


def test_a_test_passed_question_by_question_leads_to_the_certificate(client) -> None:
    test, person = make_test("citizen-basic"), make_person()
    make_criteria_set()
    client.force_login(person)
    make_attempt(test, person=person, right=3)

    result = client.get(
        reverse("assessment:attempt_result", args=[person.attempts.get().pk])
    ).content.decode()
    deed = client.get("/xac-nhan/").context["deed"]
    answer = client.post("/xac-nhan/", {"criteria_set": "citizen-confirmed", "deed": deed})

    certificate = Certificate.objects.get(person=person)
    assert f'href="{reverse("recognition:claim_new")}"' in result
    assert answer.url == reverse("recognition:certificate_show", args=[certificate.pk])
    assert client.get(f"/xac-minh/{certificate.code}").context["state"] == "valid"
    assert certificate.claim.evidence.get().record_ids == [str(Record.objects.get(verb="passed").pk)]


def test_a_test_not_passed_leads_to_none() -> None:
    person = make_person()
    make_attempt(make_test("citizen-basic"), person=person, right=2)

    assert claim_recognition(person, make_criteria_set(), by=person).status == "refused"


def test_a_pass_that_was_undone_is_no_evidence() -> None:
    person = make_person()
    make_attempt(make_test("citizen-basic"), person=person, right=4)
    void_record(Record.objects.get(verb="passed"), by=make_helper(person.place), reason="Nhập nhầm người.")

    assert claim_recognition(person, make_criteria_set(), by=person).status == "refused"


def test_a_course_finished_lesson_by_lesson_is_evidence() -> None:
    course, person = make_course("ma-qr", lessons=2), make_person()
    asked = {"key": "qr", "title": "Học khóa", "title_en": "Course", "kind": "course", "courses": ["ma-qr"]}
    rules = make_criteria_set(criteria=[asked])
    first, second = course.lessons.all()

    complete_lesson(person, first, by=person)
    early = claim_recognition(person, rules, by=person).status
    complete_lesson(person, second, by=person)

    assert (early, claim_recognition(person, rules, by=person).status) == ("refused", "granted")


def test_min_score_looks_at_the_score_of_the_attempt() -> None:
    person = make_person()
    make_attempt(make_test("citizen-basic"), person=person, right=3)
    strict = make_criteria_set(criteria=[{**BASIC_TEST, "min_score": 0.8}])
    mild = make_criteria_set("mild", criteria=[{**BASIC_TEST, "min_score": 0.75}])

    assert claim_recognition(person, strict, by=person).status == "refused"
    assert claim_recognition(person, mild, by=person).status == "granted"


def test_helper_finds_the_paper_on_the_learner_s_page(client) -> None:
    certificate = make_certificate(make_person())
    client.force_login(make_helper(certificate.person.place))

    page = client.get(reverse("people:person_show", args=[certificate.person.pk])).content.decode()

    assert reverse("recognition:certificate_pdf", args=[certificate.pk]) in page
