"""Vietnamese phone numbers as people write them, to E.164."""

import re

_MOBILE = re.compile(r"^(?:\+?84|0)?([35789]\d{8})$")


def normalise(text: str) -> str | None:
    """`normalise("0912 345.678") == "+84912345678"`; a lost leading 0 is put back.

    None if it is no mobile number.
    """
    match = _MOBILE.match(re.sub(r"[\s.\-()]", "", text))
    return f"+84{match[1]}" if match else None
