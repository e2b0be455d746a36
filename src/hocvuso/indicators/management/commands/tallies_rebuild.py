"""`hocvuso tallies rebuild`: count everything anew from the records; ends with 1 if a tally was wrong."""

from typing import Any

from django.core.management.base import BaseCommand

from hocvuso.indicators.actions import catch_up, rebuild
from hocvuso.indicators.queries import hash_tallies


class Command(BaseCommand):
    help = (
        "Forget all tallies and fold every record anew, in one transaction (SQLite: nobody writes meanwhile)."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        catch_up()
        before = hash_tallies()
        folded = rebuild()
        after = hash_tallies()
        self.stdout.write(f"{folded} records folded, tallies {after}")
        if before != after:
            self.stderr.write(f"before they were {before}")
            raise SystemExit(1)
