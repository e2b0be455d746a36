"""Sitting a test together: the invigilator's pages, and the learner's way in."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.assessment.actions.sessions import (
    begin_in_session,
    end_session,
    join_session,
    list_person,
    note_incident,
    open_session,
    pause_session,
    plan_session,
    resume_session,
    see_identity,
)
from hocvuso.assessment.engine.drawing import ShortBank
from hocvuso.assessment.forms import (
    IncidentForm,
    SeatAddForm,
    SeatListForm,
    SeatSeeForm,
    SessionActForm,
    SessionJoinForm,
    SessionNewForm,
)
from hocvuso.assessment.models.attempts import Attempt, Response
from hocvuso.assessment.models.sessions import Seat, TestSession
from hocvuso.base.folding import fold
from hocvuso.people.actions import log_look
from hocvuso.people.models.persons import Person
from hocvuso.people.requests import SignedInRequest

PER_PAGE, FOUND_SHOWN = 20, 10
ACTS = {"open": open_session, "pause": pause_session, "resume": resume_session, "end": end_session}


def local_roles(person: Person) -> list[Any]:
    return [role for role in person.current_roles() if role.sees_names()]


def session_for(request: SignedInRequest, session: UUID) -> TestSession:
    """One that the viewer may watch over; to others it is not there."""
    watched = TestSession.objects.watched_by(request.user).select_related("test", "place", "invigilator")
    return get_object_or_404(watched, pk=session)


@require_safe
def session_list(request: SignedInRequest) -> HttpResponse:
    if not local_roles(request.user):
        raise Http404
    sessions = TestSession.objects.watched_by(request.user).select_related("test", "place")
    page = Paginator(sessions, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessment/session_list.html", {"page": page})


@require_http_methods(["GET", "HEAD", "POST"])
def session_new(request: SignedInRequest) -> HttpResponse:
    if not local_roles(request.user):
        raise Http404
    form = SessionNewForm(
        request.POST or None, invigilator=request.user, initial={"held_at": timezone.localtime()}
    )
    if request.method == "POST" and form.is_valid():
        made = plan_session(**form.cleaned_data, by=request.user)
        return redirect("assessment:session_show", session=made.pk)
    return render(request, "assessment/session_new.html", {"form": form})


@never_cache
@require_safe
def session_show(request: SignedInRequest, session: UUID) -> HttpResponse:
    found = session_for(request, session)
    form = SeatAddForm(request.GET)
    seats = seats_of(found)
    if seats:
        log_look(request.user, place=found.place, what="test_session", count=len(seats))
    context = {
        "session": found,
        "seats": seats,
        "incidents": found.incidents.select_related("seat__person"),
        "seen": Seat.Seen.choices,
        "form": form,
        "found": search(request.user, found, form.cleaned_data["q"]) if form.is_valid() else [],
        "running": sum(seat.sat == "running" for seat in seats),
        "page_wide": True,
    }
    return render(request, "assessment/session_show.html", context)


def seats_of(session: TestSession) -> list[Any]:
    """Each seat with where its attempt stands: `sat` is "", running or done, `answered_count` its answers."""
    answered = Response.objects.filter(answered_at__isnull=False).only("attempt_id")
    attempts = Attempt.objects.filter(session=session).prefetch_related(
        Prefetch("responses", answered, to_attr="answers")
    )
    by_person = {attempt.person_id: attempt for attempt in attempts}
    seats: list[Any] = list(session.seats.select_related("person__place"))
    for seat in seats:
        attempt: Any = by_person.get(seat.person_id)
        seat.sat = "" if attempt is None else "running" if attempt.status == "open" else "done"
        seat.answered_count = len(attempt.answers) if attempt else 0
    return seats


def search(viewer: Person, session: TestSession, text: str) -> list[Person]:
    """People the viewer may see whose name has these letters, and who are not listed yet."""
    words = fold(text)
    if len(words) < 2:
        return []
    learners = Person.objects.visible_to(viewer).filter(registered_at__isnull=False)
    people = learners.filter(folded_name__contains=words).exclude(pk__in=session.seats.values("person"))
    return list(people.select_related("place").order_by("folded_name")[:FOUND_SHOWN])


@require_POST
def session_act(request: SignedInRequest, session: UUID) -> HttpResponse:
    found, form = session_for(request, session), SessionActForm(request.POST)
    try:
        if form.is_valid():
            ACTS[form.cleaned_data["act"]](found)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("assessment:session_show", session=session)


@require_POST
def seat_list(request: SignedInRequest, session: UUID) -> HttpResponse:
    found, form = session_for(request, session), SeatListForm(request.POST)
    if form.is_valid():
        person = get_object_or_404(Person.objects.visible_to(request.user), pk=form.cleaned_data["person"])
        list_person(found, person)
    return redirect("assessment:session_show", session=session)


@require_POST
def seat_see(request: SignedInRequest, session: UUID, seat: int) -> HttpResponse:
    found, form = session_for(request, session), SeatSeeForm(request.POST)
    one = get_object_or_404(found.seats, pk=seat)
    try:
        if form.is_valid():
            see_identity(one, how=form.cleaned_data["how"], by=request.user)
        else:
            messages.error(request, _("Say how you know who this is."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("assessment:session_show", session=session)


@require_POST
def incident_add(request: SignedInRequest, session: UUID) -> HttpResponse:
    found, form = session_for(request, session), IncidentForm(request.POST)
    if form.is_valid():
        seat = found.seats.filter(pk=form.cleaned_data["seat"]).first() if form.cleaned_data["seat"] else None
        note_incident(found, form.cleaned_data["text"], by=request.user, seat=seat)
    else:
        messages.error(request, _("Write in a few words what happened."))
    return redirect("assessment:session_show", session=session)


# -- the learner's way in


@require_http_methods(["GET", "HEAD", "POST"])
def session_join(request: SignedInRequest) -> HttpResponse:
    form = SessionJoinForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            seat = join_session(form.cleaned_data["code"], by=request.user)
            return redirect("assessment:seat_show", seat=seat.pk)
        except ValidationError as refusal:
            form.add_error("code", refusal)
    return render(request, "assessment/session_join.html", {"form": form})


def own_seat(request: SignedInRequest, seat: int) -> Seat:
    own = Seat.objects.filter(person=request.user).select_related("session__test", "session__invigilator")
    return get_object_or_404(own.select_related("person"), pk=seat)


@never_cache
@require_safe
def seat_show(request: SignedInRequest, seat: int) -> HttpResponse:
    return render(request, "assessment/seat_show.html", {"seat": own_seat(request, seat)})


@require_POST
def seat_begin(request: SignedInRequest, seat: int) -> HttpResponse:
    found = own_seat(request, seat)
    try:
        attempt = begin_in_session(found)
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
        return redirect("assessment:seat_show", seat=seat)
    except ShortBank:
        messages.error(request, _("This test is not ready yet. Please come back later."))
        return redirect("assessment:seat_show", seat=seat)
    return redirect("assessment:attempt_show", attempt=attempt.pk)
