"""Items, tests and attempts for tests of every room."""

from collections.abc import Mapping
from itertools import count
from typing import Any

from hocvuso.assessment.actions import Given, Outcome, answer_item, begin_attempt
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.skills.models import Framework, Skill
from hocvuso.skills.tests.make import make_framework, make_skill

_numbers = count(1)
LETTERS = "ABCD"


def make_item(skill: Skill | None = None, *, right: int = 0, options: int = 4, **fields: Any) -> Item:
    """An item whose key is the option at index `right`."""
    number = next(_numbers)
    body = {
        "language": "vi",
        "stem": f"Câu hỏi mẫu số {number}?",
        "options": [
            {
                "text": f"Cách {letter} của câu {number}",
                "right": index == right,
                "why": f"Vì {letter} của câu {number}.",
            }
            for index, letter in enumerate(LETTERS[:options])
        ],
    }
    defaults = {
        "slug": f"cau-mau-{number}",
        "step": 1 + number % 3,
        "difficulty": 0.0,
        "content_hash": "-",
        "body": body,
    }
    return Item.objects.create(skill=skill or make_skill(), **defaults | fields)


def make_bank(framework: Framework, per_skill: int = 3) -> list[Item]:
    skills = Skill.objects.filter(group__framework=framework)
    return [
        make_item(skill, right=number % 4, step=1 + number % 3)
        for skill in skills
        for number in range(per_skill)
    ]


def make_test(slug: str = "thu", *, blueprint: Mapping[str, int] | None = None, **fields: Any) -> Test:
    """A test of four questions over two groups, with its framework and bank unless `framework` is given."""
    groups = dict(blueprint or {"0": 2, "1": 2})
    framework = fields.pop("framework", None)
    if framework is None:
        framework = make_framework(groups=len(groups))
        make_bank(framework)
    defaults = {
        "version": "1",
        "title": "Bài kiểm tra thử",
        "audience": "citizen",
        "length": sum(groups.values()),
        "pass_share": 0.75,
        "retake_after_days": 7,
        "minutes": 40,
        "content_hash": "-",
    }
    return Test.objects.create(slug=slug, framework=framework, blueprint=groups, **defaults | fields)


def make_attempt(
    test: Test | None = None, *, person: Person | None = None, right: int | None = None
) -> Attempt:
    """An attempt just begun or, when `right` is given, answered to the end with so many right answers."""
    attempt = begin_attempt(test or make_test(), by=person or make_person())
    if right is not None:
        answer_all(attempt, right=right)
    attempt.refresh_from_db()
    return attempt


def answer_all(attempt: Attempt, *, right: int) -> None:
    for position in range(1, attempt.responses.count() + 1):
        give_answer(attempt, position, right=position <= right)


def give_answer(attempt: Attempt, position: int, *, right: bool = True, text: str = "") -> Outcome:
    shown = [] if text else [place_of(attempt, position, right)]
    return answer_item(attempt.pk, by=attempt.person_id, given=Given(position, shown, text))


def place_of(attempt: Attempt, position: int, right: bool) -> int:
    """Where on the screen the key stands, or the first wrong option."""
    response = attempt.responses.select_related("item").get(position=position)
    rights = [response.item.body["options"][index]["right"] for index in response.order]
    return rights.index(right)
