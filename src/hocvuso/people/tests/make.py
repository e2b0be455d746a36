"""People for tests of every room."""

from datetime import date
from itertools import count
from typing import Any

from django.utils import timezone

from hocvuso.people.models.persons import Audience, Household, Person, Role
from hocvuso.places.models import Place
from hocvuso.places.tests.make import make_place

_numbers = count(1)
SINCE = date(2025, 7, 1)


def make_person(
    full_name: str = "Nguyễn Thị Mẫu", *, place: Place | None = None, password: str = "", **fields: Any
) -> Person:
    """A learner of `place` (or of a commune made for it); without records: see actions.register_person."""
    defaults = {
        "username": f"mau{next(_numbers)}",
        "birth_year": 1958,
        "sex": "female",
        "audience": Audience.CITIZEN,
        "registered_at": timezone.now(),
    }
    person = Person(full_name=full_name, place=place or make_place(), **defaults | fields)
    if password:
        person.set_password(password)
    else:
        person.set_unusable_password()
    person.save()
    return person


def make_role(person: Person, kind: str, place: Place | None, **fields: Any) -> Role:
    person.__dict__.pop("_roles", None)
    return Role.objects.create(**{"person": person, "kind": kind, "place": place, "since": SINCE} | fields)


def make_helper(place: Place, full_name: str = "Trần Văn Giúp", **fields: Any) -> Person:
    """A helper over `place`, who is no learner."""
    helper = make_person(full_name, place=place, **{"registered_at": None, "audience": "official"} | fields)
    make_role(helper, Role.Kind.HELPER, place)
    return helper


def make_officer(place: Place, full_name: str = "Lê Thị Cán", **fields: Any) -> Person:
    """An officer over `place`: a commune, a province or the country."""
    officer = make_person(full_name, place=place, **{"registered_at": None, "audience": "official"} | fields)
    make_role(officer, Role.Kind.OFFICER, place)
    return officer


def make_household(place: Place, name: str = "Nguyễn Văn Chủ", number: str = "") -> Household:
    return Household.objects.create(place=place, name=name, number=number)
