"""An item bank as the engine sees it, and its table: everything a step looks up, computed once a version.

The table of a version is a folder of .npy files. Workers map the same files into memory, so a bank of
20,000 items costs its size once a machine, and a step reads a few rows of it.
"""

import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hocvuso.assessment.engine.ability import make_grid
from hocvuso.assessment.engine.irt import Floats, Integers, Parameters, information, log_probabilities

FORMAT = "1"
MOST_CUTS = 32


class BadTable(ValueError):
    """A saved table that is missing, damaged, or of another format: build it again."""


@dataclass(frozen=True, eq=False)
class Bank:
    """Items by number, 0 to n - 1; all else is one entry an item, or a list of names that entries point into.

    `parameters` is None for a bank that is not calibrated. Items with the same number in `enemy` give each
    other away, so one test asks at most one of them; -1 is an item without enemies.
    """

    slugs: tuple[str, ...]
    groups: tuple[str, ...]
    group: Integers
    skills: tuple[str, ...]
    skill: Integers
    step: Integers
    enemy: Integers
    parameters: Parameters | None = None

    @classmethod
    def of(
        cls,
        slugs: Sequence[str],
        groups: Sequence[str],
        parameters: Parameters | None = None,
        skills: Sequence[str] | None = None,
        steps: ArrayLike = 1,
        enemies: ArrayLike = -1,
    ) -> "Bank":
        """From one name an item of its group and its skill (its group, if not said). Raises ValueError."""
        size = len(slugs)
        for name, given in (("groups", groups), ("skills", skills), ("parameters", parameters)):
            if given is not None and len(given) != size:
                raise ValueError(f"bank: {name} has {len(given)} entries for {size} items")
        if len(set(slugs)) != size:
            raise ValueError("bank: two items have the same slug")
        group_names, group = number_names(groups)
        skill_names, skill = number_names(groups if skills is None else skills)
        spread = (
            np.broadcast_to(np.asarray(one, dtype=np.int64), (size,)).copy() for one in (steps, enemies)
        )
        return cls(
            tuple(slugs), group_names, group, skill_names, skill, next(spread), next(spread), parameters
        )

    def __len__(self) -> int:
        return len(self.slugs)

    @property
    def version(self) -> str:
        """16 hex digits that change with any number or name that a step depends on."""
        digest = sha256(FORMAT.encode())
        digest.update(json.dumps([self.slugs, self.groups, self.skills]).encode())
        for numbers in (self.group, self.skill, self.step, self.enemy):
            digest.update(numbers.tobytes())
        if self.parameters is not None:
            digest.update(pack_parameters(self.parameters).tobytes())
        return digest.hexdigest()[:16]


def number_names(names: Sequence[str]) -> tuple[tuple[str, ...], Integers]:
    distinct = tuple(sorted(set(names)))
    number = {name: index for index, name in enumerate(distinct)}
    return distinct, np.array([number[name] for name in names], dtype=np.int64)


def pack_parameters(p: Parameters) -> Floats:
    return np.stack((p.a, p.b, p.c, p.d))


@dataclass(frozen=True, eq=False)
class Table:
    """What a step needs of a calibrated bank, on a grid of abilities.

    log_answer[item, right, point] is the log-probability of an answer; information[point, item] is Fisher's.
    order[point] lists all items, most informative first; group_order[point] does so within each group, where
    the items of group g stand from group_start[g] to group_start[g + 1].
    """

    bank: Bank
    parameters: Parameters
    version: str
    grid: Floats
    log_answer: Floats
    information: Floats
    order: NDArray[np.int32]
    group_order: NDArray[np.int32]
    group_start: Integers
    ratios: dict[tuple[float, float], Floats] = field(default_factory=dict)

    def nearest(self, theta: float) -> int:
        """The number of the grid point next to an ability."""
        first, second = self.grid[0], self.grid[1]
        return min(max(round(float((theta - first) / (second - first))), 0), len(self.grid) - 1)

    def log_ratios(self, low: float, high: float) -> Floats:
        """log P(answer at high) / P(answer at low), shaped (items, right); kept, since cuts are few."""
        if (low, high) not in self.ratios:
            if len(self.ratios) >= MOST_CUTS:
                self.ratios.clear()
            right, wrong = log_probabilities(np.array([low, high]), self.parameters)
            self.ratios[low, high] = np.stack((wrong[1] - wrong[0], right[1] - right[0]), axis=1)
        return self.ratios[low, high]


def build_table(bank: Bank, grid: Floats | None = None) -> Table:
    """Cost: about 2.6 kB an item, and half a second for 20,000 items. Raises ValueError if not calibrated."""
    if bank.parameters is None:
        raise ValueError("table: the bank is not calibrated; use engine.ladder")
    if not len(bank):
        raise ValueError("table: the bank is empty")
    points = make_grid() if grid is None else grid
    right, wrong = log_probabilities(points, bank.parameters)
    informs = information(points, bank.parameters)
    # Ties go to the lower item number: a stable sort of the negated rows.
    order = np.argsort(-informs, axis=1, kind="stable")
    by_group = np.argsort(bank.group[order], axis=1, kind="stable")
    return Table(
        bank=bank,
        parameters=bank.parameters,
        version=bank.version,
        grid=points,
        log_answer=np.ascontiguousarray(np.stack((wrong, right)).transpose(2, 0, 1)),
        information=informs,
        order=order.astype(np.int32),
        group_order=np.take_along_axis(order, by_group, axis=1).astype(np.int32),
        group_start=start_of_groups(bank),
    )


def start_of_groups(bank: Bank) -> Integers:
    sizes = np.bincount(bank.group, minlength=len(bank.groups))
    return np.concatenate(([0], np.cumsum(sizes))).astype(np.int64)


def save_table(table: Table, folder: Path) -> Path:
    """Write `folder`/<version>, whole or not at all, and say where it is.

    A sound version that is there stays; a damaged one is replaced. Workers that have mapped it keep theirs.
    """
    place = folder / table.version
    if is_sound(place):
        return place
    folder.mkdir(parents=True, exist_ok=True)
    passing = Path(tempfile.mkdtemp(prefix=f".{table.version}-", dir=folder))
    try:
        write_files(table, passing / "new")
        if place.exists():
            os.rename(place, passing / "old")
        os.rename(passing / "new", place)
    except OSError:
        if not is_sound(place):  # else another worker was first with the same version
            raise
    finally:
        shutil.rmtree(passing, ignore_errors=True)
    return place


def is_sound(place: Path) -> bool:
    try:
        open_table(place)
    except BadTable:
        return False
    return True


def write_files(table: Table, folder: Path) -> None:
    bank = table.bank
    arrays: dict[str, NDArray] = {
        "grid": table.grid,
        "log_answer": table.log_answer,
        "information": table.information,
        "order": table.order,
        "group_order": table.group_order,
        "parameters": pack_parameters(table.parameters),
        "places": np.stack((bank.group, bank.skill, bank.step, bank.enemy)),
        "slugs": np.array(bank.slugs),
    }
    about = {"format": FORMAT, "version": table.version, "groups": bank.groups, "skills": bank.skills}
    folder.mkdir()
    for name, array in arrays.items():
        with open(folder / f"{name}.npy", "wb") as file:
            np.save(file, array, allow_pickle=False)
            keep(file)
    with open(folder / "about.json", "w", encoding="utf-8") as text:
        json.dump(about, text, ensure_ascii=False)
        keep(text)


def keep(file: IO[Any]) -> None:
    """To the disk itself, so that after a power cut no folder has its name but not its numbers."""
    file.flush()
    os.fsync(file.fileno())


def open_table(place: Path) -> Table:
    """The table in a folder that `save_table` named, mapped into memory. Raises BadTable."""
    try:
        about = json.loads((place / "about.json").read_text(encoding="utf-8"))
        if about["format"] != FORMAT:
            raise BadTable(f"{place}: format {about['format']}, not {FORMAT}")
        parameters = Parameters(*np.array(read_array(place, "parameters")))
        bank = read_bank(place, about, parameters)
        table = Table(
            bank=bank,
            parameters=parameters,
            version=about["version"],
            grid=read_array(place, "grid"),
            log_answer=read_array(place, "log_answer"),
            information=read_array(place, "information"),
            order=read_array(place, "order"),
            group_order=read_array(place, "group_order"),
            group_start=start_of_groups(bank),
        )
    except (OSError, ValueError, KeyError) as problem:
        raise BadTable(f"{place}: {problem}") from problem
    if bank.version != table.version or table.order.shape != (len(table.grid), len(bank)):
        raise BadTable(f"{place}: the numbers are not those of version {table.version}")
    return table


def read_bank(place: Path, about: dict[str, list[str]], parameters: Parameters) -> Bank:
    group, skill, step, enemy = np.array(read_array(place, "places"))
    slugs = tuple(read_array(place, "slugs").tolist())
    return Bank(slugs, tuple(about["groups"]), group, tuple(about["skills"]), skill, step, enemy, parameters)


def read_array(place: Path, name: str) -> NDArray:
    """Mapped, and seen as a plain array: numpy's memmap class makes each slice slower."""
    return np.asarray(np.load(place / f"{name}.npy", mmap_mode="r", allow_pickle=False))
