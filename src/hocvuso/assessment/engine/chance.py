"""Draws that hang on nothing but their names: the same seed gives the same test on every machine, for ever.

A generator's state would have to be kept between requests, and library generators may change with a version.
The mixing function is SplitMix64 (Steele, Lea & Flood 2014).
"""

import numpy as np

from hocvuso.assessment.engine.irt import Floats, Integers

WORD = (1 << 64) - 1
GOLDEN, FIRST, SECOND = 0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
UNIT = 2.0**-53

# What is drawn: one number a use, so that draws for different uses are independent.
EXPOSURE, TIE, FADING, ANSWER, POOL, ABILITY, CELL, WITHIN = range(1, 9)


def mix(number: int) -> int:
    number = (number + GOLDEN) & WORD
    number = ((number ^ (number >> 30)) * FIRST) & WORD
    number = ((number ^ (number >> 27)) * SECOND) & WORD
    return number ^ (number >> 31)


def draw(seed: int, use: int, number: int) -> float:
    """Evenly from [0, 1)."""
    return (mix(mix(seed + use * GOLDEN) + number) >> 11) * UNIT


def draw_many(seed: int, use: int, numbers: Integers) -> Floats:
    """`draw` of each number."""
    start = np.uint64((mix(seed + use * GOLDEN) + GOLDEN) & WORD)
    mixed = numbers.astype(np.uint64) + start
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(FIRST)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(SECOND)
    mixed ^= mixed >> np.uint64(31)
    return np.asarray((mixed >> np.uint64(11)).astype(np.float64) * UNIT)
