"""`hocvuso tallies fold`: seal what waits and fold what is sealed, now (the worker does, too)."""

from typing import Any

from django.core.management.base import BaseCommand

from hocvuso.indicators.actions import catch_up


class Command(BaseCommand):
    help = "Bring the tallies up to date."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{catch_up()} records folded")
