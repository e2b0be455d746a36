"""Personal ID numbers: encrypted at rest, found again only through a keyed hash."""

import base64
from functools import cache
from typing import TypedDict

from cryptography.fernet import Fernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.utils.crypto import salted_hmac


class LockedNumber(TypedDict):
    """The two fields of Person that hold a number."""

    id_number_cipher: bytes | None
    id_number_hash: str | None


def lock_id_number(number: str | None) -> LockedNumber:
    """For register_person and change_person."""
    if not number:
        return {"id_number_cipher": None, "id_number_hash": None}
    return {"id_number_cipher": _fernet().encrypt(number.encode()), "id_number_hash": hash_id_number(number)}


def unlock_id_number(cipher: bytes | memoryview | None) -> str:
    return _fernet().decrypt(bytes(cipher)).decode() if cipher else ""


def lock_text(text: str) -> str:
    """For drafts of class lists, which are kept as JSON."""
    return _fernet().encrypt(text.encode()).decode() if text else ""


def unlock_text(locked: str) -> str:
    return _fernet().decrypt(locked.encode()).decode() if locked else ""


def masked(number: str) -> str:
    """`masked("001058012345") == "•••• •••• 2345"`: enough to recognise one's own."""
    return f"•••• •••• {number[-4:]}" if number else ""


def hash_id_number(number: str) -> str:
    return salted_hmac("people.id_number", number, secret=settings.ID_KEY, algorithm="sha256").hexdigest()


@cache
def _fernet() -> Fernet:
    stretched = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"people.id_number").derive(
        settings.ID_KEY.encode()
    )
    return Fernet(base64.urlsafe_b64encode(stretched))
