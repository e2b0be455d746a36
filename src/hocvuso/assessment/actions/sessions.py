"""Sitting a test together: opening, joining, seeing who it is, pausing, ending."""

import secrets
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from hocvuso.assessment.actions import begin_attempt, finish_attempt
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.sessions import Incident, Seat, TestSession
from hocvuso.assessment.models.tests import Test
from hocvuso.people.codes import ALPHABET
from hocvuso.people.models.persons import Person
from hocvuso.places.models import Place

Status = TestSession.Status
CODE_LENGTH = 6


def plan_session(test: Test, *, place: Place, venue: str, held_at: datetime, by: Person) -> TestSession:
    return TestSession.objects.create(
        test=test, place=place, venue=venue, held_at=held_at, invigilator=by, code=new_code()
    )


def new_code() -> str:
    """Not one of a session that has not ended."""
    while True:
        code = "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))
        if not TestSession.objects.filter(code=code).exclude(status=Status.ENDED).exists():
            return code


@transaction.atomic
def list_person(session: TestSession, person: Person) -> Seat:
    """Put somebody on the list beforehand; twice does nothing."""
    seat, _made = Seat.objects.get_or_create(session=session, person=person)
    return seat


@transaction.atomic
def join_session(code: str, *, by: Person) -> Seat:
    """Type the code and wait for the invigilator. Raises ValidationError if no such session is open."""
    session = TestSession.objects.filter(code=code.strip().upper(), status=Status.OPEN).first()
    if session is None:
        raise ValidationError(
            _("No session with this code is open. Look at the code again, or ask the invigilator."),
            code="no_session",
        )
    seat, _made = Seat.objects.get_or_create(session=session, person=by)
    if seat.joined_at is None:
        seat.joined_at = timezone.now()
        seat.save(update_fields=["joined_at"])
    return seat


@transaction.atomic
def see_identity(seat: Seat, *, how: str, by: Person) -> None:
    """The invigilator knows who sits there. Seen once, it stays; one's own seat raises ValidationError."""
    if seat.person_id == by.pk:
        raise ValidationError(_("Nobody vouches for themselves: ask another helper."), code="self")
    Seat.objects.filter(pk=seat.pk, seen="").update(seen=how, seen_at=timezone.now())


def begin_in_session(seat: Seat) -> Attempt:
    """Begin, or go on. Raises ValidationError while the session is not open or the person was not seen."""
    session = seat.session
    if session.status != Status.OPEN:
        raise ValidationError(_("The session is not open just now."), code="closed")
    if not seat.seen:
        raise ValidationError(_("The invigilator has not yet seen who you are."), code="unseen")
    return begin_attempt(session.test, by=seat.person, session=session)


def lock(session: TestSession, *allowed: str) -> TestSession:
    """The session as it is now. Raises ValidationError when somebody was quicker."""
    found = TestSession.objects.select_for_update().get(pk=session.pk)
    if found.status not in allowed:
        raise ValidationError(_("The session is %(status)s."), params={"status": found.get_status_display()})
    return found


@transaction.atomic
def open_session(session: TestSession) -> None:
    found = lock(session, Status.PLANNED)
    found.status, found.opened_at = Status.OPEN, timezone.now()
    found.save(update_fields=["status", "opened_at"])


@transaction.atomic
def pause_session(session: TestSession) -> None:
    """Nobody can answer, and no clock runs against anybody."""
    found = lock(session, Status.OPEN)
    found.status, found.paused_at = Status.PAUSED, timezone.now()
    found.save(update_fields=["status", "paused_at"])


@transaction.atomic
def resume_session(session: TestSession) -> None:
    """Everybody gets back the time of the pause."""
    found = lock(session, Status.PAUSED)
    lost = timezone.now() - (found.paused_at or timezone.now())
    Attempt.objects.open().filter(session=found).update(deadline_at=F("deadline_at") + lost)
    found.status, found.paused_at = Status.OPEN, None
    found.save(update_fields=["status", "paused_at"])


@transaction.atomic
def end_session(session: TestSession) -> int:
    """What is under way ends and is scored by what was answered; how many that were."""
    found = lock(session, Status.OPEN, Status.PAUSED, Status.PLANNED)
    running = Attempt.objects.open().filter(session=found).select_for_update(of=("self",), no_key=True)
    ended = [finish_attempt(attempt) for attempt in running.select_related("test", "person")]
    found.status, found.ended_at, found.paused_at = Status.ENDED, timezone.now(), None
    found.save(update_fields=["status", "ended_at", "paused_at"])
    return len(ended)


def note_incident(session: TestSession, text: str, *, by: Person, seat: Seat | None = None) -> Incident:
    return Incident.objects.create(session=session, seat=seat, text=text, by=by)
