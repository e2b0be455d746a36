"""Vietnamese is complete: nothing missing, fuzzy, or with a lost placeholder."""

from pathlib import Path

from django.conf import settings

from hocvuso.base.catalogue import extract_messages, find_faults, read_catalogue

CATALOGUE = Path(settings.LOCALE_PATHS[0]) / "vi" / "LC_MESSAGES" / "django.po"


def test_vietnamese_is_complete() -> None:
    assert find_faults(extract_messages(settings.PACKAGE), read_catalogue(CATALOGUE)) == []


def test_a_missing_message_is_found() -> None:
    assert find_faults([(None, "Never translated anywhere")], read_catalogue(CATALOGUE)) == [
        "missing: 'Never translated anywhere'"
    ]
