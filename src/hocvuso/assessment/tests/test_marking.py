"""Answers by kind: read from the screen and judged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.drawing import shuffle_parts
from hocvuso.assessment.engine.marking import (
    NotAnswered,
    NotShown,
    is_right,
    keys,
    parts,
    plain,
    read_answer,
    texts,
)

OPTIONS = [{"text": "A", "right": True}, {"text": "B"}, {"text": "C", "right": True}, {"text": "D"}]
BODIES: dict[str, dict[str, Any]] = {
    "choice": {"options": [{"text": "A"}, {"text": "B", "right": True}, {"text": "C"}]},
    "hotspot": {"options": [{"text": "A", "mark": 1}, {"text": "B", "mark": 2, "right": True}]},
    "multiple": {"options": OPTIONS},
    "order": {"steps": ["một", "hai", "ba", "bốn"]},
    "match": {
        "pairs": [{"left": "a", "right": "x"}, {"left": "b", "right": "y"}, {"left": "c", "right": "z"}]
    },
    "short": {"accept": ["113", "một một ba"], "input": "text"},
}


def give_key(kind: str, order: list[int]) -> tuple[list[int | None], str]:
    """What somebody who knows taps on a screen shuffled like this."""
    key = keys(kind, BODIES[kind])[0]
    if kind == "short":
        return [], key
    if kind == "order":
        return [index + 1 for index in order], ""
    return [order.index(index) for index in key], ""


@given(kind=st.sampled_from(sorted(BODIES)), seed=st.integers(0, 2**60))
def test_whoever_knows_is_right_however_it_was_shuffled(kind, seed):
    body = BODIES[kind]
    order = shuffle_parts(kind, parts(kind, body), "cau", seed)

    shown, text = give_key(kind, order)

    assert is_right(kind, body, read_answer(kind, shown, text, order))


@given(
    kind=st.sampled_from(sorted(set(BODIES) - {"short"})),
    shown=st.lists(st.none() | st.integers(-1, 7), max_size=6),
)
def test_any_other_answer_is_refused_or_wrong(kind, shown):
    body = BODIES[kind]
    order = list(range(parts(kind, body)))
    try:
        answer = read_answer(kind, shown, "", order)
    except (NotAnswered, NotShown):
        return

    assert is_right(kind, body, answer) == (answer in keys(kind, body))
    assert all(index in order for index in answer)


@pytest.mark.parametrize(
    ("kind", "shown", "error"),
    [
        ("choice", [], NotAnswered),
        ("choice", [3], NotShown),
        ("choice", [0, 1], NotShown),
        ("multiple", [], NotAnswered),
        ("multiple", [1, 1], NotShown),
        ("multiple", [4], NotShown),
        ("order", [1, 2, 3, None], NotAnswered),
        ("order", [1, 2, 2, 3], NotAnswered),
        ("order", [1, 2, 3], NotShown),
        ("order", [0, 1, 2, 3], NotShown),
        ("match", [0, None, 2], NotAnswered),
        ("match", [0, 1], NotShown),
        ("match", [0, 1, 3], NotShown),
        ("short", [], NotAnswered),
    ],
)
def test_what_is_open_and_what_was_not_shown_are_told_apart(kind, shown, error):
    with pytest.raises(error):
        read_answer(kind, shown, " … ", list(range(parts(kind, BODIES[kind]))))


def test_several_answers_are_right_only_together():
    body = BODIES["multiple"]

    verdicts = [is_right("multiple", body, answer) for answer in ([0, 2], [0], [0, 2, 3], [1, 3])]

    assert verdicts == [True, False, False, False]


@pytest.mark.parametrize("typed", ["1.000.000", "1 000 000 đồng", "1000000Đ", " 1,000,000 "])
def test_a_number_may_be_written_as_people_write_it(typed):
    body = {"accept": ["1000000"], "input": "number"}

    assert is_right("short", body, read_answer("short", [], typed, []))


@pytest.mark.parametrize("typed", ["MỘT MỘT BA", "mot  mot ba", "mo\u0323\u0302t mo\u0323\u0302t ba"])
def test_a_word_may_be_typed_without_marks(typed):
    assert plain(typed) == "motmotba"


def test_what_is_shown_follows_the_order():
    assert texts("order", BODIES["order"], [2, 0, 1, 3]) == ["ba", "một", "hai", "bốn"]
    assert texts("match", BODIES["match"], [2, 0, 1]) == ["z", "x", "y"]
    assert texts("multiple", BODIES["multiple"], [3, 2, 1, 0]) == ["D", "C", "B", "A"]
    assert texts("short", BODIES["short"], [0, 1]) == []
