"""Who of a class list is already known, and which village each row means."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from hocvuso.base.folding import fold
from hocvuso.people.engine.roster import Problem, Values
from hocvuso.people.engine.villages import Villages
from hocvuso.people.id_numbers import hash_id_number
from hocvuso.people.models.persons import Person, PersonQuerySet
from hocvuso.people.models.rosters import Roster
from hocvuso.places.models import Place

CHUNK = 500


@dataclass
class Match:
    place: int
    person: Person | None = None
    certain: bool = False
    problems: list[Problem] = field(default_factory=list)


class Matcher:
    """Asks the database a few times for a whole list, not for each row.

    Only people whom the importing helper may see are ever named; of others it is said that a number is taken.
    """

    def __init__(self, roster: Roster, values: Sequence[Values]) -> None:
        self.home = roster.place
        below = Place.objects.current().within(roster.place).filter(kind=Place.Kind.VILLAGE)
        self.villages = Villages(dict(below.values_list("pk", "name")))
        seen = Person.objects.visible_to(roster.by)
        self.by_name: dict[str, list[Person]] = {}
        for person in chunked(seen, "folded_name__in", {fold(row.name) for row in values if row.name}):
            self.by_name.setdefault(person.folded_name, []).append(person)
        everybody = Person.objects.filter(erased_at=None)
        phones = {row.phone for row in values if row.phone}
        hashes = {hash_id_number(row.id_number) for row in values if row.id_number}
        self.by_phone = {person.phone: person for person in chunked(everybody, "phone__in", phones)}
        self.by_id = {
            person.id_number_hash: person for person in chunked(everybody, "id_number_hash__in", hashes)
        }

    def match(self, row: Values) -> Match:
        place = self.villages.find(row.village)
        match = Match(place=place or self.home.pk)
        if row.village and place is None and fold(row.village) != fold(self.home.name):
            match.problems.append(Problem("village", "village_unknown"))
        namesakes = self.by_name.get(fold(row.name), []) if row.name else []
        self._match_person(match, row, namesakes)
        self._check_phone(match, row)
        self._check_id(match, row, namesakes)
        return match

    def _match_person(self, match: Match, row: Values, namesakes: list[Person]) -> None:
        near = [
            person
            for person in namesakes
            if row.birth_year in (None, person.birth_year) or not person.birth_year
        ]
        if not near:
            return
        certain = [person for person in near if is_same(person, row, match.place, self.home.pk)]
        match.person = (certain or near)[0]
        match.certain = bool(certain)
        match.problems.append(Problem("name", "known" if certain else "maybe_known"))

    def _check_phone(self, match: Match, row: Values) -> None:
        holder = self.by_phone.get(row.phone) if row.phone else None
        if holder is not None and holder != match.person:
            match.problems.append(Problem("phone", "phone_taken"))

    def _check_id(self, match: Match, row: Values, namesakes: list[Person]) -> None:
        holder = self.by_id.get(hash_id_number(row.id_number)) if row.id_number else None
        if holder is None:
            return
        if holder in namesakes:
            match.person, match.certain = holder, True
        elif holder != match.person:
            match.problems.append(Problem("id_number", "id_number_taken"))


def is_same(person: Person, row: Values, place: int, home: int) -> bool:
    """The same phone, or the same year and village (who is kept with the whole commune is of any village)."""
    if row.phone and row.phone == person.phone:
        return True
    same_year = row.birth_year is not None and row.birth_year == person.birth_year
    return same_year and (person.place_id == place or home in (place, person.place_id))


def chunked(people: PersonQuerySet, lookup: str, values: set[str]) -> Iterable[Person]:
    wanted = sorted(values)
    for start in range(0, len(wanted), CHUNK):
        yield from people.filter(**{lookup: wanted[start : start + CHUNK]})
