"""What there is to stand on: the server answering "ok", and a bare Django view running the same SQL.

The bare view has no middleware, reads no form and renders nothing; a lesson answers with the real bytes.
"""

import itertools
import os
import pickle
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path


def ok(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """A WSGI application and nothing else."""
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", "2")])
    return [b"ok"]


FOLDER = Path(os.environ.get("BENCH_FOLDER", "."))
LESSONS: list[Any] = []
ANSWERS: list[Any] = []
turn = itertools.count()


def load() -> None:
    LESSONS.extend(pickle.loads((FOLDER / "lessons.pickle").read_bytes()))  # noqa: S301 - our own file
    ANSWERS.extend(pickle.loads((FOLDER / "statements.pickle").read_bytes()))  # noqa: S301 - our own file


def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse(b"ok")


def lesson(request: HttpRequest) -> HttpResponse:
    from django.db import connection

    statements, page = LESSONS[next(turn) % len(LESSONS)]
    with connection.cursor() as cursor:
        for sql, params in statements:
            cursor.execute(sql, params)
            cursor.fetchone()
    return HttpResponse(page)


def answer(request: HttpRequest, number: int) -> HttpResponse:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for sql, params in ANSWERS[number]:
            cursor.execute(sql, params)
            if cursor.description:
                cursor.fetchall()
    return HttpResponse(b"kept")


urlpatterns = [path("healthz", healthz), path("lesson", lesson), path("answer/<int:number>", answer)]
