"""ID token checks: which key, whose signature, which claims; keys are fetched elsewhere.

Only asymmetric algorithms are known here, so a token can neither be unsigned nor be signed with a public key used as
a shared secret (RFC 8725 §3.1). Source: OpenID Connect Core §3.1.3.7; RFC 7515; RFC 7517; RFC 8725.
"""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from hashlib import sha256
from typing import Literal, TypeAlias, TypeGuard

import jwt
import msgspec
from jwt.utils import base64url_decode

__all__ = (
    "ALGORITHMS",
    "Claims",
    "IdTokenRefusal",
    "TokenHeader",
    "check_claims",
    "read_claims",
    "read_header",
    "read_key_set",
    "select_key",
    "verify_signature",
)

_LATEST = 253_402_300_799  # seconds since the epoch

Claims: TypeAlias = Mapping[str, object]

ALGORITHMS = frozenset({"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"})

_MOST_CHARACTERS = 65_536  # of a token
_MOST_KEYS = 100  # of a key set that is searched
_KEY_TYPES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}

_read_object = msgspec.json.Decoder(dict[str, object])
_decoder = jwt.PyJWS(options={"enforce_minimum_key_length": True})


class IdTokenRefusal(Enum):
    """Why an ID token is not accepted; for the log, never for the caller."""

    MALFORMED = "malformed"
    ALGORITHM = "algorithm not allowed"
    KEY = "no single key fits"
    SIGNATURE = "signature"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    PARTY = "authorized party"
    SUBJECT = "subject"
    EXPIRED = "expired"
    NOT_YET = "not valid yet"
    TOO_OLD = "too old"
    NONCE = "nonce"


@dataclass(frozen=True, slots=True)
class TokenHeader:
    """The header members that choose a key.

    Args:
        algorithm: ``alg``.
        key_id: ``kid``.
    """

    algorithm: str
    key_id: str | None


class _KeySet(msgspec.Struct, frozen=True):
    keys: list[dict[str, object]]


_read_keys = msgspec.json.Decoder(_KeySet)


def read_key_set(body: bytes) -> tuple[Mapping[str, object], ...] | None:
    """The keys of a JWK set, at most the first hundred; ``None`` when it is not one."""
    try:
        return tuple(_read_keys.decode(body).keys[:_MOST_KEYS])
    except (msgspec.DecodeError, UnicodeError, RecursionError):
        return None


def _segment(token: str, index: Literal[0, 1]) -> dict[str, object] | None:
    parts = token.split(".")
    if len(token) > _MOST_CHARACTERS or len(parts) != 3:
        return None
    try:
        return _read_object.decode(base64url_decode(parts[index]))
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None


def read_header(token: str, *, algorithms: Collection[str] = ALGORITHMS) -> TokenHeader | IdTokenRefusal:
    """The header of a token, if its algorithm may be used at all.

    Args:
        token: Compact JWS.
        algorithms: Allow-list; anything outside ``ALGORITHMS`` is refused even when listed.
    """
    header = _segment(token, 0)
    if header is None or "crit" in header:
        return IdTokenRefusal.MALFORMED
    algorithm, key_id = header.get("alg"), header.get("kid")
    if not isinstance(algorithm, str) or algorithm not in ALGORITHMS or algorithm not in algorithms:
        return IdTokenRefusal.ALGORITHM
    if key_id is not None and not isinstance(key_id, str):
        return IdTokenRefusal.MALFORMED
    return TokenHeader(algorithm, key_id)


def read_claims(token: str) -> Claims | None:
    """The claims of a token whose signature is not checked, or ``None`` when they cannot be read.

    Only for a token received straight from the token endpoint over TLS (OpenID Connect Core §3.1.3.7, item 6), and
    followed by ``check_claims``.
    """
    return _segment(token, 1)


def select_key(header: TokenHeader, keys: Collection[Mapping[str, object]]) -> Mapping[str, object] | None:
    """The one public key that can have signed a token.

    A ``kid`` must be found; without one the set must hold exactly one key that fits. The key's type, ``use`` and
    ``alg`` must agree with the header.
    """
    kind = _KEY_TYPES[header.algorithm[:2]]
    fitting = [
        key
        for key in keys
        if key.get("kty") == kind
        and key.get("use") in (None, "sig")
        and key.get("alg") in (None, header.algorithm)
        and (header.key_id is None or key.get("kid") == header.key_id)
    ]
    return fitting[0] if len(fitting) == 1 else None


def verify_signature(
    token: str, keys: Collection[Mapping[str, object]], *, algorithms: Collection[str] = ALGORITHMS
) -> Claims | IdTokenRefusal:
    """The claims of a token that one of the keys has signed; its claims are checked by ``check_claims``.

    Args:
        token: Compact JWS.
        keys: JWKs of the one issuer.
        algorithms: Allow-list.
    """
    header = read_header(token, algorithms=algorithms)
    if isinstance(header, IdTokenRefusal):
        return header
    chosen = select_key(header, keys)
    if chosen is None:
        return IdTokenRefusal.KEY
    try:
        key = jwt.PyJWK(dict(chosen), algorithm=header.algorithm)
    except (jwt.PyJWTError, ValueError, TypeError, KeyError, AttributeError):
        return IdTokenRefusal.KEY
    try:
        payload = _decoder.decode(token, key, algorithms=[header.algorithm])
        return _read_object.decode(payload)
    except jwt.InvalidKeyError:
        return IdTokenRefusal.KEY
    except (jwt.PyJWTError, ValueError):
        return IdTokenRefusal.SIGNATURE


def check_claims(
    claims: Claims,
    *,
    issuers: Collection[str],
    audiences: Collection[str],
    now: datetime,
    nonce: str | None = None,
    hashed_nonce: bool = False,
    leeway: timedelta = timedelta(seconds=5),
    max_age: timedelta | None = None,
) -> IdTokenRefusal | None:
    """What is wrong with the claims, or ``None``.

    Args:
        claims: Of a token whose origin is proven.
        issuers: Who may have issued it.
        audiences: Our client identifiers at that issuer.
        now: Aware UTC.
        nonce: What the token must repeat; ``None`` when none was sent.
        hashed_nonce: Whether the hex SHA-256 of the nonce is good too (Apple's native sign-in).
        leeway: Difference of clocks that is forgiven.
        max_age: Longest time since ``iat``.

    Source: OpenID Connect Core §2, §3.1.3.7.
    """
    issuer = claims.get("iss")
    if not isinstance(issuer, str) or issuer not in issuers:
        return IdTokenRefusal.ISSUER
    subject = claims.get("sub")
    if not isinstance(subject, str) or not subject:
        return IdTokenRefusal.SUBJECT
    return (
        _check_audience(claims, audiences)
        or _check_times(claims, now, leeway, max_age)
        or _check_nonce(claims.get("nonce"), nonce, hashed=hashed_nonce)
    )


def _check_audience(claims: Claims, audiences: Collection[str]) -> IdTokenRefusal | None:
    audience = claims.get("aud")
    named: list[object] = list(audience) if isinstance(audience, list) else [audience]  # pyright: ignore[reportUnknownArgumentType]
    if not any(name in audiences for name in named if isinstance(name, str)):
        return IdTokenRefusal.AUDIENCE
    party = claims.get("azp")
    # "If the ID Token contains multiple audiences, the Client SHOULD verify that an azp Claim is present."
    if (
        len(named) > 1
        and not all(name in audiences for name in named)
        and not (isinstance(party, str) and party in audiences)
    ):
        return IdTokenRefusal.PARTY
    return None


def _check_times(claims: Claims, now: datetime, leeway: timedelta, max_age: timedelta | None) -> IdTokenRefusal | None:
    clock, slack = now.timestamp(), leeway.total_seconds()
    expires, issued, starts = (claims.get(name) for name in ("exp", "iat", "nbf"))
    if not _is_number(expires) or not _is_number(issued) or (starts is not None and not _is_number(starts)):
        return IdTokenRefusal.MALFORMED
    if clock >= expires + slack:
        return IdTokenRefusal.EXPIRED
    if issued > clock + slack or (starts is not None and starts > clock + slack):
        return IdTokenRefusal.NOT_YET
    if max_age is not None and clock - issued > max_age.total_seconds() + slack:
        return IdTokenRefusal.TOO_OLD
    return None


def _is_number(value: object) -> TypeGuard[int | float]:
    """A moment; what is beyond the year 9999 is no date anywhere."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= _LATEST


def _check_nonce(given: object, expected: str | None, *, hashed: bool) -> IdTokenRefusal | None:
    if expected is None:
        return None
    if not isinstance(given, str):
        return IdTokenRefusal.NONCE
    presented = given.encode("utf-8", "surrogatepass")
    accepted = [expected.encode()]
    if hashed:
        accepted.append(sha256(expected.encode()).hexdigest().encode())
    return None if any(hmac.compare_digest(presented, text) for text in accepted) else IdTokenRefusal.NONCE
