"""What operators and balancers ask: am I alive, am I ready, how much have I done."""

from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Gauge, generate_latest

from hocvuso.indicators.models import Fold
from hocvuso.records.models import Seal, Unsealed


@login_not_required
@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("ok\n", content_type="text/plain")


@login_not_required
@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """503 with the part that is down, while the database or the cache does not answer."""
    state = {"database": database_answers(), "cache": cache_answers()}
    return JsonResponse({"ready": all(state.values()), **state}, status=200 if all(state.values()) else 503)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except DatabaseError:
        connection.close()
        return False


def cache_answers() -> bool:
    try:
        cache.get("readyz")
        return True
    except (DatabaseError, OSError):
        return False


@login_not_required
@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Prometheus text: how far sealing and folding are behind. Counts of people stay out of it."""
    registry = CollectorRegistry()
    last_seal = Seal.objects.order_by("-number").values_list("number", flat=True).first() or 0
    folded = Fold.objects.values_list("last_seal", flat=True).first() or 0
    Gauge("hocvuso_records_unsealed", "Records waiting for a seal", registry=registry).set(
        Unsealed.objects.count()
    )
    Gauge("hocvuso_seals", "Seals made", registry=registry).set(last_seal)
    Gauge("hocvuso_seals_unfolded", "Seals that tallies do not hold yet", registry=registry).set(
        last_seal - folded
    )
    return HttpResponse(generate_latest(registry), content_type="text/plain; version=0.0.4")
