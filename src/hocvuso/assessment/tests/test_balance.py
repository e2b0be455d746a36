from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from hocvuso.assessment.engine.balance import groups_due


@given(st.lists(st.integers(0, 50), min_size=1, max_size=12).filter(any), st.integers(0, 11))
def test_the_balance_is_within_one_for_any_shares(weights: list[int], first: int) -> None:
    shares = [weight / sum(weights) for weight in weights]
    counts = [0] * len(shares)

    for length in range(1, 121):
        counts[groups_due(shares, counts, first % len(shares))[0]] += 1

        assert all(abs(count - share * length) < 1 for count, share in zip(counts, shares, strict=True))


def test_the_group_furthest_behind_would_not_have_kept_within_one() -> None:
    """Why the rule is Tijdeman's: here the simple one is a whole item out, ours is not."""
    shares = [weight / 135 for weight in (1, 1, 30, 1, 1, 30, 5, 30, 5, 1, 30)]

    def furthest_off(next_group: Callable[[list[int], int], int]) -> float:
        counts, worst = [0] * len(shares), 0.0
        for length in range(1, 201):
            counts[next_group(counts, length)] += 1
            off = (abs(count - share * length) for count, share in zip(counts, shares, strict=True))
            worst = max(worst, *off)
        return worst

    def behind(counts: list[int], length: int) -> int:
        return max(range(len(shares)), key=lambda group: shares[group] * length - counts[group])

    assert furthest_off(behind) > 1
    assert furthest_off(lambda counts, _length: groups_due(shares, counts)[0]) < 1
