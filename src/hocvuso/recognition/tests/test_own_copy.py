"""The copy of one's own data reaches into every room, and no further than oneself."""

from typing import Any

import pytest
from django.test import Client

from hocvuso.assessment.tests.make import make_attempt
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.recognition.actions import claim_recognition
from hocvuso.recognition.tests.make import make_criteria_set, make_pass

pytestmark = pytest.mark.django_db


def learn(person: Person) -> Person:
    make_attempt(person=person, right=3)
    make_pass(person)
    claim_recognition(person, make_criteria_set(), by=person)
    return person


def copy_of(person: Person) -> dict[str, Any]:
    client = Client()
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    data: dict[str, Any] = client.get("/toi/du-lieu").json()
    return data


def test_the_copy_holds_attempts_claims_and_certificates_with_their_parts() -> None:
    data = copy_of(learn(make_person()))

    counts = {name: len(data[name]) for name in ("attempts", "responses", "claims", "evidence", "decision")}
    assert counts == {"attempts": 1, "responses": 4, "claims": 1, "evidence": 1, "decision": 1}
    assert len(data["certificates"]) == 1


def test_nothing_of_others_is_in_it() -> None:
    mine, other = make_person("Nguyễn Thị Hoa"), learn(make_person("Trần Văn Bình", username="binh"))

    text = str(copy_of(mine))

    assert str(other.pk) not in text
    assert [name for name, rows in copy_of(mine).items() if rows and name not in ("person", "sessions")] == []
