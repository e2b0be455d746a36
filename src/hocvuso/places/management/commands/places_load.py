"""`hocvuso places load`: units, former names, changes, counted populations; may be run at every start."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from pydantic import ValidationError as ShapeError

from hocvuso.base.content import Kind, Parsed, read
from hocvuso.places.content import KINDS
from hocvuso.places.seeding import seed_places


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Load the country's units, former names, changes and counted populations."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default=str(settings.CONTENT), help="the content folder")

    @transaction.atomic
    def handle(self, *args: Any, path: str, **options: Any) -> None:
        counts = seed_places()
        for kind in KINDS:
            outcomes = [self.load(kind, one) for one in parsed_files(kind, Path(path).resolve())]
            counts[kind.name] = len(outcomes) - outcomes.count("same")
        self.stdout.write(", ".join(f"{name}: {count} new" for name, count in counts.items()))

    def load(self, kind: Kind[Any], one: Parsed[Any]) -> str:
        try:
            return kind.load(one)
        except ValidationError as error:
            raise CommandError(f"{one.document.path}: {' '.join(error.messages)}") from error


def parsed_files(kind: Kind[Any], root: Path) -> Iterator[Parsed[Any]]:
    for file in sorted(root.glob(kind.pattern)):
        document, problem = read(file, root)
        if problem:
            raise CommandError(str(problem))
        try:
            yield Parsed(document, kind.shape.model_validate(document.data))
        except ShapeError as error:
            problems = [document.problem(entry["loc"], entry["msg"]) for entry in error.errors()]
            raise CommandError("\n".join(map(str, problems))) from error
