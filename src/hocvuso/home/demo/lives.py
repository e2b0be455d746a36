"""How one person learns: a plan of what happens when, drawn from the seed; no database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from hocvuso.assessment.invented import Sat
from hocvuso.home.demo.moments import DAY_HOURS, EVENING_HOURS, id_at, later

READING = (2, 9)  # minutes between opening a lesson and having answered its question
SITTING = (12, 34)  # minutes a test takes
PASSING, STEEPNESS = 0.6, 4.0  # who knows so much stands at the cut; logits from knowing nothing to all


@dataclass(frozen=True, slots=True)
class Curriculum:
    """What is learnt and tested, as the content has it."""

    paths: Mapping[str, Sequence[str]]  # audience → lessons in order
    courses: Mapping[str, frozenset[str]]  # course → all its lessons
    sit: Callable[[float, int], Sat]
    retake_days: int


@dataclass(frozen=True, slots=True)
class Temper:
    """How somebody goes about it. Shares are between 0 and 1."""

    pace_days: float
    keeps_on: float
    sits_test: float
    knows: float
    helped: float
    evenings: bool = False
    most_lessons: int = 99


@dataclass(frozen=True, slots=True)
class Study:
    lesson: str
    opened_at: datetime
    tries: int  # 0: read, not answered
    completed_at: datetime | None
    helped: bool


@dataclass(frozen=True, slots=True)
class Sitting:
    id: UUID
    started_at: datetime
    finished_at: datetime
    sat: Sat


@dataclass(slots=True)
class Life:
    registered_at: datetime
    studies: list[Study] = field(default_factory=list)
    courses: list[tuple[str, datetime]] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)


def temper_of(rng: Random, *, age: int, audience: str, in_class: bool, carried: bool) -> Temper:
    """Older people are helped more and go slower; a class carries its members, a keen commune its people."""
    old = max(0.0, min(1.0, (age - 30) / 45))
    staff = audience in ("official", "worker")
    return Temper(
        pace_days=2.5 if in_class else 4 + 7 * old,
        keeps_on=min(
            0.985,
            (0.955 if in_class else 0.81 - 0.06 * old)
            + 0.02 * staff
            + 0.06 * (carried and not in_class)
            + rng.gauss(0, 0.02),
        ),
        sits_test=min(0.98, (0.9 if in_class else 0.7 + 0.2 * carried) + 0.08 * staff - 0.15 * old),
        knows=max(0.2, min(0.97, rng.gauss(0.68 - 0.2 * old + 0.12 * staff, 0.1))),
        helped=0.05 + 0.5 * old**2,
        evenings=in_class,
    )


def plan_life(
    rng: Random, temper: Temper, audience: str, curriculum: Curriculum, begins: datetime, until: datetime
) -> Life:
    life = Life(begins)
    at = plan_studies(rng, temper, curriculum.paths[audience], life, until)
    life.courses = completed_courses(life.studies, curriculum.courses)
    if len(life.studies) >= 2 and rng.random() < temper.sits_test * min(1.0, len(life.studies) / 4):
        plan_sittings(rng, temper, curriculum, life, at, until)
    return life


def plan_studies(rng: Random, temper: Temper, path: Sequence[str], life: Life, until: datetime) -> datetime:
    """Lesson after lesson, sometimes two on one day, until something else is more important."""
    hours = EVENING_HOURS if temper.evenings else DAY_HOURS
    at = life.registered_at + timedelta(minutes=rng.randint(4, 25))
    for lesson in path[: temper.most_lessons]:
        if at > until:
            break
        study = plan_study(rng, temper, lesson, at)
        life.studies.append(study)
        if rng.random() > temper.keeps_on or study.completed_at is None:
            break
        another = rng.random() < 0.3
        at = (
            study.completed_at + timedelta(minutes=rng.randint(1, 6))
            if another
            else later(rng, at, temper.pace_days, hours)
        )
    return at


def plan_study(rng: Random, temper: Temper, lesson: str, at: datetime) -> Study:
    tries = 1 if rng.random() < temper.knows else 2 if rng.random() < 0.75 else 3
    if rng.random() < 0.03:
        return Study(lesson, at, 0, None, helped=False)
    return Study(
        lesson, at, tries, at + timedelta(minutes=rng.randint(*READING)), rng.random() < temper.helped
    )


def completed_courses(
    studies: Sequence[Study], courses: Mapping[str, frozenset[str]]
) -> list[tuple[str, datetime]]:
    done: set[str] = set()
    finished = []
    for study in studies:
        course = study.lesson.partition("/")[0]
        if study.completed_at is not None and study.lesson not in done:
            done.add(study.lesson)
            if courses[course] <= done:
                finished.append((course, study.completed_at))
    return finished


def plan_sittings(
    rng: Random, temper: Temper, curriculum: Curriculum, life: Life, at: datetime, until: datetime
) -> None:
    """At most three sittings; who has learnt more knows more, and everybody learns from a failed test."""
    knows = min(0.98, temper.knows + 0.01 * min(12, len(life.studies)))
    started = later(rng, at, 3)
    for number in range(3):
        sitting = sit_test(rng, min(0.98, knows + 0.06 * number), curriculum, started)
        if sitting.finished_at > until:
            return
        life.sittings.append(sitting)
        if sitting.sat.passed or rng.random() > 0.7:
            return
        started = later(rng, sitting.finished_at + timedelta(days=curriculum.retake_days), 5)


def sit_test(rng: Random, knows: float, curriculum: Curriculum, started: datetime) -> Sitting:
    sat = curriculum.sit((knows - PASSING) * STEEPNESS, rng.getrandbits(48))
    finished = started + timedelta(minutes=rng.randint(*SITTING))
    return Sitting(id_at(rng, started), started, finished, sat)
