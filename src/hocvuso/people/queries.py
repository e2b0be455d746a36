"""Read-only questions about people."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.persons import Person, Role
from hocvuso.places.models import Place


def places_seen_by(viewer: Person) -> "QuerySet[Place]":
    """Today's communes and villages whose people the viewer may see by name."""
    seen = Q(pk__in=[])
    for role in viewer.current_roles():
        if role.sees_names() and role.place is not None:
            seen |= Q(path__startswith=role.place.path)
    return Place.objects.current().filter(seen).order_by("path")


def communes_of_officer(viewer: Person) -> "QuerySet[Place]":
    """Communes in which the viewer, their officer, names the helpers."""
    held = [
        role.place.pk
        for role in viewer.current_roles()
        if role.kind == Role.Kind.OFFICER and role.place and role.place.kind == Place.Kind.COMMUNE
    ]
    return Place.objects.filter(pk__in=held).order_by("path")


def roles_below(communes: "QuerySet[Place]") -> list[Role]:
    """Roles in force over these communes and their villages."""
    over = Q(pk__in=[])
    for commune in communes:
        over |= Q(place__path__startswith=commune.path)
    roles = Role.objects.in_force().filter(over).select_related("person", "place")
    return list(roles.order_by("place__path", "person__folded_name"))


def looks_at(person: Person, newest: int = 30) -> Iterable[AccessLog]:
    """Who looked at this person's data, newest first."""
    return person.looked_at.select_related("viewer").order_by("-at")[:newest]


def alike(people: "QuerySet[Person]", *, folded_name: str, birth_year: int | None) -> "QuerySet[Person]":
    """People of that name, and of that year where both years are known."""
    year = Q() if birth_year is None else Q(birth_year=birth_year) | Q(birth_year=None)
    return people.filter(year, folded_name=folded_name)
