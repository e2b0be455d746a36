"""One's own page: what is kept, who looked, which devices are signed in; copy and erasure."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout, update_session_auth_hash
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.people.actions import (
    become_learner,
    change_password,
    change_person,
    erase_person,
    give_consent,
    move_person,
    withdraw_consent,
)
from hocvuso.people.consents import WORDING
from hocvuso.people.export import gather_data
from hocvuso.people.forms.me import AddressForm, BeginForm, ConsentForm, EraseForm, PasswordForm
from hocvuso.people.id_numbers import masked, unlock_id_number
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Person
from hocvuso.people.queries import looks_at
from hocvuso.people.requests import SignedInRequest
from hocvuso.people.views.sign_in import allow_leaving
from hocvuso.places.home import chosen_place


@never_cache
@require_safe
def me(request: SignedInRequest) -> HttpResponse:
    person = request.user
    given = {consent.purpose: consent for consent in person.consents.filter(withdrawn_at=None)}
    context: dict[str, Any] = {
        "person": person,
        "id_number": masked(unlock_id_number(person.id_number_cipher)),
        "address_form": AddressForm(initial={"address_as": person.address_as}),
        "consents": [(purpose, words, given.get(purpose)) for purpose, words in WORDING.items()],
        "looks": looks_at(person),
        "device_count": person.sessions.filter(expire_date__gt=timezone.now()).count(),
        "roles": person.current_roles(),
        "providers": settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"],
    }
    response = render(request, "people/me.html", context)
    allow_leaving(response, context["providers"])
    return response


@require_POST
def me_edit(request: SignedInRequest) -> HttpResponse:
    form = AddressForm(request.POST)
    if form.is_valid():
        change_person(request.user, by=request.user, address_as=form.cleaned_data["address_as"])
        messages.success(request, _("Noted."))
    return redirect("people:me")


@require_http_methods(["GET", "POST"])
def me_begin(request: SignedInRequest) -> HttpResponse:
    """A signed-in person becomes a learner of the chosen home place."""
    person = request.user
    if person.registered_at is not None:
        return redirect("people:me")
    place = person.place or chosen_place(request)
    form = BeginForm(request.POST or None, initial={"full_name": person.full_name})
    if request.method == "POST" and place is not None and form.is_valid():
        change_person(person, by=person, full_name=form.cleaned_data["full_name"])
        move_person(person, by=person, place=place)
        become_learner(person, by=person, consents=form.purposes(), how="screen")
        return redirect("/")
    return render(request, "people/me_begin.html", {"form": form, "place": place})


@require_POST
def consent_change(request: SignedInRequest) -> HttpResponse:
    form = ConsentForm(request.POST)
    if form.is_valid():
        purpose = form.cleaned_data["purpose"]
        if form.cleaned_data["given"] == "yes":
            give_consent(request.user, purpose=purpose, by=request.user, how="screen")
        elif purpose == Consent.Purpose.LEARNING:
            return redirect("people:me_erase")
        else:
            withdraw_consent(request.user, purpose=purpose, by=request.user)
        messages.success(request, _("Noted."))
    return redirect("people:me")


@never_cache
@require_safe
def me_export(request: SignedInRequest) -> HttpResponse:
    response = JsonResponse(gather_data(request.user), json_dumps_params={"ensure_ascii": False, "indent": 1})
    response["Content-Disposition"] = 'attachment; filename="hocvuso.json"'
    return response


@require_http_methods(["GET", "POST"])
def me_erase(request: SignedInRequest) -> HttpResponse:
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = Person.objects.get(pk=request.user.pk)
        logout(request)
        erase_person(person, by=person)
        messages.success(request, _("Your data are erased. You are welcome back at any time."))
        return redirect("/")
    return render(request, "people/me_erase.html", {"form": form})


@sensitive_post_parameters("old", "new")
@require_http_methods(["GET", "POST"])
def me_password(request: SignedInRequest) -> HttpResponse:
    form = PasswordForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid():
        change_password(request.user, new=form.cleaned_data["new"], keep=request.session.session_key)
        update_session_auth_hash(request, request.user)
        messages.success(request, _("The new password holds from now on. Other devices are signed out."))
        return redirect("people:me")
    return render(request, "people/me_password.html", {"form": form})


@never_cache
@require_safe
def device_list(request: SignedInRequest) -> HttpResponse:
    devices = request.user.sessions.filter(expire_date__gt=timezone.now()).order_by("-created_at")
    context = {"devices": devices, "here": request.session.session_key}
    return render(request, "people/device_list.html", context)


@require_POST
def device_sign_out(request: SignedInRequest, key: str) -> HttpResponse:
    """`key`: the first letters of the session's key; the whole of it stands in no page."""
    device = request.user.sessions.filter(session_key__startswith=key).first()
    if device is None:
        raise Http404
    if device.session_key == request.session.session_key:
        logout(request)
        return redirect("/")
    device.delete()
    messages.success(request, _("That device is signed out."))
    return redirect("people:device_list")


@require_POST
def device_sign_out_all(request: SignedInRequest) -> HttpResponse:
    request.user.sessions.all().delete()
    logout(request)
    return redirect("people:sign_in")
