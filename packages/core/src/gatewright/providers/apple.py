"""Apple: the answer is posted, the name comes once and beside the ID token, the secret is a signed assertion.

Source: contract ``providers.json``; Apple's "Sign in with Apple REST API".
"""

from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

from gatewright.providers.base import IdTokenRule, Profile, ProfileSource, Provider, no_user_info, required
from gatewright.providers.mapping import profile_of
from gatewright.providers.options import ProviderOptions
from gatewright.providers.reading import first_text, is_yes, read_json, text

__all__ = ("apple", "client_secret")

_ISSUER = "https://appleid.apple.com"
_LONGEST_SECRET = timedelta(days=180)  # Apple refuses a secret that lives longer than six months
_LONGEST_NAME = 200  # characters of a posted name; the browser carries it, so it is bounded


def apple(options: ProviderOptions) -> Provider:
    """Apple, configured; the client secret is the assertion that ``client_secret`` makes."""
    required("apple", options, secret=True)
    if options.audience:
        audiences = (options.audience,) if isinstance(options.audience, str) else tuple(options.audience)
    else:
        audiences = (options.app_bundle_identifier,) if options.app_bundle_identifier else options.client_ids
    return Provider(
        id="apple",
        name="Apple",
        options=options,
        authorization_endpoint=options.authorization_endpoint or "https://appleid.apple.com/auth/authorize",
        token_endpoint="https://appleid.apple.com/auth/token",  # noqa: S106 - an address
        default_scopes=("email", "name"),
        issuer=_ISSUER,
        response_issuers=(_ISSUER,),
        read_profile=_read,
        user_info=no_user_info,
        response_type="code id_token",
        response_mode="form_post",
        id_token=IdTokenRule(
            issuers=lambda _claims: (_ISSUER,),
            audiences=audiences,
            jwks_url="https://appleid.apple.com/auth/keys",
            hashed_nonce=True,
        ),
    )


def client_secret(
    *,
    team_id: str,
    client_id: str,
    key: EllipticCurvePrivateKey,
    key_id: str,
    now: datetime,
    lifetime: timedelta = _LONGEST_SECRET,
) -> str:
    """The assertion Apple takes as client secret, signed with ES256.

    Args:
        team_id: Issuer of the assertion.
        client_id: Its subject, the services identifier.
        key: The downloaded P-256 key.
        key_id: Its identifier at Apple.
        now: Aware UTC.
        lifetime: At most 180 days.

    Raises:
        ValueError: The lifetime is longer than Apple accepts.
    """
    if lifetime > _LONGEST_SECRET:
        raise ValueError("an Apple client secret lives at most 180 days")
    claims = {
        "iss": team_id,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
        "aud": _ISSUER,
        "sub": client_id,
    }
    return jwt.encode(claims, key, algorithm="ES256", headers={"kid": key_id})


def _read(source: ProfileSource) -> Profile | None:
    claims = source.claims
    if claims is None:
        return None
    name = _posted_name(source.posted_user) or first_text(claims, "name") or ""
    return profile_of(
        claims,
        subject=claims.get("sub"),
        name=name,
        email=first_text(claims, "email"),
        image=None,
        email_verified=is_yes(claims.get("email_verified")),
        raw={**claims, "name": name},
    )


def _posted_name(posted: str | None) -> str:
    """First and last name of the posted JSON. Only a name is taken from it: the browser can write anything there."""
    person = read_json(posted.encode("utf-8", "replace")) if posted else None
    parts = (text(person, "name", "firstName"), text(person, "name", "lastName"))
    return " ".join(part for part in parts if part)[:_LONGEST_NAME]
