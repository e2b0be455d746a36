"""The public part of the API: places and lessons, open to everybody, without personal data.

Docs at /api/docs, the description (OpenAPI 3.1) at /api/openapi.json.
"""

from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI, Query, Schema
from ninja.errors import HttpError

from hocvuso.learning.models import Lesson
from hocvuso.places.models import Place
from hocvuso.places.queries import search

LONGEST_QUERY = 200

api = NinjaAPI(
    title="Học Vụ Số",
    version="1",
    description="Places and lessons. Figures and people need a role and are read on the pages.",
    urls_namespace="api",
)


class PlaceOut(Schema):
    code: str
    name: str
    kind: str
    latitude: float | None
    longitude: float | None
    valid_to: str | None = None
    successor: str | None = None
    above: list[str]


class HitOut(Schema):
    code: str
    name: str
    label: str


class LessonOut(Schema):
    course: str
    slug: str
    title: str
    title_en: str
    summary: str
    skill: str
    minutes: int
    version: int
    license: str
    url: str


@api.get("/places", response=list[HitOut], summary="Find a unit by any name, old or new")
def place_search(request: HttpRequest, q: str = Query(..., max_length=LONGEST_QUERY)) -> list[dict[str, Any]]:
    return [{"code": hit.place.code, "name": hit.place.name, "label": str(hit)} for hit in search(q)]


@api.get("/places/{code}", response=PlaceOut, summary="One unit, today or ended")
def place_show(request: HttpRequest, code: str) -> dict[str, Any]:
    place = Place.objects.select_related("successor").filter(code=code).first()
    if place is None:
        raise HttpError(404, "no such unit")
    return {
        **{name: getattr(place, name) for name in ("code", "name", "kind", "latitude", "longitude")},
        "valid_to": place.valid_to.isoformat() if place.valid_to else None,
        "successor": place.successor.code if place.successor else None,
        "above": place.path.rstrip("/").split("/")[:-1],
    }


@api.get("/lessons", response=list[LessonOut], summary="All published lessons")
def lesson_list(request: HttpRequest) -> list[dict[str, Any]]:
    lessons = Lesson.objects.filter(published=True, course__published=True).select_related("course", "skill")
    return [describe(lesson, request) for lesson in lessons.order_by("course__position", "position")]


def describe(lesson: Lesson, request: HttpRequest) -> dict[str, Any]:
    fields = ("slug", "title", "title_en", "summary", "minutes", "version")
    return {
        **{name: getattr(lesson, name) for name in fields},
        "course": lesson.course.slug,
        "skill": lesson.skill.code,
        "license": lesson.head.get("license", ""),
        "url": request.build_absolute_uri(lesson.get_absolute_url()),
    }
