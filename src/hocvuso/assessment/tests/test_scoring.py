from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.scoring import score_answers

answers = st.lists(st.tuples(st.sampled_from("012"), st.sampled_from([True, False, None])), min_size=1)


def rows(right: int, asked: int, group: str = "0") -> list[tuple[str, bool | None]]:
    return [(group, number < right) for number in range(asked)]


def test_exactly_the_pass_share_passes() -> None:
    assert [score_answers(rows(right, 20), 0.7, 0).passed for right in (13, 14)] == [False, True]


def test_one_weak_group_fails_where_there_is_a_floor() -> None:
    given_answers = rows(9, 9, "0") + rows(0, 1, "1")

    assert score_answers(given_answers, 0.7, 0.0).passed
    assert not score_answers(given_answers, 0.7, 0.5).passed


def test_an_open_question_counts_as_asked() -> None:
    score = score_answers([("4", True), ("4", None), ("1", False)], 0.5, 0)

    assert score.profile == {"1": [0, 1], "4": [1, 2]}
    assert score.share == 1 / 3


def test_nothing_asked_passes_nothing() -> None:
    assert not score_answers([], 0.0, 0.0).passed


@given(answers)
def test_the_profile_adds_up_to_the_share(given_answers: list[tuple[str, bool | None]]) -> None:
    score = score_answers(given_answers, 0.7, 0)

    asked = sum(asked for _right, asked in score.profile.values())
    assert asked == len(given_answers)
    assert score.share == sum(right for right, _asked in score.profile.values()) / asked


@given(answers, st.floats(0.01, 1), st.floats(0, 1))
def test_one_more_right_answer_never_turns_a_pass_into_a_fail(
    given_answers: list[tuple[str, bool | None]], pass_share: float, floor: float
) -> None:
    better = [(given_answers[0][0], True), *given_answers[1:]]

    before, after = (score_answers(each, pass_share, floor) for each in (given_answers, better))

    assert after.passed >= before.passed
