"""The lesson page, read more than all others: one SQL statement, then bytes that were ready before.

Three things are kept in the process, each made once: the shell (the page round a lesson) for each reading
profile, the lesson's own part for each language, whole pages with their gzip. Keys hold what was read from
the database, so a lesson published anew is a new page at once, and nothing has to be thrown away by hand.
"""

import gzip
import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from hocvuso.base.profile import Profile
from hocvuso.learning.engine.lesson import CHECK_HERE

TEMPLATE = "learning/lesson_show.html"
SLOT = "\ue000"  # a private character: stands on both sides of a slot's name in the shell
SQL = """
SELECT l.slug, l.title, l.title_en, l.summary, l.minutes, l.{body}, l.check_question, l.head,
       c.slug, c.title, c.title_en, n.slug, n.title, n.title_en,
       (SELECT count(*) FROM learning_lesson o
         WHERE o.course_id = c.id AND o.published AND o.position <= l.position),
       (SELECT count(*) FROM learning_lesson o WHERE o.course_id = c.id AND o.published)
  FROM learning_lesson l
  JOIN learning_course c ON c.id = l.course_id
  LEFT JOIN learning_lesson n ON n.id = (
       SELECT o.id FROM learning_lesson o WHERE o.course_id = c.id AND o.published AND o.position > l.position
        ORDER BY o.position LIMIT 1)
 WHERE c.slug = %s AND l.slug = %s AND c.published AND l.published
"""
SQL_WHOLE, SQL_PAGES = SQL.format(body="html"), SQL.format(body="pages")


class Row(NamedTuple):
    """`body` is the article's HTML, or the JSON of its pages for readers who see one thing at a time."""

    slug: str
    title: str
    title_en: str
    summary: str
    minutes: int
    body: str
    check: str
    head: str
    course: str
    course_title: str
    course_title_en: str
    next: str | None
    next_title: str | None
    next_title_en: str | None
    number: int
    total: int


class Page(NamedTuple):
    etag: str
    plain: bytes
    packed: bytes


def fetch_row(course: str, lesson: str, *, by_pages: bool) -> Row | None:
    with connection.cursor() as cursor:
        cursor.execute(SQL_PAGES if by_pages else SQL_WHOLE, (course, lesson))
        found = cursor.fetchone()
    return Row._make(found) if found else None


@lru_cache(maxsize=512)
def make_page(row: Row, profile: Profile, number: int = 0) -> Page:
    """`number` counts the pages of a lesson read one thing at a time; 0 is the whole lesson."""
    parts = make_parts(row, profile.language, number)
    shell = make_shell(profile)
    plain = "".join(parts[piece] if odd % 2 else piece for odd, piece in enumerate(shell)).encode()
    etag = f'W/"{blake2b(plain, digest_size=12).hexdigest()}"'
    return Page(etag, plain, gzip.compress(plain, mtime=0))


@lru_cache(maxsize=128)
def make_shell(profile: Profile) -> list[str]:
    """The page without its lesson: text and the names of slots by turns."""
    request = HttpRequest()
    request.path = reverse("learning:course_list")
    request.user, request.profile = AnonymousUser(), profile  # type: ignore[attr-defined]
    with override(profile.language):
        return render_to_string(TEMPLATE, {"slot": SLOT}, request).split(SLOT)


@lru_cache(maxsize=512)
def make_parts(row: Row, language: str, number: int) -> Mapping[str, str]:
    with override(language):
        context = describe(row, language, number)
        return {
            "title": escape(context["title"]),
            "course_path": escape(reverse("learning:course_show", args=[row.course])),
            "course_title": escape(in_language(row.course_title, row.course_title_en, language)),
            "main": render_to_string(f"{TEMPLATE}#lesson", context),
        }


def describe(row: Row, language: str, number: int) -> dict[str, Any]:
    pages = json.loads(row.body) if number else [row.body]
    before, mark, after = pages[number - 1 if number else 0].partition(CHECK_HERE)
    return {
        "row": row,
        "address": reverse("learning:lesson_show", args=[row.course, row.slug]),
        "title": in_language(row.title, row.title_en, language),
        "next_title": in_language(row.next_title or "", row.next_title_en or "", language),
        "language": language,
        "before": before,
        "after": after,
        "check": json.loads(row.check) if mark else None,
        **describe_head(json.loads(row.head)),
        "page": number,
        "pages": len(pages),
        "is_last": number in (0, len(pages)),
    }


def describe_head(head: dict[str, Any]) -> dict[str, Any]:
    """Sources and review with their days as dates, for the foot of the page."""
    review = head["review"]
    return {
        "sources": [{**one, "checked_on": date.fromisoformat(one["checked_on"])} for one in head["sources"]],
        "review": {"by": review["by"], "on": date.fromisoformat(review["on"])},
        "license": head["license"],
    }


def in_language(title: str, title_en: str, language: str) -> str:
    return title_en if title_en and language == "en" else title
