"""The doors: card and PIN, password, an identity provider; and out again."""

from typing import Any

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth import authenticate, logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.base.csp import build_policy
from hocvuso.people.actions.cards import CardTry, Opening, find_card, open_card
from hocvuso.people.entry import REMEMBER, bring_reading_tools, enter
from hocvuso.people.forms.sign_in import CardFindForm, CardOpenForm, SignInForm, page_after
from hocvuso.people.limits import BY_ADDRESS, BY_NAME, address_of
from hocvuso.people.models.persons import Person
from hocvuso.people.phones import normalise


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("/")
    form = SignInForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "POST" and form.is_valid():
        person = try_password(request, form)
        if person is not None:
            request.session[REMEMBER] = form.cleaned_data["remember"]
            response: HttpResponse = perform_login(request, person, redirect_url=page_after(form, request))
            bring_reading_tools(request, response, person)
            return response
    return show_doors(request, form, CardFindForm(initial={"next": form["next"].value()}))


def try_password(request: HttpRequest, form: SignInForm) -> Person | None:
    """The person, or None with the reason in the form. Both limits count only what was wrong."""
    typed, address = form.cleaned_data["name"], address_of(request)
    name = normalise(typed) or typed.strip().lower()  # a number written otherwise is no other door
    minutes = max(BY_NAME.minutes_left(name), BY_ADDRESS.minutes_left(address))
    if minutes:
        form.add_error(
            None, _("Too many wrong tries. Please wait %(minutes)s minutes.") % {"minutes": minutes}
        )
        return None
    person = authenticate(request, username=typed, password=form.cleaned_data["password"])
    if isinstance(person, Person):
        BY_NAME.forget(name)
        return person
    BY_NAME.note_wrong(name)
    BY_ADDRESS.note_wrong(address)
    form.add_error(None, _("The name and the password do not belong together. Please look at both again."))
    return None


@login_not_required
@never_cache
@require_POST
def card_find(request: HttpRequest) -> HttpResponse:
    form = CardFindForm(request.POST)
    if not form.is_valid():
        return show_doors(request, SignInForm(initial={"next": form["next"].value()}), form)
    target = reverse("people:card_open", args=[form.cleaned_data["code"]])
    after = page_after(form, request)
    return redirect(target if after == "/" else f"{target}?{urlencode({'next': after})}")


def show_doors(request: HttpRequest, form: SignInForm, card_form: CardFindForm) -> HttpResponse:
    providers = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
    context = {
        "form": form,
        "card_form": card_form,
        "providers": [
            {"name": app["name"], "url": reverse("openid_connect_login", args=[app["provider_id"]])}
            for app in providers
        ],
    }
    response = render(request, "people/sign_in.html", context)
    allow_leaving(response, providers)
    return response


def allow_leaving(response: HttpResponse, providers: list[dict[str, Any]]) -> None:
    """A form that leads to an identity provider must be let go there by the page's policy."""
    if providers:
        servers = " ".join(provider["settings"]["server_url"] for provider in providers)
        response.headers["Content-Security-Policy"] = build_policy(form_action=servers)


@login_not_required
@never_cache
@sensitive_post_parameters("pin")
@require_http_methods(["GET", "POST"])
def card_open(request: HttpRequest, code: str) -> HttpResponse:
    address = address_of(request)
    minutes = BY_ADDRESS.minutes_left(address)
    if minutes:
        return show_card(request, minutes=minutes)
    card = find_card(code)
    if card is None:
        BY_ADDRESS.note_wrong(address)
        return show_card(request, ended=True)
    if card.minutes_locked():
        return show_card(request, minutes=card.minutes_locked())
    form = CardOpenForm(request.POST or None, initial={"next": request.GET.get("next", "")})
    if request.method == "GET" or not form.is_valid():
        return show_card(request, form=form, initial=card.person.given_initial())
    tried = open_card(code, form.cleaned_data["pin"])
    if tried.person is not None:
        enter(request, tried.person, remember=form.cleaned_data["remember"])
        response = redirect(page_after(form, request))
        bring_reading_tools(request, response, tried.person)
        return response
    BY_ADDRESS.note_wrong(address)
    return refuse_pin(request, form, tried, card.person.given_initial())


def refuse_pin(request: HttpRequest, form: CardOpenForm, tried: CardTry, initial: str) -> HttpResponse:
    if tried.outcome is Opening.ENDED:
        return show_card(request, ended=True)
    if tried.outcome is Opening.LOCKED and tried.card is not None:
        return show_card(request, minutes=tried.card.minutes_locked())
    words = _("These 4 digits are not right. %(tries)s tries left before the card rests.")
    form.add_error("pin", words % {"tries": tried.tries_left})
    return show_card(request, form=form, initial=initial)


def show_card(
    request: HttpRequest,
    *,
    form: CardOpenForm | None = None,
    initial: str = "",
    minutes: int = 0,
    ended: bool = False,
) -> HttpResponse:
    context = {"form": form, "initial": initial, "minutes": minutes, "ended": ended}
    return render(request, "people/card_open.html", context, status=429 if minutes else 200)


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return redirect("/")
