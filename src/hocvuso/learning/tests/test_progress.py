"""What I have learnt, and whose a device's lessons are."""

import pytest
from django.test import Client
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.learning.actions import answer_check
from hocvuso.learning.guest import COOKIE
from hocvuso.learning.models import LessonProgress
from hocvuso.learning.tests.make import RIGHT, make_course, make_lesson
from hocvuso.learning.tests.pages import fragment, parsed, sound, words
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
PAGE, ADOPT = "/hoc/cua-toi", "/hoc/cua-toi/nhan"


@pytest.fixture
def course():
    return make_course("goi-dien", lessons=2)


def learn_as_guest(client: Client, *lessons) -> None:
    for lesson in lessons:
        data = {"choice": RIGHT, "deed": new_id()}
        client.post(f"{lesson.get_absolute_url()}/tra-loi", data, headers={"sec-fetch-site": "same-origin"})


def sign_in(client: Client) -> Person:
    person = make_person("Nguyễn Thị Lúa")
    client.force_login(person)
    return person


def listed(root) -> list[str]:
    return [link.get("href") for link in root.findall(".//section//li/a")]


def test_nothing_learnt_yet_invites(client: Client) -> None:
    root = sound(client.get(PAGE))

    assert root.find(".//div[@class='empty']//a").get("href") == "/hoc/"


def test_person_sees_what_was_learnt_and_the_next_step(client: Client, course) -> None:
    first, second = course.lessons.all()
    answer_check(sign_in(client), first, choice=RIGHT)

    root = sound(client.get(PAGE))

    assert listed(root) == [first.get_absolute_url()]
    assert words(root.find(".//main/p")).startswith("Nguyễn Thị Lúa")
    assert root.find(".//a[@class='button button-main']").get("href") == second.get_absolute_url()
    assert client.get(PAGE)["Cache-Control"] == "private, no-store"


def test_nobody_sees_what_another_has_learnt(client: Client, course) -> None:
    answer_check(make_person(), course.lessons.first(), choice=RIGHT)
    sign_in(client)

    assert listed(parsed(client.get(PAGE))) == []


def test_guest_sees_what_the_device_keeps(client: Client, course) -> None:
    learn_as_guest(client, *course.lessons.all())

    root = sound(client.get(PAGE))

    assert listed(root) == [lesson.get_absolute_url() for lesson in course.lessons.all()]
    assert root.find(".//form[@action='/hoc/cua-toi/nhan']") is None


def test_after_signing_in_one_is_asked_and_nothing_is_taken_silently(client: Client, course) -> None:
    lesson = course.lessons.first()
    learn_as_guest(client, lesson)
    sign_in(client)

    root = sound(client.get(PAGE))

    form = root.find(".//form[@action='/hoc/cua-toi/nhan']")
    assert [words(item) for item in form.iter("li")] == [lesson.title]
    assert [(button.get("name"), button.get("value")) for button in form.iter("button")] == [
        ("mine", "yes"),
        ("mine", "no"),
    ]
    assert listed(root) == []
    assert LessonProgress.objects.count() == 0


def test_yes_writes_them_and_clears_the_device(client: Client, course) -> None:
    lesson = course.lessons.first()
    learn_as_guest(client, lesson)
    person = sign_in(client)

    response = client.post(ADOPT, {"mine": "yes"}, follow=True)

    root = sound(response)
    assert listed(root) == [lesson.get_absolute_url()]
    assert root.find(".//form[@action='/hoc/cua-toi/nhan']") is None
    assert client.cookies[COOKIE].value == ""
    assert LessonProgress.objects.get().person == person


def test_no_leaves_them_for_their_owner_and_does_not_ask_again(client: Client, course) -> None:
    learn_as_guest(client, course.lessons.first())
    sign_in(client)

    root = sound(client.post(ADOPT, {"mine": "no"}, follow=True))

    assert root.find(".//form[@action='/hoc/cua-toi/nhan']") is None
    assert (LessonProgress.objects.count(), Record.objects.count()) == (0, 0)
    del client.cookies["hvs_session"]
    assert len(listed(parsed(client.get(PAGE)))) == 1


@pytest.mark.parametrize("data", [{}, {"mine": "perhaps"}])
def test_an_answer_that_is_none_asks_again(client: Client, course, data: dict[str, str]) -> None:
    learn_as_guest(client, course.lessons.first())
    sign_in(client)

    root = sound(client.post(ADOPT, data, follow=True))

    assert root.find(".//form[@action='/hoc/cua-toi/nhan']") is not None
    assert LessonProgress.objects.count() == 0


def test_a_guest_cannot_adopt(client: Client, course) -> None:
    learn_as_guest(client, course.lessons.first())

    response = client.post(ADOPT, {"mine": "yes"})

    assert response.status_code == 302
    assert response["Location"].endswith(f"?next={ADOPT}")
    assert LessonProgress.objects.count() == 0


def test_adopting_needs_the_forms_token(course) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client)

    assert client.post(ADOPT, {"mine": "yes"}).status_code == 403


def test_state_tells_a_guest_what_is_done_and_what_is_next(client: Client, course) -> None:
    first, second = course.lessons.all()
    learn_as_guest(client, first)

    response = client.get(f"{first.get_absolute_url()}/cua-toi")

    root = fragment(response)
    assert response["Cache-Control"] == "private, no-store"
    assert timezone.localdate().strftime("%d/%m/%Y") in words(root.find(".//*[@class='tag tag-ok']"))
    assert root.find(".//a[@rel='next']").get("href") == second.get_absolute_url()
    assert root.find(".//*[@data-owner]").get("data-owner") == ""


def test_state_asks_whose_the_devices_lessons_are(client: Client, course) -> None:
    first, second = course.lessons.all()
    learn_as_guest(client, first)
    sign_in(client)

    root = fragment(client.get(f"{second.get_absolute_url()}/cua-toi"))

    assert root.find(".//a[@href='/hoc/cua-toi']") is not None
    assert root.find(".//*[@class='tag tag-ok']") is None


def test_state_of_a_retired_lesson_is_not_found(client: Client) -> None:
    lesson = make_lesson(published=False)

    assert client.get(f"{lesson.get_absolute_url()}/cua-toi").status_code == 404
