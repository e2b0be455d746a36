"""Answers of many people to many items, most never asked: triplets at rest, dense rows a block at a time."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Singles = NDArray[np.float32]
Numbers = NDArray[np.int64]
Cells = tuple[Numbers, Numbers]  # rows and columns
Flags = NDArray[np.bool_]
Labels = NDArray[Any]

CELLS = 1 << 19  # of one dense block: 2 MiB of float32 stay in the cache between filling and product
TABLE = 1 << 24  # whole-numbered ids below this are numbered by table instead of search


class CannotCalibrate(ValueError):
    """The responses do not carry what was asked of them; nothing was calculated."""


class GroupTooSmall(CannotCalibrate):
    def __init__(self, group: str, count: int, needed: int) -> None:
        self.group, self.count, self.needed = group, count, needed
        super().__init__(f"group {group!r} has {count} people; {needed} are needed")


@dataclass(frozen=True, eq=False)
class Responses:
    """One entry a response, sorted by person; `person` and `item` count from 0 into `people` and `items`.

    17 bytes a response: 100,000 people with 60 answers each take 100 MB.
    """

    people: Labels
    items: Labels
    person: Numbers
    item: Numbers
    right: Flags

    @classmethod
    def of(cls, person: ArrayLike, item: ArrayLike, right: ArrayLike) -> "Responses":
        """From three columns of equal length; any ids will do. One person answers one item at most once."""
        persons, items, marks = np.asarray(person), np.asarray(item), np.asarray(right)
        check_columns(persons, items, marks)
        people, row = number(persons)
        bank, column = number(items)
        if np.any(row[1:] < row[:-1]):
            order = np.argsort(row, kind="stable")
            row, column, marks = row[order], column[order], marks[order]
        found = cls(people, bank, row, column, marks.astype(np.bool_))
        found.refuse_twice()
        return found

    @property
    def answered(self) -> Numbers:
        """How many people answered each item."""
        return np.bincount(self.item, minlength=len(self.items))

    @property
    def answered_right(self) -> Numbers:
        return np.bincount(self.item[self.right], minlength=len(self.items))

    def where(self, kept: Flags) -> "Responses":
        """These responses alone; people and items without any drop out."""
        people, row = number(self.person[kept])
        bank, column = number(self.item[kept])
        return Responses(self.people[people], self.items[bank], row, column, self.right[kept])

    def only(self, items: ArrayLike) -> "Responses":
        return self.where(np.isin(self.items, items)[self.item])

    def without(self, items: ArrayLike) -> "Responses":
        return self.where(~np.isin(self.items, items)[self.item])

    def every(self, step: int) -> "Responses":
        """Every so-manieth person, the same ones each time."""
        return self.where(self.person % step == 0)

    def labels(self, by_person: Mapping[Any, str]) -> list[str]:
        """One label a person; empty where none is known."""
        return [by_person.get(person) or "" for person in self.people.tolist()]

    def stretches(self, width: int) -> Iterator[tuple[slice, slice]]:
        """People and their responses, so many at a time that a dense block of `width` is CELLS large."""
        rows, count = max(64, CELLS // width), len(self.people)
        edges = [*range(0, count, rows), count]
        starts = np.searchsorted(self.person, edges).tolist()
        for first, last, start, stop in zip(edges, edges[1:], starts, starts[1:], strict=False):
            yield slice(first, last), slice(start, stop)

    def blocks(self) -> Iterator[tuple[slice, Cells, Singles]]:
        """People, the places of their responses, and their rows [right | wrong] of noughts and ones.

        A block lives until the next is asked for.
        """
        width = 2 * len(self.items)
        buffer = np.zeros((max(64, CELLS // width), width), np.float32)
        for people, entries in self.stretches(width):
            filled = (
                self.person[entries] - people.start,
                self.item[entries] + len(self.items) * ~self.right[entries],
            )
            buffer[filled] = 1
            yield people, filled, buffer[: people.stop - people.start]
            buffer[filled] = 0

    def refuse_twice(self) -> None:
        width = len(self.items)
        for people, entries in self.stretches(width):
            times = np.bincount((self.person[entries] - people.start) * width + self.item[entries])
            twice = np.flatnonzero(times > 1)
            if len(twice):
                person, item = divmod(int(twice[0]), width)
                person_id, item_id = self.people[people.start + person], self.items[item]
                raise CannotCalibrate(f"person {person_id} answered item {item_id} more than once")


def check_columns(person: Labels, item: Labels, right: Labels) -> None:
    if not person.ndim == item.ndim == right.ndim == 1 or not len(person) == len(item) == len(right):
        raise CannotCalibrate("person, item and right must be columns of equal length")
    if not len(person):
        raise CannotCalibrate("there is no response at all")
    if right.dtype != np.bool_ and not np.all((right == 0) | (right == 1)):
        raise CannotCalibrate("right must be 0 or 1; leave out what was not answered")


def number(labels: Labels) -> tuple[Labels, Numbers]:
    """The different labels in order, and for each entry the place of its label among them."""
    if labels.dtype.kind in "iu" and labels.size and labels.min() >= 0 and labels.max() < TABLE:
        found = np.flatnonzero(np.bincount(labels))
        table = np.zeros(int(found[-1]) + 1, np.int64)
        table[found] = np.arange(len(found))
        return found, table[labels]
    distinct = np.unique(labels)
    return distinct, np.searchsorted(distinct, labels).astype(np.int64)
