from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from hocvuso.base.content import export_content


class Command(BaseCommand):
    help = "Write the content in the database as files, in the format that content load reads."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path")

    def handle(self, *args: Any, path: str, **options: Any) -> None:
        self.stdout.write(f"{export_content(Path(path))} files written to {path}")
