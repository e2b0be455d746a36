"""The main pages of each role."""

import pytest
from django.contrib.auth.models import AnonymousUser

from hocvuso.home.templatetags.navigation import entries_for
from hocvuso.people.models.persons import Role
from hocvuso.people.tests.make import make_helper, make_officer, make_person
from hocvuso.places.tests.make import make_place

pytestmark = pytest.mark.django_db

LEARNING = ["learning:need_list", "assessment:test_list", "learning:progress_show"]


def views(person: object) -> list[str]:
    return [entry.view for entry in entries_for(person)]


def test_a_stranger_sees_what_a_learner_sees() -> None:
    assert views(AnonymousUser()) == views(make_person()) == LEARNING


def test_work_comes_first_and_learning_after_it() -> None:
    ward = make_place()

    assert views(make_helper(ward)) == [
        "people:person_list",
        "people:roster_new",
        "assessment:session_list",
        "learning:need_list",
    ]
    assert views(make_officer(ward))[0] == "dashboards:figure_start"


def test_an_author_finds_the_calibrations() -> None:
    author = make_person()
    Role.objects.create(person=author, kind="author", since="2026-01-01")

    assert views(author) == ["assessment:calibration_list", "learning:need_list"]
