"""The pages of a test: what it is, one question after another, the result."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from hocvuso.assessment.actions import Outcome, answer_item, begin_attempt, expire_attempt
from hocvuso.assessment.engine.drawing import ShortBank
from hocvuso.assessment.forms import AttemptAnswerForm, AttemptBeginForm
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.queries import Question, find_standings, read_results
from hocvuso.assessment.selection import next_item
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.people.signed_in import person_of

View = Callable[..., HttpResponse]
FRAGMENT = "assessment/attempt_show.html#question"
INVITATION = _("To have your skills confirmed, sign in first, with your card or your account.")
ENDINGS = {
    Outcome.CLOSED: _("This test had already ended. Here is its result."),
    Outcome.PAUSED: _("The session is paused. Your answer was not taken; give it again when it goes on."),
    Outcome.LATE: _("The time has run out. What you answered counts."),
}


def invite(request: HttpRequest, page: str) -> HttpResponseRedirect:
    """To the sign-in page, and from there to `page`, saying why."""
    messages.info(request, INVITATION)
    return redirect_to_login(page)


def learner_needed(view: View) -> View:
    """A stranger is told kindly why before being asked to sign in."""

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        person = request.user
        if isinstance(person, Person):
            return view(request, person, **kwargs)
        return invite(request, request.path if request.method == "GET" else reverse("assessment:test_list"))

    return wrapped


@learner_needed
@require_safe
def test_list(request: HttpRequest, person: Person) -> HttpResponse:
    tests = sorted(Test.objects.current(), key=lambda test: test.audience != person.audience)
    standings = find_standings(tests, person, timezone.localdate())
    return render(request, "assessment/test_list.html", {"standings": standings})


@learner_needed
@require_safe
def test_show(request: HttpRequest, person: Person, test: str) -> HttpResponse:
    found = get_object_or_404(Test.objects.current(), slug=test)
    standing = find_standings([found], person, timezone.localdate())[0]
    context = {
        "test": found,
        "standing": standing,
        "minutes": found.minutes_for(person),
        "deed": new_id(),
        "claim_url": find_url("recognition:claim_new"),
    }
    return render(request, "assessment/test_show.html", context)


@learner_needed
@require_POST
def attempt_begin(request: HttpRequest, person: Person, test: str) -> HttpResponse:
    found = get_object_or_404(Test.objects.current(), slug=test)
    form = AttemptBeginForm(request.POST)
    form.full_clean()
    try:
        attempt = begin_attempt(found, by=person, deed=form.cleaned_data.get("deed"))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    except ShortBank:
        messages.error(request, _("This test is not ready yet. Please come back later."))
    else:
        return redirect("assessment:attempt_show", attempt=attempt.pk)
    return redirect("assessment:test_show", test=test)


@learner_needed
@never_cache
@require_safe
def attempt_show(request: HttpRequest, person: Person, attempt: UUID) -> HttpResponse:
    question = next_item(attempt, person.pk)
    if question is None or question.overdue(timezone.now()):
        return redirect("assessment:attempt_result", attempt=attempt)
    if question.paused:
        return render(request, "assessment/attempt_paused.html", {"attempt": attempt})
    return render(request, "assessment/attempt_show.html", question_context(question))


@login_not_required
@require_POST
def attempt_answer(request: HttpRequest, attempt: UUID) -> HttpResponse:
    """Signed in by one statement and drawn without the page around it: somebody waits for each answer."""
    person = person_of(request)
    if person is None:
        return go(request, invite(request, reverse("assessment:attempt_show", args=[attempt])).url)
    form = AttemptAnswerForm(request.POST)
    try:
        if form.is_valid():
            return show_outcome(request, attempt, person, answer_item(attempt, by=person, given=form.given()))
    except Attempt.DoesNotExist:
        raise Http404 from None
    except ValidationError as refusal:
        form.add_error(None, refusal)  # not to the field: what was chosen so far is shown again
    return show_question(request, attempt, person, form)


def show_outcome(request: HttpRequest, attempt: UUID, person: UUID, outcome: Outcome) -> HttpResponse:
    if outcome in (Outcome.KEPT, Outcome.PASSED_BY):
        if request.headers.get("HX-Request"):
            return show_question(request, attempt, person)
        return redirect("assessment:attempt_show", attempt=attempt)
    if outcome in ENDINGS:
        messages.info(request, ENDINGS[outcome])
    if outcome is Outcome.PAUSED:
        return go(request, reverse("assessment:attempt_show", args=[attempt]))
    return go(request, reverse("assessment:attempt_result", args=[attempt]))


def show_question(
    request: HttpRequest, attempt: UUID, person: UUID, form: AttemptAnswerForm | None = None
) -> HttpResponse:
    """The question alone for a script, the page without one; by way of attempt_show if none is open."""
    question = next_item(attempt, person)
    if question is None or question.paused:
        return go(request, reverse("assessment:attempt_show", args=[attempt]))
    context = question_context(question, form)
    if request.headers.get("HX-Request"):
        return HttpResponse(render_to_string(FRAGMENT, {**context, "swapped": True}))
    return render(request, "assessment/attempt_show.html", context)


def question_context(question: Question, form: AttemptAnswerForm | None = None) -> dict[str, Any]:
    """Words and numbers ready to print, for a template that only chooses and loops."""
    given = form.cleaned_data if form else {}
    minutes = question.minutes_left(timezone.now())
    errors = [words for found in form.errors.values() for words in found] if form else []
    return {
        "question": question,
        "heading": name_question(question),
        "time_left": ngettext(
            "About %(minutes)s minute left. No need to hurry.",
            "About %(minutes)s minutes left. No need to hurry.",
            minutes,
        )
        % {"minutes": minutes},
        "answer_url": reverse("assessment:attempt_answer", args=[question.attempt]),
        "choices": number_lines(question.texts, given.get("choice") or []),
        "lefts": number_lines(question.lefts, given.get("choice") or []),
        "ranks": [f"{rank}" for rank in range(1, len(question.texts) + 1)],
        "typed": given.get("text", ""),
        "drawn": {"alt": gettext("A phone screen. The places are numbered."), "items": question.screen},
        "error": errors[0] if errors else "",
    }


def number_lines(lines: Sequence[str], given: Sequence[int | None]) -> list[tuple[str, str, str]]:
    """Place, words, and what had been chosen there; an option's place says nothing of that."""
    picked = dict(enumerate(given))
    return [(f"{place}", line, f"{picked.get(place)}") for place, line in enumerate(lines)]


def name_question(question: Question) -> str:
    if question.fixed:
        words = gettext("Question %(position)s / %(length)s")
    else:
        words = gettext("Question %(position)s, at most %(length)s")
    return words % {"position": question.position, "length": question.length}


def go(request: HttpRequest, page: str) -> HttpResponse:
    """Leave for another page, from a script's request too."""
    return HttpResponseClientRedirect(page) if request.headers.get("HX-Request") else redirect(page)


@learner_needed
@never_cache
@require_safe
def attempt_result(request: HttpRequest, person: Person, attempt: UUID) -> HttpResponse:
    own = Attempt.objects.of(person).select_related("test__framework")
    found = get_object_or_404(own, pk=attempt)
    if found.status == Attempt.Status.OPEN and expire_attempt(found.pk):
        found = own.get(pk=attempt)
    if found.status == Attempt.Status.OPEN:
        return redirect("assessment:attempt_show", attempt=attempt)
    results = read_results(found) if found.score is not None else []
    weak = [result.code for result in results if result.weak]
    context = {
        "attempt": found,
        "results": [(result, find_lessons(found.test, result.code)) for result in results],
        "certainty": name_certainty(found.estimate.get("sure", 0)),
        "retake_on": found.retake_on(),
        "learn_url": find_lessons(found.test, *weak) if weak else "",
        "claim_url": find_url("recognition:claim_new"),
    }
    return render(request, "assessment/attempt_result.html", context)


def name_certainty(sure: float) -> str:
    """`sure`: the probability that the verdict is right, as engine.verdict works it out."""
    if sure >= 0.95:
        return gettext("This result is very sure.")
    if sure >= 0.8:
        return gettext("This result is fairly sure.")
    return gettext("This result lies close to the pass mark, so it is not quite sure.")


def find_lessons(test: Test, *groups: str) -> str:
    return find_url("learning:next_for_groups", khung=test.framework.slug, nhom=",".join(groups))


def find_url(name: str, **query: str) -> str:
    """A page of a room higher in the house, by name; nothing while there is no such page."""
    try:
        page = reverse(name)
    except NoReverseMatch:
        return ""
    return f"{page}?{urlencode(query, safe=',')}" if query else page
