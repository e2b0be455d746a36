import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_officer, make_person, make_role
from hocvuso.places.tests.make import make_place
from hocvuso.recognition.actions import decide_claim, revoke_certificate
from hocvuso.recognition.models import Certificate, Claim
from hocvuso.recognition.tests.make import (
    BASIC_TEST,
    make_certificate,
    make_claim,
    make_criteria_set,
    make_pass,
)
from hocvuso.records.models import Record

pytestmark = pytest.mark.django_db
NEW = "/xac-nhan/"
LIST = "/xac-nhan/cho-duyet/"
DECLARED = {"key": "uses", "title": "Tôi đang dùng", "title_en": "I use it", "kind": "declared"}
COURSE = {"key": "qr", "title": "Học khóa", "title_en": "Course", "kind": "course", "courses": ["ma-qr"]}


def post_claim(client, slug: str = "citizen-confirmed", **fields):
    return client.post(NEW, {"criteria_set": slug, "deed": new_id(), **fields})


def html_of(response) -> str:
    """The page, once it has proved to be whole: its language, one h1, no id twice."""
    html = response.content.decode()
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert response.status_code == 200
    assert '<html lang="vi"' in html
    assert html.count("<h1") == 1
    assert len(ids) == len(set(ids))
    return html


# -- asking


def test_page_names_what_is_missing_and_where_to_get_it(client) -> None:
    client.force_login(make_person())
    make_criteria_set(criteria=[BASIC_TEST, COURSE])

    html = html_of(client.get(NEW))

    assert reverse("assessment:test_show", args=["citizen-basic"]) in html
    assert reverse("learning:course_show", args=["ma-qr"]) in html
    assert 'name="criteria_set"' not in html


def test_who_has_all_of_it_gets_the_certificate_by_one_button(client) -> None:
    person = make_person()
    client.force_login(person)
    make_criteria_set()
    make_pass(person)
    assert 'name="criteria_set"' in html_of(client.get(NEW))

    response = post_claim(client)

    certificate = person.certificates.get()
    assert response.url == reverse("recognition:certificate_show", args=[certificate.pk])
    assert certificate.spelled in html_of(client.get(response.url))
    assert response.url in html_of(client.get(NEW))


def test_asking_too_early_shows_what_is_missing(client) -> None:
    client.force_login(make_person())
    make_criteria_set()

    response = post_claim(client)

    claim = Claim.objects.get()
    assert response.url == reverse("recognition:claim_show", args=[claim.pk])
    assert reverse("assessment:test_show", args=["citizen-basic"]) in html_of(client.get(response.url))


def test_form_sent_twice_is_one_claim(client) -> None:
    person, deed = make_person(), new_id()
    client.force_login(person)
    make_criteria_set()
    make_pass(person)

    answers = {post_claim(client, deed=deed).url for _ in range(2)}

    assert len(answers) == 1
    assert Certificate.objects.count() == 1
    assert Record.objects.filter(verb="confirmed").count() == 1


def test_what_one_says_of_oneself_goes_with_the_request(client) -> None:
    client.force_login(make_person())
    make_criteria_set(criteria=[DECLARED], automatic=False)

    response = post_claim(client, declared=["uses"])

    claim = Claim.objects.get()
    assert (claim.status, claim.evidence.get().met) == ("open", True)
    html_of(client.get(response.url))
    assert response.url in html_of(client.get(NEW))


@pytest.mark.parametrize(
    "fields",
    [
        {"criteria_set": "no-such"},
        {"criteria_set": "<script>"},
        {"deed": "no uuid"},
        {"deed": ""},
        {"declared": ["no-such"]},
    ],
)
def test_bad_input_brings_back_the_page_with_a_reason(client, fields) -> None:
    client.force_login(make_person())
    make_criteria_set()

    response = client.post(
        NEW, {"criteria_set": "citizen-confirmed", "deed": new_id(), **fields}, follow=True
    )

    assert response.redirect_chain == [(NEW, 302)]
    assert [str(message) for message in response.context["messages"]]
    assert not Claim.objects.exists()


def test_without_a_home_the_page_says_what_to_do(client) -> None:
    person = make_person()
    Person.objects.filter(pk=person.pk).update(place=None)
    client.force_login(person)
    make_criteria_set()

    html = html_of(client.get(NEW))

    assert "Chọn nơi ở" in html
    assert post_claim(client).url == NEW
    assert not Claim.objects.exists()


def test_rules_of_another_place_or_another_time_are_not_offered(client) -> None:
    person = make_person()
    client.force_login(person)
    tomorrow = timezone.localdate() + timedelta(days=1)
    make_criteria_set("elsewhere", place=make_place("Xã Khác"))
    make_criteria_set("later", valid_from=tomorrow)
    make_criteria_set("over", valid_to=timezone.localdate())

    assert html_of(client.get(NEW)).count("<section") == 0
    assert {post_claim(client, slug).url for slug in ("elsewhere", "later", "over")} == {NEW}
    assert not Claim.objects.exists()


def test_withdrawal_and_its_reason_are_told_to_the_person(client) -> None:
    person = make_person()
    certificate = make_certificate(person)
    revoke_certificate(certificate, by=make_officer(person.place), reason="Cấp nhầm người trùng tên.")
    client.force_login(person)

    assert "Cấp nhầm người trùng tên." in html_of(client.get(NEW))
    shown = html_of(client.get(reverse("recognition:certificate_show", args=[certificate.pk])))
    assert "Cấp nhầm người trùng tên." in shown


def test_request_is_for_its_person_only(client) -> None:
    claim = make_claim(make_person())
    page = reverse("recognition:claim_show", args=[claim.pk])

    for viewer in (make_person(place=claim.place), make_officer(claim.place)):
        client.force_login(viewer)
        assert client.get(page).status_code == 404


def test_strangers_are_asked_to_sign_in(client) -> None:
    certificate = make_certificate(make_person())
    made, claim = [certificate.pk], [certificate.claim.pk]
    names = ["show", "pdf", "share", "revoke"]
    pages = [NEW, LIST, *(reverse(f"recognition:certificate_{name}", args=made) for name in names)]
    pages += [reverse(f"recognition:claim_{name}", args=claim) for name in ("show", "decide")]

    for page in pages:
        for answer in (client.get(page), client.post(page)):
            assert answer.status_code == 302
            assert answer.url.startswith(reverse("people:sign_in"))


# -- deciding


def test_queue_shows_the_place_s_requests_the_longest_waiting_first(client) -> None:
    commune = make_place()
    rules = make_criteria_set(automatic=False)
    later, earlier = (make_claim(make_person(name, place=commune), rules) for name in ("Lê Sau", "Lê Trước"))
    Claim.objects.filter(pk=earlier.pk).update(claimed_at=timezone.now() - timedelta(days=3))
    make_claim(make_person("Lê Nơi Khác", place=make_place("Xã Khác")), rules)
    officer = make_officer(commune)
    client.force_login(officer)

    response = client.get(LIST)

    assert [entry["claim"] for entry in response.context["entries"]] == [earlier, later]
    assert [entry["name"] for entry in response.context["entries"]] == ["Lê Trước", "Lê Sau"]
    html_of(response)
    look = AccessLog.objects.get()
    assert (look.viewer, look.place, look.what, look.count) == (officer, commune, "claim_list", 2)


def test_queue_costs_the_same_for_one_and_for_more(client, django_assert_num_queries) -> None:
    commune = make_place()
    rules = make_criteria_set(criteria=[BASIC_TEST, DECLARED], automatic=False)
    client.force_login(make_officer(commune))
    make_claim(make_person(place=commune), rules)
    with CaptureQueriesContext(connection) as one:
        client.get(LIST)
    for _ in range(3):
        make_claim(make_person(place=commune), rules)

    with django_assert_num_queries(len(one)):
        client.get(LIST)


def test_province_officer_sees_initials_and_decides(client) -> None:
    claim = make_claim(make_person("Nguyễn Thị Hoa"))
    client.force_login(make_officer(claim.place.parent))
    page = reverse("recognition:claim_decide", args=[claim.pk])

    for shown in (html_of(client.get(LIST)), html_of(client.get(page))):
        assert "N. T. H." in shown
        assert "Nguyễn Thị Hoa" not in shown
    client.post(page, {"granted": "yes"})

    assert not AccessLog.objects.exists()
    assert Certificate.objects.get().claim == claim


def test_officer_grants_and_the_learner_sees_it(client) -> None:
    person = make_person()
    make_pass(person)
    claim, officer = make_claim(person), make_officer(person.place)
    client.force_login(officer)
    page = reverse("recognition:claim_decide", args=[claim.pk])
    html_of(client.get(page))

    response = client.post(page, {"granted": "yes", "reason": ""})

    assert response.url == LIST
    assert Certificate.objects.get().claim == claim
    assert (claim.person, "claim") in [(look.subject, look.what) for look in AccessLog.objects.all()]
    html_of(client.get(f"{LIST}?status=granted"))
    client.force_login(person)
    assert reverse("recognition:certificate_show", args=[Certificate.objects.get().pk]) in html_of(
        client.get(reverse("recognition:claim_show", args=[claim.pk]))
    )


def test_refusing_without_a_reason_is_told_at_the_field_and_nothing_is_lost(client) -> None:
    claim = make_claim(make_person())
    client.force_login(make_officer(claim.place))
    page = reverse("recognition:claim_decide", args=[claim.pk])

    refused = client.post(page, {"granted": "no", "reason": "   "})
    nothing = client.post(page, {})
    long = client.post(page, {"granted": "no", "reason": "x" * 501})

    assert list(refused.context["form"].errors) == ["reason"]
    assert list(nothing.context["form"].errors) == ["granted"]
    assert list(long.context["form"].errors) == ["reason"]
    assert "checked" in html_of(refused)
    assert Claim.objects.get().status == "open"


def test_refusal_reaches_the_learner_with_its_reason(client) -> None:
    claim = make_claim(make_person())
    client.force_login(make_officer(claim.place))
    client.post(
        reverse("recognition:claim_decide", args=[claim.pk]),
        {"granted": "no", "reason": "Thiếu bài <b>5</b>"},
    )
    html_of(client.get(f"{LIST}?status=refused"))

    client.force_login(claim.person)

    shown = html_of(client.get(reverse("recognition:claim_show", args=[claim.pk])))
    assert "Thiếu bài &lt;b&gt;5&lt;/b&gt;" in shown


def test_two_reviewers_at_once_the_first_decision_stands(client) -> None:
    claim = make_claim(make_person())
    decide_claim(claim, granted=False, by=make_officer(claim.place), reason="Chưa đủ.")
    client.force_login(make_officer(claim.place, "Lê Thị Hai"))
    page = reverse("recognition:claim_decide", args=[claim.pk])

    client.post(page, {"granted": "yes"})

    assert "Chưa đủ." in html_of(client.get(page))
    assert not Certificate.objects.exists()


def test_queue_and_decision_are_for_reviewers_of_the_place(client) -> None:
    claim = make_claim(make_person())
    commune = claim.place
    page = reverse("recognition:claim_decide", args=[claim.pk])
    reviewer = make_person(place=commune)
    make_role(reviewer, "reviewer", commune)
    own = make_claim(reviewer, claim.criteria_set)

    for viewer in (claim.person, make_helper(commune)):
        client.force_login(viewer)
        assert (client.get(LIST).status_code, client.post(page, {"granted": "yes"}).status_code) == (404, 404)
    client.force_login(make_officer(make_place("Xã Khác")))
    assert client.get(LIST).context["entries"] == []
    assert client.post(page, {"granted": "yes"}).status_code == 404
    client.force_login(reviewer)
    assert [entry["claim"] for entry in client.get(LIST).context["entries"]] == [claim]
    assert client.get(reverse("recognition:claim_decide", args=[own.pk])).status_code == 404
    assert not Certificate.objects.exists()


@pytest.mark.parametrize("query", ["?status=nonsense", "?page=99", "?page=x", "?status=open&page=0"])
def test_odd_addresses_of_the_queue_show_the_queue(client, query) -> None:
    claim = make_claim(make_person())
    client.force_login(make_officer(claim.place))

    assert [entry["claim"] for entry in client.get(LIST + query).context["entries"]] == [claim]


# -- holding


def test_certificate_is_seen_by_its_holder_and_those_who_may_see_him(client) -> None:
    certificate = make_certificate(make_person("Nguyễn Thị Hoa"))
    commune = certificate.person.place
    page = reverse("recognition:certificate_show", args=[certificate.pk])

    for viewer in (certificate.person, make_helper(commune), make_officer(commune)):
        client.force_login(viewer)
        assert "Nguyễn Thị Hoa" in html_of(client.get(page))
    for viewer in (
        make_person(place=commune),
        make_officer(commune.parent),
        make_helper(make_place("Xã Khác")),
    ):
        client.force_login(viewer)
        assert client.get(page).status_code == 404

    assert set(AccessLog.objects.values_list("what", flat=True)) == {"certificate"}
    assert AccessLog.objects.count() == 2


def test_holder_shows_and_hides_the_name(client) -> None:
    certificate = make_certificate(make_person("Nguyễn Thị Hoa"))
    client.force_login(certificate.person)
    page = reverse("recognition:certificate_share", args=[certificate.pk])
    public = f"/xac-minh/{certificate.code}"

    for shared, shown in (("yes", True), ("perhaps", True), ("no", False), ("", False)):
        client.post(page, {"shared": shared})
        certificate.refresh_from_db()
        assert certificate.name_shared == shown
        assert ("Nguyễn Thị Hoa" in client.get(public).context["certificate"].public_name()) == shown


def test_nobody_else_shares_a_name(client) -> None:
    certificate = make_certificate(make_person())
    page = reverse("recognition:certificate_share", args=[certificate.pk])

    for viewer in (make_officer(certificate.person.place), make_person()):
        client.force_login(viewer)
        assert client.post(page, {"shared": "yes"}).status_code == 404
    client.force_login(certificate.person)
    assert client.get(page).status_code == 405
    certificate.refresh_from_db()
    assert not certificate.name_shared


def test_officer_withdraws_with_a_reason(client) -> None:
    certificate = make_certificate(make_person())
    client.force_login(make_officer(certificate.person.place))
    page = reverse("recognition:certificate_revoke", args=[certificate.pk])
    assert page in html_of(client.get(reverse("recognition:certificate_show", args=[certificate.pk])))
    html_of(client.get(page))

    missing = client.post(page, {"reason": " "})
    done = client.post(page, {"reason": "Cấp nhầm."})

    assert list(missing.context["form"].errors) == ["reason"]
    assert client.get(done.url).context["state"] == "revoked"
    assert client.get(page).status_code == 404


def test_only_an_officer_of_the_place_finds_the_page_to_withdraw(client) -> None:
    certificate = make_certificate(make_officer(make_place("Xã Cán Bộ")))
    commune = certificate.claim.place
    page = reverse("recognition:certificate_revoke", args=[certificate.pk])
    reviewer = make_person(place=commune)
    make_role(reviewer, "reviewer", commune)
    others = [certificate.person, reviewer, make_helper(commune), make_officer(make_place("Xã Khác"))]

    for viewer in others:
        client.force_login(viewer)
        assert client.get(page).status_code == 404
        assert client.post(page, {"reason": "Không có quyền."}).status_code == 404

    assert Certificate.objects.standing().get() == certificate
