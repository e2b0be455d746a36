"""A lesson one thing at a time."""

import re

from hypothesis import given
from hypothesis import strategies as st

from hocvuso.learning.engine.lesson import CHECK_HERE, publish
from hocvuso.learning.engine.pages import Block, paginate
from hocvuso.learning.tests.make import BODY

PLAIN = ["text", "heading", "tip", "warning", "ask", "check"]


def block(kind: str, number: int, marks: frozenset[str], words: int) -> Block:
    html = f"[{kind}{number}]"
    if kind == "steps":
        items = tuple(
            Block("step", f"[step{number}.{n}]", says=frozenset({mark}))
            for n, mark in enumerate(sorted(marks))
        )
        return Block(kind, html, says=marks, items=items or (Block("step", f"[step{number}.0]"),))
    if kind == "screen":
        return Block(kind, html, shows=marks)
    return Block(kind, html, says=marks, words=words)


BLOCKS = st.lists(
    st.tuples(
        st.sampled_from([*PLAIN, "steps", "screen"]),
        st.frozensets(st.sampled_from("1234")),
        st.integers(0, 60),
    ),
    min_size=1,
).filter(lambda blocks: any(kind != "screen" for kind, _, _ in blocks))


@given(BLOCKS)
def test_nothing_is_lost_and_the_order_is_kept(chosen: list[tuple[str, frozenset[str], int]]) -> None:
    blocks = [block(kind, number, marks, words) for number, (kind, marks, words) in enumerate(chosen)]

    pages = paginate(blocks)

    wanted = [one.html for whole in blocks if whole.kind != "screen" for one in (whole.items or (whole,))]
    assert [part for page in pages for part in re.findall(r"\[(?!screen)[^\]]+\]", page)] == wanted
    assert all(any(one.html in page for page in pages) for one in blocks if one.kind == "screen")


@given(BLOCKS)
def test_a_step_stands_beside_the_screen_it_points_to(chosen: list[tuple[str, frozenset[str], int]]) -> None:
    blocks = [block(kind, number, marks, words) for number, (kind, marks, words) in enumerate(chosen)]

    pages = paginate(blocks)

    for screen in (one for one in blocks if one.kind == "screen"):
        for step in (item for whole in blocks for item in whole.items if item.says & screen.shows):
            assert any(step.html in page and screen.html in page for page in pages)


def test_each_step_is_a_page_that_goes_on_counting() -> None:
    pages = publish(BODY).pages

    assert [re.findall(r'start="(\d)"', page) for page in pages] == [[], ["1"], ["2"], ["3"], [], []]
    assert ["<figure" in page for page in pages] == [False, True, False, True, False, False]


def test_whom_to_ask_stands_below_the_question() -> None:
    last = publish(BODY).pages[-1]

    assert last.startswith(CHECK_HERE)
    assert "Nhờ người chỉ giúp" in last


def test_short_paragraphs_share_a_page_and_a_heading_goes_with_its_words() -> None:
    blocks = [
        Block("heading", "H"),
        Block("text", "a", words=20),
        Block("text", "b", words=20),
        Block("text", "c", words=20),
    ]

    assert paginate(blocks) == ["Hab", "c"]


def test_words_that_announce_stay_with_what_they_announce() -> None:
    blocks = [
        Block("text", "<p>a</p>", words=5),
        Block("text", "<p>b:</p>", words=5),
        Block("text", "<ul>c</ul>", words=60),
        Block("text", "<p>d:</p>", words=5),
        Block("steps", "", items=(Block("step", "[1]"), Block("step", "[2]"))),
    ]

    assert paginate(blocks) == ["<p>a</p>", "<p>b:</p><ul>c</ul>", "<p>d:</p>[1]", "[2]"]
