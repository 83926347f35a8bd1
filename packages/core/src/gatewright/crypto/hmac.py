"""HMAC-SHA256 and the signed cookie value; percent-encoding and cookies themselves live in ``http``.

A signed value is ``value.signature`` where the signature is padded standard base64 (44 characters) over the raw value.
Source: contract ``cookies.json`` (``signing``) and ``crypto.json`` (``hmac_signature``), RFC 2104.
"""

import binascii
import hmac as stdlib_hmac

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from gatewright.crypto.hashing import base64url, utf8

__all__ = ("CookieSigner", "hmac_sha256")

_SIGNATURE_LENGTH = 44  # characters of padded base64 over 32 bytes
_DOT = ord(".")
_EQUALS = ord("=")


def hmac_sha256(key: bytes, data: bytes) -> bytes:
    """The 32-byte HMAC-SHA256 of ``data`` under ``key``."""
    return stdlib_hmac.digest(key, data, "sha256")


class CookieSigner:
    """Signs and verifies cookie values and bearer tokens under one secret.

    The keyed state is prepared once and copied per call, which costs about a third of ``hmac.digest``. The prepared
    object is never updated itself, so one signer serves any number of threads.

    Args:
        secret: The current secret; its UTF-8 bytes are the key. Older versions never verify cookies (contract).
    """

    __slots__ = ("_keyed",)

    def __init__(self, secret: str) -> None:
        self._keyed = HMAC(utf8(secret), SHA256())

    def _mac(self, data: bytes) -> bytes:
        keyed = self._keyed.copy()
        keyed.update(data)
        return keyed.finalize()

    def signature(self, value: str) -> str:
        """The signature of ``value``: 44 characters of padded standard base64."""
        return binascii.b2a_base64(self._mac(utf8(value)), newline=False).decode("ascii")

    def url_signature(self, value: str) -> str:
        """The signature of ``value`` as 43 characters of base64url, the form of trusted-device tokens."""
        return base64url(self._mac(utf8(value)))

    def sign(self, value: str) -> str:
        """``value.signature``, not yet percent-encoded."""
        return f"{value}.{self.signature(value)}"

    def verify(self, signed: str) -> str | None:
        """The value inside a signed text, or ``None`` when this secret did not sign it.

        Args:
            signed: ``value.signature`` after percent-decoding, as untrusted as it arrives.

        Returns:
            The value (at least one character), or ``None`` for a missing dot, an empty value, a signature that is not
            44 characters ending in ``=``, or a wrong signature. Compared in constant time; never raises.
        """
        try:
            raw = signed.encode()
        except UnicodeEncodeError:
            return None  # a lone surrogate is replaced when signing, so no signature can cover it
        # The last dot stands right before the signature: base64 holds none, so a dot further right fails the comparison.
        if len(raw) < _SIGNATURE_LENGTH + 2 or raw[-_SIGNATURE_LENGTH - 1] != _DOT or raw[-1] != _EQUALS:
            return None
        expected = binascii.b2a_base64(self._mac(raw[: -_SIGNATURE_LENGTH - 1]), newline=False)
        if not stdlib_hmac.compare_digest(expected, raw[-_SIGNATURE_LENGTH:]):
            return None
        return signed[: -_SIGNATURE_LENGTH - 1]
