"""Sign and verify JSON Web Tokens with an algorithm that the caller pins; never one that the token asks for.

The compact form is read here so that the header can be held to the pinned algorithm before any key is touched, and the
clock is a parameter; PyJWT's algorithms make and check the asymmetric signatures. One secret signs several kinds of
HS256 token (contract), so a caller must also check that the claims are of the kind it expects.
Source: RFC 7515, RFC 7519, RFC 8725, contract ``crypto.json`` (``jwt_hs256``, ``jwks``).
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from enum import Enum
from typing import Literal, TypeAlias, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm, RSAPSSAlgorithm

from gatewright.crypto.compare import same
from gatewright.crypto.hashing import base64url, from_base64url, utf8
from gatewright.crypto.hmac import hmac_sha256
from gatewright.crypto.jwk import PrivateKey, PublicKey

__all__ = (
    "Claims",
    "JwtRefusal",
    "SignatureAlgorithm",
    "check_times",
    "open_hs256",
    "open_jwt",
    "sign_hs256",
    "sign_jwt",
    "unverified_header",
    "verify_hs256",
    "verify_jwt",
)

Claims: TypeAlias = Mapping[str, object]
SignatureAlgorithm: TypeAlias = Literal[
    "EdDSA", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "RS256", "RS384", "RS512"
]
_T = TypeVar("_T")

_LATEST = 253_402_300_799  # the end of the year 9999: what is beyond is no date anywhere
_MOST_CHARACTERS = 65_536  # of a token; no header or cookie carries more

_RSA = {
    "RS256": RSAAlgorithm(RSAAlgorithm.SHA256),
    "RS384": RSAAlgorithm(RSAAlgorithm.SHA384),
    "RS512": RSAAlgorithm(RSAAlgorithm.SHA512),
    "PS256": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA256),
    "PS384": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA384),
    "PS512": RSAPSSAlgorithm(RSAPSSAlgorithm.SHA512),
}
_EC = {
    "ES256": (ECAlgorithm(ECAlgorithm.SHA256), "secp256r1"),
    "ES384": (ECAlgorithm(ECAlgorithm.SHA384), "secp384r1"),
    "ES512": (ECAlgorithm(ECAlgorithm.SHA512), "secp521r1"),
}
_EDDSA = OKPAlgorithm()
_HS256 = {"alg": "HS256"}


class JwtRefusal(Enum):
    """Why a token was refused, for the flows whose answer tells the two apart."""

    INVALID = "invalid"
    EXPIRED = "expired"


def _signing_input(claims: Claims, header: Mapping[str, object]) -> str:
    return f"{base64url(msgspec.json.encode(header))}.{base64url(msgspec.json.encode(claims))}"


def sign_hs256(claims: Claims, secret: str | bytes, *, header: Mapping[str, object] | None = None) -> str:
    """A token signed with HMAC-SHA256.

    Args:
        claims: JSON values, written in their own order; ``iat`` and ``exp`` are the caller's, after the payload.
        secret: Text (its UTF-8 bytes are the key) or bytes; not empty.
        header: Members to add after ``alg``. The contract's tokens have none.

    Returns:
        The compact form.

    Raises:
        ValueError: An empty secret.
    """
    key = _hmac_key(secret)
    text = _signing_input(claims, {**_HS256, **(header or {}), **_HS256})
    return f"{text}.{base64url(hmac_sha256(key, text.encode('ascii')))}"


def open_hs256(token: str, secret: str | bytes, *, now: datetime, leeway_seconds: int = 0) -> Claims | JwtRefusal:
    """The claims of an HS256 token, or why it was refused.

    Args:
        token: Compact form, untrusted.
        secret: What ``sign_hs256`` was given.
        now: Aware UTC time.
        leeway_seconds: How far the clocks may differ.

    Returns:
        The claims; ``EXPIRED`` only for a token that is otherwise valid; ``INVALID`` for everything else.
    """
    key = _hmac_key(secret)
    parts = _parts(token, "HS256")
    if parts is None or not same(hmac_sha256(key, parts.signed), parts.signature):
        return JwtRefusal.INVALID
    return check_times(parts.claims, now=now, leeway_seconds=leeway_seconds)


def verify_hs256(token: str, secret: str | bytes, *, now: datetime, leeway_seconds: int = 0) -> Claims | None:
    """The claims of a valid HS256 token, else ``None``; arguments as in ``open_hs256``."""
    return _or_none(open_hs256(token, secret, now=now, leeway_seconds=leeway_seconds))


def sign_jwt(
    claims: Claims,
    key: PrivateKey,
    *,
    algorithm: SignatureAlgorithm,
    kid: str | None = None,
    header: Mapping[str, object] | None = None,
) -> str:
    """A token signed with a private key.

    Args:
        claims: JSON values, written in their own order.
        key: A key of the algorithm's kind.
        algorithm: Named in the header and used.
        kid: Name of the key, if it has one.
        header: Members to add after ``alg`` and ``kid``, such as ``typ``.

    Returns:
        The compact form.

    Raises:
        ValueError: A key of another kind than the algorithm.
    """
    named: dict[str, object] = {"alg": algorithm} if kid is None else {"alg": algorithm, "kid": kid}
    text = _signing_input(claims, {**named, **(header or {}), **named})
    return f"{text}.{base64url(_sign(text.encode('ascii'), key, algorithm))}"


def open_jwt(
    token: str,
    key: PublicKey,
    *,
    algorithm: SignatureAlgorithm,
    now: datetime,
    leeway_seconds: int = 0,
    issuer: str | Collection[str] | None = None,
    audience: str | Collection[str] | None = None,
    typ: str | None = None,
) -> Claims | JwtRefusal:
    """The claims of a token signed with a private key, or why it was refused.

    Args:
        token: Compact form, untrusted.
        key: The key that must have signed it.
        algorithm: The only one accepted.
        now: Aware UTC time.
        leeway_seconds: How far the clocks may differ.
        issuer: ``iss`` must be this, or one of these. ``None``: not checked.
        audience: ``aud`` must be or contain this, or one of these. ``None``: not checked.
        typ: The header's ``typ`` must be this. ``None``: not checked.

    Returns:
        The claims; ``EXPIRED`` only for a token that is otherwise valid; ``INVALID`` for everything else, a key of
        another kind than the algorithm among it.
    """
    parts = _parts(token, algorithm)
    if parts is None or not _verifies(parts.signed, parts.signature, key, algorithm):
        return JwtRefusal.INVALID
    if typ is not None and parts.header.get("typ") != typ:
        return JwtRefusal.INVALID
    if issuer is not None and not _names(parts.claims.get("iss"), issuer, many=False):
        return JwtRefusal.INVALID
    if audience is not None and not _names(parts.claims.get("aud"), audience, many=True):
        return JwtRefusal.INVALID
    return check_times(parts.claims, now=now, leeway_seconds=leeway_seconds)


def verify_jwt(
    token: str,
    key: PublicKey,
    *,
    algorithm: SignatureAlgorithm,
    now: datetime,
    leeway_seconds: int = 0,
    issuer: str | Collection[str] | None = None,
    audience: str | Collection[str] | None = None,
    typ: str | None = None,
) -> Claims | None:
    """The claims of a valid token, else ``None``; arguments as in ``open_jwt``."""
    return _or_none(
        open_jwt(
            token,
            key,
            algorithm=algorithm,
            now=now,
            leeway_seconds=leeway_seconds,
            issuer=issuer,
            audience=audience,
            typ=typ,
        )
    )


def unverified_header(token: str) -> Mapping[str, object] | None:
    """The header of a token nobody has verified, to choose a key by its ``kid``; trust nothing else in it.

    Args:
        token: Compact form, untrusted.

    Returns:
        The decoded header, or ``None`` when it is not a JSON object.
    """
    head, dot, _ = token[:_MOST_CHARACTERS].partition(".")
    return _json_object(head) if dot else None


class _Parts(msgspec.Struct, frozen=True):
    """A token taken apart; nothing about it is proven."""

    header: dict[str, object]
    claims: dict[str, object]
    signed: bytes
    signature: bytes

    def __repr__(self) -> str:
        return "_Parts(...)"


_object_decoder = msgspec.json.Decoder(dict[str, object])


def _json_object(segment: str) -> dict[str, object] | None:
    try:
        return _object_decoder.decode(from_base64url(segment))
    except (ValueError, RecursionError):  # msgspec's errors are of the first kind; absurd nesting raises the second
        return None


def _parts(token: str, algorithm: str) -> _Parts | None:
    if len(token) > _MOST_CHARACTERS:
        return None
    segments = token.split(".", 3)
    if len(segments) != 3:
        return None
    header, claims = _json_object(segments[0]), _json_object(segments[1])
    if header is None or claims is None:
        return None
    # RFC 8725 §3.1: the algorithm is the caller's. RFC 7515 §4.1.11: extensions not understood refuse the token.
    if header.get("alg") != algorithm or "crit" in header or "b64" in header:
        return None
    try:
        signature = from_base64url(segments[2])
    except ValueError:
        return None
    if base64url(signature) != segments[2]:
        return None  # another spelling of the same bytes: one signature has one form
    return _Parts(header, claims, f"{segments[0]}.{segments[1]}".encode("ascii"), signature)


def check_times(claims: Claims, *, now: datetime, leeway_seconds: int) -> Claims | JwtRefusal:
    """Claims whose ``exp``, ``nbf`` and ``iat`` allow their use now, or why not.

    Args:
        claims: Claims that are already proven authentic.
        now: Aware UTC time; whole seconds count.
        leeway_seconds: How far the clocks may differ.

    Returns:
        The claims. ``EXPIRED`` at ``exp`` and after; ``INVALID`` before ``nbf`` or when one of the three is no
        moment before the year 10000. An absent claim sets no limit, and an ``iat`` ahead of us only tells of another
        clock (RFC 7519 §4.1.6).
    """
    present = int(now.timestamp())
    for name in ("iat", "nbf", "exp"):
        moment = claims.get(name)
        if moment is None and name not in claims:
            continue
        if isinstance(moment, bool) or not isinstance(moment, int | float) or not -_LATEST <= moment <= _LATEST:
            return JwtRefusal.INVALID
        if name == "nbf" and moment > present + leeway_seconds:
            return JwtRefusal.INVALID
        if name == "exp" and moment <= present - leeway_seconds:
            return JwtRefusal.EXPIRED
    return claims


def _names(claim: object, accepted: str | Collection[str], *, many: bool) -> bool:
    wanted = {accepted} if isinstance(accepted, str) else set(accepted)
    if isinstance(claim, str):
        return claim in wanted
    if not many:
        return False
    try:
        return not wanted.isdisjoint(msgspec.convert(claim, list[str]))
    except msgspec.ValidationError:
        return False


def _or_none(opened: _T | JwtRefusal) -> _T | None:
    return None if isinstance(opened, JwtRefusal) else opened


def _hmac_key(secret: str | bytes) -> bytes:
    key = utf8(secret) if isinstance(secret, str) else secret
    if not key:
        raise ValueError("an HS256 secret cannot be empty")
    return key


def _sign(data: bytes, key: PrivateKey, algorithm: str) -> bytes:
    if algorithm == "EdDSA" and isinstance(key, Ed25519PrivateKey):
        return _EDDSA.sign(data, key)
    if algorithm in _EC and isinstance(key, ec.EllipticCurvePrivateKey):
        maker, curve = _EC[algorithm]
        if key.curve.name == curve:
            return maker.sign(data, key)
    if algorithm in _RSA and isinstance(key, rsa.RSAPrivateKey):
        return _RSA[algorithm].sign(data, key)
    raise ValueError("the key is not of the algorithm's kind")


def _verifies(data: bytes, signature: bytes, key: PublicKey, algorithm: str) -> bool:
    try:
        if algorithm == "EdDSA" and isinstance(key, Ed25519PublicKey):
            return _EDDSA.verify(data, key, signature)
        if algorithm in _EC and isinstance(key, ec.EllipticCurvePublicKey):
            maker, curve = _EC[algorithm]
            return key.curve.name == curve and maker.verify(data, key, signature)
        if algorithm in _RSA and isinstance(key, rsa.RSAPublicKey):
            return _RSA[algorithm].verify(data, key, signature)
    except InvalidSignature:
        return False
    return False
