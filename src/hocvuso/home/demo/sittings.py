"""Tests that invented people sat: the attempt and, in depth, each question with what was chosen."""

from collections.abc import Sequence
from datetime import timedelta
from random import Random

from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.items import Item
from hocvuso.home.demo.curriculum import Syllabus
from hocvuso.home.demo.deeds import Answer
from hocvuso.home.demo.lives import Sitting
from hocvuso.people.models.persons import Person


def answer_questions(rng: Random, sitting: Sitting, syllabus: Syllabus) -> list[Answer]:
    """What was asked and how it went, at even steps through the time it took."""
    asked = sitting.sat.answers
    step = (sitting.finished_at - sitting.started_at) / (len(asked) + 1)
    return [
        answer_of(rng, syllabus.items[item], right, sitting, step * (number + 1))
        for number, (item, right) in enumerate(asked)
    ]


def answer_of(rng: Random, item: Item, right: bool, sitting: Sitting, after: timedelta) -> Answer:
    order = item.shown_order(rng.getrandbits(32))
    return Answer(
        item.pk, item.slug, order, choose_answer(rng, item, right), right, sitting.started_at + after
    )


def choose_answer(rng: Random, item: Item, right: bool) -> list[int] | str:
    key = item.keys()[0]
    if right:
        return key
    if item.kind == Item.Kind.SHORT:
        return "không rõ"
    if item.kind in (Item.Kind.ORDER, Item.Kind.MATCH):
        return [*key[1:], key[0]]
    return [rng.choice([index for index in range(item.parts()) if index not in key])]


def attempt_of(person: Person, sitting: Sitting, syllabus: Syllabus) -> Attempt:
    sat = sitting.sat
    return Attempt(
        id=sitting.id,
        person_id=person.pk,
        test_id=syllabus.test.pk,
        seed=sitting.id.int & (1 << 60) - 1,
        status=Attempt.Status.PASSED if sat.passed else Attempt.Status.FAILED,
        started_at=sitting.started_at,
        deadline_at=sitting.started_at + timedelta(minutes=syllabus.test.minutes),
        finished_at=sitting.finished_at,
        score=sat.score,
        profile=sat.profile,
        bank_id=syllabus.bank,
        estimate=sat.estimate,
    )


def responses_of(attempt: Attempt, answers: Sequence[Answer]) -> list[Response]:
    return [
        Response(
            attempt_id=attempt.pk,
            position=position,
            item_id=answer.item,
            order=list(answer.order),
            answer=answer.given,
            right=answer.right,
            asked_at=attempt.started_at,
            answered_at=answer.at,
        )
        for position, answer in enumerate(answers, start=1)
    ]
