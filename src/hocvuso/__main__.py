"""The console script `hocvuso`: Django's management under our name."""

import os
import sys
from importlib import import_module
from pathlib import Path

from django.core.management import execute_from_command_line

TWO_WORDS = {"places", "content", "records", "tallies", "lake", "items"}


def compile_if_stale(source: Path) -> None:
    """Before anything is said: a fresh checkout has no compiled catalogue yet."""
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        import_module("hocvuso.base.catalogue").compile_catalogue(source)


def main(argv: list[str] | None = None) -> None:
    """Run a command; `hocvuso places load` runs the command `places_load`."""
    words = list(sys.argv if argv is None else argv)
    if len(words) > 2 and words[1] in TWO_WORDS and not words[2].startswith("-"):
        words[1:3] = [f"{words[1]}_{words[2]}"]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hocvuso.settings")
    compile_if_stale(Path(__file__).parent / "locale" / "vi" / "LC_MESSAGES" / "django.po")
    execute_from_command_line(words)


if __name__ == "__main__":
    main()
