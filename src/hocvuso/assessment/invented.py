"""Sittings of invented people, through the real engine and bank: for the demo world."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from hocvuso.assessment.banks import open_bank, version_for
from hocvuso.assessment.engine.profile import score_groups
from hocvuso.assessment.engine.sitting import sit
from hocvuso.assessment.engine.verdict import judge
from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.selection import policy_of


@dataclass(frozen=True, slots=True)
class Sat:
    """`answers`: (item's primary key, right) as asked; the rest as an attempt keeps it."""

    answers: list[tuple[int, bool]]
    profile: dict[str, list[int]]
    score: float
    passed: bool
    estimate: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sitter:
    """`sit(above, seed)`: somebody whose ability lies so many logits above the cut sits the test."""

    bank: str
    sit: Callable[[float, int], Sat]


def make_sitter(test: Test) -> Sitter:
    version = version_for(test)
    opened, policy = open_bank(version.pk), policy_of(test)
    calibrated = version.calibration_id is not None

    def sit_test(above: float, seed: int) -> Sat:
        sitting = sit(opened.table, policy, (policy.cut or 0.0) + above, seed)
        groups = score_groups(opened.table, policy, sitting.answers)
        verdict = judge(sitting.step, policy, groups)
        right = sum(right for _item, right in sitting.answers)
        return Sat(
            answers=[(opened.items[item], right) for item, right in sitting.answers],
            profile={one.group: [one.right, one.asked] for one in groups},
            score=round(right / len(sitting.answers), 4),
            passed=verdict.passed,
            estimate={**verdict.as_json(), "calibrated": calibrated},
        )

    return Sitter(version.pk, sit_test)
