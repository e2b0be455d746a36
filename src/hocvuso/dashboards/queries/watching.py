"""Who may look at which place, and whether with names."""

from django.db.models import QuerySet
from django.http import Http404

from hocvuso.people.models.persons import Person, Role
from hocvuso.places.models import Place

WATCHERS = (Role.Kind.OFFICER, Role.Kind.REVIEWER, Role.Kind.HELPER)


def place_for(viewer: Person, code: str) -> Place:
    """The unit, or what it has become by today, if one of the viewer's roles covers that; 404 otherwise."""
    place = Place.objects.filter(code=code).first()
    today = place.today() if place else None
    if today is None or today.valid_to or not any(watches(role, today) for role in viewer.current_roles()):
        raise Http404
    return today


def watches(role: Role, place: Place) -> bool:
    return role.kind in WATCHERS and role.place is not None and role.place.contains(place)


def sees_names(viewer: Person, place: Place) -> bool:
    return any(watches(role, place) and role.sees_names() for role in viewer.current_roles())


def first_place(viewer: Person) -> Place | None:
    """Where the viewer's boards begin: the highest place of an own role."""
    places = [role.place for role in viewer.current_roles() if role.kind in WATCHERS and role.place]
    return min(places, key=lambda place: len(place.path), default=None)


def steps_above(viewer: Person, place: Place) -> QuerySet[Place]:
    """The places above that the viewer may open, from the top."""
    codes = place.path.rstrip("/").split("/")[:-1]
    top = first_place(viewer)
    above = Place.objects.filter(code__in=codes).order_by("path")
    return above.filter(path__startswith=top.path) if top else above.none()
