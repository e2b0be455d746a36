"""Beginning, answering, ending an attempt."""

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.engine.marking import Answer, NotAnswered, NotShown, is_right, read_answer
from hocvuso.assessment.engine.scoring import score_answers
from hocvuso.assessment.models.attempts import GRACE, Attempt, Response
from hocvuso.assessment.models.items import BankVersion, Item
from hocvuso.assessment.models.sessions import TestSession
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.queries import Asked, Standing, find_standings, lock_asked
from hocvuso.assessment.selection import begin, follow, judge_attempt
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.records.actions import write_record
from hocvuso.records.models import Verb

SWEPT_WHEN_BEGINNING = 5
SCORED = ("score", "profile", "estimate")  # what score_attempt fills in


def begin_attempt(
    test: Test, *, by: Person, deed: UUID | None = None, session: TestSession | None = None
) -> Attempt:
    """Draw the questions and start the clock, or give back the attempt under way.

    A supervised test begins in a session only, see actions.sessions.

    Raises ValidationError when the test is passed already, or must wait; ShortBank when it cannot be drawn.
    Attempts whose time has run out are ended on the way: the person's own, and a few of others who never came
    back, so that no clock has to run for them.
    """
    if test.supervised and session is None:
        raise ValidationError(_("This test is sat in a session, with a helper beside."), code="supervised")
    for own in Attempt.objects.of(by).overdue(timezone.now()):
        expire_attempt(own.pk)
    expire_attempts(limit=SWEPT_WHEN_BEGINNING)
    with transaction.atomic():
        Person.objects.select_for_update().only("id").get(pk=by.pk)  # two taps, two tabs: one attempt
        standing = find_standings([test], by, timezone.localdate())[0]
        if standing.open:
            return standing.open
        refuse_unless_free(standing)
        return open_attempt(test, by, deed, session)


def open_attempt(test: Test, by: Person, deed: UUID | None, session: TestSession | None) -> Attempt:
    now = timezone.now()
    attempt = Attempt.objects.create(
        id=deed if deed and not Attempt.objects.filter(pk=deed).exists() else new_id(),
        person=by,
        test=test,
        session=session,
        seed=secrets.randbits(62),
        started_at=now,
        deadline_at=now + timedelta(minutes=test.minutes_for(by)),
    )
    ask(attempt, begin(attempt), position=1)
    result = {"attempt": str(attempt.pk)}
    write_record(
        Verb.ATTEMPTED, object_kind="test", object_key=test.slug, person=by, result=result, happened_at=now
    )
    return attempt


def refuse_unless_free(standing: Standing) -> None:
    if standing.passed:
        raise ValidationError(_("You have passed this test already."), code="passed")
    if standing.retake_on:
        message = _("You may take it again from %(day)s.")
        raise ValidationError(message, code="wait", params={"day": date_format(standing.retake_on)})


def ask(attempt: Attempt, items: Sequence[int], *, position: int) -> None:
    """Ask these items, the first at `position`."""
    by_key = Item.objects.in_bulk(items)
    Response.objects.bulk_create(
        Response(
            attempt=attempt,
            position=place,
            item_id=item,
            order=by_key[item].shown_order(attempt.seed),
            asked_at=timezone.now(),
        )
        for place, item in enumerate(items, start=position)
    )


# -- answering: somebody waits for this, so it is written in SQL


@dataclass(frozen=True, slots=True)
class Given:
    """What a page sends: places on the screen (None where nothing was chosen), or a text."""

    position: int
    shown: Sequence[int | None] = ()
    text: str = ""


CHOOSE = _("You have not chosen an answer yet. Tap one of them, then tap Answer.")
STILL_OPEN: dict[str, Any] = {
    Item.Kind.CHOICE: CHOOSE,
    Item.Kind.HOTSPOT: CHOOSE,
    Item.Kind.MULTIPLE: CHOOSE,
    Item.Kind.ORDER: _("Give each step its own number, from first to last, then tap Answer."),
    Item.Kind.MATCH: _("Choose something for each line, then tap Answer."),
    Item.Kind.SHORT: _("Nothing has been typed yet. Type your answer, then tap Answer."),
}


class Outcome(Enum):
    KEPT = "kept"  # there is a next question
    FINISHED = "finished"  # that was the last
    PASSED_BY = "passed by"  # not the question being asked: answered before, or not yet shown
    CLOSED = "closed"  # the attempt had ended
    PAUSED = "paused"  # by the invigilator
    LATE = "late"  # the time had run out, and with that the attempt ends


KEEP = """
UPDATE assessment_response SET answer = %s, "right" = %s, answered_at = %s
WHERE id = %s AND answered_at IS NULL
"""


@transaction.atomic
def answer_item(attempt: UUID, *, by: UUID, given: Given) -> Outcome:
    """Keep the answer to the question being asked.

    Once answered, a question stays as answered. Raises Attempt.DoesNotExist for what is not the person's own
    or never asked, ValidationError for an answer left open or an option that was not shown.
    """
    now = timezone.now()
    asked = lock_asked(attempt, by, given.position, now - GRACE)
    if asked is None:
        raise Attempt.DoesNotExist
    if asked.status != Attempt.Status.OPEN:
        return Outcome.CLOSED
    if asked.paused:
        return Outcome.PAUSED
    if not asked.in_time:
        finish_attempt(Attempt.objects.get(pk=attempt))
        return Outcome.LATE
    if given.position != asked.due:
        return Outcome.PASSED_BY
    if not keep_answer(asked, attempt, read_given(asked, given), now):
        return Outcome.PASSED_BY
    if goes_on(asked, attempt, given.position):
        return Outcome.KEPT
    finish_attempt(Attempt.objects.get(pk=attempt))
    return Outcome.FINISHED


def goes_on(asked: Asked, attempt: UUID, position: int) -> bool:
    """Whether there is another question; an adaptive attempt asks it now."""
    if asked.mode == Test.Mode.FIXED:
        return position < asked.length
    running = Attempt.objects.select_related("test").get(pk=attempt)
    item = follow(running)
    if item is not None:
        ask(running, [item], position=position + 1)
    return item is not None


def read_given(asked: Asked, given: Given) -> Answer:
    try:
        return read_answer(asked.kind, given.shown, given.text, json.loads(asked.order))
    except NotAnswered:
        raise ValidationError(STILL_OPEN[asked.kind], code="open") from None
    except NotShown:
        message = _("That answer is not among those shown. Choose one of them.")
        raise ValidationError(message, code="option") from None


def keep_answer(asked: Asked, attempt: UUID, answer: Answer, now: datetime) -> bool:
    """False when another tab was quicker."""
    right = is_right(asked.kind, json.loads(asked.body), answer)
    with connection.cursor() as cursor:
        cursor.execute(
            KEEP, [json.dumps(answer), right, connection.ops.adapt_datetimefield_value(now), asked.response]
        )
        if cursor.rowcount == 0:
            return False
    write_record(
        Verb.ANSWERED,
        object_kind="item",
        object_key=asked.item,
        person=asked.person(),
        result={"attempt": str(attempt), "right": right},
        happened_at=now,
    )
    return True


# -- ending


def finish_attempt(attempt: Attempt) -> Attempt:
    """Score what was answered. One that ran out of time ends at its deadline, and passes if enough is right.

    An attempt without a single answer gets no score and no result: a lost connection is no failure.
    """
    rows = attempt.responses.values_list("answered_at", flat=True)
    answered = [at for at in rows if at]
    passed = score_attempt(attempt) if answered else False
    attempt.status = status_of(passed, complete=len(answered) == len(rows))
    attempt.finished_at = min(timezone.now(), attempt.deadline_at)
    attempt.save(update_fields=["status", "finished_at", *SCORED])
    if answered:
        record_result(attempt, passed=passed)
    return attempt


def score_attempt(attempt: Attempt) -> bool:
    """Fill in what the answers are worth, without items that were neutralised; whether that passes."""
    counting = attempt.responses.filter(item__neutralised=None)
    rows = counting.values_list("item__skill__group__code", "right", "answered_at")
    answers = [(group, right) for group, right, at in rows if at or attempt.test.is_fixed()]
    score = score_answers(answers, attempt.test.pass_share, attempt.test.group_floor)
    attempt.score, attempt.profile = score.share, score.profile
    if attempt.test.is_fixed():
        return score.passed
    verdict = judge_attempt(attempt)
    calibrated = BankVersion.objects.filter(pk=attempt.bank_id, calibration__isnull=False).exists()
    attempt.estimate = {**verdict.as_json(), "calibrated": calibrated}
    return verdict.passed


def status_of(passed: bool, *, complete: bool) -> Attempt.Status:
    if passed:
        return Attempt.Status.PASSED
    return Attempt.Status.FAILED if complete else Attempt.Status.EXPIRED


def record_result(attempt: Attempt, *, passed: bool) -> None:
    result: dict[str, Any] = {"attempt": str(attempt.pk), "score": attempt.score}
    if attempt.session_id:
        result["session"] = str(attempt.session_id)
    write_record(
        Verb.PASSED if passed else Verb.FAILED,
        object_kind="test",
        object_key=attempt.test.slug,
        person=attempt.person,
        result=result,
        happened_at=attempt.finished_at,
    )


def expire_attempt(attempt: UUID) -> bool:
    """End one attempt if its time has run out; whether it was this call that did."""
    with transaction.atomic():
        overdue = Attempt.objects.overdue(timezone.now()).select_for_update(of=("self",), no_key=True)
        found = overdue.select_related("test", "person").filter(pk=attempt).first()
        if found:
            finish_attempt(found)
    return found is not None


def expire_attempts(limit: int | None = None) -> int:
    """End attempts whose time has run out, the oldest first, each in a transaction; returns how many."""
    overdue = Attempt.objects.overdue(timezone.now()).order_by("deadline_at").values_list("pk", flat=True)
    return sum(expire_attempt(pk) for pk in list(overdue[:limit]))
