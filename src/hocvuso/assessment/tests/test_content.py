from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from hocvuso.assessment.content import KINDS
from hocvuso.assessment.models.items import Item
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.tests.make import make_attempt
from hocvuso.base.content import Library, export_content, load_content

HEAD = {
    "language": "vi",
    "license": "CC-BY-4.0",
    "review": {"by": "Ban biên tập", "on": "2026-11-22"},
    "sources": [{"title": "Nguồn thử", "site": "thu.vn", "checked_on": "2026-11-22"}],
}
FRAMEWORK = {
    **HEAD,
    "slug": "thu",
    "version": "1",
    "title": "Khung thử",
    "official": False,
    "audiences": ["citizen"],
    "groups": [{"code": "0", "title": "Thiết bị", "skills": [{"code": "0.1", "title": "Dùng thiết bị"}]}],
}


def item(number: int, right: int = 0, **fields: Any) -> dict[str, Any]:
    options = [
        {"text": f"Cách {letter} số {number}", "right": index == right, "why": f"Vì cách {letter} là thế."}
        for index, letter in enumerate("ABCD")
    ]
    defaults = {"slug": f"cau-{number}", "kind": "choice", "step": 1, "difficulty": 0.0, "options": options}
    return {**defaults, "stem": f"Câu hỏi thử số {number} là gì?", **fields}


def test_rules(**fields: Any) -> dict[str, Any]:
    rules = {"slug": "thu", "version": "1", "title": "Bài thử", "framework": "thu", "audience": "citizen"}
    numbers = {"length": 2, "blueprint": {"0": 2}, "pass_share": 0.5, "retake_after_days": 7, "minutes": 40}
    return {**HEAD, **rules, **numbers, **fields}


test_rules.__test__ = False  # type: ignore[attr-defined]


def write(
    folder: Path, items: list[dict[str, Any]], test: dict[str, Any] | None = None, **head: Any
) -> Library:
    """A content folder with one framework, one file of items and one test."""
    root = folder / "content"
    files = {
        "frameworks/thu.yaml": FRAMEWORK,
        "items/thu/0.1.yaml": {"framework": "thu", "skill": "0.1", **HEAD, **head, "items": items},
        "tests/thu.yaml": test or test_rules(),
    }
    for name, data in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return Library(root)


def faults(library: Library) -> list[tuple[str, str]]:
    return [(problem.field, problem.message) for problem in library.problems]


SIX = [item(number, right=number % 4) for number in range(6)]


def test_a_good_folder_has_no_problem(tmp_path: Path) -> None:
    assert faults(write(tmp_path, SIX)) == []


def test_a_missing_key_names_file_line_and_field(tmp_path: Path) -> None:
    broken = item(1)
    del broken["difficulty"]

    (problem, *_) = write(tmp_path, [broken]).problems

    lines = (tmp_path / "content/items/thu/0.1.yaml").read_text(encoding="utf-8").splitlines()
    assert (problem.path, problem.field) == ("content/items/thu/0.1.yaml", "items[0].difficulty")
    assert "cau-1" in lines[problem.line - 1]


@pytest.mark.parametrize(
    ("change", "field", "message"),
    [
        ({"options": item(1, right=9)["options"]}, "items[0].options", "exactly one option is right"),
        (
            {"options": [*item(1)["options"][:3], item(1, right=9)["options"][0]]},
            "items[0].options",
            "read the same",
        ),
        ({"options": item(1)["options"][:2]}, "items[0].options", "at least 3"),
        ({"difficulty": 3.5}, "items[0].difficulty", "less than or equal to 3"),
        ({"step": 4}, "items[0].step", "less than or equal to 3"),
        ({"stem": "Gì?"}, "items[0].stem", "at least 12"),
        ({"kind": "essay"}, "items[0]", "'choice'"),
        ({"answer": 2}, "items[0].answer", "not permitted"),
    ],
)
def test_a_bad_item_is_named(tmp_path: Path, change: dict[str, Any], field: str, message: str) -> None:
    found = [
        (where, words) for where, words in faults(write(tmp_path, [item(1, **change)])) if where == field
    ]

    assert len(found) == 1
    assert message in found[0][1]


def test_a_reason_is_needed_for_each_option(tmp_path: Path) -> None:
    broken = item(1)
    del broken["options"][2]["why"]

    assert faults(write(tmp_path, [broken]))[0][0] == "items[0].options[2].why"


def test_equal_slugs_and_equal_stems_are_found(tmp_path: Path) -> None:
    twin = item(2, right=2, slug="cau-0", stem="CÂU  HỎI thử số 1 là gì?")

    assert faults(write(tmp_path, [*SIX[:2], twin, *SIX[3:]])) == [
        ("items[2].slug", "the same slug stands in content/items/thu/0.1.yaml cau-0"),
        ("items[2].stem", "the same stem stands in content/items/thu/0.1.yaml cau-1"),
    ]


def test_a_favourite_place_of_the_key_is_found(tmp_path: Path) -> None:
    library = write(tmp_path, [item(number, right=number % 2) for number in range(6)])

    assert faults(library) == [
        ("items", "the key stands at place 1 in 50% of the items"),
        ("items", "the key stands at place 2 in 50% of the items"),
        ("items", "the key stands at place 3 in 0% of the items"),
        ("items", "the key stands at place 4 in 0% of the items"),
    ]


def test_keys_that_are_longest_too_often_are_found(tmp_path: Path) -> None:
    items = [item(number, right=number % 4) for number in range(6)]
    for one in items[:3]:
        next(option for option in one["options"] if option["right"])["text"] += " và còn dài hơn"
    for one in items[3:]:
        next(option for option in one["options"] if not option["right"])["text"] += " và còn dài hơn"

    assert faults(write(tmp_path, items)) == [("items", "the key is the longest option in 50% of the items")]


def test_a_skill_that_no_framework_has_is_found(tmp_path: Path) -> None:
    found = faults(write(tmp_path, SIX, skill="7.7"))

    assert ("skill", "the framework thu has no skill 7.7") in found
    assert ("skill", "the file belongs at items/thu/7.7.yaml") in found


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"length": 3}, ("blueprint", "the groups sum to 2, the length is 3")),
        ({"framework": "khac"}, ("framework", "no framework khac")),
        ({"blueprint": {"5": 2}}, ("blueprint.5", "the framework has no group 5")),
        ({"blueprint": {"0": 3}, "length": 3}, ("blueprint.0", "3 items need a bank of 9, there are 6")),
    ],
)
def test_a_bad_test_is_named(tmp_path: Path, change: dict[str, Any], fault: tuple[str, str]) -> None:
    assert faults(write(tmp_path, SIX, test_rules(**change))) == [fault]


# -- loading


def load(library: Library) -> tuple[dict[str, int], dict[str, int]]:
    assert library.problems == []
    counts = load_content(library)
    return counts["items"], counts["tests"]


ADDED = {"added": 1, "changed": 0, "same": 0, "retired": 0}
CHANGED = {"added": 0, "changed": 1, "same": 0, "retired": 0}
SAME = {"added": 0, "changed": 0, "same": 1, "retired": 0}


@pytest.mark.django_db
def test_loading_twice_has_the_same_result(tmp_path: Path) -> None:
    first, second = load(write(tmp_path, SIX)), load(write(tmp_path, SIX))

    assert (first, second) == ((ADDED, ADDED), (SAME, SAME))
    assert Item.objects.count() == 6


@pytest.mark.django_db
def test_a_changed_item_is_a_new_version_and_the_old_one_stays(tmp_path: Path) -> None:
    load(write(tmp_path, SIX))

    counts = load(write(tmp_path, [item(0, stem="Câu hỏi đã sửa lại là gì?"), *SIX[1:]]))

    assert counts == (CHANGED, SAME)
    versions = (
        Item.objects.filter(slug="cau-0").order_by("version").values_list("version", "current", "body__stem")
    )
    assert list(versions) == [(1, False, "Câu hỏi thử số 0 là gì?"), (2, True, "Câu hỏi đã sửa lại là gì?")]
    assert Item.objects.count() == 7


@pytest.mark.django_db
def test_another_review_date_makes_no_new_version(tmp_path: Path) -> None:
    load(write(tmp_path, SIX))

    counts = load(write(tmp_path, SIX, review={"by": "Ban biên tập", "on": "2026-12-01"}))

    assert counts == (CHANGED, SAME)
    assert Item.objects.count() == 6
    assert {one.head["review"]["on"] for one in Item.objects.all()} == {"2026-12-01"}


@pytest.mark.django_db
def test_an_item_that_is_gone_is_retired_and_may_return(tmp_path: Path) -> None:
    load(write(tmp_path, [*SIX, item(6)]))

    gone = load(write(tmp_path, SIX))
    back = load(write(tmp_path, [*SIX, item(6)]))

    assert gone[0] == {"added": 0, "changed": 0, "same": 1, "retired": 1}
    assert back[0] == CHANGED
    assert list(Item.objects.filter(slug="cau-6").values_list("version", "current")) == [(1, True)]


@pytest.mark.django_db
def test_a_new_version_of_a_test_stands_beside_the_old_one(tmp_path: Path) -> None:
    load(write(tmp_path, SIX))
    attempt = make_attempt(Test.objects.get())

    load(write(tmp_path, SIX, test_rules(version="2", minutes=50)))

    assert list(Test.objects.order_by("version").values_list("version", "current")) == [
        ("1", False),
        ("2", True),
    ]
    attempt.refresh_from_db()
    assert attempt.test.minutes == 40


@pytest.mark.django_db
def test_a_test_that_is_gone_is_retired(tmp_path: Path) -> None:
    load(write(tmp_path, SIX))
    (tmp_path / "content/tests/thu.yaml").unlink()

    counts = load(Library(tmp_path / "content"))

    assert counts[1] == {"added": 0, "changed": 0, "same": 0, "retired": 1}


# -- the content that is shipped


@pytest.fixture(scope="module")
def shipped() -> Library:
    return Library(Path(settings.CONTENT))


def test_the_shipped_bank_has_no_problem(shipped: Library) -> None:
    own = [
        problem for problem in shipped.problems if problem.path.startswith(("content/items", "content/tests"))
    ]

    assert own == []
    assert sum(len(model.items) for model in shipped.models("items")) >= 160


@pytest.mark.django_db
def test_what_is_exported_loads_back_as_the_same(tmp_path: Path, shipped: Library) -> None:
    load_content(shipped)
    export_content(tmp_path / "content")

    again = Library(tmp_path / "content")

    counts = load_content(again)
    assert again.problems == []
    for name in ("items", "tests"):
        assert counts[name] == {"added": 0, "changed": 0, "same": len(shipped.parsed[name]), "retired": 0}


@pytest.mark.django_db
def test_loading_an_unchanged_bank_asks_little_of_the_database(
    shipped: Library, django_assert_max_num_queries: Any
) -> None:
    load_content(shipped)

    with django_assert_max_num_queries(2 * len(shipped.parsed["items"])):
        outcomes = {KINDS[0].load(one) for one in shipped.parsed["items"]}

    assert outcomes == {"same"}
