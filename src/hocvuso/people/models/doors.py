"""Cards and sessions: how people come in."""

from typing import Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models.functions import Now
from django.utils import timezone

from hocvuso.base.ids import new_id
from hocvuso.people.models.persons import Person


class QRCard(models.Model):
    """A printed card: scan it, type the PIN, and one is in. Only hashes are kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="cards")
    token_hash = models.CharField(max_length=64, unique=True)
    pin_hash = models.CharField(max_length=128)
    issued_at = models.DateTimeField(db_default=Now())
    issued_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    wrong_tries = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(revoked_at=None), name="qrcard_one_valid"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.issued_at:%Y-%m-%d}"

    def minutes_locked(self) -> int:
        """0 while a PIN may be tried."""
        left = (self.locked_until - timezone.now()).total_seconds() if self.locked_until else 0
        return -int(-left // 60) if left > 0 else 0


class Session(AbstractBaseSession):
    """A signed-in device; deleting the row signs it out."""

    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="sessions")
    device = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    @classmethod
    def get_session_store_class(cls) -> Any:
        from hocvuso.people.sessions import SessionStore  # noqa: PLC0415 - Django's own shape of this pair

        return SessionStore
