"""Bringing the official list into the database: what is missing is added, what is there keeps its history."""

from collections.abc import Iterable, Mapping

from django.db import transaction

from hocvuso.base.folding import fold
from hocvuso.places.actions import open_place, renew_edition
from hocvuso.places.engine.gazetteer import OPENED_ON, FormerName, Gazetteer, Unit
from hocvuso.places.engine.naming import in_english, split_type
from hocvuso.places.models import Place, PlaceAlias, PlaceVersion
from hocvuso.places.queries import today_of

BATCH = 1000


@transaction.atomic
def seed_places() -> dict[str, int]:
    """Adds the country, its provinces and communes and all former names. Returns how many rows were added."""
    gazetteer = Gazetteer()
    if not Place.objects.filter(code="VN").exists():
        open_place("VN", name="Việt Nam", kind=Place.Kind.COUNTRY, on=OPENED_ON)
    added = {
        "provinces": add_units(gazetteer.provinces(), Place.Kind.PROVINCE),
        "communes": add_units(gazetteer.communes(), Place.Kind.COMMUNE),
        "former_names": add_former_names(gazetteer.former_names()),
    }
    if any(added.values()):
        renew_edition()
    return added


def add_units(units: Iterable[Unit], kind: str) -> int:
    known = set(Place.objects.of_kind(kind).values_list("code", flat=True))
    parents = {place.code: place for place in Place.objects.exclude(kind=Place.Kind.VILLAGE)}
    places = [new_place(unit, kind, parents[unit.parent]) for unit in units if unit.code not in known]
    Place.objects.bulk_create(places, BATCH)
    PlaceVersion.objects.bulk_create([first_version(place) for place in places], BATCH)
    PlaceAlias.objects.bulk_create([todays_name(place) for place in places], BATCH)
    return len(places)


def new_place(unit: Unit, kind: str, parent: Place) -> Place:
    type_name, short_name = split_type(unit.name)
    return Place(
        code=unit.code,
        kind=kind,
        name=unit.name,
        short_name=short_name,
        name_en=in_english(type_name, short_name),
        type_name=type_name,
        parent=parent,
        path=f"{parent.path}{unit.code}/",
        latitude=unit.latitude,
        longitude=unit.longitude,
        area_km2=unit.area_km2,
        valid_from=OPENED_ON,
    )


def first_version(place: Place) -> PlaceVersion:
    return PlaceVersion(
        place=place, name=place.name, type_name=place.type_name, path=place.path, valid_from=place.valid_from
    )


def todays_name(place: Place) -> PlaceAlias:
    return PlaceAlias(place=place, name=place.name, folded=fold(place.name))


def add_former_names(names: Iterable[FormerName]) -> int:
    """Names lead to what their heirs have become since, so that a merger is not undone by loading again."""
    ids = todays_ids()
    known = set(PlaceAlias.objects.values_list("place_id", "name"))
    rows: list[PlaceAlias] = []
    for former in names:
        for position, code in enumerate(former.heirs):
            pair = (ids[code], former.name)
            if pair not in known:
                known.add(pair)
                rows.append(former_alias(*pair, main=position == 0))
    PlaceAlias.objects.bulk_create(rows, BATCH)
    return len(rows)


def former_alias(place_id: int, name: str, *, main: bool) -> PlaceAlias:
    return PlaceAlias(place_id=place_id, name=name, folded=fold(name), former=True, main=main)


def todays_ids() -> Mapping[str, int]:
    codes = dict(Place.objects.exclude(kind=Place.Kind.VILLAGE).values_list("code", "id"))
    ended = Place.objects.exclude(valid_to=None).values_list("id", flat=True)
    today = today_of(ended)
    return {code: today[place_id].pk if place_id in today else place_id for code, place_id in codes.items()}
