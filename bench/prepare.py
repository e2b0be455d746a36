"""Fills a database to measure on, and writes down the requests: `python -m bench.prepare FOLDER`.

For the answers the statements that one request runs are written down too (taken from the real view, rolled
back), so that the bare view can run the very same.
"""

import json
import os
import pickle
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from itertools import zip_longest
from pathlib import Path
from typing import Any

import django

django.setup()

import numpy as np  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from hocvuso.assessment.actions import begin_attempt  # noqa: E402
from hocvuso.assessment.models.attempts import Attempt  # noqa: E402
from hocvuso.assessment.models.tests import Test  # noqa: E402
from hocvuso.assessment.selection import next_item  # noqa: E402
from hocvuso.base.ids import new_id  # noqa: E402
from hocvuso.dashboards.forms import months_back  # noqa: E402
from hocvuso.indicators.maps import EVER  # noqa: E402
from hocvuso.indicators.models import Tally  # noqa: E402
from hocvuso.learning.models import Lesson  # noqa: E402
from hocvuso.people.models.persons import AGE_BANDS, Audience, Person  # noqa: E402
from hocvuso.places.models import Baseline, Place  # noqa: E402

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "1000000"))
SITTERS = int(os.environ.get("BENCH_SITTERS", "260"))
POSITIONS = 8  # answers of each sitter
Requests = list[dict[str, Any]]
BACKEND = "hocvuso.people.backends.NameOrPhoneBackend"


def main(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    call_command("places_load", verbosity=0)
    call_command("content_load", verbosity=0)
    call_command("demo", people=300, verbosity=0)
    fill_tallies()
    (folder / "gets.json").write_text(json.dumps(gets()))
    answers, statements = prepare_answers()
    (folder / "answers.json").write_text(json.dumps(answers))
    (folder / "statements.pickle").write_bytes(pickle.dumps(statements))
    lesson_statement(folder)


def sign_in(name: str) -> str:
    client = Client()
    client.force_login(Person.objects.get(username=name), backend=BACKEND)
    return client.cookies["hvs_session"].value


def gets() -> dict[str, list[dict[str, Any]]]:
    lessons = [
        reverse("learning:lesson_show", args=key)
        for key in Lesson.objects.values_list("course__slug", "slug")
    ]
    words = (
        "tho+xuan",
        "cao+xanh",
        "hoa+binh",
        "phuong+ha+phong",
        "tp+ho+chi+minh",
        "huyen+tho+xuan",
        "Ninh",
        "x",
    )
    search = [f"{reverse('places:place_search')}?q={word}" for word in words]
    commune = {"path": reverse("dashboards:place_show", args=["06658"]), "cookie": sign_in("canboxa")}
    country = {"path": reverse("dashboards:place_show", args=["VN"]), "cookie": sign_in("canbotw")}
    province = {"path": reverse("dashboards:place_show", args=["22"]), "cookie": sign_in("canbotinh")}
    return {
        "lesson page": [{"path": path} for path in lessons],
        "place search": [{"path": path} for path in search],
        "commune dashboard": [commune],
        "province dashboard": [province],
        "country dashboard": [country],
    }


# -- figures of a million people


def fill_tallies() -> None:
    """Each of a million people counts once in a commune and month, in every facet they have."""
    random = np.random.default_rng(1945)
    communes = list(Place.objects.current().of_kind("commune").values_list("pk", flat=True))
    months = months_back(timezone.localdate())
    Tally.objects.all().delete()
    Baseline.objects.filter(count="adults", place__in=communes).delete()
    Baseline.objects.bulk_create(
        [Baseline(place_id=pk, count="adults", year=2025, value=4000, source="bench") for pk in communes],
        1000,
    )
    sizes = random.multinomial(PEOPLE, [1 / len(communes)] * len(communes))
    shares = {"learners": 1.0, "active": 0.5, "lessons_done": 1.0, "tested": 0.5, "confirmed": 0.35}
    for start in range(0, len(communes), 100):
        rows: list[Tally] = []
        for place, size in zip(communes[start : start + 100], sizes[start : start + 100], strict=True):
            for measure, share in shares.items():
                rows += commune_rows(random, place, measure, int(size * share), months)
            rows += [
                Tally(place_id=place, measure="reported", dimension="", period=m, value=1)
                for m in months[:-1]
            ]
            rows.append(Tally(place_id=place, measure="reported", dimension="", period=EVER, value=1))
        Tally.objects.bulk_create(rows, 5000)


def commune_rows(random: Any, place: int, measure: str, people: int, months: list[Any]) -> list[Tally]:
    month = random.integers(0, len(months), people)
    facets = [
        [f"audience={value}" for value in Audience.values],
        [f"age={label}" for _start, label in AGE_BANDS],
        ["sex=female", "sex=male"],
    ]
    counts: dict[tuple[str, Any], int] = {}
    masks = [("", np.ones(people, bool)), ("adult=yes", random.random(people) < 0.8)]
    for names in facets:
        drawn = random.integers(0, len(names), people)
        masks += [(name, drawn == index) for index, name in enumerate(names)]
    for name, mask in masks:
        for index, value in zip(*np.unique(month[mask], return_counts=True), strict=True):
            counts[name, months[index]] = int(value)
        counts[name, EVER] = int(mask.sum())
    return [
        Tally(place_id=place, measure=measure, dimension=name, period=period, value=value)
        for (name, period), value in counts.items()
        if value
    ]


# -- answers


def prepare_answers() -> tuple[dict[str, list[Requests]], list[Any]]:
    """Requests by what is measured, one list a run, and the statements of the bare view's two runs."""
    adaptive = Test.objects.get(slug="citizen-basic", current=True)
    fixed = Test.objects.create(
        slug="do",
        version="1",
        title="Bài để đo",
        framework=adaptive.framework,
        blueprint={group: count * 2 // 5 for group, count in adaptive.blueprint.items()},
        length=sum(count * 2 // 5 for count in adaptive.blueprint.values()),
        pass_share=0.7,
        retake_after_days=7,
        minutes=600,
        content_hash="-",
    )
    runs = [make_run(fixed) for _run in range(4)]
    found = {
        "answer": runs[:2],
        "bare answer": runs[2:],
        "adaptive answer": [make_run(adaptive) for _run in range(2)],
    }
    statements = [one.pop("statements") for run in runs[2:] for one in run]
    for run in (*found["answer"], *found["adaptive answer"]):
        for one in run:
            del one["statements"]
    return found, statements


def make_run(test: Test) -> Requests:
    """What each question will be follows from the seed: the attempt is answered once, then undone."""
    sittings, place = [], Place.objects.get(code="06658")
    for _number in range(SITTERS):
        person = Person.objects.create(
            full_name="Người Đo", username=f"do-{new_id()}", place=place, birth_year=1970
        )
        client = Client(HTTP_HX_REQUEST="true", SERVER_NAME="127.0.0.1")
        client.force_login(person, backend=BACKEND)
        attempt = begin_attempt(test, by=person)
        with transaction.atomic():
            sittings.append(list(answer_through(client, attempt)))
            transaction.set_rollback(True)
    by_position = zip_longest(*sittings)
    return [one for due in by_position for one in due if one is not None]


def answer_through(client: Client, attempt: Attempt) -> Iterator[dict[str, Any]]:
    """Real answers, with the statements that each ran."""
    path = reverse("assessment:attempt_answer", args=[attempt.pk])
    cookie = client.cookies["hvs_session"].value
    for _position in range(POSITIONS):
        question = next_item(attempt.pk, attempt.person_id)
        if question is None:
            return
        body = f"position={question.position}&{ANSWERS[question.kind](len(question.texts))}"
        yield {"path": path, "cookie": cookie, "body": body, "statements": capture(client, path, body)}


ANSWERS: dict[str, Callable[[int], str]] = {
    "choice": lambda parts: "choice=0",
    "hotspot": lambda parts: "choice=0",
    "multiple": lambda parts: "choice=0&choice=1",
    "order": lambda parts: "&".join(f"choice={rank}" for rank in range(1, parts + 1)),
    "match": lambda parts: "&".join(f"choice={place}" for place in range(parts)),
    "short": lambda parts: "text=1",
}


def capture(client: Client, path: str, body: str) -> list[tuple[str, Any]]:
    """Run the real view once and note its statements."""
    noted: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            noted.append((sql, tuple(map(as_plain, params or ()))))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        response = client.post(path, body, content_type="application/x-www-form-urlencoded")
    if response.status_code != 200:
        raise RuntimeError(f"{response.status_code} for {body}")
    return noted


def as_plain(value: Any) -> Any:
    """The bare view knows none of our classes."""
    return value.value if isinstance(value, Enum) else value


def lesson_statement(folder: Path) -> None:
    """The one statement of the lesson page, for each lesson."""
    noted: list[tuple[str, Any]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        noted.append((sql, tuple(params or ())))
        return execute(sql, params, many, context)

    client = Client(SERVER_NAME="127.0.0.1")
    pages = []
    for course, slug in Lesson.objects.values_list("course__slug", "slug"):
        noted.clear()
        with connection.execute_wrapper(note):
            page = client.get(reverse("learning:lesson_show", args=[course, slug])).content
        pages.append((list(noted), page))
    (folder / "lessons.pickle").write_bytes(pickle.dumps(pages))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
