from pathlib import Path

import pytest

from hocvuso.base.content import Library, Parsed
from hocvuso.skills.content import KINDS, FrameworkShape
from hocvuso.skills.models import Framework, Skill

TEXT = """slug: {slug}
version: "{version}"
title: Khung thử
official: false
audiences: [citizen]
language: vi
license: CC-BY-4.0
review: {{by: Ban biên tập, on: 2026-11-22}}
groups:
  - code: "0"
    title: Thiết bị
    skills:
      - {{code: "0.1", title: {title}}}
      - {{code: "{second}", title: Dùng phần mềm}}
"""


def read_framework(
    folder: Path, title: str = "Dùng thiết bị", version: str = "1", second: str = "0.2"
) -> Library:
    target = folder / "content" / "frameworks"
    target.mkdir(parents=True, exist_ok=True)
    text = TEXT.format(slug="thu", version=version, title=title, second=second)
    (target / "thu.yaml").write_text(text, encoding="utf-8")
    return Library(folder / "content")


def load(library: Library) -> str:
    (one,) = library.parsed["frameworks"]
    return KINDS[0].load(one)


@pytest.mark.django_db
def test_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    outcomes = [load(read_framework(tmp_path)), load(read_framework(tmp_path))]

    assert outcomes == ["added", "same"]


@pytest.mark.django_db
def test_other_words_change_the_version_in_place(tmp_path: Path) -> None:
    load(read_framework(tmp_path))
    outcome = load(read_framework(tmp_path, title="Làm quen thiết bị"))

    assert outcome == "changed"
    assert Skill.objects.get(code="0.1").title == "Làm quen thiết bị"
    assert Framework.objects.count() == 1


@pytest.mark.django_db
def test_a_new_version_stands_beside_the_old_one(tmp_path: Path) -> None:
    load(read_framework(tmp_path, version="1"))
    load(read_framework(tmp_path, version="2"))

    assert dict(Framework.objects.values_list("version", "current")) == {"1": False, "2": True}
    assert Skill.objects.filter(code="0.1").count() == 2


def test_a_code_that_stands_twice_is_named_with_its_line(tmp_path: Path) -> None:
    ((problem),) = read_framework(tmp_path, second="0.1").problems

    assert (problem.line, problem.field) == (14, "groups[0].skills[1].code")


@pytest.mark.django_db
def test_export_reads_back_as_the_same(tmp_path: Path) -> None:
    load(read_framework(tmp_path))
    ((name, text),) = KINDS[0].export()
    again = tmp_path / "again" / name
    again.parent.mkdir(parents=True)
    again.write_text(text, encoding="utf-8")

    (one,) = Library(tmp_path / "again").parsed["frameworks"]

    assert isinstance(one, Parsed) and isinstance(one.model, FrameworkShape)
    assert KINDS[0].load(one) == "same"
