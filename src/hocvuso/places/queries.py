"""Reading the map: as it was on a day, and as it is today."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from hocvuso.places.engine.search import Hit, Name, SearchIndex
from hocvuso.places.models import Place, PlaceAlias, PlaceEdition, PlaceVersion


def today_of(place_ids: Iterable[int]) -> dict[int, Place]:
    """What each unit has become (itself while it exists): one query a step of the longest chain."""
    today: dict[int, Place] = {}
    waiting = {place_id: place_id for place_id in place_ids}
    while waiting:
        places = Place.objects.in_bulk(set(waiting.values()))
        today |= {start: places[at] for start, at in waiting.items() if at in places}
        waiting = {
            start: successor
            for start, at in waiting.items()
            if at in places and (successor := places[at].successor_id) is not None
        }
    return today


def units_on(day: date, within: Place | None = None, kind: str = "") -> QuerySet[PlaceVersion]:
    """Units as they were on a day, with the name and path of that day."""
    versions = PlaceVersion.objects.filter(Q(valid_to=None) | Q(valid_to__gt=day), valid_from__lte=day)
    if within is not None:
        then = versions.filter(place=within).first()
        versions = versions.filter(path__startswith=then.path) if then else versions.none()
    if kind:
        versions = versions.filter(place__kind=kind)
    return versions.select_related("place").order_by("path")


def roll_up(values: Mapping[int, int], kind: str, day: date | None = None) -> dict[int, int]:
    """Counts by place id, summed into units of a kind on today's map, or on the map of a day.

    A unit that had ended by that day counts in what it had become. One that did not exist yet counts in what
    it was put under when it began, or as itself.
    """
    above = units_above(kind, day)
    sums: dict[int, int] = defaultdict(int)
    for place_id, value in values.items():
        sums[above.get(place_id, place_id)] += value
    return dict(sums)


def units_above(kind: str, day: date | None = None) -> dict[int, int]:
    """For each place the unit of a kind that it lies in, on today's map or on that of a day."""
    ids = {place.code: place.pk for place in Place.objects.of_kind(kind).only("code")}
    paths = paths_today() if day is None else paths_on(day)
    found = ((place_id, [code for code in path.split("/") if code in ids]) for place_id, path in paths)
    return {place_id: ids[codes[0]] for place_id, codes in found if codes}


def paths_today() -> Iterable[tuple[int, str]]:
    return Place.objects.values_list("pk", "path")


def paths_on(day: date) -> Iterable[tuple[int, str]]:
    """Each place's path on the map of a day, also of those that had ended or had not begun."""
    return DayMap(day).paths()


class DayMap:
    def __init__(self, day: date) -> None:
        self.known = dict(units_on(day).values_list("place_id", "path").order_by())
        self.others = {place.pk: place for place in Place.objects.exclude(pk__in=Place.objects.as_of(day))}
        self.day = day

    def paths(self) -> Iterable[tuple[int, str]]:
        yield from self.known.items()
        for place_id, place in self.others.items():
            yield place_id, self.path_of(place)

    def path_of(self, place: Place) -> str:
        if place.pk in self.known:
            return self.known[place.pk]
        ended = place.valid_to is not None and place.valid_to <= self.day
        above = place.successor if ended else self.first_parent(place)
        return f"{self.path_of(above) if above else ''}{place.code}/"

    def first_parent(self, place: Place) -> Place | None:
        path = place.versions.earliest("valid_from").path
        codes = path.split("/")[:-2]
        return Place.objects.filter(code=codes[-1]).first() if codes else None


# -- search


@dataclass(frozen=True, slots=True)
class PlaceHit:
    """A unit found, and the former name that led to it when that was not today's."""

    place: Place
    around: str
    formerly: str

    def __str__(self) -> str:
        label = self.place.full_name()
        if not self.formerly:
            return label
        return _("%(place)s — formerly: %(name)s") % {"place": label, "name": self.formerly}


class Names:
    """The search index of this process, built anew when any unit or name has changed."""

    edition: UUID | None = None
    index = SearchIndex(())

    @classmethod
    def current(cls) -> SearchIndex:
        edition = PlaceEdition.objects.values_list("value", flat=True).first()
        if edition != cls.edition:
            cls.index, cls.edition = SearchIndex(read_names()), edition
        return cls.index


def search(text: str, kinds: Collection[str] | None = None, limit: int = 8) -> list[PlaceHit]:
    """Provinces and communes by any name; villages are chosen within their commune. Best first."""
    hits = Names.current().search(text, kinds=kinds or (), limit=limit)
    places = Place.objects.select_related("parent").in_bulk([hit.place_id for hit in hits])
    return [tell(places[hit.place_id], hit) for hit in hits if hit.place_id in places]


def read_names() -> Iterator[Name]:
    rows = PlaceAlias.objects.exclude(place__kind__in=[Place.Kind.VILLAGE, Place.Kind.COUNTRY])
    columns = (
        "place_id",
        "place__kind",
        "name",
        "former",
        "main",
        "place__parent__short_name",
        "place__parent__kind",
    )
    for place_id, kind, name, former, main, above, above_kind in rows.order_by("pk").values_list(*columns):
        text, _comma, around = name.partition(", ")
        if not former and above_kind != Place.Kind.COUNTRY:
            around = above
        yield Name(place_id, kind, text, around, former, main)


def tell(place: Place, hit: Hit) -> PlaceHit:
    around = place.parent.short_name if place.parent and place.parent.kind != Place.Kind.COUNTRY else ""
    same = not hit.name.former or hit.name.text == place.name
    return PlaceHit(place, around, "" if same else former_label(hit.name, around))


def former_label(name: Name, around: str) -> str:
    """`phường Hà Phong, Hạ Long`: where it lay is told as far as it differs from where it lies."""
    lay = [part for part in name.around.split(", ") if part]
    if lay and lay[-1] == around:
        lay.pop()
    return ", ".join([name.text[0].lower() + name.text[1:], *lay])
