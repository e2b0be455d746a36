"""Courses, lessons and pathways from files and back."""

from pathlib import Path

import pytest

from hocvuso.base.content import Library, export_content, load_content
from hocvuso.learning.models import Course, Lesson, Pathway
from hocvuso.learning.tests.make import BODY

HEAD = """\
language: vi
license: CC-BY-4.0
review: {by: Ban biên tập, on: 2026-11-22}
sources: [{title: Nguồn, site: vi-du.vn, checked_on: 2026-11-22}]
"""
FRAMEWORK = """\
slug: citizen
version: "1"
title: Khung
official: false
audiences: [citizen]
groups: [{code: "0", title: Thiết bị, skills: [{code: "0.1", title: Dùng máy}]}]
"""
COURSE = """\
slug: goi-dien
title: Gọi điện
title_en: Calls
summary: Gọi và nghe.
summary_en: Call and answer.
audience: [citizen]
framework: citizen
icon: phone
"""
LESSON = """\
slug: bam-so
title: Bấm số
title_en: Dial
summary: Bấm số rồi gọi.
skill: "0.1"
minutes: 5
"""
PATHWAY = """\
slug: goi-con
kind: need
title: Gọi con
title_en: Call the children
icon: phone
order: 1
steps: [goi-dien, goi-dien/bam-so]
"""
FILES = {
    "frameworks/citizen.yaml": FRAMEWORK + HEAD,
    "courses/goi-dien/course.yaml": COURSE + HEAD,
    "courses/goi-dien/01-bam-so.md": f"---\n{LESSON}{HEAD}---\n{BODY}",
    "pathways/goi-con.yaml": PATHWAY + HEAD,
}
LESSON_FILE = "courses/goi-dien/01-bam-so.md"


def library(folder: Path, **changes: str | None) -> Library:
    """The files with some changed (`LESSON=…` by key of `names`) or, with None, left out."""
    names = {
        "course": "courses/goi-dien/course.yaml",
        "lesson": LESSON_FILE,
        "pathway": "pathways/goi-con.yaml",
    }
    root = folder / "content"
    for name, text in (FILES | {names[key]: text for key, text in changes.items()}).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text, encoding="utf-8")
    return Library(root)


def counts(library: Library) -> dict[str, dict[str, int]]:
    assert library.problems == []
    loaded = load_content(library)
    return {name: loaded[name] for name in ("courses", "lessons", "pathways")}


ADDED = {"added": 1, "changed": 0, "same": 0, "retired": 0}
SAME = {"added": 0, "changed": 0, "same": 1, "retired": 0}
CHANGED = {"added": 0, "changed": 1, "same": 0, "retired": 0}


@pytest.mark.django_db
def test_a_folder_of_places_alone_retires_no_lesson(tmp_path: Path) -> None:
    counts(library(tmp_path))
    (tmp_path / "elsewhere" / "places").mkdir(parents=True)

    load_content(Library(tmp_path / "elsewhere"))

    assert list(Lesson.objects.values_list("published", flat=True)) == [True]


@pytest.mark.django_db
def test_loading_twice_has_the_same_result(tmp_path: Path) -> None:
    first, second = counts(library(tmp_path)), counts(library(tmp_path))

    assert first == {"courses": ADDED, "lessons": ADDED, "pathways": ADDED}
    assert second == {"courses": SAME, "lessons": SAME, "pathways": SAME}
    assert Lesson.objects.get().version == 1


@pytest.mark.django_db
def test_other_words_are_a_new_version_published_now(tmp_path: Path) -> None:
    counts(library(tmp_path))
    before = Lesson.objects.get()

    changed = counts(library(tmp_path, lesson=FILES[LESSON_FILE].replace("Mở máy lên", "Bật máy lên")))

    after = Lesson.objects.get()
    assert changed["lessons"] == CHANGED
    assert (after.version, "Bật máy lên" in after.html) == (2, True)
    assert after.published_at > before.published_at


@pytest.mark.django_db
@pytest.mark.parametrize("kept", [{"html": "<p>as drawn by an older release</p>"}, {"pages": []}])
def test_what_an_older_release_drew_is_drawn_anew(tmp_path: Path, kept: dict) -> None:
    counts(library(tmp_path))
    drawn = Lesson.objects.values("html", "pages").get()
    Lesson.objects.update(**kept)

    assert counts(library(tmp_path))["lessons"] == CHANGED

    assert Lesson.objects.values("html", "pages").get() == drawn


@pytest.mark.django_db
def test_what_is_gone_is_retired_and_may_come_back(tmp_path: Path) -> None:
    counts(library(tmp_path))
    gone = counts(library(tmp_path, course=COURSE + HEAD, lesson=None, pathway=None))
    retired = [model.objects.get().published for model in (Course, Lesson, Pathway)]
    back = counts(library(tmp_path))

    assert (gone["lessons"]["retired"], gone["pathways"]["retired"]) == (1, 1)
    assert retired == [True, False, False]
    assert (back["lessons"], back["pathways"]) == (CHANGED, CHANGED)


@pytest.mark.django_db
def test_export_writes_what_was_read(tmp_path: Path) -> None:
    counts(library(tmp_path))
    target = tmp_path / "again" / "content"

    export_content(target)

    again = Library(target)
    assert (target / LESSON_FILE).read_text(encoding="utf-8") == FILES[LESSON_FILE]
    assert counts(again) == {"courses": SAME, "lessons": SAME, "pathways": SAME}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"lesson": FILES[LESSON_FILE].replace('skill: "0.1"', 'skill: "9.9"')}, "bam-so.md:6: skill: "),
        ({"lesson": FILES[LESSON_FILE].replace("minutes: 5", "minutes: 6")}, "bam-so.md:7: minutes: "),
        ({"lesson": FILES[LESSON_FILE].replace("title_en: Dial\n", "")}, "bam-so.md:2: title_en: "),
        ({"lesson": FILES[LESSON_FILE].replace("- button:", "- knob:")}, "bam-so.md:19: screen: "),
        ({"lesson": FILES[LESSON_FILE].replace("right: true, ", "")}, "bam-so.md:30: check.options: "),
        ({"course": FILES["courses/goi-dien/course.yaml"].replace("phone", "fax")}, "course.yaml:8: icon: "),
        (
            {"course": FILES["courses/goi-dien/course.yaml"].replace("slug: goi-dien", "slug: goi")},
            "course.yaml:1: slug: ",
        ),
        (
            {"pathway": FILES["pathways/goi-con.yaml"].replace("/bam-so", "/bam")},
            "goi-con.yaml:7: steps[1]: ",
        ),
    ],
)
def test_a_mistake_is_named_with_file_line_and_field(
    tmp_path: Path, change: dict[str, str], problem: str
) -> None:
    problems = [str(one) for one in library(tmp_path, **change).problems]

    assert problem in problems[0]
