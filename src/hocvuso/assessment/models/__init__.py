"""The tables of this room, for Django; import from the modules themselves."""

from hocvuso.assessment.models import attempts, items, sessions, tests

__all__ = ["attempts", "items", "sessions", "tests"]
