"""The ground a demo world stands on: the real map and the shipped content."""

from datetime import UTC, datetime

from django.conf import settings

from hocvuso.base.content import Library, load_content
from hocvuso.places.seeding import seed_places

UNTIL = datetime(2026, 11, 20, 5, 0, tzinfo=UTC)


def make_ground() -> None:
    seed_places()
    load_content(Library(settings.CONTENT))
