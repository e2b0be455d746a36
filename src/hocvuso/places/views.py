from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from hocvuso.base.folding import fold
from hocvuso.base.origin import same_origin
from hocvuso.places.actions import add_villages
from hocvuso.places.forms import NextForm, PlaceChooseForm, PlaceSearchForm, VillageImportForm
from hocvuso.places.home import chosen_place, forget_place, remember_place
from hocvuso.places.models import Place
from hocvuso.places.queries import search

SHOWN = 12


@login_not_required
@require_safe
def place_search(request: HttpRequest) -> HttpResponse:
    asked = "q" in request.GET
    form = PlaceSearchForm(request.GET) if asked else PlaceSearchForm(initial=request.GET.dict())
    text = form.cleaned_data["q"] if form.is_valid() else ""
    context = {
        "form": form,
        "text": text,
        "hits": search(text, limit=SHOWN) if text else [],
        "most": SHOWN,
        "next": form["next"].value() or "",
    }
    if request.headers.get("HX-Request"):
        return render(request, "places/place_search.html#results", {**context, "live": True})
    return render(request, "places/place_search.html", {**context, "home": chosen_place(request)})


@login_not_required
@same_origin
@require_POST
def place_choose(request: HttpRequest) -> HttpResponse:
    form = PlaceChooseForm(request.POST)
    if not form.is_valid():
        raise Http404
    place = form.cleaned_data["code"]
    today = place.today()
    if today != place:
        messages.info(request, tell_successor(place, today))
    told = _("Your home place is kept on this device: %(place)s.")
    messages.success(request, told % {"place": today.full_name()})
    response = redirect(form.page_to_return(request))
    remember_place(response, today)
    return response


@login_not_required
@same_origin
@require_POST
def place_forget(request: HttpRequest) -> HttpResponse:
    messages.success(request, _("Your home place is no longer kept on this device."))
    response = redirect("places:place_search")
    forget_place(response)
    return response


@login_not_required
@require_safe
def place_list(request: HttpRequest, code: str = "VN") -> HttpResponse:
    """What lies below a unit, for those who would rather look than type."""
    place = get_object_or_404(Place.objects.select_related("parent"), code=code)
    today = place.today()
    if today != place:
        messages.info(request, tell_successor(place, today))
        return redirect("places:place_list", today.code)
    if place.kind == Place.Kind.VILLAGE:
        return redirect("places:place_list", place.lineage()[-2])
    form = NextForm(request.GET)
    context = {
        "place": place,
        "places": sorted(below(place), key=in_order),
        "next": form.cleaned_data["next"] if form.is_valid() else "",
        "may_import": may_import(request, place),
    }
    return render(request, "places/place_list.html", context)


def village_import(request: HttpRequest, code: str) -> HttpResponse:
    """Paste or upload, see what was understood, then create; between the steps only the text is kept."""
    commune = get_object_or_404(Place.objects.current().of_kind(Place.Kind.COMMUNE), code=code)
    if not may_import(request, commune):
        raise Http404
    initial = {"type_name": usual_type(commune)}
    form = VillageImportForm(request.POST or None, request.FILES or None, initial=initial)
    rows = []
    if request.method == "POST" and form.is_valid():
        rows = form.check_rows(commune)
        if "create" in request.POST and not request.FILES:
            return create_villages(request, commune, [row.name for row in rows if not row.problem])
        form = form.to_correct(rows)
    good = sum(not row.problem for row in rows)
    context = {"commune": commune, "form": form, "rows": rows, "good": good, "wrong": len(rows) - good}
    return render(request, "places/village_import.html", context)


def create_villages(request: HttpRequest, commune: Place, names: list[str]) -> HttpResponse:
    """Sent twice, the second time finds all there and says so."""
    before = commune.children.current().count()
    add_villages(commune, names=names)
    added = commune.children.current().count() - before
    told = ngettext("%(count)s village was added.", "%(count)s villages were added.", added)
    messages.success(request, told % {"count": added})
    return redirect("places:place_list", commune.code)


def below(place: Place) -> QuerySet[Place]:
    return place.children.current()


def in_order(place: Place) -> tuple[str, int, str]:
    """Thôn 2 before Thôn 10."""
    words = fold(place.short_name).split()
    last = words[-1] if words else ""
    return (" ".join(words[:-1]), int(last), "") if last.isdigit() else (" ".join(words), 0, place.name)


def may_import(request: HttpRequest, place: Place) -> bool:
    """Roles belong to the room above: the person is asked, whatever it is."""
    person: Any = request.user
    return place.kind == Place.Kind.COMMUNE and person.is_authenticated and person.has_role("officer", place)


def usual_type(commune: Place) -> str:
    return "Tổ dân phố" if commune.type_name == "Phường" else "Thôn"


def tell_successor(place: Place, today: Place) -> str:
    return _("%(place)s is now part of %(today)s.") % {"place": place.name, "today": today.full_name()}
