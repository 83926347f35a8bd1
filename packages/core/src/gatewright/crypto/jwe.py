"""Encrypted claims of the session and account cookies: JWE with a key derived from the secret.

Direct encryption with A256CBC-HS512. The key is HKDF-SHA256 of the secret under a salt per cookie, so a token of one
cookie cannot be opened as the other; its thumbprint is the ``kid``, which finds the secret after a rotation. joserfc
does the JWE and is loaded when the first box is made. Source: contract ``crypto.json`` (``jwe``), RFC 7516, RFC 7518
§4.5 and §5.2.5, RFC 5869.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import NamedTuple

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from gatewright.crypto.cipher import Secrets
from gatewright.crypto.hashing import base64url, utf8
from gatewright.crypto.jwk import thumbprint
from gatewright.crypto.jwt import Claims, JwtRefusal, check_times, unverified_header
from gatewright.crypto.libraries import MissingLibrary

__all__ = ("ACCOUNT_SALT", "SESSION_SALT", "ClaimsBox", "derive_key")

SESSION_SALT = "better-auth-session"
ACCOUNT_SALT = "better-auth-account"

_INFO = b"BetterAuth.js Generated Encryption Key"
_CLOCK_TOLERANCE_SECONDS = 15  # contract
_MOST_CHARACTERS = 524_288  # more than the contract's hundred chunks of 4050 bytes hold
_ALGORITHMS = ("dir", "A256CBC-HS512")
_COMPACT = re.compile(r"[\w-]+\.\.[\w-]{22}\.[\w-]+\.[\w-]{43}", re.ASCII)
_decode_claims = msgspec.json.Decoder(dict[str, object]).decode


class _Primitives(NamedTuple):
    """The two operations of joserfc, bound to one key."""

    encrypt: Callable[[bytes], str]
    decrypt: Callable[[str], bytes | None]


def derive_key(secret: str, salt: str) -> bytes:
    """The 64 bytes of key material for one secret and one cookie: 32 for the MAC, then 32 for AES.

    Args:
        secret: The deployment's secret.
        salt: ``SESSION_SALT`` or ``ACCOUNT_SALT``.

    Returns:
        Key material.
    """
    return HKDF(SHA256(), length=64, salt=utf8(salt), info=_INFO).derive(utf8(secret))


class ClaimsBox:
    """Seals claims under the current secret and opens what any of the secrets sealed.

    Keys are derived once, here.

    Args:
        secrets: The deployment's secrets.
        salt: ``SESSION_SALT`` or ``ACCOUNT_SALT``.

    Raises:
        MissingLibrary: The extra ``jwe`` is not installed.
    """

    __slots__ = ("_by_kid", "_current")

    def __init__(self, secrets: Secrets, *, salt: str) -> None:
        self._by_kid: dict[str, _Primitives] = {}
        for secret in secrets.every():
            key = derive_key(secret, salt)
            kid = thumbprint({"kty": "oct", "k": base64url(key)})
            self._by_kid[kid] = _bind(key, kid)
        self._current = next(iter(self._by_kid.values()))

    def seal(self, claims: Claims, *, now: datetime, lifetime_seconds: int, jti: str) -> str:
        """The encrypted token.

        Args:
            claims: JSON values; ``iat``, ``exp`` and ``jti`` are added after them.
            now: Aware UTC time, the ``iat``.
            lifetime_seconds: From ``iat`` to ``exp``.
            jti: A fresh UUID v4.

        Returns:
            JWE compact form.
        """
        issued = int(now.timestamp())
        stamped = {**claims, "iat": issued, "exp": issued + lifetime_seconds, "jti": jti}
        return self._current.encrypt(msgspec.json.encode(stamped))

    def open(self, token: str, *, now: datetime) -> Mapping[str, object] | None:
        """The claims of a token that one of the secrets sealed and that has not expired.

        Args:
            token: JWE compact form, untrusted.
            now: Aware UTC time; clocks may differ by 15 seconds.

        Returns:
            The claims, ``iat``, ``exp`` and ``jti`` among them, or ``None``. Never raises.
        """
        if len(token) > _MOST_CHARACTERS or _COMPACT.fullmatch(token) is None:
            return None
        header = unverified_header(token)
        # Held to the one form we write, before any key is touched: no compression, no extension, no other algorithm.
        if header is None or not header.keys() <= {"alg", "enc", "kid", "typ"}:
            return None
        if (header.get("alg"), header.get("enc")) != _ALGORITHMS:
            return None
        if "kid" in header:
            kid = header["kid"]
            named = self._by_kid.get(kid) if isinstance(kid, str) else None
            plain = None if named is None else named.decrypt(token)
        else:
            attempts = (key.decrypt(token) for key in self._by_kid.values())
            plain = next((plain for plain in attempts if plain is not None), None)
        if plain is None:
            return None
        try:
            claims = _decode_claims(plain)
        except (ValueError, RecursionError):
            return None
        opened = check_times(claims, now=now, leeway_seconds=_CLOCK_TOLERANCE_SECONDS)
        return None if isinstance(opened, JwtRefusal) else opened


def _bind(material: bytes, kid: str) -> _Primitives:
    try:
        from joserfc import jwe  # noqa: PLC0415 - an optional library, loaded by the first box
        from joserfc.errors import JoseError  # noqa: PLC0415
        from joserfc.jwk import OctKey  # noqa: PLC0415
    except ImportError:
        raise MissingLibrary("joserfc", extra="jwe", purpose="encrypt session and account cookies") from None
    key = OctKey.import_key(material)
    algorithms = list(_ALGORITHMS)
    header = {"alg": "dir", "enc": "A256CBC-HS512", "kid": kid}

    def encrypt(plain: bytes) -> str:
        return jwe.encrypt_compact(dict(header), plain, key, algorithms=algorithms)

    def decrypt(token: str) -> bytes | None:
        try:
            return jwe.decrypt_compact(token, key, algorithms=algorithms).plaintext
        except (JoseError, ValueError):  # the library reports malformed parts as either
            return None

    return _Primitives(encrypt, decrypt)
