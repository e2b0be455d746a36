from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.base.content import Library


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Check every content file; errors name file, line and field."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default=str(settings.CONTENT))

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        library = Library(Path(path).resolve())
        for problem in library.problems:
            self.stderr.write(str(problem))
        if library.problems:
            raise CommandError(f"{len(library.problems)} problem(s) in the content.")
        self.stdout.write(", ".join(f"{len(found)} {name}" for name, found in library.parsed.items()))
