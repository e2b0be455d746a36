"""What a benchmark says: figures with their target, their peers in the same run, and the machine."""

import json
import os
import platform
import subprocess
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).parent / "results"


@dataclass
class Figure:
    metric: str
    value: float
    unit: str
    target: float | None = None
    at_most: bool = True
    peers: dict[str, float] = field(default_factory=dict)

    @property
    def holds(self) -> bool | None:
        if self.target is None:
            return None
        return self.value <= self.target if self.at_most else self.value >= self.target


def machine() -> dict[str, str]:
    cpu = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        "",
    )
    memory = next(
        line.split()[1]
        for line in Path("/proc/meminfo").read_text().splitlines()
        if line.startswith("MemTotal")
    )
    commit = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    ).stdout.strip()
    return {
        "machine": f"{os.cpu_count()} cores, {int(memory) // 1024 // 1024} GiB, {cpu}",
        "python": platform.python_version(),
        "commit": commit,
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def save(area: str, figures: list[Figure]) -> None:
    """Write bench/results/<area>.json and print the figures."""
    FOLDER.mkdir(exist_ok=True)
    about = machine()
    rows = []
    for figure in figures:
        row = asdict(figure)
        row.pop("at_most")
        rows.append({**row, "value": round(figure.value, 4), "holds": figure.holds, **about})
        mark = {True: "holds", False: "MISSES", None: ""}[figure.holds]
        peers = "".join(f"  {name} {value:g}" for name, value in figure.peers.items())
        print(f"{figure.metric:<58} {figure.value:>10.3f} {figure.unit:<12} {mark}{peers}")
    (FOLDER / f"{area}.json").write_text(
        json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )
