"""The certificate for machines: an Open Badges 3.0 credential, and the same signed as a VC-JWT.

It says no more than the verify page. Without HOCVUSO_BADGE_KEY it is unsigned, and only as good as the
address it was fetched from.
"""

import json
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from joserfc import jwt
from joserfc.jwk import OKPKey

from hocvuso.recognition.models import Certificate, CriteriaSet
from hocvuso.recognition.queries import places_of

CONTEXT = [
    "https://www.w3.org/ns/credentials/v2",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json",
]
SCHEMA = {
    "id": "https://purl.imsglobal.org/spec/ob/v3p0/schema/json/ob_v3p0_achievementcredential_schema.json",
    "type": "1EdTechJsonSchemaValidator2019",
}
ALGORITHM = "Ed25519"  # RFC 9864


def describe_credential(certificate: Certificate) -> dict[str, Any]:
    address = address_of(certificate)
    credential = {
        "@context": CONTEXT,
        "id": address,
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": certificate.criteria_set.title,
        "issuer": {"id": settings.PUBLIC_URL, "type": ["Profile"], "name": "Học Vụ Số"},
        "validFrom": spell_moment(certificate.issued_at),
        "credentialSubject": describe_subject(certificate),
        "credentialSchema": [SCHEMA],
        "refreshService": {"id": address, "type": "1EdTechCredentialRefresh"},
    }
    if certificate.valid_until:
        midnight = datetime.combine(certificate.valid_until + timedelta(days=1), time())
        credential["validUntil"] = spell_moment(timezone.make_aware(midnight) - timedelta(seconds=1))
    return credential


def describe_subject(certificate: Certificate) -> dict[str, Any]:
    identity = {
        "type": "IdentityObject",
        "hashed": False,
        "identityHash": certificate.public_name(),
        "identityType": "name" if certificate.name_shared else "ext:initials",
    }
    return {
        "type": ["AchievementSubject"],
        "identifier": [identity],
        "licenseNumber": certificate.spelled,
        "narrative": ", ".join(places_of(certificate)),
        "achievement": describe_achievement(certificate),
    }


def describe_achievement(certificate: Certificate) -> dict[str, Any]:
    rules, framework = certificate.criteria_set, certificate.framework
    asked = "\n".join(f"- {rule['title']}" for rule in rules.rules["criteria"])
    return {
        "id": achievement_id(rules),
        "type": ["Achievement"],
        "achievementType": "CertificateOfCompletion",
        "name": rules.title,
        "version": rules.version,
        "inLanguage": "vi",
        "description": f"{framework.title} {framework.version}",
        "criteria": {"narrative": asked},
    }


def achievement_id(rules: CriteriaSet) -> str:
    place = rules.place.code if rules.place else ""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'{settings.PUBLIC_URL}/{rules.slug}/{place}/{rules.version}')}"


def address_of(certificate: Certificate) -> str:
    return settings.PUBLIC_URL + reverse("verify:certificate_credential", args=[certificate.code])


def spell_moment(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def sign_credential(certificate: Certificate, key: OKPKey) -> str:
    """A VC-JWT after Open Badges 3.0 §8.2: the credential is the payload, beside the registered claims."""
    credential = describe_credential(certificate)
    claims = {
        **credential,
        "iss": credential["issuer"]["id"],
        "jti": credential["id"],
        "nbf": int(certificate.issued_at.timestamp()),
    }
    if "validUntil" in credential:
        claims["exp"] = int(datetime.fromisoformat(credential["validUntil"]).timestamp())
    header = {"alg": ALGORITHM, "typ": "JWT", "kid": key_address(key)}
    return jwt.encode(header, claims, key, algorithms=[ALGORITHM])


def signing_key() -> OKPKey | None:
    return read_key(settings.BADGE_KEY) if settings.BADGE_KEY else None


@lru_cache(maxsize=4)
def read_key(text: str) -> OKPKey:
    """Raises ValueError where the text is no private Ed25519 key as a JWK."""
    found = json.loads(text)
    if not isinstance(found, dict) or found.get("crv") != "Ed25519" or "d" not in found:
        raise ValueError("no private Ed25519 key")
    return OKPKey.import_key({name: found[name] for name in ("kty", "crv", "x", "d") if name in found})


def public_keys() -> dict[str, Any]:
    """Whoever checks a signature fetches this; empty while nothing is signed."""
    key = signing_key()
    if key is None:
        return {"keys": []}
    return {"keys": [{**key.as_dict(private=False), "kid": key_address(key), "alg": ALGORITHM, "use": "sig"}]}


def key_address(key: OKPKey) -> str:
    return f"{settings.PUBLIC_URL}{reverse('verify:key_list')}#{key.thumbprint()}"
