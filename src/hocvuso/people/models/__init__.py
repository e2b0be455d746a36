"""The tables of this room, for Django; import from the modules themselves."""

from hocvuso.people.models import consents, doors, persons, rosters

__all__ = ["consents", "doors", "persons", "rosters"]
