"""The people of a helper's or officer's places: list, page, add, correct, consents, cards, erasure."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from hocvuso.base.folding import fold
from hocvuso.people.actions import (
    change_person,
    erase_person,
    find_household,
    give_consent,
    log_look,
    register_person,
    withdraw_consent,
)
from hocvuso.people.actions.cards import issue_cards, revoke_cards
from hocvuso.people.card_sheet import draw_cards
from hocvuso.people.consents import WORDING
from hocvuso.people.forms.learners import (
    HOW,
    CardPrintForm,
    HelperConsentForm,
    PersonAddForm,
    PersonFields,
    PersonSearchForm,
)
from hocvuso.people.forms.me import EraseForm
from hocvuso.people.id_numbers import masked, unlock_id_number
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import NEEDS_TIME, Person, PersonQuerySet
from hocvuso.people.phones import normalise
from hocvuso.people.queries import communes_of_officer
from hocvuso.people.requests import SignedInRequest
from hocvuso.places.models import Place

PAGE_SIZE = 50


def people_in_charge(viewer: Person) -> PersonQuerySet:
    """Everybody the viewer works with; 404 for those who work with nobody."""
    if not any(role.sees_names() for role in viewer.current_roles()):
        raise Http404
    return Person.objects.visible_to(viewer)


def person_in_charge(viewer: Person, pk: UUID) -> Person:
    people = people_in_charge(viewer).select_related("place", "household", "organization")
    return get_object_or_404(people, pk=pk)


@never_cache
@require_safe
def person_list(request: SignedInRequest) -> HttpResponse:
    people = people_in_charge(request.user).learners().select_related("place")
    form = PersonSearchForm(request.GET, viewer=request.user)
    form.full_clean()
    found = search(people, form.cleaned_data.get("q", ""), form.cleaned_data.get("place"))
    page = Paginator(found.order_by("folded_name", "pk"), PAGE_SIZE).get_page(request.GET.get("page"))
    log_look(request.user, place=form.cleaned_data.get("place"), what="person_list", count=len(page))
    context = {
        "form": form,
        "page_obj": page,
        "communes": communes_of_officer(request.user),
        "page_wide": True,
    }
    return render(request, "people/person_list.html", context)


def search(people: PersonQuerySet, words: str, place: Place | None) -> PersonQuerySet:
    if phone := normalise(words):
        people = people.filter(phone=phone)
    elif fold(words):
        people = people.filter(folded_name__contains=fold(words))
    return people.within(place) if place else people


@never_cache
@require_safe
def person_show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_in_charge(request.user, pk)
    log_look(request.user, person, what="person_show")
    given = {consent.purpose: consent for consent in person.consents.filter(withdrawn_at=None)}
    context = {
        "person": person,
        "id_number": masked(unlock_id_number(person.id_number_cipher)),
        "consents": [(purpose, words, given.get(purpose)) for purpose, words in WORDING.items()],
        "cards": person.cards.select_related("issued_by").order_by("-issued_at")[:5],
        "roles": person.roles.in_force().select_related("place", "organization"),
        "may_correct": may_correct(request.user, person),
        "print_form": CardPrintForm(initial={"contact": request.user.phone_contact()}),
        "how": HOW,
    }
    return render(request, "people/person_show.html", context)


@require_http_methods(["GET", "POST"])
def person_add(request: SignedInRequest) -> HttpResponse:
    people_in_charge(request.user)
    form = PersonAddForm(request.POST or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        person = register_from(form, request.user)
        if person is not None:
            messages.success(request, _("%(name)s is registered.") % {"name": person.full_name})
            return redirect("people:person_show", pk=person.pk)
    return render(request, "people/person_add.html", {"form": form})


def register_from(form: PersonAddForm, by: Person) -> Person | None:
    """None when the deed is refused; the form then says why."""
    given = form.cleaned_data
    try:
        return register_person(
            given["full_name"],
            place=given["place"],
            by=by,
            consents=form.purposes(),
            how=given["how"],
            deed=given["deed"],
            household=find_household(given["place"], given["household"]),
            **form.details(),
        )
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


def may_correct(viewer: Person, person: Person) -> bool:
    """Somebody with a role signs in by phone: a helper must not change that of the officer."""
    if person == viewer or not person.roles.in_force().exists():
        return True
    return viewer.has_role("officer", person.place)


@require_http_methods(["GET", "POST"])
def person_edit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_in_charge(request.user, pk)
    if not may_correct(request.user, person):
        raise Http404
    log_look(request.user, person, what="person_show" if request.method == "GET" else "person_edit")
    home = person.household
    now = {
        "full_name": person.full_name,
        "birth": person.birth_text(),
        "sex": person.sex,
        "place": person.place_id,
        "phone": person.phone,
        "audience": person.audience,
        "needs_time": NEEDS_TIME in person.vulnerabilities,
        "household": (home.number or home.name) if home else "",
    }
    form = PersonFields(request.POST or None, viewer=request.user, person=person, initial=now)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        household = find_household(given["place"], given["household"])
        changes = {"full_name": given["full_name"], "place": given["place"], "household": household}
        change_person(person, by=request.user, **changes, **form.details())
        messages.success(request, _("Noted."))
        return redirect("people:person_show", pk=person.pk)
    return render(request, "people/person_edit.html", {"form": form, "person": person})


@require_POST
def person_consent(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_in_charge(request.user, pk)
    form = HelperConsentForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Say how the consent was given."))
        return redirect("people:person_show", pk=pk)
    purpose, given = form.cleaned_data["purpose"], form.cleaned_data["given"]
    if given == "yes":
        give_consent(person, purpose=purpose, by=request.user, how=form.cleaned_data["how"])
    elif purpose == Consent.Purpose.LEARNING:
        return redirect("people:person_erase", pk=pk)
    else:
        withdraw_consent(person, purpose=purpose, by=request.user)
    messages.success(request, _("Noted."))
    return redirect("people:person_show", pk=pk)


@require_http_methods(["GET", "POST"])
def person_erase(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Asked for by the person, done by a helper. People with roles erase themselves."""
    person = person_in_charge(request.user, pk)
    if person.roles.in_force().exists():
        raise Http404
    form = EraseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        erase_person(person, by=request.user)
        messages.success(request, _("The data are erased."))
        return redirect("people:person_list")
    return render(request, "people/person_erase.html", {"form": form, "person": person})


@never_cache
@require_POST
def card_print(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_in_charge(request.user, pk)
    form = CardPrintForm(request.POST)
    if not form.is_valid() or person.roles.in_force().exists():
        messages.error(request, _("Write whom to ask; people with a role have a password and no card."))
        return redirect("people:person_show", pk=pk)
    cards = issue_cards([person], by=request.user)
    return as_download(draw_cards(cards, contact=form.cleaned_data["contact"]), "the-hoc-vu-so.pdf")


def as_download(pdf: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)


@require_POST
def card_revoke(request: SignedInRequest, pk: UUID) -> HttpResponse:
    person = person_in_charge(request.user, pk)
    revoke_cards(person, by=request.user)
    messages.success(request, _("The card opens nothing any more."))
    return redirect("people:person_show", pk=pk)
