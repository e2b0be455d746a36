"""`hocvuso records verify`: is every record as it was sealed? Ends with 1 when one is not."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hocvuso.records.queries import Inspection


class Command(BaseCommand):
    help = "Check every record against the chain of seals; exit code 1 if anything was tampered with."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--json", action="store_true", help="one JSON object a line: the faults, then the summary"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        inspection = Inspection()
        count = 0
        for fault in inspection.faults():
            count += 1
            found = {"fault": fault.kind.value, "seal": fault.seal, "record": fault.record}
            self.stdout.write(json.dumps(found) if options["json"] else str(fault))
        summary = {
            "faults": count,
            "records": inspection.records,
            "seals": inspection.seals,
            "head": inspection.head.hex(),
        }
        self.stdout.write(
            json.dumps(summary)
            if options["json"]
            else ", ".join(f"{name} {value}" for name, value in summary.items())
        )
        if count:
            raise SystemExit(1)
