"""Database sessions that know their person, so that a person's devices can be listed and signed out."""

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseSessionStore


class SessionStore(DatabaseSessionStore):
    @classmethod
    def get_model_class(cls) -> Any:
        from hocvuso.people.models.doors import Session  # noqa: PLC0415 - Django's own shape of this pair

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        session: Any = super().create_model_instance(data)
        session.person_id = data.get(SESSION_KEY) or None
        session.device = str(data.get("device", ""))[:120]
        if "since" in data:
            session.created_at = datetime.fromtimestamp(data["since"], UTC)
        return session
