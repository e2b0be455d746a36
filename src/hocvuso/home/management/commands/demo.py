"""`hocvuso demo`: the invented world, once."""

import resource
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from hocvuso.home import demo
from hocvuso.home.demo.curriculum import ContentMissing
from hocvuso.home.demo.logins import CARD_CODE, CARD_PIN, LOGINS, OLDER_LEARNER, PASSWORD


class Command(BaseCommand):
    help = "Fill an empty installation with invented people, figures and logins. Never in production."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--people", type=int, default=demo.PEOPLE)
        parser.add_argument("--seed", type=int, default=demo.SEED)
        parser.add_argument("--months", type=int, default=demo.MONTHS)

    def handle(self, *args: Any, people: int, seed: int, months: int, **options: Any) -> None:
        started = time.monotonic()
        try:
            world = demo.build(people, seed=seed, months=months, say=self.stdout.write)
        except (demo.RealWorld, ContentMissing) as refusal:
            raise CommandError(str(refusal)) from refusal
        if world.new:
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            seconds = time.monotonic() - started
            self.stdout.write(
                f"Demo world: {world.learners} invented learners, {seconds:.0f} s, {memory:.0f} MB."
            )
        else:
            self.stdout.write(f"Demo world: there already, {world.learners} invented learners.")
        self.show_logins()

    def show_logins(self) -> None:
        for login in LOGINS:
            self.stdout.write(f"  {login.username:<12} {PASSWORD}   {login.title}")
        card = settings.PUBLIC_URL + reverse("people:card_open", args=[CARD_CODE])
        self.stdout.write(f"  {card}   PIN {CARD_PIN}   {OLDER_LEARNER.title}")
