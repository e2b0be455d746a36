"""The first page: for each what they need first."""

from typing import Any

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from hocvuso.base.origin import same_origin
from hocvuso.home.forms import GUEST, DemoSwitchForm
from hocvuso.home.queries import claims_waiting, first_needs, helper_desk, learner_desk, officer_desk
from hocvuso.people.actions import log_look
from hocvuso.people.entry import enter
from hocvuso.people.models.persons import Person
from hocvuso.places.home import chosen_place


@login_not_required
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    person = request.user
    if not isinstance(person, Person):
        context = {"needs": first_needs(), "home": chosen_place(request)}
        return render(request, "home/start.html", context)
    return render(request, "home/start.html", desks_of(person))


def desks_of(person: Person) -> dict[str, Any]:
    """Each role brings its part; who holds none and learns nothing yet is offered to begin."""
    now = timezone.now()
    helper = helper_desk(person, now)
    if helper is not None and helper.stopped:
        log_look(person, place=helper.place, what="whom to help", count=len(helper.stopped))
    officer = officer_desk(person, timezone.localdate(now))
    learns = person.registered_at is not None
    return {
        "person": person,
        "officer": officer,
        "helper": helper,
        "claims": claims_waiting(person),
        "learner": learner_desk(person) if learns else None,
        "needs": [] if officer or helper else first_needs(),
        "page_wide": officer is not None,
    }


@login_not_required
@require_POST
@same_origin
def demo_switch(request: HttpRequest) -> HttpResponse:
    """Become one of the demo people, or a guest again. There is no such address in production."""
    form = DemoSwitchForm(request.POST)
    if not settings.DEMO or not form.is_valid():
        raise Http404
    logout(request)
    if form.cleaned_data["who"] != GUEST:
        person = get_object_or_404(Person, username=form.cleaned_data["who"], invented=True, is_active=True)
        enter(request, person, remember=False)
    return redirect("home:start")
