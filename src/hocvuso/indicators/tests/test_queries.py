"""What dashboards ask of tallies."""

from datetime import date

import pytest
from django.db.models import Sum

from hocvuso.indicators.actions import catch_up
from hocvuso.indicators.maps import EVER, last_day
from hocvuso.indicators.models import Tally
from hocvuso.indicators.queries import by_child, open_figure, progress, reporting, totals, trend
from hocvuso.indicators.tests.make import make_indicators, make_tally, make_target
from hocvuso.people.tests.make import make_household, make_person
from hocvuso.places.actions import merge_places, move_place
from hocvuso.places.models import Baseline, Place
from hocvuso.places.tests.make import CountryTree, make_country_tree, make_place
from hocvuso.records.actions import void_record
from hocvuso.records.tests.make import make_record

pytestmark = pytest.mark.django_db
JANUARY, FEBRUARY, MARCH = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)


@pytest.fixture
def tree() -> CountryTree:
    make_indicators()
    return make_country_tree()


@pytest.fixture
def filled(tree: CountryTree) -> CountryTree:
    """Learners: 1 and 2 in the villages, 4 in their commune itself, 8 in another, 16 in Quảng Ninh."""
    places = (tree.village_one, tree.village_two, tree.tho_xuan, tree.lam_son, tree.cao_xanh)
    for number, place in enumerate(places):
        make_tally(place, "learners", 2**number)
        make_tally(place, "learners", 2**number, period=JANUARY)
    return tree


def total(place: Place, period: date = EVER, **how: str) -> int:
    return totals(Place.objects.get(pk=place.pk), ["learners"], periods=[period], **how)[
        "learners", "", period
    ]


def test_months_end_where_they_end():
    assert [
        last_day(JANUARY),
        last_day(FEBRUARY),
        last_day(date(2028, 2, 1)),
        last_day(date(2026, 12, 1)),
    ] == [
        date(2026, 1, 31),
        date(2026, 2, 28),
        date(2028, 2, 29),
        date(2026, 12, 31),
    ]


def test_totals_sum_all_that_lies_in_a_place(filled: CountryTree):
    assert [
        total(place)
        for place in (
            filled.village_one,
            filled.tho_xuan,
            filled.thanh_hoa,
            filled.quang_ninh,
            filled.country,
        )
    ] == [1, 7, 15, 16, 31]


def test_totals_answer_all_that_was_asked(tree: CountryTree):
    make_tally(tree.cao_xanh, "learners", 5, "sex=female", JANUARY)

    found = totals(tree.quang_ninh, ["learners", "tested"], ["", "sex=female"], [EVER, JANUARY])

    assert found == {
        (measure, dimension, period): 5
        if (measure, dimension, period) == ("learners", "sex=female", JANUARY)
        else 0
        for measure in ("learners", "tested")
        for dimension in ("", "sex=female")
        for period in (EVER, JANUARY)
    }


def test_totals_take_one_statement(filled: CountryTree, django_assert_num_queries):
    with django_assert_num_queries(1):
        totals(filled.thanh_hoa, ["learners", "tested"], ["", "sex=female"], [EVER, JANUARY])


def test_children_are_summed_with_all_below(filled: CountryTree, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert by_child(filled.country, "learners") == {"38": 15, "22": 16}
    assert by_child(filled.thanh_hoa, "learners") == {"15499": 7, "15556": 8}
    assert by_child(filled.country, "learners", levels=2) == {"15499": 7, "15556": 8, "06658": 16}


def test_what_lies_in_no_child_stands_under_the_place_itself(filled: CountryTree):
    one, two = filled.village_one.code, filled.village_two.code

    assert by_child(filled.tho_xuan, "learners") == {one: 1, two: 2, "15499": 4}
    assert by_child(filled.village_one, "learners") == {one: 1}


def test_trend_of_a_stock_is_its_level_at_the_end_of_each_month(tree: CountryTree):
    for period, value in ((JANUARY, 5), (FEBRUARY, -2), (MARCH, 4), (EVER, 7)):
        make_tally(tree.cao_xanh, "learners", value, period=period)

    assert trend(
        tree.quang_ninh, "learners", "", [date(2025, 12, 1), JANUARY, FEBRUARY, MARCH, date(2026, 4, 1)]
    ) == {
        date(2025, 12, 1): 0,
        JANUARY: 5,
        FEBRUARY: 3,
        MARCH: 7,
        date(2026, 4, 1): 7,
    }


def test_trend_of_others_is_what_was_in_each_month(tree: CountryTree, django_assert_num_queries):
    for period, value in ((JANUARY, 5), (MARCH, 4), (EVER, 7)):
        make_tally(tree.cao_xanh, "active", value, period=period)

    with django_assert_num_queries(2):
        assert trend(tree.quang_ninh, "active", "", [JANUARY, FEBRUARY, MARCH]) == {
            JANUARY: 5,
            FEBRUARY: 0,
            MARCH: 4,
        }


# -- yesterday's map


def test_merged_unit_counts_for_what_it_became_or_for_itself(filled: CountryTree):
    make_tally(filled.tho_xuan, "learners", 100, period=MARCH)
    merge_places([filled.tho_xuan], into=filled.lam_son, on=date(2026, 3, 10))

    assert [total(filled.lam_son), total(filled.lam_son, JANUARY), total(filled.lam_son, MARCH)] == [
        15,
        15,
        100,
    ]
    assert total(filled.lam_son, JANUARY, on="then") == 8
    assert total(filled.tho_xuan, JANUARY, on="then") == 7
    assert total(filled.lam_son, MARCH, on="then") == 100
    thanh_hoa = Place.objects.get(pk=filled.thanh_hoa.pk)
    assert by_child(thanh_hoa, "learners", period=JANUARY) == {"15556": 15}
    assert by_child(thanh_hoa, "learners", period=JANUARY, on="then") == {"15499": 7, "15556": 8}
    assert by_child(thanh_hoa, "learners", period=MARCH, on="then") == {"15556": 100}


def test_unit_that_changed_its_province_is_read_on_either_map(filled: CountryTree):
    move_place(filled.lam_son, parent=filled.quang_ninh, on=date(2026, 2, 15))

    assert [total(filled.thanh_hoa), total(filled.quang_ninh)] == [7, 24]
    assert [total(filled.thanh_hoa, JANUARY, on="then"), total(filled.quang_ninh, JANUARY, on="then")] == [
        15,
        16,
    ]
    assert trend(
        Place.objects.get(pk=filled.quang_ninh.pk), "learners", "", [JANUARY, FEBRUARY], on="then"
    ) == {
        JANUARY: 16,
        FEBRUARY: 24,
    }


# -- reporting


def report(*places: Place, period: date = MARCH) -> None:
    for place in places:
        make_tally(place, "reported", 1, period=period)


def test_missing_goes_all_the_way_up(tree: CountryTree):
    report(tree.village_one, tree.cao_xanh)

    commune, province, country = (
        reporting(place, MARCH) for place in (tree.tho_xuan, tree.thanh_hoa, tree.country)
    )

    assert [(part.place, part.units, part.reported) for part in commune.parts] == [
        (tree.village_one, 1, 1),
        (tree.village_two, 1, 0),
    ]
    assert [part.place for part in commune.missing] == [tree.village_two]
    assert [(part.place, part.units, part.reported) for part in province.parts] == [
        (tree.tho_xuan, 2, 1),
        (tree.lam_son, 1, 0),
    ]
    assert [(part.place, part.units, part.reported, part.complete) for part in country.parts] == [
        (tree.quang_ninh, 1, 1, True),
        (tree.thanh_hoa, 3, 1, False),
    ]
    assert (country.units, country.reported, country.complete) == (4, 2, False)


def test_all_reported_is_complete(tree: CountryTree):
    report(tree.village_one, tree.village_two, tree.lam_son, tree.cao_xanh)

    assert reporting(tree.country, MARCH).complete
    assert not reporting(tree.country, FEBRUARY).complete


def test_commune_does_not_speak_for_its_villages(tree: CountryTree):
    report(tree.tho_xuan)

    assert reporting(tree.tho_xuan, MARCH).reported == 0


def test_village_alone_is_its_own_part(tree: CountryTree):
    report(tree.village_one)

    found = reporting(tree.village_one, MARCH)

    assert [(part.place, part.units, part.reported) for part in found.parts] == [(tree.village_one, 1, 1)]


def test_only_units_of_the_month_are_expected(tree: CountryTree):
    make_place("Thôn Mới", "village", tree.tho_xuan, valid_from=date(2026, 4, 1))
    merge_places([tree.village_two], into=tree.village_one, on=date(2026, 2, 10))

    assert [reporting(tree.tho_xuan, month).units for month in (JANUARY, MARCH, date(2026, 4, 1))] == [
        2,
        1,
        2,
    ]


# -- targets


def make_baseline(place: Place, count: str, year: int, value: int) -> Baseline:
    return Baseline.objects.create(place=place, count=count, year=year, value=value, source="Niên giám mẫu")


def test_progress_is_measured_against_the_newest_count_up_to_the_year(tree: CountryTree):
    target = make_target(tree.cao_xanh, value=80, denominator="adults")
    make_baseline(tree.cao_xanh, "adults", 2024, 900)
    newest = make_baseline(tree.cao_xanh, "adults", 2026, 1000)
    make_baseline(tree.cao_xanh, "adults", 2027, 5000)
    make_baseline(tree.cao_xanh, "population", 2026, 3000)
    make_tally(tree.cao_xanh, "confirmed", 250, "adult=yes")
    make_tally(tree.cao_xanh, "confirmed", 700)

    (found,) = progress(tree.cao_xanh)

    assert (found.target, found.reached, found.baseline) == (target, 250, newest)
    assert (found.percent, found.needed, found.met) == (25.0, 800.0, False)


def test_share_of_an_unknown_number_is_unknown(tree: CountryTree):
    make_target(tree.cao_xanh, value=80, denominator="adults")
    make_tally(tree.cao_xanh, "confirmed", 250, "adult=yes")

    (found,) = progress(tree.cao_xanh)

    assert (found.reached, found.percent, found.needed, found.met) == (250, None, None, None)


def test_head_count_needs_no_denominator(tree: CountryTree):
    make_target(tree.quang_ninh, kind="count", value=500, dimension="", denominator="")
    make_tally(tree.cao_xanh, "confirmed", 500)

    (found,) = progress(tree.quang_ninh)

    assert (found.percent, found.needed, found.met) == (100.0, 500.0, True)


def test_targets_come_in_order_of_their_day(tree: CountryTree, django_assert_num_queries):
    make_target(tree.cao_xanh, due_on=date(2026, 12, 31))
    make_target(
        tree.cao_xanh, "households_skilled", dimension="", denominator="households", due_on=date(2025, 12, 31)
    )
    make_target(
        tree.cao_xanh, dimension="audience=official", denominator="officials", due_on=date(2025, 12, 31)
    )

    with django_assert_num_queries(3):
        found = progress(tree.cao_xanh)

    assert [(one.target.indicator.slug, one.target.due_on.year) for one in found] == [
        ("confirmed", 2025),
        ("households_skilled", 2025),
        ("confirmed", 2026),
    ]


# -- the records behind a figure


@pytest.fixture
def lived(tree: CountryTree) -> CountryTree:
    """Some months of life: people come, learn, are tested, confirmed, move, lose it; something is undone."""
    person = {"object_kind": "person", "object_key": "citizen-confirmed"}
    test = {"object_kind": "test", "object_key": "citizen-basic"}
    homes = (tree.village_one, tree.village_two, tree.lam_son, tree.cao_xanh)
    for number in range(12):
        home = homes[number % 4]
        family = make_household(home)
        one = make_person(
            place=home, household=family, birth_year=1950 + 5 * number, sex=("female", "male")[number % 2]
        )
        make_record("registered", one, on=date(2026, 1, 1 + number), **person)
        make_record("completed", one, on=date(2026, 1, 5 + number))
        make_record("completed", one, on=date(2026, 2, 5 + number))
        make_record(("passed", "failed")[number % 2], one, on=date(2026, 2, 5 + number), **test)
        confirmed = make_record("confirmed", one, on=date(2026, 2, 6 + number), **person)
        if number % 3 == 0:
            one.place, one.household = homes[(number + 1) % 4], None
            make_record("moved", one, on=date(2026, 3, 1 + number), **person)
        if number % 5 == 4:
            make_record("revoked", one, on=date(2026, 3, 2 + number), **person)
        if number == 7:
            void_record(confirmed, by=None, reason="wrong person")
    make_record("reported", place=tree.village_one, on=date(2026, 2, 28), object_kind="place", object_key="x")
    catch_up()
    return tree


def test_records_behind_every_figure_add_up_to_it(lived: CountryTree):
    places = (lived.country, lived.thanh_hoa, lived.tho_xuan, lived.village_one, lived.cao_xanh)
    keys = set(Tally.objects.values_list("measure", "dimension", "period"))
    wrong = []

    for place in places:
        for measure, dimension, period in keys:
            figure = totals(place, [measure], [dimension], [period])[measure, dimension, period]
            records = open_figure(place, measure, dimension, period)
            if (records.aggregate(sum=Sum("n"))["sum"] or 0) != figure:
                wrong.append((place, measure, dimension, period, figure, records))

    assert len(keys) > 100
    assert wrong == []


def test_running_total_of_a_stock_opens_to_those_who_hold_it(lived: CountryTree):
    records = open_figure(lived.thanh_hoa, "confirmed")

    assert {record.n for record in records} == {1}
    assert records.count() == totals(lived.thanh_hoa, ["confirmed"])["confirmed", "", EVER]
    assert {record.verb for record in records} == {"confirmed", "moved"}


def test_who_left_is_behind_a_month_with_minus_one(lived: CountryTree):
    signs = {(record.verb, record.n) for record in open_figure(lived.village_one, "confirmed", "", MARCH)}

    assert signs == {("moved", 1), ("moved", -1), ("revoked", -1)}


def test_figure_of_a_merged_unit_opens_on_either_map(lived: CountryTree):
    merge_places([lived.cao_xanh], into=lived.lam_son, on=date(2026, 6, 1))
    heir = Place.objects.get(pk=lived.lam_son.pk)

    for on in ("today", "then"):
        figure = totals(heir, ["tested"], periods=[FEBRUARY], on=on)["tested", "", FEBRUARY]
        assert (
            open_figure(heir, "tested", "", FEBRUARY, on=on).count() == figure == {"today": 6, "then": 3}[on]
        )
