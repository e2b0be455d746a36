import pytest

from hocvuso.base.content import Library, load_content
from hocvuso.places.models import Baseline, Place, PlaceChange
from hocvuso.places.tests.make import make_country_tree

HEAD = "language: vi\nlicense: CC-BY-4.0\nreview: {by: Ban biên tập, on: 2026-11-22}\n"
CHANGE = HEAD + (
    "slug: 2026-04-30-doi-ten\non: 2026-04-30\ntitle: Đổi tên\ndecision: 1/NQ\nchanges:\n"
    '  - {kind: renamed, code: "15499", name: Phường Thọ Xuân}\n'
)


@pytest.fixture
def write(tmp_path):
    def write_file(name, text):
        path = tmp_path / "content" / "places" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return Library(tmp_path / "content")

    return write_file


def problems(library):
    return [(problem.line, problem.field, problem.message) for problem in library.problems]


@pytest.mark.django_db
def test_a_change_is_applied_once_however_often_it_is_loaded(write):
    make_country_tree()
    library = write("2026-04-30-doi-ten.yaml", CHANGE)

    assert load_content(library)["place_changes"]["added"] == 1
    assert load_content(library)["place_changes"]["same"] == 1

    assert Place.objects.get(code="15499").name == "Phường Thọ Xuân"
    assert PlaceChange.objects.count() == 1


@pytest.mark.django_db
def test_a_change_waits_for_its_day(write):
    make_country_tree()
    text = CHANGE.replace("2026-04-30", "2099-01-01")

    load_content(write("2099-01-01-doi-ten.yaml", text))

    assert Place.objects.get(code="15499").name == "Xã Thọ Xuân"


@pytest.mark.parametrize(
    ("before", "after", "line", "field"),
    [
        ('code: "15499"', 'code: "77777"', 9, "changes[0]"),
        ("slug: 2026-04-30-doi-ten", "slug: doi-ten", 4, "slug"),
        ("decision: 1/NQ\n", "", 1, "decision"),
        ("name: Phường Thọ Xuân", "nane: Phường", 9, "changes[0].name"),
        ("on: 2026-04-30\n", "on: hôm qua\n", 5, "on"),
    ],
)
def test_mistakes_are_named_by_line_and_field(write, before, after, line, field):
    library = write("2026-04-30-doi-ten.yaml", CHANGE.replace(before, after, 1))

    assert (line, field) in [found[:2] for found in problems(library)]


ROW = '  - {place: "15499", count: population, year: 2025, value: 100, source: Niên giám}\n'
BASELINES = f"{HEAD}rows:\n{ROW}"


@pytest.mark.django_db
def test_baselines_are_loaded_and_corrected(write):
    tree = make_country_tree()

    first = load_content(write("baselines.yaml", BASELINES))["baselines"]
    again = load_content(write("baselines.yaml", BASELINES))["baselines"]
    load_content(write("baselines.yaml", BASELINES.replace("100", "120")))

    assert (first["changed"], again["same"]) == (1, 1)
    assert Baseline.objects.get(place=tree.tho_xuan).value == 120


def test_a_baseline_of_an_unknown_place_is_named(write):
    library = write("baselines.yaml", BASELINES.replace("15499", "77777"))

    assert problems(library) == [(5, "rows[0].place", "there is no unit with the code 77777")]


def test_a_baseline_must_not_stand_twice(write):
    library = write("baselines.yaml", BASELINES + ROW)

    assert problems(library) == [(6, "rows[1]", "this place, count and year stand twice")]


@pytest.mark.django_db
def test_into_an_empty_database_nothing_is_loaded(write):
    counts = load_content(write("2026-04-30-doi-ten.yaml", CHANGE))

    assert counts["place_changes"]["same"] == 1
    assert PlaceChange.objects.count() == 0
