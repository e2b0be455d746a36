"""What an attempt is worth: shares of right answers, in all and per skill group."""

from collections.abc import Iterable
from dataclasses import dataclass

ROUNDING = 1e-9  # 0.7 of 20 is 14, whatever floating point says


@dataclass(frozen=True, slots=True)
class Score:
    share: float
    profile: dict[str, list[int]]  # {group: [right, asked]}
    passed: bool


def score_answers(answers: Iterable[tuple[str, bool | None]], pass_share: float, group_floor: float) -> Score:
    """`answers` are pairs of group and right; a question left open counts as asked and not right."""
    profile: dict[str, list[int]] = {}
    for group, right in answers:
        counts = profile.setdefault(group, [0, 0])
        counts[0] += bool(right)
        counts[1] += 1
    asked = sum(counts[1] for counts in profile.values())
    share = sum(counts[0] for counts in profile.values()) / asked if asked else 0.0
    lowest = min((right / number for right, number in profile.values()), default=0.0)
    passed = asked > 0 and share >= pass_share - ROUNDING and lowest >= group_floor - ROUNDING
    return Score(share, dict(sorted(profile.items())), passed)
