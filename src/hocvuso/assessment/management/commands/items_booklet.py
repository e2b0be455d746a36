"""`hocvuso items booklet TEST --out FOLDER`: the paper and offline form of an adaptive test."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.assessment.booklet.making import foresee_booklet, make_booklet
from hocvuso.assessment.booklet.printing import write_booklet
from hocvuso.assessment.models.tests import Test


class Command(BaseCommand):
    help = "Print an adaptive test as sheets with a scoring card, and write its form for phones."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("test", nargs="?", default="citizen-basic")
        parser.add_argument("--number", type=int, default=1, help="another number gives other questions")
        parser.add_argument("--out", type=Path, required=True, help="folder for the PDFs and form.json")

    def handle(self, *args: Any, **options: Any) -> None:
        test = Test.objects.current().filter(slug=options["test"]).first()
        if test is None:
            raise CommandError(f"There is no test {options['test']}.")
        try:
            booklet = make_booklet(test, options["number"])
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        for path in write_booklet(booklet, options["out"]):
            self.stdout.write(f"{path}  {path.stat().st_size:,} bytes")
        for distance, forecast in foresee_booklet(booklet):
            right = forecast.passing if distance > 0 else 1 - forecast.passing
            self.stdout.write(
                f"{distance:+.1f} logits from the cut: right {right:.3f}, {forecast.length:.1f} questions"
            )
        self.stdout.write(booklet.code)
