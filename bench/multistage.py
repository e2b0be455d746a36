"""The paper form beside the adaptive test: how often each is right, and how long, on the shipped bank.

Both meet the same examinees with the same luck: an answer hangs on the examinee and the item alone. Forms 1
to 5 take turns. The bank has the numbers its authors expect, as long as nothing is calibrated.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.result import Figure

MOST_LOSS = 2.0  # points
MOST_BYTES = 50_000


def measure() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "HOCVUSO_VAR": folder,
            "HOCVUSO_DATABASE_URL": f"sqlite:///{folder}/bench.db",
            "DJANGO_SETTINGS_MODULE": "hocvuso.settings",
            "PYTHONPATH": str(Path.cwd()),
        }
        command = [sys.executable, "-m", "bench.sitters", folder]
        subprocess.run(command, check=True, env=environment)
        found = json.loads((Path(folder) / "sitters.json").read_text(encoding="utf-8"))
    return [figure for name, row in found["groups"].items() for figure in compare(name, row)] + [
        Figure("worst of 20 forms, right at ±0.5 logit, exactly", found["worst"] * 100, "%"),
        Figure("verdicts as by the weight of each answer", found["agreement"] * 100, "%"),
        Figure("form.json with its texts, largest of 20", found["bytes"], "bytes", MOST_BYTES),
        Figure("the branching table alone, largest of 20", found["table"], "bytes", MOST_BYTES),
    ]


def compare(name: str, row: dict[str, float]) -> list[Figure]:
    return [
        Figure(
            f"{name}, right",
            row["form"] * 100,
            "%",
            row["adaptive"] * 100 - MOST_LOSS,
            at_most=False,
            peers={"adaptive": round(row["adaptive"] * 100, 2)},
        ),
        Figure(
            f"{name}, mean questions", row["asked"], "", peers={"adaptive": round(row["adaptive asked"], 2)}
        ),
    ]
