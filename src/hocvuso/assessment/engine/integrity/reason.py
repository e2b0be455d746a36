"""What a reviewer is told: a code for what was seen. It names numbers, never what a person did."""

from enum import StrEnum


class Reason(StrEnum):
    UNLIKELY_PATTERN = "unlikely_pattern"  # hard items right and easy ones wrong more than ability explains
    UNEVEN_COURSE = "uneven_course"  # long stretches of one test far better or worse than the rest
    SIMILAR_ANSWERS = "similar_answers"  # two people agree more than their abilities explain
    RAPID_ANSWERS = "rapid_answers"  # too many answers given before the item can have been read
    FAST_ON_HARD = "fast_on_hard"  # right on hard items far faster than on the others
    FAST_THROUGHOUT = "fast_throughout"  # faster than others on all items
    EASIER_THAN_BEFORE = "easier_than_before"  # an item is answered right more often than its difficulty says
    OVER_EXPOSED = "over_exposed"  # an item is shown more often than the rate allowed
