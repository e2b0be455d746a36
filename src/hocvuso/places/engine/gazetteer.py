"""Units of 1 July 2025 and names of the 63-province map, as the package `vietnamadminunits` has them."""

import json
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hocvuso.places.engine.naming import split_type

OPENED_ON = date(2025, 7, 1)
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Unit:
    code: str
    name: str
    parent: str
    latitude: float | None = None
    longitude: float | None = None
    area_km2: float | None = None


@dataclass(frozen=True, slots=True)
class FormerName:
    """A name of the old map and the codes of the units that hold its ground, the main one first."""

    name: str
    heirs: tuple[str, ...]


class Gazetteer:
    def __init__(self) -> None:
        folder = data_folder()
        with closing(sqlite3.connect(f"file:{folder / 'dataset.db'}?mode=ro", uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            self._today: list[Row] = connection.execute(
                "SELECT * FROM admin_units ORDER BY wardCode"
            ).fetchall()
            self._before: list[Row] = connection.execute("SELECT * FROM admin_units_legacy").fetchall()
        self._converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
        self._codes = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in self._today}
        self._short_names = {row["wardCode"]: row["wardShort"] for row in self._today}

    def provinces(self) -> list[Unit]:
        areas: dict[str, list[float | None]] = defaultdict(list)
        for row in self._today:
            areas[row["provinceCode"]].append(row["wardAreaKm2"])
        rows = {row["provinceCode"]: row for row in self._today}
        return [
            Unit(code, row["province"], "VN", row["provinceLat"], row["provinceLon"], whole_area(areas[code]))
            for code, row in sorted(rows.items())
        ]

    def communes(self) -> list[Unit]:
        return [
            Unit(
                row["wardCode"],
                row["ward"],
                row["provinceCode"],
                row["wardLat"],
                row["wardLon"],
                row["wardAreaKm2"],
            )
            for row in self._today
        ]

    def former_names(self) -> list[FormerName]:
        heirs = self._heirs()
        return [*self._former_provinces(), *self._former_districts(heirs), *self._former_communes(heirs)]

    def _heirs(self) -> dict[str, tuple[str, ...]]:
        """Key of an old commune → codes of today's communes on its ground, the default one first."""
        heirs: dict[str, tuple[str, ...]] = {
            old: (self._codes[province, new],)
            for province, communes in self._converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items()
            for new, olds in communes.items()
            for old in olds
        }
        for province, divided in self._converter["DICT_PROVINCE_WARD_DIVIDED"].items():
            for old, parts in divided.items():
                parts = sorted(parts, key=lambda part: not part["isDefaultNewWard"])
                heirs[old] = tuple(self._codes[province, part["newWardKey"]] for part in parts)
        return heirs

    def _former_provinces(self) -> Iterator[FormerName]:
        codes = {row["provinceKey"]: row["provinceCode"] for row in self._today}
        names = {row["provinceKey"]: row["province"] for row in self._before}
        for new, olds in self._converter["DICT_PROVINCE"].items():
            for old in olds:
                if old != new:
                    yield FormerName(names[old], (codes[new],))

    def _former_districts(self, heirs: Mapping[str, tuple[str, ...]]) -> Iterator[FormerName]:
        districts: dict[tuple[str, str], list[Row]] = defaultdict(list)
        for row in self._before:
            districts[row["provinceKey"], row["districtKey"]].append(row)
        for rows in districts.values():
            name = f"{rows[0]['district']}, {rows[0]['provinceShort']}"
            yield FormerName(name, self._order_heirs(rows, heirs))

    def _order_heirs(self, rows: list[Row], heirs: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
        """First the commune that bears the district's name, else the one round its town, then by size."""
        held = Counter(code for row in rows for code in heirs[key_of(row)])
        towns = {heirs[key_of(row)][0] for row in rows if row["wardType"] == "Thị trấn"}
        name = split_type(rows[0]["district"])[1]
        return tuple(
            sorted(
                held, key=lambda code: (self._short_names[code] != name, code not in towns, -held[code], code)
            )
        )

    def _former_communes(self, heirs: Mapping[str, tuple[str, ...]]) -> Iterator[FormerName]:
        for row in self._before:
            if row["ward"]:
                yield FormerName(
                    f"{row['ward']}, {district_around(row)}, {row['provinceShort']}", heirs[key_of(row)]
                )


def data_folder() -> Path:
    """Found without importing the package: that would load geometry libraries we have no use for."""
    package = find_spec("vietnamadminunits")
    if package is None or package.origin is None:
        raise ModuleNotFoundError("vietnamadminunits")
    return Path(package.origin).parent / "data"


def district_around(row: Row) -> str:
    """Without its type, unless it is a number (Quận 3) or shares its name: Thị xã Cai Lậy."""
    short = str(row["districtShort"])
    return short if short.replace(" ", "").isalpha() else str(row["district"])


def key_of(row: Row) -> str:
    return f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"


def whole_area(areas: list[float | None]) -> float | None:
    """The sum, or nothing when a part is not known: a figure that is too small would be believed."""
    known = [area for area in areas if area is not None]
    return round(sum(known), 2) if len(known) == len(areas) else None
