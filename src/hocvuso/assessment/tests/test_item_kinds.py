"""Each kind of item on its page: shown without its key, answered by a plain form, kept and judged."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.tests.make import make_attempt, make_item, make_test
from hocvuso.assessment.tests.test_views import read as sound
from hocvuso.people.tests.make import make_person

pytestmark = pytest.mark.django_db

WHY = "Đúng rồi. Làm như thế là chắc."
BODIES: dict[str, dict[str, Any]] = {
    "multiple": {
        "options": [{"text": f"Cách {letter}", "right": letter in "AC", "why": WHY} for letter in "ABCD"]
    },
    "order": {"steps": ["Mở khóa máy", "Mở ứng dụng", "Quét mã"], "why": WHY},
    "match": {
        "pairs": [{"left": f"Hình {one}", "right": f"Việc {one}"} for one in "ABC"],
        "why": WHY,
    },
    "hotspot": {
        "screen": [
            {
                "icons": [
                    {"icon": "qr", "label": "Mã", "mark": 1},
                    {"icon": "money", "label": "Tiền", "mark": 2},
                ]
            }
        ],
        "options": [
            {"mark": 1, "text": "Quét mã", "right": True, "why": WHY},
            {"mark": 2, "text": "Chuyển tiền", "right": False, "why": WHY},
        ],
    },
    "short": {"input": "number", "accept": ["113"], "why": WHY},
}
RIGHT = {
    "multiple": {"choice": ["0", "2"]},
    "order": {"choice": ["1", "2", "3"]},
    "match": {"choice": ["0", "1", "2"]},
    "hotspot": {"choice": ["0"]},
    "short": {"text": " 1 1 3 "},
}
WRONG = {
    "multiple": {"choice": ["0", "1"]},
    "order": {"choice": ["2", "1", "3"]},
    "match": {"choice": ["1", "0", "2"]},
    "hotspot": {"choice": ["1"]},
    "short": {"text": "114"},
}
OPEN = {
    "multiple": {},
    "order": {"choice": ["1", "1", ""]},
    "match": {"choice": ["0", "", "2"]},
    "hotspot": {},
    "short": {"text": "  "},
}
KINDS = sorted(BODIES)


def asked(client: Client, kind: str) -> Attempt:
    """An attempt of two questions whose first is of this kind, its parts in the item's own order."""
    person = make_person()
    test = make_test(blueprint={"0": 1, "1": 1})
    attempt = make_attempt(test, person=person)
    body = {"language": "vi", "stem": "Câu hỏi để thử các kiểu?", **BODIES[kind]}
    item = make_item(Item.objects.for_test(test).first().skill, kind=kind, body=body)
    attempt.responses.filter(position=1).update(item=item, order=list(range(item.parts())))
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    return attempt


def post(client: Client, attempt: Attempt, data: dict[str, Any]) -> Any:
    return client.post(
        reverse("assessment:attempt_answer", args=[attempt.pk]), {"position": 1, **data}, follow=True
    )


def first(attempt: Attempt) -> Response:
    return attempt.responses.get(position=1)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_is_sound_and_tells_no_reason(client: Client, kind: str) -> None:
    attempt = asked(client, kind)

    response = client.get(reverse("assessment:attempt_show", args=[attempt.pk]))

    sound(response)
    html = response.content.decode()
    assert WHY not in html
    assert first(attempt).item.slug not in html
    if kind == "short":
        assert 'value="113"' not in html


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("data", "right"), [(RIGHT, True), (WRONG, False)], ids=["right", "wrong"])
def test_an_answer_is_kept_and_judged(client: Client, kind: str, data: Any, right: bool) -> None:
    attempt = asked(client, kind)

    sound(post(client, attempt, data[kind]))

    assert first(attempt).right is right
    assert first(attempt).answer is not None


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_left_open_is_asked_for_kindly(client: Client, kind: str) -> None:
    attempt = asked(client, kind)

    response = post(client, attempt, OPEN[kind])

    sound(response)
    assert 'id="choice-error"' in response.content.decode()
    assert first(attempt).answered_at is None


@pytest.mark.parametrize("choice", [["x"], ["-1"], ["9999"], ["٣"]])
def test_what_no_page_sends_is_refused_without_a_trace(client: Client, choice: list[str]) -> None:
    attempt = asked(client, "multiple")

    response = post(client, attempt, {"choice": choice})

    sound(response)
    assert first(attempt).answered_at is None
