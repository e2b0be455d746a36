"""The board of a place: truthful figures, who may see them, and what is missing."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.dashboards.forms import months_back
from hocvuso.dashboards.queries.board import Look, read_board
from hocvuso.indicators.actions import catch_up
from hocvuso.indicators.tests.make import make_indicators, make_target
from hocvuso.learning.tests.make import make_lesson
from hocvuso.people.models.persons import Person
from hocvuso.people.tests.make import make_helper, make_officer, make_person
from hocvuso.places.actions import merge_places
from hocvuso.places.models import Baseline
from hocvuso.places.tests.make import CountryTree, make_country_tree, make_place
from hocvuso.records.actions import seal_all
from hocvuso.records.models import Record, Verb
from hocvuso.records.tests.make import make_record

pytestmark = pytest.mark.django_db


@pytest.fixture
def tree() -> CountryTree:
    make_indicators()
    return make_country_tree()


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person, backend="hocvuso.people.backends.NameOrPhoneBackend")
    return client


def confirm(count: int, place: object, **fields: object) -> list[Person]:
    people = [make_person(f"Nguyễn Thị Số {number}", place=place, **fields) for number in range(count)]
    for person in people:
        make_record(Verb.REGISTERED, person, object_kind="person", object_key=str(person.pk))
        make_record(Verb.CONFIRMED, person, object_kind="person", object_key="citizen-confirmed")
    return people


def fold() -> None:
    seal_all()
    catch_up()


def board_of(place: object, names: bool = True) -> object:
    month = timezone.localdate().replace(day=1)
    return read_board(Look(place, month, "confirmed", names), "tháng này", [(month, "tháng này")])


def test_a_merged_unit_leads_whoever_watches_over_its_successor_there(tree: CountryTree) -> None:
    url = reverse("dashboards:place_show", args=[tree.lam_son.code])
    merge_places([tree.lam_son], into=tree.tho_xuan, on=timezone.localdate())

    answer = signed_in(make_officer(tree.thanh_hoa)).get(url, follow=True)

    assert answer.redirect_chain == [(reverse("dashboards:place_show", args=[tree.tho_xuan.code]), 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "Xã Lam Sơn nay thuộc Xã Thọ Xuân, Thanh Hóa."
    ]
    assert signed_in(make_officer(tree.cao_xanh)).get(url).status_code == 404


def test_outsider_and_learner_find_nothing(tree: CountryTree) -> None:
    url = reverse("dashboards:place_show", args=[tree.tho_xuan.code])

    assert signed_in(make_officer(tree.cao_xanh)).get(url).status_code == 404
    assert signed_in(make_person(place=tree.tho_xuan)).get(url).status_code == 404
    assert Client().get(url).status_code == 302


def test_officer_sees_own_place_and_all_below_but_not_above(tree: CountryTree) -> None:
    client = signed_in(make_officer(tree.thanh_hoa))

    seen = {
        place.name: client.get(reverse("dashboards:place_show", args=[place.code])).status_code
        for place in (tree.thanh_hoa, tree.tho_xuan, tree.village_one, tree.country, tree.quang_ninh)
    }

    assert list(seen.values()) == [200, 200, 200, 404, 404]


def test_figures_are_summed_from_the_lowest_place(tree: CountryTree) -> None:
    confirm(3, tree.village_one)
    confirm(4, tree.village_two)
    fold()

    board = board_of(tree.thanh_hoa)

    all_row = board.parts[0].rows[0]
    assert [cell.value for cell in all_row.cells] == [7, 0, 0, 0, 7]
    assert [(row.title, row.cells[4].value) for row in board.children] == [
        ("Xã Thọ Xuân", 7),
        ("Xã Lam Sơn", None),
    ]


def test_missing_is_not_zero_and_marks_the_total(tree: CountryTree) -> None:
    confirm(1, tree.village_one)
    make_record(Verb.REPORTED, object_kind="place", object_key=tree.village_one.code, place=tree.village_one)
    fold()

    board = board_of(tree.tho_xuan)

    one, two = board.children
    assert (one.missing, one.cells[1].value) == (0, 0)
    assert (two.missing, two.cells[1].value, two.silent) == (1, None, True)
    assert (board.units, board.missing) == (2, 1)
    assert all(cell.partial for cell in board.parts[0].rows[0].cells)


def test_small_counts_are_hidden_from_those_who_may_not_see_names(tree: CountryTree) -> None:
    confirm(4, tree.village_one)
    confirm(5, tree.cao_xanh)
    confirm(6, make_place("Tỉnh Ba", "province", tree.country))
    fold()

    board = board_of(tree.country, names=False)

    cells = {row.title: row.cells[4] for row in board.children}
    assert (cells["Tỉnh Thanh Hóa"].hidden, cells["Tỉnh Thanh Hóa"].url) == (True, "")
    assert (cells["Tỉnh Ba"].hidden, cells["Tỉnh Ba"].value) == (False, 6)


def test_target_without_denominator_is_unknown_not_zero(tree: CountryTree) -> None:
    make_target(tree.tho_xuan)
    confirm(2, tree.village_one)
    fold()

    (unknown,) = board_of(tree.tho_xuan).goals
    Baseline.objects.create(place=tree.tho_xuan, count="adults", year=2026, value=8, source="mẫu")
    (known,) = board_of(tree.tho_xuan).goals

    assert (unknown.state, unknown.share, unknown.left) == ("unknown", None, 0)
    assert (known.state, known.share, known.left) == ("behind", 25.0, 5)


def test_a_strange_month_or_measure_falls_back(tree: CountryTree) -> None:
    url = reverse("dashboards:place_show", args=[tree.tho_xuan.code])
    response = signed_in(make_officer(tree.tho_xuan)).get(
        url, {"month": "1945-09-02", "measure": "x' OR 1=1"}
    )

    assert response.status_code == 200
    assert response.context["board"].month == timezone.localdate().replace(day=1)


@pytest.mark.parametrize("villages", [1, 3])
def test_query_count_does_not_grow_with_places(
    tree: CountryTree, villages: int, django_assert_max_num_queries: object
) -> None:
    for place in (tree.village_one, tree.village_two, tree.lam_son)[:villages]:
        confirm(1, place)
    fold()
    client = signed_in(make_officer(tree.country))

    with django_assert_max_num_queries(45):
        client.get(reverse("dashboards:place_show", args=[tree.country.code]))


def test_last_months_end_with_this_one() -> None:
    months = months_back(date(2026, 2, 14), 4)

    assert months == [date(2025, 11, 1), date(2025, 12, 1), date(2026, 1, 1), date(2026, 2, 1)]


class TestFigureShow:
    def test_commune_officer_opens_a_figure_down_to_names_and_is_logged(self, tree: CountryTree) -> None:
        confirm(2, tree.village_one)
        fold()
        officer = make_officer(tree.tho_xuan)
        url = reverse("dashboards:figure_show", args=[tree.tho_xuan.code, "confirmed"])

        response = signed_in(officer).get(url)

        assert response.context["value"] == 2
        assert sum(row.n for row in response.context["page_obj"]) == 2
        assert "Nguyễn Thị Số 1" in response.content.decode()
        assert list(officer.looks.values_list("what", "count")) == [("figure confirmed", 2)]

    def test_province_officer_gets_no_names_and_no_small_groups(self, tree: CountryTree) -> None:
        confirm(6, tree.village_one)
        confirm(2, tree.village_two)
        fold()
        client = signed_in(make_officer(tree.thanh_hoa))

        many = client.get(reverse("dashboards:figure_show", args=[tree.village_one.code, "confirmed"]))
        few = client.get(reverse("dashboards:figure_show", args=[tree.village_two.code, "confirmed"]))

        assert "Nguyễn Thị Số" not in many.content.decode()
        assert len(many.context["page_obj"]) == 6
        assert few.status_code == 404

    def test_above_the_commune_a_figure_opens_into_its_parts(self, tree: CountryTree) -> None:
        confirm(6, tree.village_one)
        confirm(5, tree.cao_xanh)
        fold()
        client = signed_in(make_officer(tree.country))

        response = client.get(reverse("dashboards:figure_show", args=["VN", "confirmed"]))

        parts = [(row.title, row.cells[0].value) for row in response.context["parts"]]
        assert parts == [("Tỉnh Thanh Hóa", 6), ("Tỉnh Quảng Ninh", 5)]

    def test_a_record_names_what_it_is_about_not_its_key(self, tree: CountryTree) -> None:
        lesson = make_lesson(title="Quét mã trả tiền")
        learner = make_person(place=tree.village_one)
        make_record(Verb.COMPLETED, learner, object_kind="lesson", object_key=lesson.key)
        make_record(Verb.REGISTERED, learner, object_kind="person", object_key=str(learner.pk))
        fold()
        client = signed_in(make_officer(tree.tho_xuan))

        told = {
            measure: [
                about
                for _record, about in client.get(
                    reverse("dashboards:figure_show", args=[tree.tho_xuan.code, measure])
                ).context["rows"]
            ]
            for measure in ("lessons_done", "learners")
        }

        assert told == {"lessons_done": ["Quét mã trả tiền"], "learners": [""]}

    def test_an_unknown_measure_is_not_found(self, tree: CountryTree) -> None:
        client = signed_in(make_officer(tree.country))

        assert client.get(reverse("dashboards:figure_show", args=["VN", "khong-co"])).status_code == 404


class TestReportSend:
    def post(self, person: Person, tree: CountryTree, deed: str) -> int:
        url = reverse("dashboards:report_send", args=[tree.village_one.code])
        month = timezone.localdate().replace(day=1).isoformat()
        return signed_in(person).post(url, {"deed": deed, "month": month}).status_code

    def test_a_village_reports_once_however_often_it_is_sent(self, tree: CountryTree) -> None:
        helper, deed = make_helper(tree.tho_xuan), str(new_id())

        statuses = [self.post(helper, tree, deed), self.post(helper, tree, deed)]
        fold()

        assert statuses == [302, 302]
        assert Record.objects.filter(verb=Verb.REPORTED).count() == 1
        assert board_of(tree.tho_xuan).missing == 1

    def test_a_deed_that_is_no_uuid7_is_refused(self, tree: CountryTree) -> None:
        self.post(make_helper(tree.tho_xuan), tree, "00000000-0000-4000-8000-000000000000")

        assert Record.objects.filter(verb=Verb.REPORTED).count() == 0

    def test_province_officer_does_not_report_for_a_village(self, tree: CountryTree) -> None:
        assert self.post(make_officer(tree.thanh_hoa), tree, str(new_id())) == 404


# -- counts of few people


def shown(place: object, column: int, names: bool = False) -> dict[str, object]:
    """By row of the board: its figure in a column, or "hidden"."""
    board = board_of(place, names)
    rows = [row for group in board.parts for row in group.rows] + board.children
    return {row.title: "hidden" if row.cells[column].hidden else row.cells[column].value for row in rows}


def test_what_the_total_would_tell_is_hidden_too(tree: CountryTree) -> None:
    confirm(9, tree.cao_xanh, sex="female")
    confirm(2, tree.cao_xanh, sex="male")
    fold()

    masked, open_ = shown(tree.cao_xanh, 4), shown(tree.cao_xanh, 4, names=True)

    assert (masked["Tất cả"], masked["Nam"], masked["Nữ"]) == (11, "hidden", "hidden")
    assert (open_["Tất cả"], open_["Nam"], open_["Nữ"]) == (11, 2, 9)


def test_a_share_does_not_tell_a_hidden_number(tree: CountryTree) -> None:
    confirm(3, tree.cao_xanh)
    Baseline.objects.create(place=tree.cao_xanh, count="adults", year=2026, value=300, source="mẫu")
    fold()

    def share(names: bool) -> float | None:
        rows = {row.title: row for row in board_of(tree.quang_ninh, names).children}
        return rows[tree.cao_xanh.name].share

    assert (share(False), share(True)) == (None, 1.0)


def study(person: Person, lessons: int) -> None:
    for number in range(lessons):
        make_record(Verb.COMPLETED, person, object_kind="lesson", object_key=f"khoa/bai-{number}")


def test_many_deeds_of_few_people_are_hidden(tree: CountryTree) -> None:
    for person in confirm(2, tree.cao_xanh):
        study(person, 6)
    fold()
    url = reverse("dashboards:figure_show", args=[tree.cao_xanh.code, "lessons_done"])

    assert (shown(tree.cao_xanh, 2)["Tất cả"], shown(tree.cao_xanh, 2, names=True)["Tất cả"]) == (
        "hidden",
        12,
    )
    assert signed_in(make_officer(tree.quang_ninh)).get(url).status_code == 404
    assert signed_in(make_officer(tree.cao_xanh)).get(url).status_code == 200


@pytest.mark.parametrize(
    "query", ["dimension=person={}", "dimension=mode=alone", "month=2020-01-15", "month=x"]
)
def test_figures_open_only_as_the_board_asks(tree: CountryTree, query: str) -> None:
    people = confirm(6, tree.cao_xanh)
    for person in people:
        study(person, 6)
    fold()
    url = reverse("dashboards:figure_show", args=[tree.cao_xanh.code, "lessons_done"])
    client = signed_in(make_officer(tree.quang_ninh))

    assert client.get(url).status_code == 200
    assert client.get(f"{url}?{query.format(people[0].pk)}").status_code == 404


@pytest.mark.parametrize("month", ["9999-12-31", "0001-01-01", "2020-01-01"])
def test_only_months_of_the_board_are_reported(tree: CountryTree, month: str) -> None:
    client = signed_in(make_officer(tree.cao_xanh))
    url = reverse("dashboards:report_send", args=[tree.cao_xanh.code])

    assert client.post(url, {"deed": new_id(), "month": month}).status_code == 302
    assert not Record.objects.exists()


def test_a_report_with_an_impossible_deed_is_refused_kindly(tree: CountryTree) -> None:
    month = timezone.localdate().replace(day=1)
    client = signed_in(make_officer(tree.cao_xanh))
    url = reverse("dashboards:report_send", args=[tree.cao_xanh.code])

    answer = client.post(url, {"deed": "00000000-0000-7000-8000-000000000000", "month": month})

    assert answer.status_code == 302
    assert not Record.objects.exists()
