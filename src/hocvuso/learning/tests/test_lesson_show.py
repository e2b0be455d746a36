"""The lesson page: the same for everybody, small, cheap, found by one statement."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hocvuso.learning.engine.lesson import publish
from hocvuso.learning.models import Lesson
from hocvuso.learning.tests.make import make_course, make_lesson
from hocvuso.learning.tests.pages import parsed, sound, words
from hocvuso.people.tests.make import make_person

pytestmark = pytest.mark.django_db
COLD_PAGE_MAX = 14 * 1024
LESSON_FILES = "courses/*/[0-9]*.md"


@pytest.fixture
def lesson() -> Lesson:
    course = make_course("goi-dien")
    first = make_lesson(course, slug="bam-so", title="Bấm số", title_en="Dial")
    make_lesson(course, slug="nghe-may", title="Nghe máy", title_en="Take a call")
    return first


def test_page_is_sound_and_whole(client: Client, lesson: Lesson) -> None:
    root = sound(client.get(lesson.get_absolute_url()))

    assert root.find(".//h1").text == "Bấm số"
    assert root.find(".//title").text == "Bấm số · Học Vụ Số"
    assert [words(link) for link in root.find(".//nav[@class='crumbs']")][1] == lesson.course.title
    form = root.find(".//form[@data-check]")
    assert form.get("action") == "/hoc/khoa/goi-dien/bam-so/tra-loi"
    assert [field.get("value") for field in form.iter("input")] == ["0", "1", "2"]
    assert root.find(".//*[@id='cua-toi']//a").get("href") == "/hoc/khoa/goi-dien/nghe-may"
    assert "Nguồn mẫu (vi-du.vn)" in words(root.find(".//details[@class='dialog extra']"))


def test_page_does_not_tell_the_right_answer(client: Client, lesson: Lesson) -> None:
    page = client.get(lesson.get_absolute_url()).content.decode()

    assert "Đúng rồi" not in page and "Chưa đúng" not in page


@pytest.mark.parametrize("profile", ["m.vi", "xl.c.en", "l.f.vi"])
def test_everybody_gets_the_same_bytes(client: Client, lesson: Lesson, profile: str) -> None:
    stranger, learner = Client(), client
    learner.force_login(make_person())
    for one in (stranger, learner):
        one.cookies["hvs_profile"] = profile

    first, second = (one.get(lesson.get_absolute_url()) for one in (stranger, learner))

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]
    assert (first.cookies, second.cookies) == ({}, {})


def test_page_costs_one_statement(
    client: Client, lesson: Lesson, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client.force_login(make_person())
    client.get(lesson.get_absolute_url())

    with django_assert_num_queries(1):
        client.get(lesson.get_absolute_url())


def test_page_may_be_kept_and_is_not_sent_twice(client: Client, lesson: Lesson) -> None:
    first = client.get(lesson.get_absolute_url())

    again = client.get(lesson.get_absolute_url(), headers={"if-none-match": first["ETag"]})

    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    assert first["Cache-Control"].startswith("public, max-age=")
    assert first["Vary"] == "Accept-Encoding, Cookie"
    assert first["X-Content-Type-Options"] == "nosniff"
    assert "script-src 'self'" in first["Content-Security-Policy"]


def test_gzip_holds_the_same_page(client: Client, lesson: Lesson) -> None:
    plain = client.get(lesson.get_absolute_url())

    packed = client.get(lesson.get_absolute_url(), headers={"accept-encoding": "gzip, br"})

    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert int(packed["Content-Length"]) == len(packed.content) < int(plain["Content-Length"])


def test_a_lesson_published_anew_is_seen_at_once(client: Client, lesson: Lesson) -> None:
    before = client.get(lesson.get_absolute_url())
    Lesson.objects.filter(pk=lesson.pk).update(title="Bấm số gọi")

    after = client.get(lesson.get_absolute_url(), headers={"if-none-match": before["ETag"]})

    assert after.status_code == 200
    assert parsed(after).find(".//h1").text == "Bấm số gọi"


def test_profile_and_language_are_applied(client: Client, lesson: Lesson) -> None:
    client.cookies["hvs_profile"] = "xl.c.en"

    response = client.get(lesson.get_absolute_url())

    root = sound(response, "en")
    assert root.get("class") == "size-xl is-contrast"
    assert root.find(".//h1").text == "Dial"
    assert root.find(".//*[@data-speak]").get("lang") == "vi"
    assert "This lesson is written in Vietnamese" in words(root.find(".//main"))
    assert response["Content-Language"] == "en"


def test_fewer_steps_shows_one_thing_at_a_time(client: Client, lesson: Lesson) -> None:
    client.cookies["hvs_profile"] = "m.f.vi"
    total = len(lesson.pages)

    roots = [sound(client.get(f"{lesson.get_absolute_url()}?buoc={n}")) for n in range(1, total + 1)]

    ways = [[link.get("href") for link in root.find(".//nav[@class='actions']")] for root in roots]
    assert ways[0] == ["?buoc=2"]
    assert ways[1] == ["?buoc=1", "?buoc=3"]
    assert ways[-1] == [f"?buoc={total - 1}"]
    assert [root.find(".//form[@data-check]") is not None for root in roots] == [False] * (total - 1) + [True]


@pytest.mark.parametrize(
    ("asked", "shown"), [("", 1), ("0", 1), ("-3", 1), ("99", 6), ("x", 1), ("9" * 500, 6)]
)
def test_a_page_that_is_not_there_leads_to_one_that_is(
    client: Client, lesson: Lesson, asked: str, shown: int
) -> None:
    client.cookies["hvs_profile"] = "m.f.vi"

    root = sound(client.get(lesson.get_absolute_url(), {"buoc": asked}))

    assert words(root.find(".//main//b[@class='num']")) == f"{shown}/6"


def test_without_fewer_steps_the_whole_lesson_is_shown(client: Client, lesson: Lesson) -> None:
    url = lesson.get_absolute_url()

    assert client.get(f"{url}?buoc=3").content == client.get(url).content


@pytest.mark.parametrize("case", ["unknown", "retired lesson", "retired course", "other course"])
def test_what_is_not_published_is_not_found(client: Client, lesson: Lesson, case: str) -> None:
    url = {"unknown": "/hoc/khoa/goi-dien/khong-co", "other course": "/hoc/khoa/khac/bam-so"}.get(
        case, lesson.get_absolute_url()
    )
    if case == "retired lesson":
        Lesson.objects.filter(pk=lesson.pk).update(published=False)
    if case == "retired course":
        lesson.course.published = False
        lesson.course.save(update_fields=["published"])

    response = client.get(url)

    assert response.status_code == 404
    assert response["X-Content-Type-Options"] == "nosniff"
    assert words(parsed(response).find(".//h1")) != ""


def test_nobody_posts_to_it(client: Client, lesson: Lesson) -> None:
    assert client.post(lesson.get_absolute_url()).status_code == 405


def cold_bytes(client: Client, url: str) -> dict[str, int]:
    """What a browser that has nothing yet fetches to show and work the page, gzipped, by address."""
    root = parsed(client.get(url))
    links = [node.get("href") for node in root.iter("link")] + [
        node.get("src") for node in root.iter("script")
    ]
    names = {link: re.sub(r"\.[0-9a-f]{12}(?=\.)", "", link.removeprefix("/static/")) for link in links}
    files = {link: Path(finders.find(name)).read_bytes() for link, name in names.items()}
    pages = {address: client.get(address).content for address in (url, f"{url}/cua-toi")}
    return {address: len(gzip.compress(body)) for address, body in (files | pages).items()}


def largest_real_lesson() -> Lesson:
    bodies = [
        path.read_text(encoding="utf-8").split("---\n", 2)[2] for path in settings.CONTENT.glob(LESSON_FILES)
    ]
    return make_lesson(make_course("tai"), body=max(bodies, key=lambda body: len(publish(body).html)))


def test_every_real_lesson_fits_a_cold_page_of_14_kb(client: Client) -> None:
    sizes = cold_bytes(client, largest_real_lesson().get_absolute_url())

    assert len(sizes) == 7
    assert sum(sizes.values()) <= COLD_PAGE_MAX, sizes


def test_no_script_blocks_and_nothing_is_inline(client: Client, lesson: Lesson) -> None:
    root = parsed(client.get(lesson.get_absolute_url()))

    scripts = list(root.iter("script"))
    assert [script.get("src") for script in scripts if script.get("defer") is None or script.text] == []
    assert len(scripts) == 3
    assert [node.tag for node in root.iter() if "style" in node.attrib or node.tag == "style"] == []
