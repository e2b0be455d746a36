"""Authors look at a calibration and decide; everybody else finds nothing there."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hocvuso.assessment.actions.calibrations import keep_draft
from hocvuso.assessment.calibrating import draft_calibration
from hocvuso.assessment.models.items import Calibration
from hocvuso.assessment.tests.test_adaptive import make_adaptive
from hocvuso.assessment.tests.test_calibrating import make_answers
from hocvuso.assessment.tests.test_views import notes, read, words
from hocvuso.people.models.persons import Person, Role
from hocvuso.people.tests.make import make_person

pytestmark = pytest.mark.django_db


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    return client


def make_author(kind: str = "author") -> Person:
    person = make_person()
    Role.objects.create(person=person, kind=kind, since="2026-01-01")
    return person


@pytest.fixture
def draft() -> Calibration:
    test = make_adaptive(length=8, per_skill=3)
    make_answers(test)
    return keep_draft(test.framework, draft_calibration(test.framework))


def addresses(draft: Calibration) -> list[str]:
    return [reverse("assessment:calibration_list"), reverse("assessment:calibration_show", args=[draft.pk])]


def decide(client: Client, draft: Calibration, decision: str) -> Any:
    return client.post(
        reverse("assessment:calibration_decide", args=[draft.pk]), {"decision": decision}, follow=True
    )


def test_only_who_looks_after_the_bank_finds_these_pages(draft: Calibration) -> None:
    for person in (make_person(), make_author("officer"), make_author("helper")):
        client = signed_in(person)
        assert [client.get(page).status_code for page in addresses(draft)] == [404, 404]
        assert decide(client, draft, "activate").status_code == 404
    draft.refresh_from_db()
    assert draft.status == "draft"


def test_the_pages_show_what_was_found(draft: Calibration) -> None:
    client = signed_in(make_author())

    listed, shown = (read(client.get(page)) for page in addresses(draft))

    assert "chờ xem lại" in words(listed)
    assert "280" in words(shown)
    assert len(list(shown.iter("{http://www.w3.org/2000/svg}svg"))) >= 12


def test_an_author_puts_it_in_force_once(draft: Calibration) -> None:
    author = make_author()
    client = signed_in(author)

    decide(client, draft, "activate")
    second = decide(client, draft, "discard")

    draft.refresh_from_db()
    assert (draft.status, draft.decided_by) == ("active", author)
    assert notes(second) == ["Đã có người quyết định về lần hiệu chuẩn này."]


def test_what_is_no_decision_changes_nothing(draft: Calibration) -> None:
    response = decide(signed_in(make_author("operator")), draft, "")

    draft.refresh_from_db()
    assert draft.status == "draft"
    assert notes(response) == ["Chọn đưa vào dùng hay bỏ đi."]


def test_without_any_calibration_the_list_says_how_one_is_made() -> None:
    page = read(signed_in(make_author()).get(reverse("assessment:calibration_list")))

    assert "hocvuso items calibrate" in words(page)


def test_the_list_costs_the_same_with_one_and_three(
    draft: Calibration, django_assert_num_queries: Any
) -> None:
    client = signed_in(make_author())
    page = reverse("assessment:calibration_list")
    client.get(page)
    with django_assert_num_queries(5) as first:
        client.get(page)
    for _number in range(2):
        Calibration.objects.create(
            framework=draft.framework, model="2pl", people=1, answers=1, status="discarded"
        )

    with django_assert_num_queries(len(first)):
        client.get(page)
