import re
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import UUID

import html5lib
import pytest
from django.conf import settings
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hocvuso.assessment.actions import begin_attempt
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.tests.make import give_answer, make_attempt, make_test, place_of
from hocvuso.assessment.tests.test_actions import move_deadline, read_choices
from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_person

pytestmark = pytest.mark.django_db

XHTML = "{http://www.w3.org/1999/xhtml}"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def person() -> Person:
    return make_person()


@pytest.fixture
def client(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    return client


def page(name: str, *args: Any) -> str:
    return reverse(f"assessment:{name}", args=args)


def read(response: Any) -> Any:
    """The page as a tree, once it is seen to be sound: language, one h1, no id twice, every input named."""
    assert response.status_code == 200
    tree = html5lib.parse(response.content.decode())
    ids = Counter(one.get("id") for one in tree.iter() if one.get("id"))
    assert tree.get("lang") in ("vi", "en")
    assert len(list(tree.iter(f"{XHTML}h1"))) == 1
    assert [name for name, times in ids.items() if times > 1] == []
    labelled = {one for label in tree.iter(f"{XHTML}label") for one in label.iter(f"{XHTML}input")}
    shown = [one for one in tree.iter(f"{XHTML}input") if one.get("type") != "hidden"]
    named = {label.get("for") for label in tree.iter(f"{XHTML}label")}
    assert [one for one in shown if one not in labelled and one.get("id") not in named - {None}] == []
    return tree


def words(tree: Any, tag: str = "main") -> str:
    return " ".join(" ".join(one.itertext()) for one in tree.iter(f"{XHTML}{tag}"))


def links(tree: Any) -> list[str]:
    return [one.get("href") for one in tree.iter(f"{XHTML}a")]


def notes(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def answer(client: Client, attempt: Attempt, position: int, shown: Any, **headers: str) -> Any:
    data = {"position": position} if shown is None else {"position": position, "choice": shown}
    return client.post(page("attempt_answer", attempt.pk), data, headers=headers)


# -- who may come in


@pytest.mark.parametrize("name", ["test_list", "test_show", "attempt_show", "attempt_result"])
def test_a_stranger_is_told_why_and_asked_to_sign_in(name: str) -> None:
    attempt = make_attempt()
    args = {"test_list": [], "test_show": [attempt.test.slug]}.get(name, [attempt.pk])

    response = Client().get(page(name, *args))

    assert response.status_code == 302
    assert response["Location"] == f"{reverse(settings.LOGIN_URL)}?next={page(name, *args)}"
    assert len(notes(response)) == 1


def test_a_stranger_neither_begins_nor_answers() -> None:
    attempt, test = make_attempt(), Test.objects.get()

    begun = Client().post(page("attempt_begin", test.slug), {"deed": new_id()})
    answered = answer(Client(), attempt, 1, 0)
    by_script = answer(Client(), attempt, 1, 0, **HTMX)

    sign_in = reverse(settings.LOGIN_URL)
    assert begun["Location"] == f"{sign_in}?next={page('test_list')}"
    assert (
        answered["Location"]
        == by_script["HX-Redirect"]
        == f"{sign_in}?next={page('attempt_show', attempt.pk)}"
    )
    assert Attempt.objects.count() == 1
    assert not attempt.responses.exclude(answered_at=None).exists()


def test_an_ended_session_answers_nothing(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    person.sessions.update(expire_date=timezone.now() - timedelta(seconds=1))

    response = answer(client, attempt, 1, 0)

    assert response["Location"].startswith(reverse(settings.LOGIN_URL))
    assert not attempt.responses.exclude(answered_at=None).exists()


@pytest.mark.parametrize("change", [{"is_active": False}, {"erased_at": timezone.now()}])
def test_who_was_shut_out_or_erased_answers_nothing(
    client: Client, person: Person, change: dict[str, Any]
) -> None:
    attempt = make_attempt(person=person)
    Person.objects.filter(pk=person.pk).update(**change)

    response = answer(client, attempt, 1, 0)

    assert response.status_code == 302
    assert not attempt.responses.exclude(answered_at=None).exists()


def test_anothers_attempt_is_not_there(client: Client) -> None:
    theirs = make_attempt()
    ended = make_attempt(theirs.test, right=4)

    statuses = [
        client.get(page("attempt_show", theirs.pk), follow=True).status_code,
        client.get(page("attempt_result", ended.pk)).status_code,
        client.get(page("attempt_result", theirs.pk)).status_code,
        answer(client, theirs, 1, 0).status_code,
        answer(client, theirs, 1, 0, **HTMX).status_code,
    ]

    assert statuses == [404] * 5
    assert not theirs.responses.exclude(answered_at=None).exists()


def test_an_answer_from_a_foreign_page_is_refused(person: Person) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    attempt = make_attempt(person=person)

    response = answer(client, attempt, 1, 0)

    assert response.status_code == 403
    assert not attempt.responses.exclude(answered_at=None).exists()


# -- what the test is


def test_the_list_shows_each_current_test_and_where_one_stands(client: Client, person: Person) -> None:
    test = make_test(title="Bài đầu")
    make_test("cu", title="Bài đã bỏ", framework=test.framework, current=False)

    fresh = read(client.get(page("test_list")))
    attempt = begin_attempt(test, by=person)
    running = read(client.get(page("test_list")))

    assert "Bài đầu" in words(fresh)
    assert "Bài đã bỏ" not in words(fresh)
    assert page("test_show", "thu") in links(fresh)
    assert page("attempt_show", attempt.pk) in links(running)


def test_the_list_asks_as_little_of_the_database_for_three_tests_as_for_one(
    client: Client, person: Person, django_assert_num_queries: Any
) -> None:
    test = make_test()
    make_attempt(test, person=person, right=0)
    with CaptureQueriesContext(connection) as one:
        client.get(page("test_list"))
    for slug in ("hai", "ba"):
        make_attempt(make_test(slug, framework=test.framework), person=person, right=4)

    with django_assert_num_queries(len(one)):
        client.get(page("test_list"))


def test_an_empty_list_says_so(client: Client) -> None:
    assert links(read(client.get(page("test_list"))))


def test_the_rules_are_told_before_beginning(client: Client) -> None:
    make_test(minutes=35, pass_share=0.7)

    text = words(read(client.get(page("test_show", "thu"))))

    assert re.search(r"\b35\b", text)
    assert re.search(r"\b3\b", text)  # 70 % of 4
    assert re.search(r"\b7\b", text)  # days


def test_who_needs_time_is_told_of_more_minutes(client: Client, person: Person) -> None:
    make_test(minutes=30)
    Person.objects.filter(pk=person.pk).update(vulnerabilities=["needs_time"])

    assert re.search(r"\b45\b", words(read(client.get(page("test_show", "thu")))))


def test_a_retired_test_is_not_there(client: Client) -> None:
    make_test(current=False)

    assert client.get(page("test_show", "thu")).status_code == 404
    assert client.post(page("attempt_begin", "thu"), {"deed": new_id()}).status_code == 404


# -- beginning


def test_beginning_leads_to_the_first_question(client: Client, person: Person) -> None:
    make_test()
    tree = read(client.get(page("test_show", "thu")))
    (deed,) = [one.get("value") for one in tree.iter(f"{XHTML}input") if one.get("name") == "deed"]

    responses = [client.post(page("attempt_begin", "thu"), {"deed": deed}) for _ in range(2)]

    attempt = Attempt.objects.get()
    assert (attempt.pk, attempt.person) == (UUID(deed), person)
    assert {response["Location"] for response in responses} == {page("attempt_show", attempt.pk)}


@pytest.mark.parametrize("deed", ["", "x", "0" * 500])
def test_a_broken_deed_still_begins_once(client: Client, deed: str) -> None:
    make_test()

    response = client.post(page("attempt_begin", "thu"), {"deed": deed})

    assert response["Location"] == page("attempt_show", Attempt.objects.get().pk)


@pytest.mark.parametrize("right", [0, 4])
def test_who_must_wait_or_has_passed_is_sent_back_with_the_reason(
    client: Client, person: Person, right: int
) -> None:
    make_attempt(person=person, right=right)

    response = client.post(page("attempt_begin", "thu"), {"deed": new_id()})

    assert response["Location"] == page("test_show", "thu")
    assert len(notes(response)) == 1
    assert Attempt.objects.count() == 1


def test_a_test_without_enough_items_says_so(client: Client) -> None:
    make_test()
    Item.objects.update(current=False)

    response = client.post(page("attempt_begin", "thu"), {"deed": new_id()}, follow=True)

    assert response.redirect_chain[-1][0] == page("test_show", "thu")
    assert not Attempt.objects.exists()


# -- one question


def test_a_question_page_holds_the_question_and_nothing_that_gives_it_away(
    client: Client, person: Person
) -> None:
    attempt = make_attempt(person=person)
    response = attempt.responses.select_related("item").get(position=1)

    got = client.get(page("attempt_show", attempt.pk))

    tree, html, body = read(got), got.content.decode(), response.item.body
    radios = [one for one in tree.iter(f"{XHTML}input") if one.get("type") == "radio"]
    shown = [label.find(f"{XHTML}span").text for label in tree.iter(f"{XHTML}label")]
    assert "".join(next(tree.iter(f"{XHTML}legend")).itertext()) == body["stem"]
    assert shown == [body["options"][index]["text"] for index in response.order]
    assert [one.get("value") for one in radios] == ["0", "1", "2", "3"]
    assert len({tuple(sorted(set(one.keys()) - {"id", "value"})) for one in radios}) == 1
    assert not [why for option in body["options"] if (why := option["why"]) in html]
    others = Item.objects.exclude(pk=response.item_id)
    assert not [one.slug for one in others if one.body["stem"] in html or one.slug in html]
    assert "right" not in re.sub(r"<head>.*</head>", "", html, flags=re.DOTALL).replace("copyright", "")


def test_a_question_page_is_kept_by_no_cache(client: Client, person: Person) -> None:
    response = client.get(page("attempt_show", make_attempt(person=person).pk))

    assert "no-store" in response["Cache-Control"]


def test_the_clock_is_the_servers(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    Attempt.objects.filter(pk=attempt.pk).update(
        deadline_at=timezone.now() + timedelta(minutes=12, seconds=30)
    )

    assert "13" in words(read(client.get(page("attempt_show", attempt.pk))))


def test_without_script_an_answer_leads_to_the_next_question(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)

    response = answer(client, attempt, 1, place_of(attempt, 1, True))

    assert (response.status_code, response["Location"]) == (302, page("attempt_show", attempt.pk))
    assert "2 / 4" in words(read(client.get(page("attempt_show", attempt.pk))), "h1")


def test_with_script_the_next_question_comes_alone(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    second = attempt.responses.select_related("item").get(position=2)

    response = answer(client, attempt, 1, 0, **HTMX)

    html = response.content.decode()
    assert html.lstrip().startswith("<title>")
    assert "<html" not in html
    assert second.item.body["stem"] in html
    assert 'name="position" value="2"' in html
    assert not [option["why"] for option in second.item.body["options"] if option["why"] in html]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_choosing_nothing_asks_again_and_says_so_at_the_field(
    client: Client, person: Person, headers: dict[str, str]
) -> None:
    attempt = make_attempt(person=person)

    html = answer(client, attempt, 1, None, **headers).content.decode()

    assert 'aria-describedby="choice-error"' in html
    assert 'id="choice-error"' in html
    assert 'role="alert"' in html
    assert 'name="position" value="1"' in html
    assert not attempt.responses.exclude(answered_at=None).exists()


@pytest.mark.parametrize("shown", ["4", "-1", "99999999999999999999", "x", "0; DROP TABLE"])
def test_an_option_not_shown_is_refused_at_the_field(client: Client, person: Person, shown: str) -> None:
    attempt = make_attempt(person=person)

    response = answer(client, attempt, 1, shown)

    assert 'id="choice-error"' in response.content.decode()
    read(response)
    assert not attempt.responses.exclude(answered_at=None).exists()


def test_a_second_tab_changes_nothing_and_goes_on(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    answer(client, attempt, 1, place_of(attempt, 1, True))
    before = read_choices(attempt)

    plain = answer(client, attempt, 1, place_of(attempt, 1, False))
    by_script = answer(client, attempt, 1, place_of(attempt, 1, False), **HTMX)

    assert plain["Location"] == page("attempt_show", attempt.pk)
    assert 'name="position" value="2"' in by_script.content.decode()
    assert read_choices(attempt) == before


@pytest.mark.parametrize("position", ["", "0", "x", "5000", "3"])
def test_a_position_not_being_asked_keeps_nothing(client: Client, person: Person, position: str) -> None:
    attempt = make_attempt(person=person)

    response = client.post(
        page("attempt_answer", attempt.pk), {"position": position, "choice": 0}, follow=True
    )

    assert 'name="position" value="1"' in response.content.decode()
    assert not attempt.responses.exclude(answered_at=None).exists()


def test_another_device_goes_on_where_the_first_stopped(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    answer(client, attempt, 1, 0)
    other = Client()
    other.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")

    assert "2 / 4" in words(read(other.get(page("attempt_show", attempt.pk))), "h1")


def test_the_last_answer_leads_to_the_result(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    for position in (1, 2, 3):
        give_answer(attempt, position)

    response = answer(client, attempt, 4, place_of(attempt, 4, True), **HTMX)

    assert response["HX-Redirect"] == page("attempt_result", attempt.pk)
    assert client.get(page("attempt_show", attempt.pk))["Location"] == page("attempt_result", attempt.pk)


@pytest.mark.parametrize("ended", [True, False])
def test_an_answer_too_late_is_told_and_shown_the_result(client: Client, person: Person, ended: bool) -> None:
    attempt = make_attempt(person=person, right=4 if ended else None)
    if not ended:
        give_answer(attempt, 1)
        move_deadline(attempt, minutes=5)

    response = answer(client, attempt, 2, 0)

    assert response["Location"] == page("attempt_result", attempt.pk)
    assert len(notes(response)) == 1


def test_opening_a_question_after_time_shows_the_result(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    give_answer(attempt, 1)
    move_deadline(attempt, minutes=5)

    response = client.get(page("attempt_show", attempt.pk), follow=True)

    attempt.refresh_from_db()
    read(response)
    assert response.redirect_chain == [(page("attempt_result", attempt.pk), 302)]
    assert attempt.status == "expired"


def test_an_answer_reads_neither_session_nor_person_as_objects(
    client: Client, person: Person, django_assert_num_queries: Any
) -> None:
    attempt = make_attempt(person=person)

    with django_assert_num_queries(7):  # who, savepoint, read, keep, record, queue for the seal, release
        answer(client, attempt, 1, 0)
    with django_assert_num_queries(8):  # and the next question
        answer(client, attempt, 2, 0, **HTMX)


# -- the result


def test_a_pass_is_told_with_what_went_well(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person, right=4)

    tree = read(client.get(page("attempt_result", attempt.pk)))

    text = words(tree)
    assert "4" in text
    assert all(title in text for title in ("Nhóm 0", "Nhóm 1", "Kỹ năng 0.1", "Kỹ năng 1.2"))


def test_what_was_missing_leads_to_lessons_of_those_groups(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    for response in attempt.responses.select_related("item__skill__group").order_by("position"):
        give_answer(attempt, response.position, right=response.item.skill.group.code == "0")

    tree = read(client.get(page("attempt_result", attempt.pk)))

    learn = f"{reverse('learning:next_for_groups')}?khung={attempt.test.framework.slug}&nhom=1"
    assert [one for one in links(tree) if "nhom=" in one] == [learn, learn]  # in all, and of the one group


def test_only_a_pass_leads_to_the_certificate(client: Client, person: Person) -> None:
    passed = make_attempt(person=person, right=4)
    other = make_test("khac", framework=passed.test.framework)
    failed = make_attempt(other, person=person, right=0)

    found = [reverse("recognition:claim_new") in links_of_main(client, one) for one in (passed, failed)]

    assert found == [True, False]


def links_of_main(client: Client, attempt: Attempt) -> list[str]:
    (main,) = read(client.get(page("attempt_result", attempt.pk))).iter(f"{XHTML}main")
    return links(main)


def test_a_result_shows_no_question_and_no_reason(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person, right=2)

    html = client.get(page("attempt_result", attempt.pk)).content.decode()

    for item in Item.objects.all():
        assert item.body["stem"] not in html
        assert not [
            option for option in item.body["options"] if option["why"] in html or option["text"] in html
        ]


def test_a_fail_says_when_to_come_again(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person, right=0)
    day = timezone.localdate() + timedelta(days=7)

    text = words(read(client.get(page("attempt_result", attempt.pk))))

    assert f"{day.day}/{day.month}/{day.year}" in text


def test_nothing_answered_may_begin_again(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)
    move_deadline(attempt, minutes=5)

    tree = read(client.get(page("attempt_result", attempt.pk)))

    assert page("test_show", "thu") in links(tree)


def test_a_result_before_the_end_leads_back_to_the_question(client: Client, person: Person) -> None:
    attempt = make_attempt(person=person)

    assert client.get(page("attempt_result", attempt.pk))["Location"] == page("attempt_show", attempt.pk)


def test_pages_are_there_in_english(client: Client, person: Person) -> None:
    client.cookies["hvs_profile"] = "m.en"
    attempt = make_attempt(person=person)

    tree = read(client.get(page("attempt_show", attempt.pk)))

    assert tree.get("lang") == "en"
    assert words(tree, "h1") == "Question 1 / 4"
    assert [one.get("lang") for one in tree.iter(f"{XHTML}legend")] == ["vi"]
