"""Card codes and PINs: random, easy to read out and to type, kept only as hashes."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from django.conf import settings
from django.utils.crypto import salted_hmac

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0 O, 1 I L, U V alike when read out or written
CODE_LENGTH = 10  # 49 bits: guessing meets a card once in 10^7 tries even among 10 million cards
PIN_LENGTH = 4
# Four digits have no strength of their own: a key outside the database guards them, so hashing is quick.
HASHER = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1)


def new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def new_password() -> str:
    """`K7M4-Q2XD-PRT9`: to be written down once and changed at the first sign-in; 58 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def clean_code(typed: str) -> str:
    """What was typed or scanned, as the code: letters of any case, with or without spaces."""
    return "".join(letter for letter in typed.upper() if letter.isalnum())


def spaced(code: str) -> str:
    """`spaced("K7M4Q2XDPR") == "K7M4Q 2XDPR"`."""
    half = CODE_LENGTH // 2
    return f"{code[:half]} {code[half:]}"


def hash_code(code: str) -> str:
    return salted_hmac(
        "people.card", clean_code(code), secret=settings.ID_KEY, algorithm="sha256"
    ).hexdigest()


def new_pin() -> str:
    """Four digits, but none that people would guess first: 1111, 1234, 4321, a year of birth."""
    while not is_good_pin(pin := f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"):
        pass
    return pin


def is_good_pin(pin: str) -> bool:
    steps = {int(after) - int(before) for before, after in zip(pin, pin[1:], strict=False)}
    return steps not in ({0}, {1}, {-1}) and not pin.startswith(("19", "20")) and pin[:2] != pin[2:]


def hash_pin(pin: str, code_hash: str) -> str:
    return HASHER.hash(pepper(pin, code_hash))


def is_pin(pin: str, code_hash: str, pin_hash: str) -> bool:
    try:
        return HASHER.verify(pin_hash, pepper(pin, code_hash))
    except VerifyMismatchError:
        return False


def pepper(pin: str, code_hash: str) -> bytes:
    return salted_hmac("people.pin", f"{code_hash}{pin}", secret=settings.ID_KEY, algorithm="sha256").digest()
