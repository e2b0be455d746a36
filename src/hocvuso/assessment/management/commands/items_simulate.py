"""`hocvuso items simulate TEST`: the release check of a bank version and policy."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.assessment.models.tests import Test
from hocvuso.assessment.simulating import check_release, write_report


class Command(BaseCommand):
    help = "Let simulated people sit an adaptive test; say whether it may be released."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("test", nargs="?", default="citizen-basic")
        parser.add_argument("--each", type=int, default=2000, help="examinees at each distance from the cut")
        parser.add_argument("--people", type=int, default=3000, help="examinees of each population")
        parser.add_argument("--seed", type=int, default=1945)
        parser.add_argument(
            "--resample", action="store_true", help="abilities of people who sat the test, not assumed ones"
        )
        parser.add_argument("--out", type=Path, help="folder for report.html and report.json")

    def handle(self, *args: Any, **options: Any) -> None:
        test = Test.objects.current().filter(slug=options["test"]).first()
        if test is None:
            raise CommandError(f"There is no test {options['test']}.")
        if min(options["each"], options["people"]) < 1:
            raise CommandError("At least one examinee is needed.")
        sizes = {name: options[name] for name in ("each", "people", "seed", "resample")}
        try:
            report = check_release(test, **sizes)
        except ValueError as problem:
            raise CommandError(str(problem)) from problem
        for demand in report.demands:
            sign = "≥" if demand.at_least else "≤"
            verdict = "holds" if demand.holds else "MISSES"
            self.stdout.write(f"{demand.name:60} {demand.value:7.3f}  {sign} {demand.limit:<5} {verdict}")
        if options["out"]:
            write_report(report, options["out"])
            self.stdout.write(f"{options['out'] / 'report.html'}")
        if not report.holds:
            raise CommandError("This bank and policy do not pass the release check.")
