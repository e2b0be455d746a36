from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from hocvuso.base.catalogue import (
    compile_catalogue,
    extract_messages,
    find_faults,
    read_catalogue,
    write_catalogue,
)


class Command(BaseCommand):
    requires_system_checks: list[str] = []
    help = "Bring the Vietnamese catalogue up to date, compile it, name what is not translated."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--compile", action="store_true", help="only compile")
        parser.add_argument(
            "--check", action="store_true", help="only say what is missing; write nothing but the .mo"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        path = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES" / "django.po"
        if options["compile"]:
            compile_catalogue(path)
            return
        messages = extract_messages(settings.PACKAGE)
        old = read_catalogue(path)
        fresh = read_catalogue(path)
        wanted = set(messages)
        for entry in list(old):
            if (
                entry.id
                and (entry.context, entry.id if isinstance(entry.id, str) else tuple(entry.id)) not in wanted
            ):
                fresh.delete(entry.id, entry.context)
        for context, key in messages:
            if fresh.get(key, context) is None:
                fresh.add(key, context=context)
        if not options["check"]:
            write_catalogue(path, fresh)
        compile_catalogue(path)
        faults = find_faults(messages, fresh)
        for fault in faults:
            self.stderr.write(fault)
        if faults:
            raise CommandError(f"{len(faults)} message(s) want a translation.")
