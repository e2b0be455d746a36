from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from hocvuso.places.actions import (
    apply_change,
    merge_places,
    move_place,
    open_place,
    rename_place,
    split_place,
)
from hocvuso.places.engine.changes import Change
from hocvuso.places.models import Place, PlaceAlias, PlaceChange, PlaceEdition, PlaceVersion
from hocvuso.places.queries import roll_up, today_of, units_on
from hocvuso.places.tests.make import OPENED_ON, make_country_tree, make_place

pytestmark = pytest.mark.django_db
SPRING = date(2026, 4, 30)
SUMMER = date(2026, 7, 1)


def change(**words):
    return TypeAdapter(Change).validate_python(words)


def names_on(day, within=None, kind=""):
    return [version.name for version in units_on(day, within, kind)]


def test_a_renamed_unit_is_read_by_the_name_of_the_day():
    tree = make_country_tree()

    rename_place(tree.tho_xuan, name="Phường Thọ Xuân", on=SPRING, decision="1/NQ")

    assert names_on(SPRING - timedelta(1), tree.thanh_hoa, "commune") == ["Xã Thọ Xuân", "Xã Lam Sơn"]
    assert names_on(SPRING, tree.thanh_hoa, "commune") == ["Phường Thọ Xuân", "Xã Lam Sơn"]
    place = Place.objects.get(code="15499")
    assert (place.type_name, place.short_name, place.name_en) == ("Phường", "Thọ Xuân", "Thọ Xuân Ward")
    assert list(place.aliases.order_by("former").values_list("name", "former")) == [
        ("Phường Thọ Xuân", False),
        ("Xã Thọ Xuân, Thanh Hóa", True),
    ]


def test_a_moved_unit_takes_its_villages_along_and_keeps_the_old_path():
    tree = make_country_tree()

    move_place(tree.tho_xuan, parent=tree.quang_ninh, on=SPRING)

    village = Place.objects.get(pk=tree.village_one.pk)
    assert village.path == "VN/22/15499/15499.001/"
    assert list(village.versions.values_list("path", "valid_to")) == [
        ("VN/38/15499/15499.001/", SPRING),
        ("VN/22/15499/15499.001/", None),
    ]
    assert names_on(SPRING, tree.thanh_hoa, "commune") == ["Xã Lam Sơn"]


def test_merged_units_end_inside_their_successor():
    tree = make_country_tree()

    merge_places([tree.lam_son], into=tree.tho_xuan, on=SPRING)

    ended = Place.objects.get(code="15556")
    assert (ended.valid_to, ended.today(), ended.path) == (SPRING, tree.tho_xuan, "VN/38/15499/15556/")
    assert names_on(SPRING, tree.thanh_hoa, "commune") == ["Xã Thọ Xuân"]
    assert names_on(SPRING - timedelta(1), tree.thanh_hoa, "commune") == ["Xã Thọ Xuân", "Xã Lam Sơn"]
    assert list(
        PlaceAlias.objects.filter(folded__startswith="xa lam son").values_list("place__code", "name")
    ) == [("15499", "Xã Lam Sơn, Thanh Hóa")]


def test_villages_of_a_merged_commune_go_on_in_the_new_one():
    tree = make_country_tree()

    merge_places([tree.tho_xuan], into=tree.lam_son, on=SPRING)

    village = Place.objects.get(pk=tree.village_one.pk)
    assert (village.parent, village.path, village.valid_to) == (tree.lam_son, "VN/38/15556/15499.001/", None)
    assert set(Place.objects.within(tree.lam_son).current()) == {
        tree.lam_son,
        tree.village_one,
        tree.village_two,
    }


def test_two_changes_on_one_day_leave_one_version():
    tree = make_country_tree()

    rename_place(tree.lam_son, name="Phường Lam Sơn", on=SPRING)
    move_place(tree.lam_son, parent=tree.quang_ninh, on=SPRING)
    merge_places([tree.lam_son], into=tree.cao_xanh, on=SPRING)

    versions = tree.lam_son.versions.values_list("name", "path", "valid_to")
    assert list(versions) == [("Xã Lam Sơn", "VN/38/15556/", SPRING)]


def test_a_split_unit_lives_on_in_its_heirs():
    make_country_tree()
    apply_change(
        change(
            kind="split",
            code="15499",
            into=[
                {"code": "15901", "name": "Xã Thọ Xuân Đông"},
                {"code": "15902", "name": "Xã Thọ Xuân Tây", "children": ["15499.002"]},
            ],
        ),
        slug="split",
        on=SPRING,
    )

    east, west = Place.objects.get(code="15901"), Place.objects.get(code="15902")
    assert Place.objects.get(code="15499").today() == east
    assert Place.objects.get(code="15499.001").parent == east
    assert Place.objects.get(code="15499.002").parent == west
    former = PlaceAlias.objects.filter(name="Xã Thọ Xuân, Thanh Hóa").order_by("place__code")
    assert list(former.values_list("place__code", "main")) == [("15901", True), ("15902", False)]


def test_a_split_unit_may_keep_its_code_and_a_smaller_ground():
    make_country_tree()
    into = [
        {"code": "15499", "name": "Phường Thọ Xuân", "area_km2": 9.5},
        {"code": "15902", "name": "Xã Xuân Hồng"},
    ]

    apply_change(change(kind="split", code="15499", into=into), slug="split", on=SPRING)

    rest = Place.objects.get(code="15499")
    assert (rest.name, rest.area_km2, rest.valid_to) == ("Phường Thọ Xuân", 9.5, None)
    assert rest.children.count() == 2


def test_a_change_is_applied_once():
    tree = make_country_tree()
    renamed = change(kind="renamed", code="22", name="Thành phố Quảng Ninh")

    assert apply_change(renamed, slug="a#1", on=SPRING, decision="2/QH") is True
    before = snapshot()
    assert apply_change(renamed, slug="a#1", on=SPRING, decision="2/QH") is False

    assert snapshot() == before
    assert PlaceChange.objects.get().decision == "2/QH"
    assert tree.quang_ninh.versions.get(valid_to=None).decision == "2/QH"


@pytest.mark.parametrize(
    "words",
    [
        {"kind": "renamed", "code": "77777", "name": "Xã Không Có"},
        {"kind": "moved", "code": "38", "parent": "15499"},
        {"kind": "merged", "codes": ["15499"], "into": "15499"},
        {"kind": "merged", "codes": ["15499", "15499"], "into": "15556"},
    ],
)
def test_impossible_changes_are_refused_and_leave_nothing_behind(words):
    make_country_tree()
    before = snapshot()

    with pytest.raises(ValidationError), transaction.atomic():
        apply_change(change(**words), slug="wrong", on=SPRING)

    assert snapshot() == before


def test_a_change_before_a_known_later_one_is_refused():
    tree = make_country_tree()
    rename_place(tree.lam_son, name="Phường Lam Sơn", on=SUMMER)

    with pytest.raises(ValidationError, match="sau ngày này|after this day"):
        rename_place(tree.lam_son, name="Xã Lam Kinh", on=SPRING)


def test_every_change_renews_the_edition():
    tree = make_country_tree()
    first = PlaceEdition.objects.get().value

    merge_places([tree.lam_son], into=tree.tho_xuan, on=SPRING)

    assert PlaceEdition.objects.get().value != first


def test_a_series_is_read_on_the_map_of_its_day_or_of_today():
    tree = make_country_tree()
    sam_son = make_place("Phường Sầm Sơn", parent=tree.thanh_hoa, code="14812")
    merge_places([tree.lam_son], into=tree.tho_xuan, on=SPRING)
    move_place(sam_son, parent=tree.quang_ninh, on=SUMMER)
    counts = {tree.lam_son.pk: 5, tree.village_one.pk: 2, sam_son.pk: 10, tree.cao_xanh.pk: 1}

    assert roll_up(counts, "province") == {tree.thanh_hoa.pk: 7, tree.quang_ninh.pk: 11}
    assert roll_up(counts, "province", SPRING) == {tree.thanh_hoa.pk: 17, tree.quang_ninh.pk: 1}
    assert roll_up(counts, "commune") == {tree.tho_xuan.pk: 7, sam_son.pk: 10, tree.cao_xanh.pk: 1}
    assert roll_up(counts, "commune", OPENED_ON)[tree.lam_son.pk] == 5


# -- random histories


OPERATIONS = st.lists(
    st.tuples(st.sampled_from(["rename", "move", "merge", "split"]), st.integers(0, 99), st.integers(0, 99)),
    min_size=1,
    max_size=6,
)


@given(operations=OPERATIONS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_history_stays_whole(operations):
    with transaction.atomic():
        make_country_tree()
        days = [OPENED_ON, *act_out(operations)]
        for day in days:
            check_map_of(day)
        check_today()
        check_sums(days)
        transaction.set_rollback(True)


def act_out(operations):
    """Changes on one day after another, two on each; what the rules refuse is no change."""
    for position, (name, one, other) in enumerate(operations):
        day = SPRING + timedelta(days=position // 2)
        communes = list(Place.objects.current().of_kind("commune").order_by("code"))
        place, second = communes[one % len(communes)], communes[other % len(communes)]
        provinces = list(Place.objects.current().of_kind("province").order_by("code"))
        try:
            with transaction.atomic():
                act(name, place, second, provinces[other % len(provinces)], day, position)
        except ValidationError:
            pass
        yield day


def act(name, place, second, province, day, position):
    if name == "rename":
        rename_place(place, name=f"Phường Tên {position}", on=day)
    elif name == "move":
        move_place(place, parent=province, on=day)
    elif name == "merge" and province == place.parent and province != second.parent:
        merge_places([province], into=second.parent, on=day)
    elif name == "merge":
        merge_places([place], into=second, on=day)
    else:
        codes = [f"{80000 + 10 * position + number}" for number in (1, 2)]
        heirs = [
            open_place(code, name=f"Xã {code}", kind="commune", on=day, parent=place.parent) for code in codes
        ]
        split_place(place, heirs=heirs, on=day)


def check_map_of(day):
    """Each unit of the day has one version, right below a unit of the day."""
    living = Place.objects.as_of(day)
    versions = list(units_on(day))
    assert sorted(version.place_id for version in versions) == sorted(living.values_list("pk", flat=True))
    paths = {version.path for version in versions}
    for version in versions:
        above, code = version.path.rstrip("/").rpartition("/")[::2]
        assert code == version.place.code
        assert not above or f"{above}/" in paths


def check_today():
    for place in Place.objects.select_related("parent"):
        newest = place.versions.latest("valid_from")
        today = place.today()
        assert today.valid_to is None
        assert today_of([place.pk]) == {place.pk: today}
        assert place.path.startswith(today.path)
        if place.valid_to is None:
            assert (newest.name, newest.path, newest.valid_to) == (place.name, place.path, None)
            assert place.path == f"{place.parent.path if place.parent else ''}{place.code}/"
            assert [alias.name for alias in place.aliases.all() if not alias.former] == [place.name]
        else:
            assert (newest.valid_to, place.aliases.count()) == (place.valid_to, 0)


def check_sums(days):
    """No map loses or doubles a count."""
    lowest = Place.objects.exclude(kind__in=["country", "province"]).values_list("pk", flat=True)
    counts = {pk: 3**position for position, pk in enumerate(lowest)}
    for day in (None, *days):
        for kind in ("commune", "province", "country"):
            sums = roll_up(counts, kind, day)
            assert sum(sums.values()) == sum(counts.values())
            units = Place.objects.of_kind(kind)
            allowed = units.current() if day is None else units.as_of(day)
            if kind != "commune":
                assert set(sums) <= set(allowed.values_list("pk", flat=True))


def snapshot():
    tables = (Place, PlaceVersion, PlaceAlias, PlaceChange, PlaceEdition)
    return [list(table.objects.order_by("pk").values()) for table in tables]
