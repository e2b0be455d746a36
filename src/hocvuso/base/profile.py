"""How one person, on one device, likes to read: kept in a short cookie such as ``l.c.f.s.vi``."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

COOKIE = "hvs_profile"
SIZES = ("s", "m", "l", "xl")
LANGUAGES = ("vi", "en")
LONGEST = 16
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Profile:
    size: str = "m"
    contrast: bool = False
    steps: bool = False
    speak: bool = False
    language: str = "vi"

    def cookie(self) -> str:
        return ".".join([self.size, *self._flags(contrast="c", steps="f", speak="s"), self.language])

    @property
    def html_class(self) -> str:
        flags = self._flags(contrast="is-contrast", steps="is-steps", speak="is-speak")
        return " ".join([f"size-{self.size}", *flags])

    @property
    def larger(self) -> str:
        return SIZES[min(SIZES.index(self.size) + 1, len(SIZES) - 1)]

    @property
    def smaller(self) -> str:
        return SIZES[max(SIZES.index(self.size) - 1, 0)]

    def _flags(self, **words: str) -> list[str]:
        return [word for name, word in words.items() if getattr(self, name)]


DEFAULT = Profile()


def parse(cookie: str) -> Profile:
    """Never raises: what is not understood keeps its default. Long text is not even looked at."""
    return _parse(cookie) if len(cookie) <= LONGEST else DEFAULT


@lru_cache(maxsize=256)
def _parse(cookie: str) -> Profile:
    size, *flags = cookie.split(".")
    return Profile(
        size=size if size in SIZES else "m",
        contrast="c" in flags,
        steps="f" in flags,
        speak="s" in flags,
        language="en" if "en" in flags else "vi",
    )


def profile_of(request: Any) -> Profile:
    """``request`` is Django's; without the middleware (an error page, a test) the defaults hold."""
    return getattr(request, "profile", DEFAULT)


def keep_on_device(response: Any, profile: Profile) -> None:
    """``response`` is Django's. Signing in on a new device calls this with the person's kept profile."""
    response.set_cookie(COOKIE, profile.cookie(), max_age=YEAR, samesite="Lax")
