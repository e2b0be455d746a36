"""Class lists: choose the file, look row by row, take in, print the cards."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from hocvuso.people.actions import log_look
from hocvuso.people.actions.cards import issue_cards
from hocvuso.people.actions.rosters import (
    commit_roster,
    correct_rows,
    create_roster,
    drop_roster,
    skip_blocked_rows,
)
from hocvuso.people.card_sheet import draw_cards
from hocvuso.people.consents import WORDING
from hocvuso.people.forms.rosters import (
    RosterCardsForm,
    RosterCommitForm,
    RosterNewForm,
    RosterRowForm,
    villages_of,
)
from hocvuso.people.models.consents import Consent
from hocvuso.people.models.persons import Person, PersonQuerySet
from hocvuso.people.models.rosters import Roster, RosterRow, blocks
from hocvuso.people.queries import places_seen_by
from hocvuso.people.requests import SignedInRequest
from hocvuso.people.roster_lines import Line, columns_in_words
from hocvuso.people.views.learners import as_download, people_in_charge

PAGE_SIZE = 50
CARDS_AT_ONCE = 200


@never_cache
@require_http_methods(["GET", "POST"])
def roster_new(request: SignedInRequest) -> HttpResponse:
    people_in_charge(request.user)
    form = RosterNewForm(request.POST or None, request.FILES or None, viewer=request.user)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        roster = create_roster(
            given["file"], place=given["place"], by=request.user, file_name=form.file_name()
        )
        return redirect("people:roster_show", pk=roster.pk)
    mine = request.user.rosters.exclude(status=Roster.Status.DROPPED).select_related("place")
    context = {"form": form, "rosters": mine.order_by("-created_at")[:10]}
    return render(request, "people/roster_new.html", context)


def own_roster(person: Person, pk: UUID, *statuses: str) -> Roster:
    """A list belongs to whoever brought it, for as long as that person has the role over its place."""
    people_in_charge(person)
    own = person.rosters.filter(place__in=places_seen_by(person)).select_related("place")
    roster = get_object_or_404(own, pk=pk, status__in=statuses)
    roster.by = person
    return roster


@never_cache
@require_http_methods(["GET", "POST"])
def roster_show(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Each problem by row; rows with one can be corrected right there, others after "correct"."""
    roster = own_roster(request.user, pk, Roster.Status.DRAFT)
    rows = roster.rows.select_related("person__place")
    doubtful_only = request.GET.get("xem") == "can-xem"
    shown = rows.exclude(problems=[]) if doubtful_only else rows
    page = Paginator(shown.order_by("number"), PAGE_SIZE).get_page(request.GET.get("page"))
    forms = row_forms(request, roster, page)
    if request.method == "POST" and all(form.is_valid() for form in forms.values()):
        correct_rows(roster, {number: form.correction() for number, form in forms.items()})
        messages.success(request, _("Noted."))
        return redirect(request.get_full_path())
    context = {
        "roster": roster,
        "page_obj": page,
        "lines": [Line(row, forms.get(row.number)) for row in page],
        "columns": columns_in_words(roster),
        "counts": count_rows(roster),
        "doubtful_only": doubtful_only,
        "villages": villages_of(roster),
        "page_wide": True,
    }
    return render(request, "people/roster_show.html", context)


def row_forms(request: SignedInRequest, roster: Roster, page: Page) -> dict[int, RosterRowForm]:
    """A form for each row with a problem, and for the one asked for by `?sua=`."""
    villages = villages_of(roster)
    wanted = request.GET.get("sua", "")
    data = request.POST or None
    rows = [row for row in page if row.problems or str(row.number) == wanted]
    if data is not None:
        rows = [row for row in rows if f"r{row.number}-number" in data]
    return {row.number: RosterRowForm(data, row=row, villages=villages) for row in rows}


def count_rows(roster: Roster) -> dict[str, int]:
    found = list(roster.rows.values_list("choice", "problems"))
    counts = {
        choice: sum(chosen == choice for chosen, _problems in found) for choice in RosterRow.Choice.values
    }
    blocked = sum(choice == RosterRow.Choice.ADD and blocks(problems) for choice, problems in found)
    doubtful = sum(bool(problems) for _choice, problems in found)
    return counts | {"all": len(found), "blocked": blocked, "doubtful": doubtful}


@require_POST
def roster_skip(request: SignedInRequest, pk: UUID) -> HttpResponse:
    skip_blocked_rows(own_roster(request.user, pk, Roster.Status.DRAFT))
    return redirect("people:roster_show", pk=pk)


@require_POST
def roster_drop(request: SignedInRequest, pk: UUID) -> HttpResponse:
    drop_roster(own_roster(request.user, pk, Roster.Status.DRAFT))
    messages.success(request, _("The list is thrown away; nobody was added."))
    return redirect("people:roster_new")


@never_cache
@require_http_methods(["GET", "POST"])
def roster_commit(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A second click finds the list taken in, and goes on to the cards."""
    roster = own_roster(request.user, pk, Roster.Status.DRAFT, Roster.Status.COMMITTED)
    if roster.status == Roster.Status.COMMITTED:
        return redirect("people:roster_cards", pk=pk)
    counts = count_rows(roster)
    if counts["blocked"]:
        messages.warning(request, _("Some rows must be corrected or left out first."))
        return redirect(f"{reverse('people:roster_show', args=[pk])}?xem=can-xem")
    form = RosterCommitForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        added = commit_roster(roster, by=request.user, consents=form.purposes(), how=given["how"])
        words = ngettext("%(count)s person was added.", "%(count)s people were added.", added)
        messages.success(request, words % {"count": added})
        return redirect("people:roster_cards", pk=pk)
    context = {
        "roster": roster,
        "form": form,
        "counts": counts,
        "wording": WORDING[Consent.Purpose.LEARNING],
        "contact": WORDING[Consent.Purpose.CONTACT],
    }
    return render(request, "people/roster_commit.html", context)


def people_of(roster: Roster) -> PersonQuerySet:
    """Whom the list brought or named, those without a role (who have no card)."""
    people = Person.objects.visible_to(roster.by).filter(pk__in=roster.rows.values("person"))
    return people.select_related("place__parent").order_by("place__path", "folded_name", "pk")


@never_cache
@require_http_methods(["GET", "POST"])
def roster_cards(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """A GET shows whom; the POST's answer is the only place where these PINs ever stand."""
    roster = own_roster(request.user, pk, Roster.Status.COMMITTED)
    people = people_of(roster)
    parts = Paginator(people, CARDS_AT_ONCE)
    contact = {"contact": request.user.phone_contact()}
    form = RosterCardsForm(request.POST or None, parts=parts.num_pages, initial=contact)
    if request.method == "POST" and form.is_valid():
        chosen = list(parts.get_page(form.cleaned_data["part"]))
        if form.cleaned_data["which"] == "new":
            chosen = [person for person in chosen if not person.cards.filter(revoked_at=None).exists()]
        cards = issue_cards(chosen, by=request.user)
        if cards:
            return as_download(draw_cards(cards, contact=form.cleaned_data["contact"]), "the-hoc-vu-so.pdf")
        form.add_error("which", _("Everybody in this part has a card already."))
    log_look(request.user, place=roster.place, what="roster_cards", count=parts.count)
    without = people.exclude(cards__revoked_at=None, cards__isnull=False).count()
    context = {
        "roster": roster,
        "form": form,
        "count": parts.count,
        "without": without,
        "parts": parts.num_pages,
    }
    return render(request, "people/roster_cards.html", context)
