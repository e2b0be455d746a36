from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management.base import CommandError

from hocvuso.base.content import Kind, Library, Parsed, read
from hocvuso.places.tests.make import make_place
from hocvuso.recognition.content import (
    KINDS,
    CriteriaSetShape,
    export_criteria,
    load_criteria_set,
    retire_criteria,
)
from hocvuso.recognition.models import CriteriaSet
from hocvuso.skills.tests.make import make_framework

SHIPPED = settings.CONTENT / "criteria" / "citizen-confirmed.yaml"
KIND: Kind = KINDS[0]


def parse(path: Path, root: Path) -> Parsed[CriteriaSetShape]:
    document, problem = read(path, root)
    assert problem is None
    return Parsed(document, CriteriaSetShape.model_validate(document.data))


def write(root: Path, *changes: tuple[str, str], name: str = "citizen-confirmed.yaml") -> Path:
    """The shipped set with some words changed, as the only file of its own content folder."""
    text = SHIPPED.read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = root / "content" / "criteria" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def library(tmp_path) -> Path:
    """A content folder with what the shipped criteria name, and room for other criteria."""
    content = tmp_path / "content"
    course = content / "courses" / "nhan-biet-lua-dao"
    course.mkdir(parents=True)
    for name in ("frameworks", "tests"):
        (content / name).symlink_to(settings.CONTENT / name)
    (course / "course.yaml").symlink_to(settings.CONTENT / "courses" / course.name / "course.yaml")
    return tmp_path


def problems(
    root: Path, *changes: tuple[str, str], name: str = "citizen-confirmed.yaml"
) -> list[tuple[str, int, str]]:
    write(root, *changes, name=name)
    found = Library(root / "content").problems
    return [(Path(one.path).name, one.line, one.field) for one in found if "criteria" in one.path]


def line_of(words: str) -> int:
    lines = SHIPPED.read_text(encoding="utf-8").splitlines()
    return next(at for at, line in enumerate(lines, start=1) if line.lstrip("- ").startswith(words))


def test_shipped_criteria_are_without_fault_and_say_that_annex_2_was_missing(library) -> None:
    assert problems(library) == []
    assert "Annex II of QĐ 757/QĐ-BKHCN" in SHIPPED.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "field", "at"),
    [
        ("test: citizen-basic", "test: no-such-test", "criteria[0].test", "test:"),
        ("framework: citizen", "framework: no-such", "framework", "framework:"),
        ("kind: test\n", "kind: course\n    courses: [no-such]\n", "criteria[0]", "key:"),
        ("kind: test\n    test: citizen-basic", "kind: declared", "criteria[0].kind", "kind:"),
        ("kind: test", "kind: rumour", "criteria[0].kind", "kind:"),
        ("modes: [alone]", "modes: [helped]", "criteria[0].modes[0]", "modes:"),
        ("modes: [alone]", "required: false", "criteria", "criteria:"),
        ("modes: [alone]", "any_of: lonely", "criteria[0].any_of", "modes:"),
        ("modes: [alone]", "min_score: 1.5", "criteria[0].min_score", "modes:"),
        ("within_months: 24", "within_months: 0", "criteria[0].within_months", "within_months:"),
        ("subject: person", "subject: household", "subject", "subject:"),
        ("automatic: true", "automatic: perhaps", "automatic", "automatic:"),
        ("slug: citizen-confirmed", "slug: another", "slug", "slug:"),
        ("valid_from: 2026-01-01", "valid_from: someday", "valid_from", "valid_from:"),
    ],
)
def test_each_fault_is_named_by_file_line_and_field(library, old, new, field, at) -> None:
    assert problems(library, (old, new)) == [("citizen-confirmed.yaml", line_of(at), field)]


def test_unknown_course_and_key_twice_are_named(library) -> None:
    second = "  - {key: basic-test, title: x, title_en: x, kind: course, courses: [nhan-biet-lua-dao, no]}\n"
    line = line_of("language:")

    assert problems(library, ("language: vi", f"{second}language: vi")) == [
        ("citizen-confirmed.yaml", line_of("key: basic-test"), "criteria[0].key"),
        ("citizen-confirmed.yaml", line, "criteria[1].key"),
        ("citizen-confirmed.yaml", line, "criteria[1].courses[1]"),
    ]


def test_a_place_s_own_variant_has_the_place_in_its_file_name(library) -> None:
    variant = ("subject: person", 'subject: person\nplace: "15499"')

    assert problems(library, variant)[0][2] == "slug"
    (library / "content" / "criteria" / "citizen-confirmed.yaml").unlink()
    assert problems(library, variant, name="citizen-confirmed.15499.yaml") == []


@pytest.mark.django_db
def test_loading_twice_is_the_same_and_a_new_version_ends_the_old(tmp_path) -> None:
    make_framework()
    first = parse(write(tmp_path), tmp_path)
    newer = write(
        tmp_path, ('version: "2026.1"', 'version: "2027.1"'), ("valid_from: 2026-", "valid_from: 2027-")
    )

    assert [load_criteria_set(first), load_criteria_set(first)] == ["added", "same"]
    assert load_criteria_set(parse(newer, tmp_path)) == "added"

    old, new = CriteriaSet.objects.order_by("version")
    assert (old.valid_from, old.valid_to) == (date(2026, 1, 1), date(2027, 1, 1))
    assert (new.valid_from, new.valid_to) == (date(2027, 1, 1), None)
    assert CriteriaSet.objects.in_force(date(2026, 12, 31)).get() == old
    assert CriteriaSet.objects.in_force(date(2027, 1, 1)).get() == new


@pytest.mark.django_db
def test_corrected_words_change_the_version_in_place(tmp_path) -> None:
    make_framework()
    load_criteria_set(parse(write(tmp_path), tmp_path))

    assert load_criteria_set(parse(write(tmp_path, ("24 tháng", "hai năm")), tmp_path)) == "changed"
    assert "hai năm" in CriteriaSet.objects.get().rules["criteria"][0]["title"]


@pytest.mark.django_db
def test_a_variant_stands_beside_the_general_set_and_needs_its_place(tmp_path) -> None:
    make_framework()
    variant = write(
        tmp_path, ("subject: person", 'subject: person\nplace: "91234"'), name="citizen-confirmed.91234.yaml"
    )
    load_criteria_set(parse(write(tmp_path), tmp_path))

    with pytest.raises(
        CommandError, match=r"citizen-confirmed\.91234\.yaml:\d+: place: no place has the code 91234"
    ):
        load_criteria_set(parse(variant, tmp_path))
    place = make_place(code="91234")
    assert load_criteria_set(parse(variant, tmp_path)) == "added"

    assert [one.place for one in CriteriaSet.objects.in_force().for_place(place)] == [place]
    assert CriteriaSet.objects.filter(valid_to=None).count() == 2


@pytest.mark.django_db
def test_a_set_without_its_file_is_retired_and_may_come_back(tmp_path) -> None:
    make_framework()
    parsed = parse(write(tmp_path), tmp_path)
    load_criteria_set(parsed)

    assert (retire_criteria([parsed]), retire_criteria([])) == (0, 1)
    assert not CriteriaSet.objects.in_force().exists()
    assert load_criteria_set(parsed) == "changed"
    assert CriteriaSet.objects.in_force().exists()


@pytest.mark.django_db
def test_what_is_exported_is_what_was_loaded(tmp_path) -> None:
    make_framework()
    make_place(code="91234")
    change = ("subject: person", 'subject: person\nplace: "91234"\nvalid_months: 36')
    files = [write(tmp_path), write(tmp_path, change, name="citizen-confirmed.91234.yaml")]
    parsed = [parse(path, tmp_path) for path in files]
    for one in parsed:
        load_criteria_set(one)

    for name, text in export_criteria():
        (tmp_path / "content" / name).write_text(text, encoding="utf-8")

    assert [parse(path, tmp_path).model for path in files] == [one.model for one in parsed]
    assert len(list(export_criteria())) == 2
