"""What can be told of items without reading them: balance, length, negations, likeness, age of sources."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from hocvuso.assessment.item_shapes import ChoiceShape, HotspotShape, MatchShape, MultipleShape, OrderShape
from hocvuso.base.content import Parsed, Problem
from hocvuso.base.folding import fold

ENOUGH_TO_BALANCE = 6  # in a smaller file the place of the key cannot be even
KEY_SHARE = (0.10, 0.45)
LONGEST_SHARE = 0.45
NEGATED_SHARE = 0.15
NEGATION = re.compile(r"không nên|không phải|không đúng|ngoại trừ")
LONGEST_SENTENCE = 30  # words; grade 5–6 reads half of that with ease
SENTENCE_END = re.compile(r"[.?!:;…]\s")
ALIKE = 0.5  # shared three-word runs of question and key, of all that either has (Jaccard)
COMMON_RUN = 60  # a run that so many items have says nothing
SOURCES_HOLD = timedelta(days=730)

Files = Sequence[Parsed[Any]]


def lint_file(one: Parsed[Any], today: date) -> Iterator[Problem]:
    yield from check_balance(one)
    yield from check_words(one)
    yield from check_sources(one, today)


def check_balance(one: Parsed[Any]) -> Iterator[Problem]:
    """Whoever always taps the second option, or the longest, must not do better than chance."""
    items = [item for item in one.model.items if isinstance(item, ChoiceShape)]
    if len(items) < ENOUGH_TO_BALANCE:
        return
    keys = Counter(item.key() for item in items)
    for position in range(max(len(item.options) for item in items)):
        possible = sum(len(item.options) > position for item in items)
        share = keys[position] / possible
        if possible >= ENOUGH_TO_BALANCE and not KEY_SHARE[0] <= share <= KEY_SHARE[1]:
            message = f"the key stands at place {position + 1} in {share:.0%} of the items"
            yield one.document.problem(("items",), message)
    longest = sum(item.key_is_longest() for item in items) / len(items)
    if longest > LONGEST_SHARE:
        yield one.document.problem(("items",), f"the key is the longest option in {longest:.0%} of the items")


def check_words(one: Parsed[Any]) -> Iterator[Problem]:
    for row, item in enumerate(one.model.items):
        longest = max(len(sentence.split()) for sentence in SENTENCE_END.split(item.stem))
        if longest > LONGEST_SENTENCE:
            yield one.document.problem(("items", row, "stem"), f"a sentence of {longest} words: part it")
    negated = [item for item in one.model.items if NEGATION.search(item.stem.lower())]
    if len(negated) > max(1, NEGATED_SHARE * len(one.model.items)):
        message = f"{len(negated)} questions ask for what is not so: turn some round"
        yield one.document.problem(("items",), message)


def check_sources(one: Parsed[Any], today: date) -> Iterator[Problem]:
    for row, source in enumerate(one.model.sources):
        if today - source.checked_on > SOURCES_HOLD:
            yield one.document.problem(
                ("sources", row, "checked_on"), f"checked on {source.checked_on}: look at it again"
            )


def find_alike(files: Files) -> Iterator[Problem]:
    """Items of one framework whose question and key are nearly the same words."""
    places = [(one, row) for one in files for row in range(len(one.model.items))]
    runs = [runs_of(one.model.items[row]) for one, row in places]
    having: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for number, own in enumerate(runs):
        for run in own:
            having[run].append(number)
    shared = Counter(
        pair for numbers in having.values() if len(numbers) < COMMON_RUN for pair in combinations(numbers, 2)
    )
    for (first, second), common in sorted(shared.items()):
        (one, row), (other, its) = places[second], places[first]
        if one.model.framework == other.model.framework and common > ALIKE * len(runs[first] | runs[second]):
            slug = other.model.items[its].slug
            yield one.document.problem(("items", row, "stem"), f"nearly the same as {slug}")


def runs_of(item: Any) -> set[tuple[str, ...]]:
    words = fold(f"{item.stem} {key_text(item)}").split()
    return set(zip(words, words[1:], words[2:], strict=False))


def key_text(item: Any) -> str:
    if isinstance(item, (ChoiceShape, MultipleShape, HotspotShape)):
        return " ".join(option.text for option in item.options if option.right)
    if isinstance(item, OrderShape):
        return " ".join(item.steps)
    if isinstance(item, MatchShape):
        return " ".join(pair.right for pair in item.pairs)
    return " ".join(item.accept)
