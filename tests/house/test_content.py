"""The shipped content is whole, loads twice with the same result, and comes back out as it went in."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command

from hocvuso.assessment.models.items import Item
from hocvuso.base.content import Library, export_content, load_content
from hocvuso.learning.models import Course, Lesson


def unchanged(counts: dict[str, dict[str, int]]) -> bool:
    return all(not (kind["added"] or kind["changed"] or kind["retired"]) for kind in counts.values())


def test_shipped_content_has_no_problems() -> None:
    assert [str(problem) for problem in Library(settings.CONTENT).problems] == []


@pytest.mark.django_db
def test_content_loads_twice_and_round_trips(tmp_path: Path) -> None:
    call_command("places_load", verbosity=0)
    first = load_content(Library(settings.CONTENT))
    second = load_content(Library(settings.CONTENT))
    export_content(tmp_path / "content")
    exported = Library(tmp_path / "content")

    assert first["courses"]["added"] >= 8
    assert unchanged(second)
    assert [str(problem) for problem in exported.problems] == []
    assert unchanged(load_content(exported))
    check_amounts()


def check_amounts() -> None:
    """What the product promises to ship."""
    assert Course.objects.count() >= 8
    assert all(4 <= course.lessons.count() <= 6 for course in Course.objects.all())
    assert Lesson.objects.filter(minutes__gt=5).count() == 0
    for framework, number in (("citizen", 600), ("official", 150), ("worker", 100)):
        assert Item.objects.current().filter(skill__group__framework__slug=framework).count() >= number


BROKEN = """---
slug: mau
title: Bài mẫu
title_en: Sample
skill: "5.3"
minutes: 9
language: vi
license: CC-BY-4.0
review: {by: Ban biên tập, on: 2026-11-22}
sources: []
---
Chữ.
"""


def test_a_mistake_is_named_by_file_line_and_field(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "courses" / "mau"
    folder.mkdir(parents=True)
    (folder / "01-mau.md").write_text(BROKEN, encoding="utf-8")

    found = {(p.path, p.line, p.field) for p in Library(tmp_path / "content").problems}

    assert ("content/courses/mau/01-mau.md", 2, "summary") in found
    assert ("content/courses/mau/01-mau.md", 6, "minutes") in found


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "pathways"
    folder.mkdir(parents=True)
    (folder / "mau.yaml").write_bytes("slug: mẫu".encode("utf-16"))

    assert [p.field for p in Library(tmp_path / "content").problems] == ["encoding"]


def test_broken_yaml_is_named_by_line(tmp_path: Path) -> None:
    folder = tmp_path / "content" / "pathways"
    folder.mkdir(parents=True)
    (folder / "mau.yaml").write_text("slug: mau\ntitle: [một\norder: 1\n", encoding="utf-8")

    ((problem),) = Library(tmp_path / "content").problems

    assert (problem.field, problem.line) == ("yaml", 3)
