"""An invented world: the same seed tells the same lives. Tests and benchmarks measure on it too."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from hocvuso.home.demo.chronicle import Chronicle
from hocvuso.home.demo.curriculum import read_syllabus
from hocvuso.home.demo.logins import make_logins
from hocvuso.home.demo.moments import Calendar
from hocvuso.home.demo.requests import make_requests
from hocvuso.home.demo.settlements import Settlement, settle
from hocvuso.indicators.actions import catch_up
from hocvuso.people.models.persons import Person
from hocvuso.records.partitions import make_partitions

PEOPLE, SEED, MONTHS = 6000, 1945, 24
SETTLEMENTS_A_LINE = 500


class RealWorld(RuntimeError):
    """Invented people have no place in production."""


@dataclass(frozen=True, slots=True)
class World:
    learners: int
    new: bool


def build(
    people: int = PEOPLE,
    *,
    seed: int = SEED,
    months: int = MONTHS,
    until: datetime | None = None,
    say: Callable[[str], None] = lambda line: None,
) -> World:
    """Makes the world once; where there is one, nothing happens. Memory is bounded whatever the size."""
    if not settings.DEMO:
        raise RealWorld("The demo world is for HOCVUSO_ENV=demo only.")
    invented = Person.objects.learners().filter(invented=True)
    if Person.objects.filter(invented=True).exists():
        return World(invented.count(), new=False)
    syllabus, calendar = read_syllabus(), Calendar(until or timezone.now(), months)
    make_partitions(calendar.months[0], calendar.months[-1])
    with rare_collection():
        tell_all(list(settle(people, seed)), Chronicle(syllabus, calendar, seed), say)
        make_logins(calendar.until)
        make_requests(calendar.months[0], calendar.until)
        catch_up()
    return World(invented.count(), new=True)


def tell_all(settlements: list[Settlement], chronicle: Chronicle, say: Callable[[str], None]) -> None:
    chronicle.elsewhere = [home for each in settlements for home in each.homes()]
    for number, settlement in enumerate(settlements, start=1):
        chronicle.tell(settlement, catch_up)
        if number % SETTLEMENTS_A_LINE == 0:
            say(f"{number} of {len(settlements)} places")
    chronicle.finish()


@contextmanager
def rare_collection() -> Iterator[None]:
    """Millions of rows that live for a second hold no cycles: looking for some costs a fifth of the time."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)
