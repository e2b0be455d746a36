"""The first page: what each role finds on it, and what it keeps to itself."""

from datetime import timedelta
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.tests.make import make_attempt, make_bank, make_test
from hocvuso.home.queries import claims_waiting, helper_desk, learner_desk, officer_desk
from hocvuso.indicators.tests.make import make_indicators, make_tally, make_target
from hocvuso.learning.models import Lesson, LessonProgress
from hocvuso.learning.tests.make import make_course, make_pathway
from hocvuso.people.models.consents import AccessLog
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_officer, make_person, make_role
from hocvuso.places.tests.make import make_country_tree, make_place
from hocvuso.recognition.tests.make import make_certificate, make_claim
from hocvuso.skills.tests.make import make_framework

UNLABELLED = ("hidden", "submit")


class Page(HTMLParser):
    """What every page must have: one language, one h1, no id twice, a label for each field."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.language, self.h1 = "", 0
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.fields: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given: dict[str, Any] = dict(attrs)
        self.h1 += tag == "h1"
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "html":
            self.language = given["lang"]
        if tag == "label" and "for" in given:
            self.labels.add(given["for"])
        if tag in ("input", "select", "textarea") and given.get("type") not in UNLABELLED:
            self.fields.add(given.get("id", ""))


class StartTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.places = make_country_tree()
        cls.course = make_course(lessons=3, title="Khóa gọi điện")
        cls.need = make_pathway(cls.course, title="Gọi cho con cháu")
        make_indicators()

    def open(self, person: Person | None = None) -> str:
        if person is not None:
            self.client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
        response = self.client.get("/")
        assert response.status_code == 200
        html = response.content.decode()
        page = Page(html)
        assert (page.language, page.h1) == ("vi", 1)
        assert sorted(set(page.ids)) == sorted(page.ids)
        assert page.fields <= page.labels
        return html

    def progress(self, person: Person, days_ago: int, number: int = 1) -> None:
        at = timezone.now() - timedelta(days=days_ago)
        for lesson in Lesson.objects.filter(course=self.course)[:number]:
            LessonProgress.objects.create(
                person=person, lesson=lesson, opened_at=at, completed_at=at, tries=1
            )

    def four_questions(self) -> Test:
        framework = make_framework("khung-thu", groups=2)
        make_bank(framework)
        return make_test("cuoi-khoa", framework=framework)

    # -- guests
    def test_guest_finds_needs_place_and_door(self) -> None:
        html = self.open()

        assert "Gọi cho con cháu" in html
        assert 'action="/noi-o/"' in html
        assert 'href="/dang-nhap"' in html

    def test_guest_costs_one_query_for_the_needs(self) -> None:
        with CaptureQueriesContext(connection) as few:
            self.open()
        for _ in range(3):
            make_pathway(self.course)
        with CaptureQueriesContext(connection) as more:
            self.open()

        assert len(few) == len(more) == 1

    # -- learners
    def test_learner_goes_on_with_the_next_lesson(self) -> None:
        learner = make_person(place=self.places.tho_xuan)
        self.progress(learner, days_ago=1)
        second = Lesson.objects.get(course=self.course, position=2)

        desk = learner_desk(learner)
        html = self.open(learner)

        assert (desk.next, desk.done, desk.total, desk.main) == (second, 1, 3, "lesson")
        assert second.title in html
        assert "1/3" in html

    def test_test_under_way_comes_first(self) -> None:
        learner = make_person(place=self.places.tho_xuan)
        attempt = make_attempt(self.four_questions(), person=learner)

        html = self.open(learner)

        assert learner_desk(learner).main == "test"
        assert f"/kiem-tra/lam/{attempt.pk}/" in html

    def test_who_passed_is_led_to_the_certificate(self) -> None:
        learner = make_person(place=self.places.tho_xuan)
        make_attempt(self.four_questions(), person=learner, right=4)

        html = self.open(learner)

        assert learner_desk(learner).main == "claim"
        assert 'href="/xac-nhan/"' in html

    def test_certificate_is_shown(self) -> None:
        learner = make_person(place=self.places.tho_xuan)
        certificate = make_certificate(learner)

        assert f"/xac-nhan/giay/{certificate.pk}/" in self.open(learner)

    def test_whoever_learnt_all_is_led_to_the_test(self) -> None:
        learner = make_person(place=self.places.tho_xuan)
        self.progress(learner, days_ago=1, number=3)
        test = self.four_questions()

        html = self.open(learner)

        assert learner_desk(learner).main == "begin"
        assert f'href="/kiem-tra/{test.slug}/"' in html

    def test_who_is_no_learner_yet_may_become_one(self) -> None:
        visitor = make_person(place=self.places.tho_xuan, registered_at=None)

        assert 'href="/toi"' in self.open(visitor)

    # -- helpers
    def test_helper_sees_who_began_and_stopped(self) -> None:
        helper = make_helper(self.places.tho_xuan)
        stopped = make_person("Phạm Thị Dừng", place=self.places.village_one)
        going_on = make_person("Phạm Thị Tiếp", place=self.places.village_one)
        long_gone = make_person("Phạm Thị Xưa", place=self.places.village_one)
        passed = make_person("Phạm Thị Đạt", place=self.places.village_one)
        elsewhere = make_person("Phạm Thị Khác", place=self.places.lam_son)
        for person, days in ((stopped, 20), (going_on, 2), (long_gone, 300), (passed, 20), (elsewhere, 20)):
            self.progress(person, days_ago=days)
        make_attempt(self.four_questions(), person=passed, right=4)

        desk = helper_desk(helper, timezone.now())
        html = self.open(helper)

        assert desk is not None
        assert [person.full_name for person in desk.stopped] == ["Phạm Thị Dừng"]
        assert desk.stopped[0].lessons_done == 1
        assert "Phạm Thị Dừng" in html
        assert "Phạm Thị Khác" not in html

    def test_looking_at_names_is_logged(self) -> None:
        helper = make_helper(self.places.tho_xuan)
        self.progress(make_person(place=self.places.village_one), days_ago=20)

        self.open(helper)

        look = AccessLog.objects.get(viewer=helper)
        assert (look.place, look.count) == (self.places.tho_xuan, 1)

    def test_helper_is_told_who_has_no_card(self) -> None:
        helper = make_helper(self.places.tho_xuan)
        make_person(place=self.places.village_one, username=None, assisted=True)
        make_person(place=self.places.village_one, username="co-mat-khau", assisted=True)
        make_person(place=self.places.lam_son, username=None, assisted=True)

        desk = helper_desk(helper, timezone.now())

        assert desk is not None
        assert (desk.cardless, desk.waiting) == (1, 2)

    # -- reviewers and officers
    def test_reviewer_sees_how_many_wait(self) -> None:
        officer = make_officer(self.places.tho_xuan)
        make_claim(make_person(place=self.places.village_one))
        make_claim(make_person(place=self.places.lam_son))

        html = self.open(officer)

        assert 'href="/xac-nhan/cho-duyet/"' in html
        assert claims_waiting(officer) == 1

    def test_officer_sees_figures_targets_and_who_is_missing(self) -> None:
        officer = make_officer(self.places.tho_xuan)
        target = make_target(self.places.tho_xuan)
        make_tally(self.places.village_one, "confirmed", 41)
        make_tally(self.places.village_one, "confirmed", 40, dimension="adult=yes")
        self.places.tho_xuan.baselines.create(count="adults", year=2025, value=100, source="Mẫu")
        month = timezone.localdate().replace(day=1)
        make_tally(self.places.village_one, "reported", 1, period=month)

        desk = officer_desk(officer, timezone.localdate())
        html = self.open(officer)

        assert desk is not None
        assert (desk.place, desk.missing, desk.reporting.units) == (self.places.tho_xuan, 1, 2)
        assert [(goal.share, goal.due_on) for goal in desk.goals] == [(40.0, target.due_on)]
        assert 41 in [cell.value for _title, cell in desk.figures]
        assert "40,0%" in html
        assert f"/so-lieu/{self.places.tho_xuan.code}/chua-bao-cao/" in html

    def test_officer_of_a_province_sees_no_small_numbers(self) -> None:
        officer = make_officer(self.places.thanh_hoa)
        make_tally(self.places.village_one, "confirmed", 3)

        desk = officer_desk(officer, timezone.localdate())

        assert desk is not None
        assert [cell.hidden for _title, cell in desk.figures if cell.value == 3] == [True]

    def test_officer_who_also_learns_sees_both(self) -> None:
        officer = make_person(place=self.places.tho_xuan, audience="official")
        make_role(officer, "officer", self.places.tho_xuan)

        html = self.open(officer)

        assert 'id="figures"' in html
        assert 'id="learning"' in html

    def test_queries_do_not_grow_with_people(self) -> None:
        helper = make_helper(self.places.tho_xuan)
        make_role(helper, "officer", self.places.tho_xuan)
        self.progress(make_person(place=self.places.village_one), days_ago=20)
        self.open(helper)
        with CaptureQueriesContext(connection) as few:
            self.open()
        for _ in range(3):
            self.progress(
                make_person(place=make_place("Thôn Khác", "village", self.places.tho_xuan)), days_ago=15
            )
        with CaptureQueriesContext(connection) as more:
            self.open()

        assert len(few) == len(more)


class NavigationTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.places = make_country_tree()
        make_indicators()

    def links(self, person: Person | None) -> list[str]:
        if person is not None:
            self.client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
        html = self.client.get("/gioi-thieu").content.decode()
        nav = html.split('<nav class="nav"')[1].split("</nav>")[0]
        return [part.split('"')[0] for part in nav.split('href="')[1:]]

    def test_each_role_has_its_pages(self) -> None:
        learner = make_person(place=self.places.tho_xuan)
        helper = make_helper(self.places.village_one)
        officer = make_officer(self.places.tho_xuan)
        province = make_officer(self.places.thanh_hoa)

        assert self.links(None) == ["/hoc/", "/kiem-tra/", "/hoc/cua-toi"]
        assert self.links(learner) == ["/hoc/", "/kiem-tra/", "/hoc/cua-toi"]
        assert self.links(helper) == ["/nguoi-hoc", "/danh-sach-lop", "/kiem-tra/buoi/", "/hoc/"]
        assert self.links(officer) == [
            "/so-lieu/",
            "/nguoi-hoc",
            "/kiem-tra/buoi/",
            "/xac-nhan/cho-duyet/",
            "/hoc/",
        ]
        assert self.links(province) == ["/so-lieu/", "/hoc/"]

    def test_the_page_one_is_on_is_marked(self) -> None:
        html = self.client.get("/hoc/cua-toi").content.decode()

        assert html.count('href="/hoc/cua-toi" aria-current="page"') == 1
        assert html.count('href="/hoc/" aria-current="page"') == 0
