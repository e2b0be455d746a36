"""Invented people in their households, and in the classes of a commune."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from hocvuso.base.folding import fold
from hocvuso.home.demo.moments import EVENING_HOURS, Calendar, id_at, on_day
from hocvuso.home.demo.names import make_name, make_surname
from hocvuso.home.demo.settlements import Settlement
from hocvuso.people.models.persons import Audience, Household, Person, Sex
from hocvuso.places.models import Place

UNUSABLE_PASSWORD = "!"  # noqa: S105 - Django's mark of "cannot sign in by password"
ASSISTED_FROM_AGE = 58
CLASS_AUDIENCES = (Audience.OFFICIAL,) * 6 + (
    Audience.CITIZEN,
) * 4  # staff; cell secretaries, retired teachers, residents


@dataclass(slots=True)
class Resident:
    person: Person
    age: int
    in_class: bool
    begins: datetime


class Census:
    """Draws the people of one settlement, all from one source of chance."""

    def __init__(self, settlement: Settlement, calendar: Calendar, rng: Random) -> None:
        self.settlement, self.calendar, self.rng = settlement, calendar, rng
        self.year = calendar.last_day.year
        self.houses = 0

    def classes(self) -> Iterator[tuple[None, list[Resident]]]:
        for size, share in self.settlement.classes:
            first_day = self.calendar.share(share)
            for _ in range(size):
                begins = on_day(self.rng, first_day, EVENING_HOURS)
                audience = (
                    self.rng.choice(CLASS_AUDIENCES)
                    if len(self.settlement.classes) == 1
                    else Audience.OFFICIAL
                )
                age = self.rng.randint(24, 59) if audience == Audience.OFFICIAL else self.rng.randint(45, 76)
                yield (
                    None,
                    [self.resident(self.surname(), age, audience, self.home(), None, begins, in_class=True)],
                )

    def households(self) -> Iterator[tuple[Household, list[Resident]]]:
        left = self.settlement.residents
        while left > 0:
            home, members = self.household(min(left, self.rng.choices((1, 2, 3, 4), (45, 32, 15, 8))[0]))
            left -= len(members)
            yield home, members

    def household(self, size: int) -> tuple[Household, list[Resident]]:
        """A head, a spouse near in age, children who carry the father's surname."""
        place, surname, begins = self.home(), self.surname(), self.begins()
        head_age = self.rng.choices((34, 46, 58, 69), (3, 4, 4, 3))[0] + self.rng.randint(-6, 7)
        woman = self.rng.random() < 0.45
        ages = [
            head_age,
            head_age + self.rng.randint(-5, 5),
            head_age - self.rng.randint(22, 30),
            head_age - self.rng.randint(24, 33),
        ]
        self.houses += 1
        house = Household(id=id_at(self.rng, begins), place=place, name="", number=f"{self.houses:03}")
        members = []
        for number in range(size):
            child = number >= 2
            name = surname if number != 1 and not (child and woman) else self.surname()
            sex_is_woman = woman if number == 0 else not woman if number == 1 else self.rng.random() < 0.5
            age = max(8, ages[number])
            at = begins if number == 0 else max(begins, self.begins())
            members.append(self.resident(name, age, self.audience(age), place, house, at, woman=sex_is_woman))
        house.name = members[0].person.full_name
        return house, members

    def resident(
        self,
        surname: str,
        age: int,
        audience: str,
        place: Place,
        household: Household | None,
        begins: datetime,
        *,
        woman: bool | None = None,
        in_class: bool = False,
    ) -> Resident:
        woman = self.rng.random() < 0.52 if woman is None else woman
        name = make_name(self.rng, surname, woman=woman, birth_year=self.year - age)
        person = Person(
            password=UNUSABLE_PASSWORD,
            full_name=name,
            folded_name=fold(name),
            birth_year=self.year - age,
            sex=Sex.FEMALE if woman else Sex.MALE,
            audience=audience,
            place=place,
            household=household,
            assisted=age >= ASSISTED_FROM_AGE and self.rng.random() < 0.6,
            invented=True,
        )
        return Resident(person, age, in_class, begins)

    # -- chances
    def home(self) -> Place:
        return self.rng.choice(self.settlement.homes())

    def surname(self) -> str:
        return make_surname(self.rng, self.settlement.latitude)

    def begins(self) -> datetime:
        while (at := on_day(self.rng, self.calendar.day(self.rng))) > self.calendar.until:
            pass
        return at

    def audience(self, age: int) -> str:
        if age < 19:
            return Audience.STUDENT
        weights = (30, 30, 28, 12) if age < 24 else (62, 0, 22, 16) if age < 60 else (100, 0, 0, 0)
        kinds: Sequence[str] = (Audience.CITIZEN, Audience.STUDENT, Audience.WORKER, Audience.OFFICIAL)
        return self.rng.choices(kinds, weights)[0]
