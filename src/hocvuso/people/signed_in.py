"""Who is signed in, by one statement: for busy pages that need the person's id and no more of the session."""

from uuid import UUID

from django.conf import settings
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone

LONGEST_KEY = 40
STATEMENT = """
SELECT person.id
FROM people_session AS session
JOIN people_person AS person ON person.id = session.person_id
WHERE session.session_key = %s AND session.expire_date > %s AND person.is_active AND person.erased_at IS NULL
"""


def person_of(request: HttpRequest) -> UUID | None:
    """The id of the person whose session the request carries; None for a stranger or an ended session.

    Signing out, or signing a device out, deletes the row; so must whoever changes a password or a PIN.
    """
    key = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
    if not 0 < len(key) <= LONGEST_KEY or not key.isalnum():
        return None
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, [key, connection.ops.adapt_datetimefield_value(timezone.now())])
        row = cursor.fetchone()
    return as_uuid(row[0]) if row else None


def as_uuid(value: UUID | str) -> UUID:
    """SQLite keeps UUIDs as text."""
    return value if isinstance(value, UUID) else UUID(value)
