"""Wrong settings, explained. `hocvuso check` prints them; the web server refuses to start with them."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register

KEY_LENGTH = 40  # characters
DATABASES = ("sqlite", "postgresql")


@register(Tags.security)
def check_environment(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    if settings.ENV not in ("demo", "production"):
        hint = "Set HOCVUSO_ENV to demo or production."
        faults.append(Error(f"HOCVUSO_ENV is {settings.ENV!r}.", hint=hint, id="hocvuso.E001"))
    if settings.ENV != "demo":
        faults += check_secrets() + check_hosts() + check_debug()
    return faults


def check_secrets() -> list[CheckMessage]:
    hint = (
        "Make one: python -c 'import secrets; print(secrets.token_urlsafe(48))'. "
        "Each key has its own value; keep both safe."
    )
    keys = {"HOCVUSO_SECRET_KEY": settings.SECRET_KEY, "HOCVUSO_ID_KEY": settings.ID_KEY}
    faults: list[CheckMessage] = [
        Error(f"{name} is missing, short, or the demo's.", hint=hint, id="hocvuso.E002")
        for name, value in keys.items()
        if len(value) < KEY_LENGTH or value == settings.DEMO_SECRET
    ]
    if not faults and settings.SECRET_KEY == settings.ID_KEY:
        faults.append(
            Error("HOCVUSO_SECRET_KEY and HOCVUSO_ID_KEY are the same.", hint=hint, id="hocvuso.E003")
        )
    return faults


def check_hosts() -> list[CheckMessage]:
    faults: list[CheckMessage] = []
    if not settings.ALLOWED_HOSTS or "*" in settings.ALLOWED_HOSTS:
        hint = (
            "Set HOCVUSO_HOSTS to the names the site is reached by: hocvuso.example.vn,www.hocvuso.example.vn"
        )
        faults.append(Error("HOCVUSO_HOSTS names no host, or all of them.", hint=hint, id="hocvuso.E004"))
    if not settings.PUBLIC_URL.startswith("https://"):
        hint = "Set HOCVUSO_PUBLIC_URL to the address printed on cards and certificates: https://hocvuso.example.vn"
        faults.append(Error("HOCVUSO_PUBLIC_URL is not an https address.", hint=hint, id="hocvuso.E005"))
    return faults


def check_debug() -> list[CheckMessage]:
    if not settings.DEBUG:
        return []
    hint = "Unset HOCVUSO_DEBUG: its pages show settings and people's data to whoever meets a fault."
    return [Error("HOCVUSO_DEBUG is on.", hint=hint, id="hocvuso.E007")]


@register(Tags.database)
def check_database(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    scheme = settings.DATABASE_URL.split(":", 1)[0]
    if scheme in DATABASES:
        return []
    hint = "sqlite:////path/to/file.db or postgresql://user:password@host:5432/name"
    return [Error(f"HOCVUSO_DATABASE_URL begins with {scheme!r}.", hint=hint, id="hocvuso.E006")]
