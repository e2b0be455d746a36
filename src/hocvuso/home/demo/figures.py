"""Denominators of the invented world, in its own scale; none where a real figure is known."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from random import Random

from hocvuso.home.demo.residents import Resident
from hocvuso.home.demo.settlements import Settlement
from hocvuso.people.models.persons import ADULT_AGE, Audience, Household
from hocvuso.places.models import Baseline, Place

SOURCE = "Số minh họa (bản trình diễn), thu nhỏ theo số người"
COUNTED_AS = {
    Audience.OFFICIAL: Baseline.Count.OFFICIALS,
    Audience.STUDENT: Baseline.Count.STUDENTS,
    Audience.WORKER: Baseline.Count.WORKERS,
}
STAFF_COVERAGE = 0.97  # staff come first everywhere


class HeadCount:
    """Counts a settlement's learners home by home, and says how many people they would be among."""

    def __init__(self, settlement: Settlement) -> None:
        self.settlement = settlement
        self.homes: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, household: Household | None, residents: Iterable[Resident]) -> None:
        for resident in residents:
            place = resident.person.place or self.settlement.commune
            self.homes[place.path].update(counts_of(resident))
        if household is not None:
            self.homes[household.place.path][Baseline.Count.HOUSEHOLDS] += 1

    def estimates(self, rng: Random) -> Iterator[tuple[str, dict[str, int]]]:
        """Path of the home, and its people of each kind."""
        for path, learners in self.homes.items():
            yield path, {count: self.estimate(rng, count, number) for count, number in learners.items()}

    def estimate(self, rng: Random, count: str, learners: int) -> int:
        coverage = STAFF_COVERAGE if count == Baseline.Count.OFFICIALS else self.settlement.coverage
        return max(learners, round(learners / min(1.0, coverage * rng.uniform(0.92, 1.08))))


def counts_of(resident: Resident) -> Iterator[str]:
    yield Baseline.Count.POPULATION
    if resident.age >= ADULT_AGE:
        yield Baseline.Count.ADULTS
    if counted_as := COUNTED_AS.get(Audience(resident.person.audience)):
        yield counted_as


class Denominators:
    """Sums the estimates of homes up to their communes, provinces and the country."""

    def __init__(self, year: int) -> None:
        self.year = year
        self.sums: dict[str, Counter[str]] = defaultdict(Counter)

    def add(self, path: str, estimates: Mapping[str, int]) -> None:
        for code in path.rstrip("/").split("/"):
            self.sums[code].update(estimates)

    def rows(self) -> Iterator[Baseline]:
        """One a count that nobody has counted for real."""
        known = set(Baseline.objects.values_list("place__code", "count"))
        places = dict(Place.objects.filter(code__in=self.sums).values_list("code", "pk"))
        for code, counts in self.sums.items():
            for count, value in counts.items():
                if value and (code, count) not in known:
                    yield Baseline(
                        place_id=places[code], count=count, year=self.year, value=value, source=SOURCE
                    )
