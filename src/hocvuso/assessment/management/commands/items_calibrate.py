"""`hocvuso items calibrate`: a draft calibration from the answers so far."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.assessment.actions.calibrations import keep_draft
from hocvuso.assessment.calibrating import draft_calibration
from hocvuso.assessment.engine.responses import CannotCalibrate
from hocvuso.skills.models import Framework


class Command(BaseCommand):
    help = "Work out the items' numbers from people's answers, as a draft for an author to look at."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("framework", nargs="?", default="citizen")
        parser.add_argument("--model", choices=["1pl", "2pl", "3pl"], default="2pl")
        parser.add_argument("--needed", type=int, help="answers an item; left out, what the model needs")

    def handle(self, *args: Any, **options: Any) -> None:
        framework = Framework.objects.filter(slug=options["framework"], current=True).first()
        if framework is None:
            raise CommandError(f"There is no framework {options['framework']}.")
        try:
            draft = draft_calibration(framework, model=options["model"], needed=options["needed"])
        except CannotCalibrate as refusal:
            raise CommandError(str(refusal)) from refusal
        kept = keep_draft(framework, draft)
        sides = kept.report["sides"]
        self.stdout.write(
            f"Draft {kept.pk}: {kept.items.count()} items by {kept.answers} answers of {kept.people} people; "
            f"{kept.report['items_left']} items have too few answers and keep their numbers."
        )
        self.stdout.write(
            f"{len(kept.report['misfits'])} misfit, {len(kept.report['left_out'])} left out, "
            f"{len(kept.report['drifted'])} drifted; of {sides['attempts']} attempts "
            f"{sides['would_pass']} would pass that did not, {sides['would_fail']} the other way."
        )
