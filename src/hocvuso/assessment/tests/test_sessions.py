"""A test sat together: who may open, join and begin; pause, end, incidents."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hocvuso.assessment.actions import Outcome, begin_attempt
from hocvuso.assessment.actions.sessions import (
    begin_in_session,
    end_session,
    join_session,
    open_session,
    pause_session,
    plan_session,
    resume_session,
    see_identity,
)
from hocvuso.assessment.models.attempts import Attempt
from hocvuso.assessment.models.sessions import Seat, TestSession
from hocvuso.assessment.tests.make import give_answer, make_test
from hocvuso.assessment.tests.test_actions import move_deadline
from hocvuso.assessment.tests.test_views import notes, read, words
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_person
from hocvuso.places.models import Place
from hocvuso.places.tests.make import make_place
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward() -> Place:
    return make_place()


@pytest.fixture
def helper(ward: Place) -> Person:
    return make_helper(ward)


@pytest.fixture
def session(ward: Place, helper: Person) -> TestSession:
    made = plan_session(make_test(), place=ward, venue="Nhà văn hóa", held_at=timezone.now(), by=helper)
    open_session(made)
    made.refresh_from_db()
    return made


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    return client


def sit(session: TestSession, person: Person | None = None) -> Attempt:
    seat = join_session(session.code.lower(), by=person or make_person())
    see_identity(seat, how="paper", by=session.invigilator)
    return begin_in_session(Seat.objects.select_related("session__test", "person").get(pk=seat.pk))


def page(name: str, *args: Any) -> str:
    return reverse(f"assessment:{name}", args=args)


# -- what may happen when


def test_nobody_begins_before_being_seen(session: TestSession) -> None:
    seat = join_session(session.code, by=make_person())

    with pytest.raises(ValidationError) as refusal:
        begin_in_session(seat)

    assert refusal.value.code == "unseen"
    assert Attempt.objects.count() == 0


def test_nobody_vouches_for_themselves(session: TestSession, helper: Person) -> None:
    seat = join_session(session.code, by=helper)

    with pytest.raises(ValidationError, match="."):
        see_identity(seat, how="known", by=helper)

    assert Seat.objects.get(pk=seat.pk).seen == ""


def test_a_code_opens_only_while_the_session_is_open(ward: Place, helper: Person) -> None:
    planned = plan_session(make_test(), place=ward, venue="Trường", held_at=timezone.now(), by=helper)
    for code in (planned.code, "AAAAAA", ""):
        with pytest.raises(ValidationError) as refusal:
            join_session(code, by=make_person())
        assert refusal.value.code == "no_session"


def test_an_attempt_knows_its_session_and_so_does_its_record(session: TestSession) -> None:
    attempt = sit(session)
    for position in (1, 2, 3, 4):
        give_answer(attempt, position)

    assert Attempt.objects.get().session == session
    assert Record.objects.get(verb="passed").result["session"] == str(session.pk)


def test_a_pause_stops_answers_and_clocks(session: TestSession) -> None:
    attempt = sit(session)
    pause_session(session)
    move_deadline(attempt, minutes=5)

    while_paused = give_answer(attempt, 1)
    begin_attempt(make_test("khac", framework=session.test.framework), by=make_person())  # sweeps
    TestSession.objects.update(paused_at=timezone.now() - timedelta(minutes=20))
    resume_session(session)

    attempt.refresh_from_db()
    assert (while_paused, attempt.status) == (Outcome.PAUSED, "open")
    assert attempt.deadline_at > timezone.now() + timedelta(minutes=14)
    assert give_answer(attempt, 1) == Outcome.KEPT


def test_ending_ends_what_is_under_way_by_what_was_answered(session: TestSession) -> None:
    attempt = sit(session)
    give_answer(attempt, 1)

    ended = end_session(session)

    attempt.refresh_from_db()
    assert (ended, attempt.status, attempt.score) == (1, "expired", 0.25)
    assert give_answer(attempt, 2) == Outcome.CLOSED


@pytest.mark.parametrize("act", [open_session, resume_session])
def test_what_does_not_fit_the_state_is_refused(session: TestSession, act: Any) -> None:
    with pytest.raises(ValidationError):
        act(session)


def test_a_supervised_test_begins_in_a_session_only(ward: Place, helper: Person) -> None:
    test = make_test(supervised=True)
    with pytest.raises(ValidationError) as refusal:
        begin_attempt(test, by=make_person())
    session = plan_session(test, place=ward, venue="Trường", held_at=timezone.now(), by=helper)
    open_session(session)

    attempt = sit(session)

    assert refusal.value.code == "supervised"
    assert attempt.status == "open"


def test_a_code_of_an_ended_session_may_be_given_again(session: TestSession, helper: Person) -> None:
    end_session(session)

    TestSession.objects.create(
        test=session.test,
        place=session.place,
        venue="Trường",
        held_at=timezone.now(),
        invigilator=helper,
        code=session.code,
    )

    assert TestSession.objects.filter(code=session.code).count() == 2


# -- pages


def test_only_who_answers_for_the_place_finds_the_session(session: TestSession) -> None:
    for stranger in (make_person(), make_helper(make_place())):
        client = signed_in(stranger)
        assert client.get(page("session_show", session.pk)).status_code == 404
        for name in ("session_act", "seat_list", "incident_add"):
            assert client.post(page(name, session.pk), {}).status_code == 404
    assert signed_in(make_person()).get(page("session_list")).status_code == 404
    assert signed_in(make_person()).get(page("session_new")).status_code == 404


def test_a_helper_plans_and_opens_a_session(helper: Person, ward: Place) -> None:
    client, test = signed_in(helper), make_test()
    read(client.get(page("session_new")))

    planned = client.post(
        page("session_new"),
        {"test": test.pk, "place": ward.pk, "venue": "Nhà văn hóa thôn Đông", "held_at": "2026-12-01T19:30"},
        follow=True,
    )
    made = TestSession.objects.get()
    opened = client.post(page("session_act", made.pk), {"act": "open"}, follow=True)

    assert made.code not in words(read(planned))
    assert made.code in words(read(opened))
    assert "Nhà văn hóa thôn Đông" in words(read(client.get(page("session_list"))))


def test_elsewhere_no_session_is_planned(helper: Person) -> None:
    response = signed_in(helper).post(
        page("session_new"),
        {"test": make_test().pk, "place": make_place().pk, "venue": "x", "held_at": "2026-12-01T19:30"},
    )

    read(response)
    assert TestSession.objects.count() == 0


def test_from_the_code_to_the_first_question(session: TestSession, helper: Person) -> None:
    learner, person = Client(), make_person()
    learner.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    read(learner.get(page("session_join")))
    waiting = learner.post(page("session_join"), {"code": f" {session.code.lower()} "}, follow=True)
    seat = Seat.objects.get()
    too_soon = learner.post(page("seat_begin", seat.pk), follow=True)
    watching = signed_in(helper)
    shown = words(read(watching.get(page("session_show", session.pk))))
    watching.post(page("seat_see", session.pk, seat.pk), {"how": "known"})

    begun = learner.post(page("seat_begin", seat.pk), follow=True)

    assert "Chờ một chút" in words(read(waiting))
    assert notes(too_soon) == ["Người coi chưa xem giấy tờ của mình."]
    assert person.full_name in shown
    assert "Câu 1 / 4" in words(read(begun))
    assert "đã trả lời 0 câu" in words(read(watching.get(page("session_show", session.pk))))


def test_a_wrong_code_is_explained_at_its_field(session: TestSession) -> None:
    response = signed_in(make_person()).post(page("session_join"), {"code": "ZZZZZZ"})

    assert "Không có buổi kiểm tra nào đang mở" in words(read(response))


def test_anothers_seat_is_not_there(session: TestSession) -> None:
    seat = join_session(session.code, by=make_person())
    client = signed_in(make_person())

    assert client.get(page("seat_show", seat.pk)).status_code == 404
    assert client.post(page("seat_begin", seat.pk)).status_code == 404


def test_a_paused_attempt_says_so_kindly(session: TestSession) -> None:
    attempt = sit(session)
    pause_session(session)
    client = signed_in(attempt.person)

    shown = client.get(page("attempt_show", attempt.pk))
    answered = client.post(page("attempt_answer", attempt.pk), {"position": 1, "choice": 0}, follow=True)

    assert "tạm dừng" in words(read(shown))
    assert "tạm dừng" in words(read(answered))
    assert attempt.responses.exclude(answered_at=None).count() == 0


def test_people_are_listed_by_name_and_incidents_noted(
    session: TestSession, helper: Person, ward: Place
) -> None:
    known = make_person(place=ward, full_name="Lê Thị Nở", registered_at=timezone.now())
    elsewhere = make_person(place=make_place(), full_name="Lê Thị Nở Xa", registered_at=timezone.now())
    client = signed_in(helper)
    found = words(read(client.get(page("session_show", session.pk), {"q": "le thi no"})))
    client.post(page("seat_list", session.pk), {"person": known.pk})
    refused = client.post(page("seat_list", session.pk), {"person": elsewhere.pk})

    client.post(page("incident_add", session.pk), {"text": "Mất điện 10 phút", "seat": Seat.objects.get().pk})
    empty = client.post(page("incident_add", session.pk), {"text": ""}, follow=True)

    assert "Lê Thị Nở" in found
    assert "Lê Thị Nở Xa" not in found
    assert refused.status_code == 404
    assert notes(empty) == ["Ghi vắn tắt việc đã xảy ra."]
    assert "Mất điện 10 phút" in words(read(client.get(page("session_show", session.pk))))


def test_the_page_costs_the_same_with_one_and_three_seats(
    session: TestSession, helper: Person, django_assert_num_queries: Any
) -> None:
    client = signed_in(helper)
    sit(session)
    client.get(page("session_show", session.pk))
    with django_assert_num_queries(9) as first:
        client.get(page("session_show", session.pk))
    for _number in range(2):
        sit(session)

    with django_assert_num_queries(len(first)):
        client.get(page("session_show", session.pk))
