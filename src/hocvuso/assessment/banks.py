"""The versions of a bank that adaptive tests run on: fixed once used, shared by all workers, memory-mapped.

A version is a row; its table of information is a folder of files that any worker can make again from the row.
"""

import json
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256

import numpy as np
from django.conf import settings

from hocvuso.assessment.engine import cat, ladder
from hocvuso.assessment.models.items import BankVersion, Calibration, Item, ItemCalibration
from hocvuso.assessment.models.tests import Test

TABLES = settings.GENERATED.parent / "banks"
FIELDS = ("pk", "slug", "skill__group__code", "skill__code", "step", "difficulty", "kind")
# Until a calibration these are assumptions, whose effect `hocvuso items simulate` shows.
EXPECTED_SLOPE = 1.2
GUESSED: dict[str, float] = {
    Item.Kind.CHOICE: 0.2,
    Item.Kind.HOTSPOT: 0.2,
}  # nobody guesses an order or a word


@dataclass(frozen=True)
class OpenBank:
    """A version as a worker holds it: its items by number, and the table for the engine."""

    items: tuple[int, ...]
    number_of: dict[int, int]
    bank: cat.Bank
    table: cat.Table

    @cached_property
    def ladder(self) -> ladder.Ladder:
        return ladder.build_ladder(self.bank)


def version_for(test: Test) -> BankVersion:
    """Today's bank: its items with the numbers of the calibration in force, or else those expected."""
    rows = list(Item.objects.for_test(test).order_by("slug").values_list(*FIELDS))
    calibration = Calibration.objects.in_force(test.framework_id)
    measured = numbers_of(calibration)
    content = {
        "items": [row[0] for row in rows],
        "slugs": [row[1] for row in rows],
        "groups": [row[2] for row in rows],
        "skills": [row[3] for row in rows],
        "steps": [row[4] for row in rows],
        "parameters": [measured.get(row[0]) or expected_numbers(row[5], row[6]) for row in rows],
    }
    digest = sha256(json.dumps(content).encode()).hexdigest()[:16]
    version, _made = BankVersion.objects.get_or_create(
        digest=digest, defaults={"framework": test.framework, "calibration": calibration, "content": content}
    )
    return version


def expected_numbers(difficulty: float, kind: str) -> tuple[float, float, float, float]:
    return EXPECTED_SLOPE, difficulty, GUESSED.get(kind, 0.0), 1.0


def numbers_of(calibration: Calibration | None) -> dict[int, tuple[float, float, float, float]]:
    if calibration is None:
        return {}
    rows = ItemCalibration.objects.filter(calibration=calibration)
    return {item: (a, b, c, d) for item, a, b, c, d in rows.values_list("item", "a", "b", "c", "d")}


def as_bank(content: dict[str, list]) -> cat.Bank:
    a, b, c, d = np.array(content["parameters"], dtype=float).reshape(-1, 4).T
    return cat.Bank.of(
        content["slugs"],
        content["groups"],
        cat.Parameters.of(b, a, c, d),
        skills=content["skills"],
        steps=content["steps"],
    )


@lru_cache(maxsize=16)
def open_bank(digest: str) -> OpenBank:
    """Read once a worker; the files are made where they are missing or damaged."""
    row = BankVersion.objects.get(pk=digest)
    bank = as_bank(row.content)
    try:
        table = cat.open_table(TABLES / bank.version)
    except cat.BadTable:
        table = cat.open_table(cat.save_table(cat.build_table(bank), TABLES))
    items = tuple(row.content["items"])
    return OpenBank(items, {item: number for number, item in enumerate(items)}, bank, table)
