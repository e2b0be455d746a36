"""A planned life as deeds in order: what one record each will say."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from hocvuso.home.demo.lives import Life, Sitting, Study
from hocvuso.home.demo.moments import id_at
from hocvuso.places.models import Place
from hocvuso.records.models import Verb

BETWEEN_TRIES = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Answer:
    """To one question of a test, `given` as a response keeps it."""

    item: int
    slug: str
    order: Sequence[int]
    given: list[int] | str
    right: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Move:
    at: datetime
    origin: Place
    to: Place


@dataclass(frozen=True, slots=True)
class Deed:
    id: UUID
    at: datetime
    verb: str
    object_kind: str
    object_key: str
    result: dict[str, Any] = field(default_factory=dict)
    helped: bool = False


class Diary:
    """Writes down what somebody did. `in_depth`: each reading and each answer, not only what came of it."""

    def __init__(self, rng: Random, person: UUID, *, in_depth: bool) -> None:
        self.rng, self.person, self.in_depth = rng, person, in_depth

    def deeds(
        self, life: Life, test: str, answers: dict[UUID, list[Answer]], move: Move | None
    ) -> list[Deed]:
        deeds = [Deed(self.person, life.registered_at, Verb.REGISTERED, "person", str(self.person))]
        if move is not None:
            result = {"from_place": move.origin.code}
            deeds.append(self.deed(move.at, Verb.MOVED, "person", str(self.person), result))
        for study in life.studies:
            deeds += self.of_study(study)
        deeds += [self.deed(at, Verb.COMPLETED, "course", course) for course, at in life.courses]
        for sitting in life.sittings:
            deeds += self.of_sitting(sitting, test, answers.get(sitting.id, []))
        return sorted(deeds, key=lambda deed: deed.at)

    def deed(
        self,
        at: datetime,
        verb: Verb,
        kind: str,
        key: str,
        result: dict[str, Any] | None = None,
        *,
        helped: bool = False,
    ) -> Deed:
        return Deed(id_at(self.rng, at), at, verb, kind, key, result or {}, helped)

    def of_study(self, study: Study) -> Iterator[Deed]:
        helped = study.helped
        if self.in_depth:
            yield self.deed(study.opened_at, Verb.EXPERIENCED, "lesson", study.lesson, helped=helped)
        if study.completed_at is None:
            return
        yield self.deed(study.completed_at, Verb.COMPLETED, "lesson", study.lesson, helped=helped)
        for number in range(study.tries) if self.in_depth else ():
            at = study.completed_at + BETWEEN_TRIES * number
            result = {"right": number == study.tries - 1, "try": number + 1}
            yield self.deed(at, Verb.ANSWERED, "check", study.lesson, result, helped=helped)

    def of_sitting(self, sitting: Sitting, test: str, answers: Sequence[Answer]) -> Iterator[Deed]:
        """A test is always sat alone: only that is evidence."""
        attempt = {"attempt": str(sitting.id)}
        yield self.deed(sitting.started_at, Verb.ATTEMPTED, "test", test, attempt)
        for answer in answers:
            yield self.deed(answer.at, Verb.ANSWERED, "item", answer.slug, attempt | {"right": answer.right})
        verb = Verb.PASSED if sitting.sat.passed else Verb.FAILED
        yield self.deed(sitting.finished_at, verb, "test", test, attempt | {"score": sitting.sat.score})
