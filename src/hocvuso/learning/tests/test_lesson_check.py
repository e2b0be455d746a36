"""Answering the question of a lesson: by form, by script, as a guest, signed in, late, from elsewhere."""

from http import HTTPStatus
from uuid import UUID
from xml.etree.ElementTree import Element

import pytest
from django.core.signing import Signer
from django.http import HttpResponse
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from hocvuso.base.ids import moment_of, new_id
from hocvuso.learning.engine.guest import GuestLesson
from hocvuso.learning.guest import COOKIE, read_guest
from hocvuso.learning.models import Lesson, LessonProgress
from hocvuso.learning.tests.make import RIGHT, WRONG, make_course, make_lesson
from hocvuso.learning.tests.pages import fragment, sound, words
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
OURS = {"sec-fetch-site": "same-origin"}


@pytest.fixture
def lesson() -> Lesson:
    return make_course("goi-dien", lessons=2, title="Gọi điện").lessons.first()


@pytest.fixture
def person(client: Client) -> Person:
    person = make_person()
    client.force_login(person)
    return person


def answer(client: Client, lesson: Lesson, headers: dict[str, str] = OURS, **data: object) -> HttpResponse:
    return client.post(f"{lesson.get_absolute_url()}/tra-loi", data, headers=headers)


def kept_by(client: Client) -> dict[int, GuestLesson]:
    class Request:
        COOKIES = {name: morsel.value for name, morsel in client.cookies.items()}

    return read_guest(Request())


def notices(root: Element) -> list[str]:
    return [words(node) for node in root.iter("div") if node.get("class", "").startswith("notice ")]


def test_right_answer_says_why_and_where_to_go_on(client: Client, lesson: Lesson) -> None:
    root = sound(answer(client, lesson, choice=RIGHT))

    assert notices(root) == ["Nút Gọi Đúng rồi. Nút này bắt đầu cuộc gọi."]
    assert words(root.find(".//main//b[@class='num']")) == "1/2"
    ways = [(link.get("href"), link.get("class")) for link in root.find(".//main//p[@class='actions']")]
    assert ways == [(lesson.course.lessons.last().get_absolute_url(), "button button-main")]


def test_wrong_answer_tells_both_reasons_and_may_be_mended(client: Client, lesson: Lesson) -> None:
    root = sound(answer(client, lesson, choice=WRONG))

    chosen, right = notices(root)
    assert chosen == "Nút Tắt Chưa đúng. Nút này dừng cuộc gọi."
    assert right.endswith("Nút Gọi Nút này bắt đầu cuộc gọi.")
    assert root.find(".//*[@data-again]").get("href") == f"{lesson.get_absolute_url()}#kiem-tra"


def test_with_fewer_steps_trying_again_leads_to_the_page_of_the_question(
    client: Client, lesson: Lesson
) -> None:
    client.cookies["hvs_profile"] = "m.f.vi"

    root = sound(answer(client, lesson, choice=WRONG))

    assert root.find(".//*[@data-again]").get("href") == f"{lesson.get_absolute_url()}?buoc=6#kiem-tra"


def test_the_last_lesson_of_a_course_says_so(client: Client, person: Person) -> None:
    lesson = make_lesson(make_course(title="Gọi điện"))

    root = sound(answer(client, lesson, choice=RIGHT))

    assert any("Gọi điện" in words(node) for node in root.findall(".//main//p/b"))
    assert root.find(".//main//p[@class='actions']/a").get("href") == "/hoc/cua-toi"


def test_script_gets_the_result_alone(client: Client, lesson: Lesson) -> None:
    response = answer(client, lesson, {**OURS, "x-requested-with": "fetch"}, choice=RIGHT)

    root = fragment(response)
    assert "<html" not in response.content.decode()
    assert root.find(".//h2").get("tabindex") == "-1"
    assert len([node for node in root.iter() if node.get("role") == "status"]) == 1


def test_result_is_kept_by_no_cache(client: Client, lesson: Lesson) -> None:
    assert answer(client, lesson, choice=RIGHT)["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("data", [{}, {"choice": ""}, {"choice": "7"}, {"choice": "x"}, {"choice": "-1"}])
def test_no_choice_asks_again_kindly(client: Client, lesson: Lesson, data: dict[str, str]) -> None:
    response = answer(client, lesson, **data)

    root = sound(response)
    assert response.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert root.find(".//fieldset").get("aria-describedby") == "choice-error"
    assert words(root.find(".//*[@id='choice-error']")) != ""
    assert COOKIE not in client.cookies


@pytest.mark.parametrize(
    "deed",
    ["x", "\x00", "9" * 9999, "00000000-0000-7000-8000-000000000000", "ffffffff-ffff-7fff-bfff-ffffffffffff"],
)
def test_a_broken_deed_is_not_used(client: Client, lesson: Lesson, person: Person, deed: str) -> None:
    response = answer(client, lesson, choice=RIGHT, deed=deed)

    assert response.status_code in (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)
    assert str(deed) not in {str(record.pk) for record in Record.objects.all()}


@pytest.mark.parametrize(
    "headers",
    [{}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}, {"origin": "https://xau.vn"}],
)
def test_a_foreign_page_cannot_answer(
    client: Client, lesson: Lesson, person: Person, headers: dict[str, str]
) -> None:
    assert answer(client, lesson, headers, choice=RIGHT).status_code == HTTPStatus.FORBIDDEN
    assert (LessonProgress.objects.count(), Record.objects.count()) == (0, 0)


@pytest.mark.parametrize("headers", [{"origin": "http://testserver"}, {"referer": "http://testserver/hoc/"}])
def test_an_old_browser_is_known_by_its_origin(
    client: Client, lesson: Lesson, headers: dict[str, str]
) -> None:
    assert answer(client, lesson, headers, choice=RIGHT).status_code == HTTPStatus.OK


def test_a_retired_lesson_is_not_found(client: Client, lesson: Lesson) -> None:
    Lesson.objects.filter(pk=lesson.pk).update(published=False)

    assert answer(client, lesson, choice=RIGHT).status_code == HTTPStatus.NOT_FOUND


def test_reading_is_not_answering(client: Client, lesson: Lesson) -> None:
    assert client.get(f"{lesson.get_absolute_url()}/tra-loi").status_code == HTTPStatus.METHOD_NOT_ALLOWED


def test_a_persons_answer_is_written_with_its_deed(client: Client, lesson: Lesson, person: Person) -> None:
    deed = new_id()

    for _ in range(2):
        answer(client, lesson, choice=WRONG, deed=deed)

    record = Record.objects.get(pk=deed)
    assert (record.person, record.verb, record.happened_at, record.source) == (
        person,
        "answered",
        moment_of(deed),
        "web",
    )
    assert LessonProgress.objects.get().tries == 1
    assert COOKIE not in client.cookies


def test_a_guests_answer_is_kept_on_the_device_alone(client: Client, lesson: Lesson) -> None:
    deed = new_id()

    answer(client, lesson, choice=WRONG, deed=deed)
    answer(client, lesson, choice=RIGHT)

    assert kept_by(client) == {lesson.pk: GuestLesson(lesson.pk, deed, tries=2, right=True)}
    assert (LessonProgress.objects.count(), Record.objects.count()) == (0, 0)
    morsel = client.cookies[COOKIE]
    assert (morsel["httponly"], morsel["samesite"], morsel["path"]) == (True, "Lax", "/hoc/")


def test_an_altered_cookie_counts_as_none(client: Client, lesson: Lesson) -> None:
    answer(client, lesson, choice=RIGHT)
    good = client.cookies[COOKIE].value
    signed_junk = Signer(salt="learning.guest").sign("!!!!")

    for bad in ("", "x", good[:-1], "A" + good, good.replace(":", ""), signed_junk, "é" * 50):
        client.cookies[COOKIE] = bad
        assert kept_by(client) == {}


def owner_of(client: Client, lesson: Lesson) -> str:
    state = client.get(f"{lesson.get_absolute_url()}/cua-toi")
    return fragment(state).find(".//*[@data-owner]").get("data-owner")


def test_an_answer_kept_without_signal_is_written_for_its_owner(
    client: Client, lesson: Lesson, person: Person
) -> None:
    answer(client, lesson, choice=RIGHT, deed=new_id(), late=1, owner=owner_of(client, lesson))

    assert LessonProgress.objects.get().person == person
    assert set(Record.objects.values_list("source", flat=True)) == {"offline"}


def test_an_answer_kept_by_someone_else_is_not_written_for_whoever_is_signed_in(
    client: Client, lesson: Lesson, person: Person
) -> None:
    other = Client()
    other.force_login(make_person(place=person.place))
    deed: UUID = new_id()

    for owner in ("", owner_of(other, lesson)):
        answer(client, lesson, choice=RIGHT, deed=deed, late=1, owner=owner)

    assert (LessonProgress.objects.count(), Record.objects.count()) == (0, 0)
    assert kept_by(client) == {lesson.pk: GuestLesson(lesson.pk, deed, right=True)}


def test_an_answer_needs_few_statements(
    client: Client, lesson: Lesson, person: Person, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(22):
        answer(client, lesson, choice=RIGHT)
    with django_assert_max_num_queries(12):
        answer(client, lesson, choice=RIGHT)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_result_speaks_the_readers_language(client: Client, lesson: Lesson, language: str) -> None:
    client.cookies["hvs_profile"] = f"m.{language}"

    root = sound(answer(client, lesson, choice=WRONG), language)

    assert root.find(".//h1").text == (lesson.title_en if language == "en" else lesson.title)
    assert root.find(".//main//div[@role='status']").get("lang") == "vi"
