"""How a client proves itself at the token endpoint: Basic, request body, or a signed assertion.

Source: RFC 6749 §2.3.1, RFC 7523 §2.2, §3, OpenID Connect Core §9.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, TypeAlias
from urllib.parse import quote_plus

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

__all__ = (
    "ASSERTION_TYPE",
    "Assertion",
    "Basic",
    "ClientAuth",
    "InBody",
    "SigningKey",
    "client_assertion",
    "credentials",
)

ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

SigningKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey | Ed25519PrivateKey | bytes


@dataclass(frozen=True, slots=True)
class Basic:
    """``Authorization: Basic``, both halves form-encoded first (RFC 6749 §2.3.1)."""


@dataclass(frozen=True, slots=True)
class InBody:
    """Identifier and, when there is one, secret in the request body.

    Args:
        id_parameter: Name of the identifier; TikTok says ``client_key``.
    """

    id_parameter: str = "client_id"


@dataclass(frozen=True, slots=True)
class Assertion:
    """``private_key_jwt``: a signed assertion in the body instead of a secret.

    Args:
        token: The assertion, made for this one request.
    """

    token: str = field(repr=False)

    def __repr__(self) -> str:
        return "Assertion(...)"


ClientAuth: TypeAlias = Basic | InBody | Assertion


def credentials(
    auth: ClientAuth, *, client_id: str, client_secret: str | None
) -> tuple[dict[str, str], Sequence[tuple[str, str]]]:
    """The headers and the form parameters that authenticate a client.

    Args:
        auth: The method in use.
        client_id: Public identifier.
        client_secret: Shared secret; ``None`` for a public client, which is then only identified.
    """
    if isinstance(auth, Basic):
        pair = f"{quote_plus(client_id)}:{quote_plus(client_secret or '')}"
        return {"authorization": f"Basic {b64encode(pair.encode()).decode('ascii')}"}, ()
    if isinstance(auth, Assertion):
        return {}, (
            ("client_id", client_id),
            ("client_assertion_type", ASSERTION_TYPE),
            ("client_assertion", auth.token),
        )
    secret = (("client_secret", client_secret),) if client_secret else ()
    return {}, ((auth.id_parameter, client_id), *secret)


def client_assertion(
    *,
    client_id: str,
    audience: str,
    key: SigningKey,
    algorithm: Literal["RS256", "PS256", "ES256", "ES384", "ES512", "EdDSA", "HS256"],
    token_id: str,
    now: datetime,
    key_id: str | None = None,
    issuer: str | None = None,
    lifetime: timedelta = timedelta(minutes=5),
) -> str:
    """A client assertion (RFC 7523 §3); Apple's client secret has the same shape.

    Args:
        client_id: Subject, and issuer unless another is named.
        audience: The token endpoint, or the provider's issuer.
        key: Private key, or the bytes of a shared secret for ``HS256``.
        algorithm: Must fit the key.
        token_id: Fresh random text for ``jti``, so that the provider can refuse a replay.
        now: Aware UTC time of signing.
        key_id: ``kid`` of the key.
        issuer: ``iss`` where it differs from the client; Apple wants the team there.
        lifetime: How long the assertion lives.
    """
    claims = {
        "iss": issuer or client_id,
        "sub": client_id,
        "aud": audience,
        "jti": token_id,
        "iat": int(now.timestamp()),
        "exp": int((now + lifetime).timestamp()),
    }
    return jwt.encode(claims, key, algorithm=algorithm, headers={"kid": key_id} if key_id else None)
