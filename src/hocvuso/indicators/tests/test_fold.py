"""Records become tallies, each exactly once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hocvuso.indicators import actions, store
from hocvuso.indicators.actions import catch_up, fold, rebuild
from hocvuso.indicators.maps import EVER
from hocvuso.indicators.models import Fold, Indicator, Share, Tally
from hocvuso.indicators.queries import hash_tallies, totals
from hocvuso.indicators.tests.make import make_indicators
from hocvuso.indicators.tests.oracle import count_all
from hocvuso.people.models.persons import Household, Person
from hocvuso.people.tests.make import make_household, make_person
from hocvuso.places.actions import merge_places
from hocvuso.places.models import Place
from hocvuso.places.tests.make import CountryTree, make_country_tree
from hocvuso.records.actions import seal_all, seal_batch, void_record, write_record
from hocvuso.records.models import Record
from hocvuso.records.tests.make import make_record
from hocvuso.records.tests.test_at_once import at_once

pytestmark = pytest.mark.django_db
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


@pytest.fixture
def tree() -> CountryTree:
    make_indicators()
    return make_country_tree()


def tallies(measure: str, dimension: str = "") -> dict[tuple[str, date], int]:
    found = Tally.objects.filter(measure=measure, dimension=dimension)
    return {
        (place, period): value for place, period, value in found.values_list("place__code", "period", "value")
    }


def all_tallies() -> dict[tuple[str, str, str, date], int]:
    found = Tally.objects.values_list("place__code", "measure", "dimension", "period", "value")
    return {tuple(key): value for *key, value in found}


def make_passed(person: Person, on: date, **fields: Any) -> Record:
    return make_record("passed", person, on=on, object_kind="test", object_key="citizen-basic", **fields)


def make_confirmed(person: Person, on: date, **fields: Any) -> Record:
    return make_record(
        "confirmed", person, on=on, object_kind="person", object_key="citizen-confirmed", **fields
    )


def test_person_counts_where_the_record_says(tree: CountryTree):
    person = make_person(place=tree.village_one, audience="citizen", sex="female", birth_year=1958)
    make_passed(person, date(2026, 3, 14))

    folded = catch_up()

    assert folded == 1
    key = tree.village_one.code
    for dimension in ("", "audience=citizen", "age=65+", "adult=yes", "sex=female"):
        assert tallies("tested", dimension) == {(key, MARCH): 1, (key, EVER): 1}
    assert Tally.objects.filter(measure="tested").count() == 10


def test_month_is_the_local_one(tree: CountryTree):
    """31 March 18:00 UTC is 1 April, 01:00, in Hà Nội."""
    moment = datetime.fromisoformat("2026-03-31T18:00:00+00:00")
    make_record(
        "passed", make_person(place=tree.cao_xanh), happened_at=moment, object_kind="test", object_key="mot"
    )

    catch_up()

    assert tallies("tested") == {("06658", APRIL): 1, ("06658", EVER): 1}


def test_folding_again_changes_nothing(tree: CountryTree):
    make_passed(make_person(place=tree.cao_xanh), date(2026, 3, 14))
    catch_up()
    before = all_tallies()

    assert catch_up() == 0
    assert all_tallies() == before


def test_late_record_takes_the_place_of_the_later_one(tree: CountryTree):
    person = make_person(place=tree.cao_xanh)
    make_passed(person, date(2026, 4, 2))
    catch_up()

    make_passed(person, date(2026, 3, 30), place=tree.tho_xuan)
    catch_up()

    assert tallies("tested") == {("15499", MARCH): 1, ("15499", EVER): 1}


def test_undone_record_counts_no_more_and_the_next_one_does(tree: CountryTree):
    person = make_person(place=tree.cao_xanh)
    first = make_passed(person, date(2026, 3, 14))
    make_passed(person, date(2026, 4, 2))
    lesson = make_record("completed", person, on=date(2026, 3, 14))
    catch_up()

    void_record(first, by=person, reason="wrong person")
    void_record(lesson, by=person, reason="wrong person")
    catch_up()

    assert tallies("tested") == {("06658", APRIL): 1, ("06658", EVER): 1}
    assert tallies("lessons_done") == {}
    assert not Tally.objects.filter(value=0).exists()


def test_confirmation_goes_along_when_the_person_moves(tree: CountryTree):
    person = make_person(place=tree.tho_xuan)
    make_confirmed(person, date(2026, 3, 14))
    catch_up()

    make_record(
        "moved", person, on=date(2026, 4, 2), place=tree.cao_xanh, object_kind="person", object_key="x"
    )
    catch_up()

    assert tallies("confirmed") == {
        ("15499", MARCH): 1,
        ("15499", APRIL): -1,
        ("06658", APRIL): 1,
        ("06658", EVER): 1,
    }


def test_household_counts_once_and_until_nobody_is_left(tree: CountryTree):
    household = make_household(tree.cao_xanh)
    people = [make_person(place=tree.cao_xanh, household=household) for _ in range(2)]
    for person in people:
        make_confirmed(person, date(2026, 3, 14))
    catch_up()
    assert tallies("households_skilled") == {("06658", MARCH): 1, ("06658", EVER): 1}

    for person in people:
        make_record(
            "revoked", person, on=date(2026, 4, 2), object_kind="person", object_key="citizen-confirmed"
        )
        catch_up()

    assert tallies("households_skilled") == {("06658", MARCH): 1, ("06658", APRIL): -1}


def test_household_loses_the_member_whose_confirmation_is_undone(tree: CountryTree):
    person = make_person(place=tree.cao_xanh, household=make_household(tree.cao_xanh))
    record = make_confirmed(person, date(2026, 3, 14))
    catch_up()

    void_record(record, by=None, reason="wrong person")
    catch_up()

    assert tallies("households_skilled") == {}


def test_member_who_moves_takes_the_confirmation_to_the_other_household(tree: CountryTree):
    person = make_person(place=tree.cao_xanh, household=make_household(tree.cao_xanh))
    make_confirmed(person, date(2026, 3, 14))
    catch_up()

    person.place, person.household = tree.tho_xuan, make_household(tree.tho_xuan)
    make_record("moved", person, on=date(2026, 4, 2), object_kind="person", object_key="x")
    catch_up()

    assert tallies("households_skilled") == {
        ("06658", MARCH): 1,
        ("06658", APRIL): -1,
        ("15499", APRIL): 1,
        ("15499", EVER): 1,
    }


def test_place_reports_once_a_month(tree: CountryTree):
    report = {"place": tree.village_one, "object_kind": "place", "object_key": tree.village_one.code}
    for day in (date(2026, 3, 14), date(2026, 3, 31), date(2026, 4, 30)):
        make_record("reported", None, on=day, **report)

    catch_up()

    key = tree.village_one.code
    assert tallies("reported") == {(key, MARCH): 1, (key, APRIL): 1, (key, EVER): 1}


def test_person_without_a_place_counts_for_the_country(tree: CountryTree):
    person = make_person()
    person.place = None
    make_passed(person, date(2026, 3, 14))

    catch_up()

    assert tallies("tested") == {("VN", MARCH): 1, ("VN", EVER): 1}


def test_unit_that_merged_keeps_its_tallies_and_lies_in_the_new_one(tree: CountryTree):
    make_passed(make_person(place=tree.tho_xuan), date(2026, 3, 14))
    catch_up()

    merge_places([tree.tho_xuan], into=tree.lam_son, on=date(2026, 6, 1))
    make_passed(make_person(place=tree.tho_xuan), date(2026, 4, 2))
    catch_up()

    assert tallies("tested") == {("15499", MARCH): 1, ("15499", APRIL): 1, ("15499", EVER): 2}
    heir = Place.objects.get(code=tree.lam_son.code)
    assert totals(heir, ["tested"]) == {("tested", "", EVER): 2}


def test_small_batches_give_the_same(tree: CountryTree, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(actions, "BATCH_RECORDS", 2)
    monkeypatch.setattr(store, "IN_ONE_STATEMENT", 3)
    for day in range(1, 8):
        make_passed(make_person(place=tree.cao_xanh), date(2026, 3, day))
    seal_all(limit=2)

    assert fold() == 7
    assert all_tallies() == count_all()


def test_changed_rule_counts_anew(tree: CountryTree):
    make_passed(make_person(place=tree.cao_xanh), date(2026, 3, 14))
    catch_up()
    Indicator.objects.filter(slug="tested").update(
        rule={"count": "first", "gain": ["failed"], "per": "person"}
    )

    assert catch_up() == 1
    assert tallies("tested") == {}
    assert tallies("active") != {}
    assert catch_up() == 0


def test_retired_indicator_goes_on_counting(tree: CountryTree):
    Indicator.objects.filter(slug="tested").update(retired=True)
    make_passed(make_person(place=tree.cao_xanh), date(2026, 3, 14))

    catch_up()

    assert tallies("tested") == {("06658", MARCH): 1, ("06658", EVER): 1}


def test_failed_fold_leaves_everything_as_it_was(tree: CountryTree, monkeypatch: pytest.MonkeyPatch):
    make_passed(make_person(place=tree.cao_xanh), date(2026, 3, 14))
    seal_all()
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(actions, "sweep_nothing", fail)
        fold()
    assert (Tally.objects.count(), Share.objects.count()) == (0, 0)

    assert fold() == 1
    assert tallies("tested") == {("06658", MARCH): 1, ("06658", EVER): 1}


def fail() -> None:
    raise RuntimeError


def test_rebuild_command_says_when_a_tally_was_wrong(tree: CountryTree, capsys: pytest.CaptureFixture[str]):
    make_passed(make_person(place=tree.cao_xanh), date(2026, 3, 14))
    call_command("tallies_fold")
    assert capsys.readouterr().out == "1 records folded\n"
    call_command("tallies_rebuild")
    right = all_tallies()
    Tally.objects.filter(measure="tested").update(value=5)

    with pytest.raises(SystemExit) as end:
        call_command("tallies_rebuild")

    assert end.value.code == 1
    assert all_tallies() == right


# -- whatever happens, in whatever order it becomes known

START = date(2026, 1, 1)
VERBS = (
    ("registered", "person", "self"),
    ("moved", "person", "self"),
    ("confirmed", "person", "citizen-confirmed"),
    ("confirmed", "person", "worker-confirmed"),
    ("revoked", "person", "citizen-confirmed"),
    ("completed", "lesson", "mot"),
    ("completed", "course", "mot"),
    ("experienced", "lesson", "mot"),
    ("passed", "test", "citizen-basic"),
    ("failed", "test", "citizen-basic"),
)


@dataclass
class World:
    places: list[Place]
    people: list[Person]
    households: list[Household | None]
    written: list[Record] = field(default_factory=list)

    def happen(self, kind: int, who: int, day: int, where: int, home: int, helped: bool) -> None:
        person = self.people[who]
        person.place, person.household = self.places[where], self.households[home]
        person.audience = ("citizen", "worker")[where % 2]
        verb, object_kind, object_key = VERBS[kind]
        how = {"mode": "helped", "helper": self.people[0]} if helped else {}
        record, _new = write_record(
            verb, person=person, happened_at=noon(day), object_kind=object_kind, object_key=object_key, **how
        )
        self.written.append(record)

    def report(self, where: int, day: int) -> None:
        place = self.places[where]
        record, _new = write_record(
            "reported", place=place, happened_at=noon(day), object_kind="place", object_key=place.code
        )
        self.written.append(record)

    def repeat(self, number: int) -> None:
        """The same deed arrives again, with other words."""
        if self.written:
            first = self.written[number % len(self.written)]
            _record, new = write_record(
                "failed", deed=first.pk, object_kind="test", object_key="citizen-basic"
            )
            assert not new

    def undo(self, number: int) -> None:
        if self.written:
            void_record(self.written[number % len(self.written)], by=None, reason="wrong")

    def fold(self, limit: int) -> None:
        """What is known by now is sealed, or some of it, and folded."""
        seal_batch(limit)
        fold()

    def merge(self) -> None:
        if self.places[0].valid_to is None:
            merge_places([self.places[0]], into=self.places[1], on=START + timedelta(days=60))
            self.places[0].refresh_from_db()


def noon(day: int) -> datetime:
    return timezone.make_aware(datetime.combine(START + timedelta(days=day), time(12)))


small, days, any_record = st.integers(0, 2), st.integers(0, 100), st.integers(0, 30)
lives = st.tuples(
    st.just("happen"), st.integers(0, len(VERBS) - 1), st.integers(0, 1), days, small, small, st.booleans()
)
happenings = st.lists(
    st.one_of(
        lives,
        lives,
        st.tuples(st.just("report"), small, days),
        st.tuples(st.just("repeat"), any_record),
        st.tuples(st.just("undo"), any_record),
        st.tuples(st.just("fold"), st.integers(1, 8)),
        st.tuples(st.just("merge")),
    ),
    min_size=6,
    max_size=30,
)


@contextmanager
def rolled_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(happenings)
def test_tallies_are_a_function_of_the_set_of_records(tree: CountryTree, story: list[tuple[Any, ...]]):
    with rolled_back():
        places = [tree.tho_xuan, tree.lam_son, tree.cao_xanh]
        for place in places:
            place.refresh_from_db()
        households = [None, make_household(places[0]), make_household(places[1])]
        people = [
            make_person(place=place, birth_year=2026 - age)
            for place, age in zip(places, (70, 30, 16), strict=True)
        ]
        world = World(places, people, households)
        for name, *values in story:
            getattr(world, name)(*values)

        catch_up()

        assert all_tallies() == count_all()
        before = hash_tallies()
        rebuild()
        assert hash_tallies() == before
        country = totals(tree.country, ["learners", "confirmed", "lessons_done"])
        heirs = totals(Place.objects.get(pk=places[1].pk), ["learners", "confirmed", "lessons_done"])
        for measure in ("learners", "confirmed", "lessons_done"):
            by_place = {code: value for (code, period), value in tallies(measure).items() if period == EVER}
            assert country[measure, "", EVER] == sum(by_place.values())
            merged = by_place.get("15499", 0) if places[0].valid_to else 0
            assert heirs[measure, "", EVER] == by_place.get(places[1].code, 0) + merged


@pytest.mark.skipif(connection.vendor == "sqlite", reason="one writer")
@pytest.mark.django_db(transaction=True)
def test_folders_take_turns(tree: CountryTree):
    for day in range(1, 21):
        make_passed(make_person(place=tree.cao_xanh), date(2026, 3, day))
    seal_all(limit=2)

    folded = at_once(fold)

    assert sum(folded) == 20
    assert Fold.objects.get().last_seal == 10
    assert tallies("tested") == {("06658", MARCH): 20, ("06658", EVER): 20}
