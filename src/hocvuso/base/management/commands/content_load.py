from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.base.content import Library, load_content


class Command(BaseCommand):
    help = "Bring the content files into the database; twice has the same result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", nargs="?", default=str(settings.CONTENT))

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        library = Library(Path(path).resolve())
        if library.problems:
            for problem in library.problems:
                self.stderr.write(str(problem))
            raise CommandError(f"{len(library.problems)} problem(s) in the content; nothing was loaded.")
        for name, counts in load_content(library).items():
            self.stdout.write(
                f"{name}: " + ", ".join(f"{number} {what}" for what, number in counts.items() if number)
            )
