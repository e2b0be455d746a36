"""A wrong HOCVUSO_BADGE_KEY, explained before the first certificate is signed."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from joserfc.errors import JoseError

from hocvuso.recognition.credential import read_key

MAKE_ONE = (
    "Make one: python -c 'import json; from joserfc.jwk import OKPKey; "
    'print(json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=True)))\'. Keep it as safe as a seal.'
)


@register(Tags.security)
def check_badge_key(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    if not settings.BADGE_KEY:
        return []
    try:
        read_key(settings.BADGE_KEY)
    except (ValueError, KeyError, JoseError):
        fault = "HOCVUSO_BADGE_KEY is no private Ed25519 key written as a JWK."
        return [Error(fault, hint=MAKE_ONE, id="hocvuso.E020")]
    return []
