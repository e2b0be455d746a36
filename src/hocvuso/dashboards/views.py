from datetime import date
from typing import Any, NoReturn

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_POST, require_safe

from hocvuso.base.charts import draw as draw_chart
from hocvuso.dashboards.actions import send_report
from hocvuso.dashboards.engine import charts
from hocvuso.dashboards.engine.sheet import write_sheet
from hocvuso.dashboards.forms import BoardForm, FigureShowForm, ReportSendForm, month_name, months_back
from hocvuso.dashboards.queries.atlas import kept, map_points, stamp
from hocvuso.dashboards.queries.board import (
    COLUMNS,
    SMALL_COUNT,
    Look,
    figure_parts,
    missing_units,
    read_board,
    read_trend,
)
from hocvuso.dashboards.queries.watching import first_place, place_for, sees_names, steps_above
from hocvuso.dashboards.queries.words import meaning_of, name_dimension, name_objects, title_of
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Indicator
from hocvuso.indicators.queries import open_figure, reporting, reporting_units, totals
from hocvuso.people.actions import log_look
from hocvuso.people.requests import SignedInRequest
from hocvuso.places.models import Place
from hocvuso.records.models import Record

PER_PAGE = 50
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def figure_start(request: SignedInRequest) -> HttpResponse:
    place = first_place(request.user)
    if place is None:
        raise Http404
    return redirect("dashboards:place_show", code=place.code)


def board_form(request: SignedInRequest) -> BoardForm:
    indicators = list(Indicator.objects.filter(retired=False, slug__in=(*COLUMNS, "households_skilled")))
    return BoardForm(request.GET, indicators=indicators)


def look_at(request: SignedInRequest, code: str) -> tuple[Look, BoardForm]:
    place, form = place_for(request.user, code), board_form(request)
    return Look(place, form.chosen_month(), form.chosen_measure(), sees_names(request.user, place)), form


def named_months() -> list[tuple[date, str]]:
    return [(month, month_name(month)) for month in months_back(localdate())]


@require_safe
def place_show(request: SignedInRequest, code: str) -> HttpResponse:
    look, form = look_at(request, code)
    if look.place.code != code:
        return to_successor(request, code, look.place)
    board = read_board(look, month_name(look.month), named_months())
    alone = board.units == 1 and board.missing and look.names
    context = {
        "place": look.place,
        "board": board,
        "form": form,
        "query": form.query(),
        "above": steps_above(request.user, look.place),
        "report_form": ReportSendForm.blank(look.month) if alone else None,
        "page_wide": True,
    }
    return render(request, "dashboards/place_show.html", context)


def to_successor(request: SignedInRequest, code: str, today: Place) -> HttpResponse:
    names = {"place": Place.objects.get(code=code).name, "today": today.full_name()}
    messages.info(request, _("%(place)s is now part of %(today)s.") % names)
    return redirect("dashboards:place_show", code=today.code)


@require_safe
def figure_show(request: SignedInRequest, code: str, measure: str) -> HttpResponse:
    place = place_for(request.user, code)
    indicator = get_object_or_404(Indicator, slug=measure, retired=False)
    dimension, month = FigureShowForm(request.GET).chosen() or not_found()
    period, names = month or EVER, sees_names(request.user, place)
    value = totals(place, [measure], [dimension], [period])[measure, dimension, period]
    local = place.kind in (Place.Kind.COMMUNE, Place.Kind.VILLAGE)
    records = open_figure(place, measure, dimension, period) if local else None
    if not names and (0 < value < SMALL_COUNT or shows_few(records)):
        raise Http404
    page = records_page(request, records) if records is not None else None
    if names and page:
        log_look(request.user, place=place, what=f"figure {measure}", count=len(page.object_list))
    context = {
        "place": place,
        "above": steps_above(request.user, place)[:10],
        "title": title_of(indicator),
        "meaning": meaning_of(indicator),
        "dimension": name_dimension(dimension) if dimension else "",
        "period": month_name(month) if month else _("up to today"),
        "value": value,
        "names": names,
        "page_obj": page,
        "rows": name_objects(page) if page else [],
        "parts": [] if local else figure_parts(place, measure, dimension, period),
        "page_wide": True,
    }
    return render(request, "dashboards/figure_show.html", context)


def not_found() -> NoReturn:
    raise Http404


def shows_few(records: QuerySet[Record] | None) -> bool:
    """Many records may be the deeds of one or two people."""
    if records is None:
        return False
    people = records.exclude(person=None).order_by().values("person").distinct().count()
    return 0 < people < SMALL_COUNT


def records_page(request: SignedInRequest, records: QuerySet[Record]) -> Page[Any]:
    shown = records.select_related("person", "place")
    return Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))


@require_safe
def missing_list(request: SignedInRequest, code: str) -> HttpResponse:
    place, form = place_for(request.user, code), board_form(request)
    month = form.chosen_month()
    page = Paginator(missing_units(place, month), 200).get_page(request.GET.get("page"))
    context = {
        "place": place,
        "above": steps_above(request.user, place),
        "month_name": month_name(month),
        "units": reporting_units(place, month).count(),
        "page_obj": page,
        "page_wide": True,
    }
    return render(request, "dashboards/missing_list.html", context)


@require_POST
def report_send(request: SignedInRequest, code: str) -> HttpResponse:
    place = place_for(request.user, code)
    form = ReportSendForm(request.POST)
    if not sees_names(request.user, place) or reporting(place, localdate().replace(day=1)).units != 1:
        raise Http404
    if form.is_valid():
        month = form.cleaned_data["month"]
        try:
            send_report(place, month=month, by=request.user, deed=form.cleaned_data["deed"])
        except ValidationError as refusal:
            form.add_error(None, refusal)
        else:
            messages.success(request, _("Noted: %(month)s is complete.") % {"month": month_name(month)})
    for reason in (str(text) for texts in form.errors.values() for text in texts):
        messages.error(request, reason)
    return redirect("dashboards:place_show", code=place.code)


# -- pictures and files


def picture(svg: str) -> HttpResponse:
    return HttpResponse(svg, content_type="image/svg+xml")


def spec_of_map(place: Place) -> dict[str, Any]:
    return charts.map_spec(map_points(place), _("Confirmed of adults"), _("Not known"))


@require_safe
@cache_control(private=True, max_age=300)
def place_map(request: SignedInRequest, code: str) -> HttpResponse:
    place = place_for(request.user, code)
    key = f"map:{place.code}:{get_language()}:{stamp()}"
    return picture(kept(key, lambda: draw_chart(spec_of_map(place))))


@require_safe
def map_show(request: SignedInRequest, code: str) -> HttpResponse:
    place = place_for(request.user, code)
    context = {"place": place, "above": steps_above(request.user, place), "page_wide": True}
    return render(request, "dashboards/map_show.html", context)


@require_safe
@cache_control(private=True, max_age=300)
def map_spec(request: SignedInRequest, code: str) -> HttpResponse:
    return JsonResponse(spec_of_map(place_for(request.user, code)))


@require_safe
@cache_control(private=True, max_age=300)
def place_trend(request: SignedInRequest, code: str) -> HttpResponse:
    look, form = look_at(request, code)
    months = months_back(localdate())
    key = f"trend:{look.place.code}:{look.measure}:{look.names}:{get_language()}:{stamp()}"
    return picture(kept(key, lambda: draw_trend(look, months, form.measure_title())))


def draw_trend(look: Look, months: list[date], title: str) -> str:
    cells = [cell for _name, cell in read_trend(look, [(month, "") for month in months])]
    values = [0 if cell.hidden else cell.value or 0 for cell in cells]
    return draw_chart(charts.trend_spec(months, values, title))


@require_safe
def place_sheet(request: SignedInRequest, code: str) -> HttpResponse:
    look, form = look_at(request, code)
    if look.place.code != code:
        return to_successor(request, code, look.place)
    board = read_board(look, month_name(look.month), named_months())
    told = date_format(localdate(), "SHORT_DATE_FORMAT")
    source = _("Học Vụ Số, counted from records up to %(day)s") % {"day": told}
    words = {
        "missing": _("missing"),
        "hidden": _("under 5"),
        "place": _("Place"),
        "share": _("Confirmed of adults"),
    }
    body = write_sheet(look.place.name, board, source, words)
    headers = {"Content-Disposition": f'attachment; filename="{look.place.code}-{look.month:%Y-%m}.xlsx"'}
    return HttpResponse(body, content_type=SPREADSHEET, headers=headers)
