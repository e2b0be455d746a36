"""`hocvuso records seal`: seal what waits, now (the worker does it every few seconds)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hocvuso.records.actions import seal_all


class Command(BaseCommand):
    help = "Seal the records that wait."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--limit", type=int, default=1000, help="records in one seal, at most")

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{seal_all(options['limit'])} records sealed")
