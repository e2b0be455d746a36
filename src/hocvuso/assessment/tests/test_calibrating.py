"""From answers in the database to a draft calibration, and from there into force."""

from datetime import timedelta
from io import StringIO

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.utils import timezone

from hocvuso.assessment.actions.calibrations import (
    activate_calibration,
    discard_calibration,
    keep_draft,
)
from hocvuso.assessment.banks import version_for
from hocvuso.assessment.calibrating import draft_calibration, read_responses
from hocvuso.assessment.engine.responses import CannotCalibrate
from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.items import Calibration, Item
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.tests.make import make_item
from hocvuso.assessment.tests.test_adaptive import make_adaptive
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person

pytestmark = pytest.mark.django_db

PEOPLE = 280


def make_answers(test: Test, people: int = PEOPLE, seed: int = 1, shift: float = 0.0) -> None:
    """Everyone answers every item, by a 2PL of which authors expected the difficulties half a logit off."""
    random = np.random.default_rng(seed)
    items = list(Item.objects.for_test(test).order_by("slug"))
    slopes = np.linspace(0.8, 1.8, len(items))
    hard = np.array([item.difficulty for item in items]) * 1.1 + 0.2 + shift
    now = timezone.now()
    persons = Person.objects.bulk_create(
        Person(full_name=f"Người {seed} {n}", birth_year=1940 + n % 60, sex=("female", "male")[n % 2])
        for n in range(people)
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            person=person,
            test=test,
            seed=number,
            status=Attempt.Status.FAILED,
            started_at=now,
            deadline_at=now + timedelta(minutes=40),
            finished_at=now,
            score=0.5,
            bank=version_for(test),
        )
        for number, person in enumerate(persons)
    )
    theta = random.normal(0, 1, people)
    chance = 1 / (1 + np.exp(-slopes * (theta[:, None] - hard)))
    right = random.random(chance.shape) < chance
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            position=place + 1,
            item=item,
            order=[0],
            answer="1",
            right=bool(right[row, place]),
            answered_at=now,
        )
        for row, attempt in enumerate(attempts)
        for place, item in enumerate(items)
    )


@pytest.fixture
def answered() -> Test:
    test = make_adaptive(length=8, per_skill=3)
    make_answers(test)
    return test


def test_a_draft_has_numbers_near_the_truth_on_the_scale_in_use(answered: Test) -> None:
    draft = draft_calibration(answered.framework)

    items = [Item.objects.get(pk=pk) for pk in draft.fitted.items]
    expected = np.array([item.difficulty for item in items])
    assert draft.fitted.converged
    assert np.corrcoef(draft.fitted.b, expected)[0, 1] > 0.98
    assert abs(np.mean(draft.fitted.b - expected)) < 0.15
    assert len(draft.report["misfits"]) <= 1  # one in twenty by chance
    assert sum(n for _at, _share, n in draft.seen[int(draft.fitted.items[0])]) == PEOPLE


def test_a_draft_tells_who_would_change_sides_and_changes_nobody(answered: Test) -> None:
    kept = keep_draft(answered.framework, draft_calibration(answered.framework))

    sides = kept.report["sides"]
    assert sides["attempts"] == PEOPLE
    assert 0 < sides["would_pass"] < PEOPLE
    assert set(Attempt.objects.values_list("status", flat=True)) == {"failed"}
    assert version_for(answered).calibration is None


def test_putting_it_in_force_gives_new_attempts_its_numbers(answered: Test) -> None:
    author = make_person()
    first = keep_draft(answered.framework, draft_calibration(answered.framework))
    activate_calibration(first, by=author)

    version = version_for(answered)

    first.refresh_from_db()
    assert (first.status, first.decided_by) == ("active", author)
    assert version.calibration == first
    numbers = dict(zip(version.content["items"], version.content["parameters"], strict=True))
    one = first.items.first()
    assert tuple(numbers[one.item_id][:2]) == (one.a, one.b)


def test_the_next_calibration_is_linked_to_the_one_in_force_and_retires_it(answered: Test) -> None:
    first = keep_draft(answered.framework, draft_calibration(answered.framework))
    activate_calibration(first, by=make_person())
    make_answers(answered, seed=2, shift=0.0)

    second = keep_draft(answered.framework, draft_calibration(answered.framework))
    activate_calibration(second, by=make_person())

    first.refresh_from_db()
    pairs = [(row.b, row.fit["before"][1]) for row in second.items.all()]
    assert first.status == "retired"
    assert max(abs(now - before) for now, before in pairs) < 0.4
    assert second.report["drifted"] == []


def test_a_draft_is_decided_once(answered: Test) -> None:
    kept = keep_draft(answered.framework, draft_calibration(answered.framework))
    discard_calibration(kept, by=make_person())

    with pytest.raises(ValidationError, match="."):
        activate_calibration(kept, by=make_person())

    assert Calibration.objects.in_force(answered.framework_id) is None


def test_a_new_draft_takes_the_place_of_one_nobody_decided_on(answered: Test) -> None:
    drafts = [keep_draft(answered.framework, draft_calibration(answered.framework)) for _again in range(2)]

    assert [Calibration.objects.get(pk=one.pk).status for one in drafts] == ["discarded", "draft"]


def test_too_few_answers_are_refused_with_the_number_needed() -> None:
    test = make_adaptive(length=8, per_skill=3)
    make_answers(test, people=60)

    with pytest.raises(CannotCalibrate, match="needs 250 answers"):
        draft_calibration(test.framework)

    assert Calibration.objects.count() == 0


def test_nobody_has_answered() -> None:
    with pytest.raises(CannotCalibrate, match="nobody"):
        draft_calibration(make_adaptive().framework)


def test_an_item_that_all_have_right_is_left_out_with_the_reason(answered: Test) -> None:
    easy = Item.objects.for_test(answered).order_by("slug").first()
    Response.objects.filter(item=easy).update(right=True)

    draft = draft_calibration(answered.framework)

    assert draft.report["left_out"] == {easy.slug: "everyone answered right"}
    assert easy.pk not in draft.fitted.items


def test_items_with_few_answers_keep_their_numbers(answered: Test) -> None:
    fresh = make_item(Item.objects.for_test(answered).first().skill)
    Response.objects.filter(position=1).first()
    attempt = Attempt.objects.first()
    Response.objects.create(
        attempt=attempt,
        position=99,
        item=fresh,
        order=[0],
        answer=[0],
        right=True,
        answered_at=timezone.now(),
    )

    draft = draft_calibration(answered.framework)

    assert draft.report["items_left"] == 1
    assert fresh.pk not in draft.fitted.items


def test_only_the_first_answer_to_an_item_counts(answered: Test) -> None:
    attempt = Attempt.objects.select_related("person").first()
    answer = attempt.responses.first()
    again = Attempt.objects.create(
        person=attempt.person,
        test=answered,
        seed=1,
        status=Attempt.Status.FAILED,
        started_at=timezone.now() + timedelta(days=8),
        deadline_at=timezone.now() + timedelta(days=9),
    )
    Response.objects.create(
        attempt=again,
        position=1,
        item=answer.item,
        order=[0],
        answer="1",
        right=not answer.right,
        answered_at=timezone.now() + timedelta(days=8),
    )

    responses = read_responses(answered.framework)

    person = list(responses.people).index(str(attempt.person_id))
    item = list(responses.items).index(answer.item_id)
    kept = responses.right[(responses.person == person) & (responses.item == item)]
    assert kept.tolist() == [answer.right]


def test_the_command_says_what_it_found_and_what_is_missing(answered: Test) -> None:
    out = StringIO()

    call_command("items_calibrate", answered.framework.slug, stdout=out)

    assert f"{PEOPLE} people" in out.getvalue()
    with pytest.raises(CommandError, match="no framework"):
        call_command("items_calibrate", "khong-co")
    with pytest.raises(CommandError, match="needs 9000 answers"):
        call_command("items_calibrate", answered.framework.slug, needed=9000)
