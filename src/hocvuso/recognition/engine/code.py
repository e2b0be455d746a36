"""Certificate codes: short enough to read out, hard to guess, and able to say when they were mistyped.

Twenty-three signs: no vowels (no words arise), none that look alike (0 O, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V).
Twenty-three is prime, so a sum weighted by position, modulo 23, catches every single wrong sign and every
swap of two signs, neighbours or not. Eleven random signs give 23^11, about 2^49.8 codes; the twelfth is the
check.
"""

import secrets
import unicodedata

SIGNS = "23456789CDFHJKMNPQRTVWX"
LENGTH = 12
SEPARATORS = "-–.·"


def new_code() -> str:
    body = "".join(secrets.choice(SIGNS) for _ in range(LENGTH - 1))
    return body + check_sign(body)


def check_sign(body: str) -> str:
    """The sign that brings the weighted sum of all twelve to 0; its own weight is 12."""
    inverse = pow(LENGTH, -1, len(SIGNS))
    return SIGNS[-weigh(body) * inverse % len(SIGNS)]


def weigh(signs: str) -> int:
    return sum(place * SIGNS.index(sign) for place, sign in enumerate(signs, start=1)) % len(SIGNS)


def clean(typed: str) -> str:
    """What was meant: capitals, no spaces or hyphens, Đ for D."""
    plain = unicodedata.normalize("NFKC", typed).upper().replace("Đ", "D")
    return "".join(sign for sign in plain if sign not in SEPARATORS and not sign.isspace())


def is_well_formed(code: str) -> bool:
    return len(code) == LENGTH and all(sign in SIGNS for sign in code) and weigh(code) == 0


def spell(code: str) -> str:
    """As printed and read out: `K7PM-4XQH-2TVX`."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
