"""`hocvuso records partitions`: make PostgreSQL's monthly partitions ahead (the worker does it daily)."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from hocvuso.records.partitions import make_partitions, make_partitions_ahead


class Command(BaseCommand):
    help = "Make the monthly partitions of the records table; does nothing on SQLite."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--since", type=date.fromisoformat, help="also the months from this day on (YYYY-MM-DD)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        today = timezone.now().date()
        made = make_partitions(options["since"], today) if options["since"] else []
        made += make_partitions_ahead(today)
        for name in made:
            self.stdout.write(name)
