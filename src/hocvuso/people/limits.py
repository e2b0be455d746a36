"""How often one may guess: by name, by card, by address. Counts live in the cache and pass away."""

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone

MEMORY = timedelta(days=1)
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=8)


class Limit:
    """After `free` wrong tries each further one closes the door, twice as long as before up to `longest`."""

    def __init__(self, scope: str, *, free: int, longest: timedelta = LONGEST_WAIT) -> None:
        self.scope = scope
        self.free = free
        self.longest = longest

    def minutes_left(self, key: str) -> int:
        """0 while the door is open."""
        until = cache.get(self._name("closed", key))
        seconds = until - timezone.now().timestamp() if until else 0
        return -int(-seconds // 60) if seconds > 0 else 0

    def note_wrong(self, key: str) -> None:
        name = self._name("wrong", key)
        cache.add(name, 0, MEMORY.total_seconds())
        tries = cache.incr(name)
        if tries >= self.free:
            wait = min(FIRST_WAIT * 2 ** min(tries - self.free, 10), self.longest)
            until = timezone.now() + wait
            cache.set(self._name("closed", key), until.timestamp(), wait.total_seconds())

    def forget(self, key: str) -> None:
        cache.delete_many([self._name("wrong", key), self._name("closed", key)])

    def _name(self, kind: str, key: str) -> str:
        return f"limit:{self.scope}:{kind}:{sha256(key.encode()).hexdigest()}"


BY_NAME = Limit("name", free=5)
# A whole class sits behind one address: many honest slips, and never locked out for long.
BY_ADDRESS = Limit("address", free=60, longest=FIRST_WAIT)


def address_of(request: HttpRequest) -> str:
    """Behind our own proxy the last hop it names, else who is connected."""
    forwarded = request.headers.get("X-Forwarded-For", "") if settings.SECURE_PROXY_SSL_HEADER else ""
    return forwarded.split(",")[-1].strip() or request.META.get("REMOTE_ADDR", "")
