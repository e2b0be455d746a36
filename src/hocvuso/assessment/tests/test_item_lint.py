"""The linter names what a careful editor would, with file, line and field."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hocvuso.assessment.item_lint import check_sources
from hocvuso.assessment.tests.test_content import faults, item, write


def short(number: int, stem: str, accept: str = "113") -> dict[str, Any]:
    return {
        "slug": f"ngan-{number}",
        "kind": "short",
        "input": "number",
        "step": 1,
        "difficulty": 0.0,
        "stem": stem,
        "accept": [accept],
        "why": "Đúng rồi. Số này ai cũng nên nhớ.",
    }


def found_in(folder: Path, *items: dict[str, Any]) -> list[tuple[str, str]]:
    """In the items: the test beside them wants more than a few."""
    return [fault for fault in faults(write(folder, list(items))) if fault[0].startswith("items")]


def test_nearly_the_same_question_is_named(tmp_path: Path) -> None:
    first = "Bác Tư bị kẻ lạ gọi điện dọa bắt, bác gọi số nào để báo công an?"
    second = "Cô Sáu bị kẻ lạ gọi điện dọa bắt, cô gọi số nào để báo công an?"

    found = found_in(tmp_path, short(1, first), short(2, second))

    assert found == [("items[1].stem", "nearly the same as ngan-1")]


def test_different_questions_are_not(tmp_path: Path) -> None:
    first = "Bác Tư bị kẻ lạ gọi điện dọa bắt. Bác gọi số nào để báo công an?"
    second = "Nhà bên bốc khói nghi ngút. Gọi số nào để có xe chữa cháy tới?"

    assert found_in(tmp_path, short(1, first), short(2, second, "114")) == []


def test_a_sentence_too_long_to_read_is_named(tmp_path: Path) -> None:
    stem = f"Bác Tư {'đi chợ rồi về nhà ' * 6}thì gọi số nào?"

    assert found_in(tmp_path, short(1, stem)) == [("items[0].stem", "a sentence of 36 words: part it")]


def test_many_questions_for_what_is_not_so_are_named(tmp_path: Path) -> None:
    stems = [
        "Việc nào không nên làm khi thấy dây điện đứt?",
        "Người bán rau nói giá cao, điều gì không phải là lỗi của ví điện tử?",
        "Khi lên xe buýt, mã nào không đúng với vé tháng?",
    ]

    found = found_in(tmp_path, *(short(number, stem) for number, stem in enumerate(stems)))

    assert found == [("items", "3 questions ask for what is not so: turn some round")]


@pytest.mark.parametrize(("day", "number"), [(date(2028, 11, 1), 0), (date(2028, 12, 1), 1)])
def test_a_source_looked_at_two_years_ago_is_named(tmp_path: Path, day: date, number: int) -> None:
    library = write(tmp_path, [item(1)])

    assert len(list(check_sources(library.parsed["items"][0], day))) == number
