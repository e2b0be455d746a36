"""Where authors look at a calibration, and put it in force or throw it away."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db.models import BooleanField, Case, QuerySet, Value, When
from django.db.models.fields.json import KT
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from hocvuso.assessment.actions.calibrations import activate_calibration, discard_calibration
from hocvuso.assessment.engine import plots
from hocvuso.assessment.engine.ability import make_grid
from hocvuso.assessment.engine.cat import Parameters, probability
from hocvuso.assessment.forms import CalibrationDecideForm
from hocvuso.assessment.models.items import Calibration, ItemCalibration
from hocvuso.base.charts import draw
from hocvuso.people.models.persons import Role
from hocvuso.people.requests import SignedInRequest

LOOKING_AFTER = (Role.Kind.AUTHOR, Role.Kind.OPERATOR)
PER_PAGE = 12
STEP = 4  # of the fine grid: a curve needs no more points

View = Callable[..., HttpResponse]


def author_needed(view: View) -> View:
    """The bank belongs to authors; to everybody else these pages are not there."""

    @wraps(view)
    def wrapped(request: SignedInRequest, **kwargs: Any) -> HttpResponse:
        if not any(request.user.has_role(kind) for kind in LOOKING_AFTER):
            raise Http404
        return view(request, **kwargs)

    return wrapped


@require_safe
@author_needed
def calibration_list(request: SignedInRequest) -> HttpResponse:
    calibrations = Calibration.objects.select_related("framework", "decided_by")
    page = Paginator(calibrations, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "assessment/calibration_list.html", {"page": page})


@require_safe
@author_needed
def calibration_show(request: SignedInRequest, calibration: int) -> HttpResponse:
    found = get_object_or_404(Calibration.objects.select_related("framework"), pk=calibration)
    page = Paginator(doubtful_first(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "calibration": found,
        "report": found.report,
        "page": page,
        "rows": [(row, draw_curve(row)) for row in page],
        "draft": found.status == Calibration.Status.DRAFT,
        "page_wide": True,
    }
    return render(request, "assessment/calibration_show.html", context)


def doubtful_first(calibration: Calibration) -> QuerySet[ItemCalibration]:
    """Items that misfit or differ between groups, then the others by slug."""
    rows = calibration.items.select_related("item__skill").annotate(
        misfits=Case(When(fit__misfit=True, then=Value(True)), default=False, output_field=BooleanField()),
        differs=Case(When(fit__dif__0__isnull=False, then=Value(True)), default=False),
        out=KT("fit__rmsd"),
    )
    return rows.order_by("-misfits", "-differs", "-out", "item__slug")


def draw_curve(row: ItemCalibration) -> SafeString:
    grid = make_grid()[::STEP]
    curve = probability(grid, Parameters.of(row.b, row.a, row.c, row.d))[:, 0]
    seen = [(at, share, many) for at, share, many in row.fit.get("seen", [])]
    spec = plots.curve_chart(grid, curve, seen, x=_("Ability, logits"), y=_("Right"))
    return mark_safe(draw(spec))  # noqa: S308 - our own drawing of numbers


@require_POST
@author_needed
def calibration_decide(request: SignedInRequest, calibration: int) -> HttpResponse:
    found = get_object_or_404(Calibration, pk=calibration)
    form = CalibrationDecideForm(request.POST)
    try:
        if not form.is_valid():
            messages.error(request, _("Say whether to put it in force or to throw it away."))
        elif form.cleaned_data["decision"] == "activate":
            activate_calibration(found, by=request.user)
            messages.success(request, _("In force. New attempts begin with these numbers."))
        else:
            discard_calibration(found, by=request.user)
            messages.success(request, _("Thrown away. Nothing has changed."))
    except ValidationError as refusal:
        messages.warning(request, " ".join(refusal.messages))
    return redirect("assessment:calibration_show", calibration=calibration)
