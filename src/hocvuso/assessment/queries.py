"""Reading tests, banks and questions."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from math import ceil
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Count

from hocvuso.assessment.engine.drawing import Candidate
from hocvuso.assessment.engine.marking import texts
from hocvuso.assessment.models.attempts import GRACE, Attempt, Response
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test, title_of
from hocvuso.people.models.persons import Person
from hocvuso.skills.models import Skill, SkillGroup


@dataclass(frozen=True)
class Standing:
    """Where a person stands with a test."""

    test: Test
    open: Attempt | None
    latest: Attempt | None  # the last that ended, of any version
    passed: bool
    retake_on: date | None

    @property
    def may_begin(self) -> bool:
        return not (self.open or self.passed or self.retake_on)


def find_standings(tests: Sequence[Test], person: Person, today: date) -> list[Standing]:
    slugs = [test.slug for test in tests]
    attempts = Attempt.objects.of(person).filter(test__slug__in=slugs).select_related("test")
    found = list(attempts.order_by("started_at"))
    return [
        find_standing(test, [one for one in found if one.test.slug == test.slug], today) for test in tests
    ]


def find_standing(test: Test, attempts: Sequence[Attempt], today: date) -> Standing:
    """`attempts` at any version of the test, oldest first."""
    open_one = next(
        (one for one in attempts if one.status == Attempt.Status.OPEN and one.test_id == test.pk), None
    )
    latest = next((one for one in reversed(attempts) if one.finished_at), None)
    passed = any(one.status == Attempt.Status.PASSED and one.test_id == test.pk for one in attempts)
    retake_on = latest.retake_on() if latest else None
    return Standing(test, open_one, latest, passed, retake_on if retake_on and retake_on > today else None)


def read_bank(test: Test, person: Person) -> list[Candidate]:
    """The items a test may draw, with how often the person has answered each, in any of its versions."""
    answered = Response.objects.filter(attempt__person=person, answered_at__isnull=False)
    seen = dict(answered.order_by().values_list("item__slug").annotate(Count("id")))
    rows = (
        Item.objects.for_test(test)
        .order_by()
        .values_list("slug", "skill__group__code", "skill__code", "step", "pk")
    )
    return [Candidate(*row, seen=seen.get(row[0], 0)) for row in rows]


def recently_met(person: Person, slugs: Sequence[str]) -> list[int]:
    """Numbers of those of `slugs` that the person has answered, in any version; the latest first."""
    number_of = {slug: number for number, slug in enumerate(slugs)}
    answered = Response.objects.filter(attempt__person=person, answered_at__isnull=False)
    met = dict.fromkeys(answered.order_by("-answered_at").values_list("item__slug", flat=True))
    return [number_of[slug] for slug in met if slug in number_of]


# -- one question


@dataclass(frozen=True, slots=True)
class Question:
    """What the person sees of an item: no key, no reasons."""

    attempt: UUID
    test: str  # slug
    position: int
    length: int  # of an adaptive test, the most
    fixed: bool
    paused: bool
    deadline_at: datetime
    kind: str
    language: str
    stem: str
    texts: list[str]  # options, steps or right halves, as shown
    lefts: list[str]  # of pairs
    screen: list[dict[str, Any]]  # of a hotspot
    numeric: bool  # a number is typed in

    def overdue(self, now: datetime) -> bool:
        return not self.paused and self.deadline_at < now - GRACE

    def minutes_left(self, now: datetime) -> int:
        return max(0, ceil((self.deadline_at - now).total_seconds() / 60))


NEXT_QUESTION = """
SELECT test.slug, test.mode, response.position, test.length, attempt.deadline_at,
    item.kind, item.body, response."order",
    EXISTS (SELECT 1 FROM assessment_testsession AS session
        WHERE session.id = attempt.session_id AND session.status = 'paused')
FROM assessment_attempt AS attempt
JOIN assessment_response AS response ON response.attempt_id = attempt.id
JOIN assessment_item AS item ON item.id = response.item_id
JOIN assessment_test AS test ON test.id = attempt.test_id
WHERE attempt.id = %s AND attempt.person_id = %s AND attempt.status = 'open' AND response.answered_at IS NULL
ORDER BY response.position
LIMIT 1
"""


def read_question(attempt: UUID, person: UUID) -> Question | None:
    """The first unanswered question of the person's own open attempt, in one statement."""
    row = fetch_row(NEXT_QUESTION, [as_parameter(attempt), as_parameter(person)])
    if row is None:
        return None
    slug, mode, position, length, deadline_at, kind, body, order, paused = row
    body = json.loads(body)
    return Question(
        attempt=attempt,
        test=slug,
        position=position,
        length=length,
        fixed=mode == Test.Mode.FIXED,
        paused=bool(paused),
        deadline_at=deadline_at if deadline_at.tzinfo else deadline_at.replace(tzinfo=UTC),
        kind=kind,
        language=body["language"],
        stem=body["stem"],
        texts=texts(kind, body, json.loads(order)),
        lefts=[pair["left"] for pair in body.get("pairs", ())],
        screen=body.get("screen", []),
        numeric=body.get("input") == "number",
    )


# -- one answer


class Asked(NamedTuple):
    """What it takes to keep an answer: one row of ASKED."""

    response: int
    order: str
    item: str
    kind: str
    body: str
    status: str
    in_time: bool
    due: int | None  # the position being asked
    length: int
    mode: str
    paused: bool
    facets: tuple[Any, ...]

    def person(self) -> Person:
        """With just the columns that a record needs; not for saving."""
        return Person(**dict(zip(FACETS, self.facets, strict=True)))


FACETS = ("id", "place_id", "household_id", "audience", "birth_year", "birth_on", "sex")
ASKED = """
SELECT response.id, response."order", item.slug, item.kind, item.body,
    attempt.status, attempt.deadline_at >= %s,
    (SELECT min(position) FROM assessment_response WHERE attempt_id = attempt.id AND answered_at IS NULL),
    test.length, test.mode,
    EXISTS (SELECT 1 FROM assessment_testsession AS session
        WHERE session.id = attempt.session_id AND session.status = 'paused'),
    person.id, person.place_id, person.household_id, person.audience,
    person.birth_year, person.birth_on, person.sex
FROM assessment_attempt AS attempt
JOIN assessment_response AS response ON response.attempt_id = attempt.id
JOIN assessment_item AS item ON item.id = response.item_id
JOIN assessment_test AS test ON test.id = attempt.test_id
JOIN people_person AS person ON person.id = attempt.person_id
WHERE attempt.id = %s AND attempt.person_id = %s AND response.position = %s
"""
LOCK = " FOR NO KEY UPDATE OF attempt"  # nobody ends the attempt meanwhile; SQLite has one writer anyway


def lock_asked(attempt: UUID, person: UUID, position: int, earliest: datetime) -> Asked | None:
    """The person's own attempt at one position, in one statement; `earliest`: deadlines still met."""
    lock = LOCK if connection.features.has_select_for_no_key_update else ""
    moment = connection.ops.adapt_datetimefield_value(earliest)
    row = fetch_row(ASKED + lock, [moment, as_parameter(attempt), as_parameter(person), position])
    return Asked._make((*row[:11], (person, *row[12:]))) if row else None


def fetch_row(statement: str, parameters: list[Any]) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchone()


def as_parameter(identifier: UUID) -> UUID | str:
    return identifier if connection.features.has_native_uuid_field else identifier.hex


# -- results


@dataclass(frozen=True)
class GroupResult:
    code: str
    title: str
    right: int
    asked: int
    strong: list[str]  # titles of skills with nothing wrong
    weak: list[str]  # titles of skills with a wrong or open answer


def read_results(attempt: Attempt) -> list[GroupResult]:
    """Per skill group, in the framework's order: what went well and what to learn."""
    responses = attempt.responses.select_related("item__skill__group")
    groups: dict[SkillGroup, dict[Skill, list[bool]]] = {}
    for response in responses.order_by("item__skill__group__position", "item__skill__position", "position"):
        skills = groups.setdefault(response.item.skill.group, {})
        skills.setdefault(response.item.skill, []).append(bool(response.right))
    return [sum_group(group, skills) for group, skills in groups.items()]


def sum_group(group: SkillGroup, skills: dict[Skill, list[bool]]) -> GroupResult:
    answers = [right for rights in skills.values() for right in rights]
    return GroupResult(
        code=group.code,
        title=title_of(group),
        right=sum(answers),
        asked=len(answers),
        strong=[title_of(skill) for skill, rights in skills.items() if all(rights)],
        weak=[title_of(skill) for skill, rights in skills.items() if not all(rights)],
    )
