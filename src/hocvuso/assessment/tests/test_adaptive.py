"""Adaptive attempts: asked item by item, stopped when the result is clear, replayable."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hocvuso.assessment.actions import Outcome, begin_attempt, expire_attempt
from hocvuso.assessment.banks import open_bank, version_for
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.items import BankVersion, Calibration, Item, ItemCalibration
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.selection import answers_of, next_step
from hocvuso.assessment.tests.make import give_answer, make_item, make_test
from hocvuso.assessment.tests.test_actions import move_deadline
from hocvuso.assessment.tests.test_views import read, words
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record
from hocvuso.skills.models import Skill
from hocvuso.skills.tests.make import make_framework

pytestmark = pytest.mark.django_db

POLICY = {"min_length": 4, "cut": 0.0, "classify": "sprt", "delta": 0.8, "randomesque": 2}


def make_adaptive(
    length: int = 12, per_skill: int = 20, mode: str = "adaptive", slug: str = "thu", **policy: Any
) -> Test:
    """Two groups of equal share over a bank from -2 to 2 logits."""
    framework = make_framework(groups=2)
    for skill in Skill.objects.filter(group__framework=framework):
        for number in range(per_skill):
            make_item(skill, kind="short", difficulty=-2 + 4 * number / per_skill, body=typed(skill, number))
    return make_test(
        slug,
        framework=framework,
        mode=mode,
        policy={**POLICY, **policy},
        length=length,
        blueprint={"0": length // 2, "1": length // 2},
        pass_share=0,
    )


def typed(skill: Skill, number: int) -> dict[str, Any]:
    stem = f"Gõ số {number} của kỹ năng {skill.code}?"
    return {"language": "vi", "stem": stem, "input": "number", "accept": ["1"], "why": "Vì số đó là một."}


def take(attempt: Attempt, right: Any, first: int = 1) -> Attempt:
    """Answer to the end: `right` says of each position whether that answer is right."""
    position = first
    while give_typed(attempt, position, right(position)) == Outcome.KEPT:
        position += 1
    attempt.refresh_from_db()
    return attempt


def give_typed(attempt: Attempt, position: int, right: bool) -> Outcome:
    return give_answer(attempt, position, text="1" if right else "2")


def test_one_item_is_asked_at_a_time() -> None:
    attempt = begin_attempt(make_adaptive(), by=make_person())

    give_typed(attempt, 1, True)

    assert list(attempt.responses.values_list("position", "right")) == [(1, True), (2, None)]


def test_who_knows_all_passes_and_who_knows_nothing_does_not_and_both_soon() -> None:
    test = make_adaptive()

    strong = take(begin_attempt(test, by=make_person()), lambda position: True)
    weak = take(begin_attempt(test, by=make_person()), lambda position: False)

    assert (strong.status, weak.status) == (Attempt.Status.PASSED, Attempt.Status.FAILED)
    assert strong.answered() < test.length
    assert weak.answered() < test.length
    assert strong.estimate["stop"] == weak.estimate["stop"] == "decided"
    assert strong.estimate["estimate"] > 0 > weak.estimate["estimate"]
    assert min(strong.estimate["sure"], weak.estimate["sure"]) > 0.9
    assert strong.estimate["calibrated"] is False


def test_a_ladder_places_people_without_a_calibration() -> None:
    test = make_adaptive(mode="ladder", cut=0.6, classify="interval", confidence=0.9)

    strong = take(begin_attempt(test, by=make_person()), lambda position: True)
    weak = take(begin_attempt(test, by=make_person()), lambda position: False)

    assert (strong.status, weak.status) == (Attempt.Status.PASSED, Attempt.Status.FAILED)
    assert 1 >= strong.estimate["estimate"] > 0.6 > weak.estimate["estimate"] >= 0
    assert strong.estimate["calibrated"] is False


def test_a_borderline_attempt_goes_its_whole_length_and_keeps_the_blueprint() -> None:
    test = make_adaptive(length=12, delta=0.3)

    attempt = take(begin_attempt(test, by=make_person()), lambda position: position % 2 == 0)

    assert (attempt.answered(), attempt.estimate["stop"]) == (12, "length")
    assert {group: asked for group, (_right, asked) in attempt.profile.items()} == {"0": 6, "1": 6}
    assert set(attempt.estimate["groups"]) == {"0", "1"}


def test_the_end_is_recorded_once() -> None:
    attempt = take(begin_attempt(make_adaptive(), by=make_person()), lambda position: True)

    late = give_typed(attempt, attempt.answered(), False)

    assert late == Outcome.CLOSED
    assert Record.objects.filter(person=attempt.person, verb="passed").count() == 1


def test_an_attempt_can_be_replayed_from_what_is_kept() -> None:
    attempt = begin_attempt(make_adaptive(), by=make_person())
    for position in range(1, 5):
        give_typed(attempt, position, position % 2 == 0)
    opened = open_bank(attempt.bank_id or "")
    open_bank.cache_clear()

    again = next_step(Attempt.objects.get(pk=attempt.pk))

    asked = attempt.responses.get(position=5).item_id
    assert opened.items[again.item] == asked
    assert len(answers_of(attempt)) == 4


def test_a_new_try_meets_new_items_while_there_are_enough() -> None:
    test, person = make_adaptive(length=8), make_person()
    first = take(begin_attempt(test, by=person), lambda position: False)
    Attempt.objects.filter(pk=first.pk).update(finished_at="2026-01-01T00:00:00Z")

    second = take(begin_attempt(test, by=person), lambda position: False)

    met = set(first.responses.values_list("item", flat=True))
    assert met & set(second.responses.values_list("item", flat=True)) == set()


def test_a_bank_is_one_version_until_an_item_changes() -> None:
    test = make_adaptive()
    before = [version_for(test).pk for _again in range(2)]

    Item.objects.for_test(test).first().delete()

    assert before[0] == before[1] != version_for(test).pk
    assert BankVersion.objects.count() == 2


def test_a_calibration_in_force_gives_the_numbers() -> None:
    test = make_adaptive()
    item = Item.objects.for_test(test).order_by("slug").first()
    calibration = Calibration.objects.create(
        framework=test.framework, status="active", model="2pl", people=500, answers=9000
    )
    ItemCalibration.objects.create(calibration=calibration, item=item, a=1.7, b=0.4, answers=500)

    version = version_for(test)

    assert version.calibration == calibration
    assert version.content["parameters"][version.content["items"].index(item.pk)] == (1.7, 0.4, 0.0, 1.0)


def test_time_that_runs_out_decides_nothing_that_was_not_clear() -> None:
    attempt = begin_attempt(make_adaptive(), by=make_person())
    give_typed(attempt, 1, True)
    move_deadline(attempt, minutes=5)

    expire_attempt(attempt.pk)

    attempt.refresh_from_db()
    assert (attempt.status, attempt.answered()) == (Attempt.Status.EXPIRED, 1)


def test_pages_say_how_it_goes_and_how_sure_the_result_is(client: Client) -> None:
    person, test = make_person(), make_adaptive()
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    about = words(read(client.get(reverse("assessment:test_show", args=[test.slug]))))
    attempt = begin_attempt(test, by=person)
    question = words(read(client.get(reverse("assessment:attempt_show", args=[attempt.pk]))))
    take(attempt, lambda position: True)

    result = words(read(client.get(reverse("assessment:attempt_result", args=[attempt.pk]))))

    assert "Từ 4 đến 12 câu hỏi" in about
    assert "Câu 1, nhiều nhất 12 câu" in question
    assert "chắc chắn" in result
    assert "người soạn ước lượng" in result
