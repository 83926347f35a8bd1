"""The ``compact`` form of the session cache cookie: signed JSON in base64url; not encrypted, so readable by its owner.

The signature covers ``JSON.stringify({...payload, expiresAt})``. Both directions splice those bytes out of the text
instead of parsing it, since what the contract writes is already in that form; only a text whose signature does not
verify that way is parsed and written again as JavaScript would. Source: contract ``cookies.json`` (``session_data``).
"""

import re
from dataclasses import dataclass

from gatewright.crypto.compare import same
from gatewright.crypto.hashing import base64url, from_base64url, utf8
from gatewright.crypto.hmac import hmac_sha256
from gatewright.crypto.javascript_json import parse, stringify

__all__ = ("Compact", "decode_compact", "encode_compact")

_HEAD = b'{"session":'
_TAIL = re.compile(rb',"expiresAt":([0-9]{1,16}),"signature":"([A-Za-z0-9_-]{43})"\}\Z')
_TAIL_LENGTH = 102  # bytes of the longest tail, so that the search never walks the payload
_MOST_CHARACTERS = 524_288  # more than the contract's hundred chunks of 4050 bytes hold


@dataclass(frozen=True, slots=True)
class Compact:
    """A cache cookie whose signature and expiry were checked.

    Attributes:
        payload: JSON object as UTF-8 bytes, authentic but not yet checked for its shape.
        expires_at_ms: End of its life, milliseconds since 1970.
    """

    payload: bytes
    expires_at_ms: int


def encode_compact(payload_json: bytes, *, expires_at_ms: int, secret: str) -> str:
    """The cookie value for a payload.

    Args:
        payload_json: JSON object as ``JSON.stringify`` writes it (no spaces, non-ASCII as it is), without an
            ``expiresAt`` of its own; the contract's keys are session, user, updatedAt, version in this order.
        expires_at_ms: End of its life, milliseconds since 1970.
        secret: The current secret.

    Returns:
        Base64url text, not percent-encoded because it needs none.

    Raises:
        ValueError: The payload is not an object, or the time is negative.
    """
    if payload_json[:1] != b"{" or payload_json[-1:] != b"}" or expires_at_ms < 0:
        raise ValueError("a compact payload is a JSON object with a time after 1970")
    signature = base64url(hmac_sha256(utf8(secret), _signed(payload_json, b"%d" % expires_at_ms)))
    tail = b',"expiresAt":%d,"signature":"%s"}' % (expires_at_ms, signature.encode("ascii"))
    return base64url(_HEAD + payload_json + tail)


def decode_compact(text: str, *, secret: str, now_ms: int) -> Compact | None:
    """The payload of a cookie value that this secret signed and that has not expired.

    Args:
        text: The cookie's value, its chunks joined; untrusted.
        secret: The current secret.
        now_ms: Present time, milliseconds since 1970.

    Returns:
        The payload, or ``None`` for anything malformed, forged, altered or expired (``expiresAt`` not in the future).
        Never raises.
    """
    if len(text) > _MOST_CHARACTERS:
        return None
    try:
        raw = from_base64url(text)
    except ValueError:
        return None
    key = utf8(secret)
    found = _spliced(raw, key) or _rewritten(raw, key)
    return found if found is not None and found.expires_at_ms > now_ms else None


def _signed(payload: bytes, expires_at: bytes) -> bytes:
    return payload[:-1] + (b',"expiresAt":' if len(payload) > 2 else b'"expiresAt":') + expires_at + b"}"


def _spliced(raw: bytes, key: bytes) -> Compact | None:
    """Verify the bytes as they stand: if the signature covers them, the payload is what the signer wrote."""
    tail = _TAIL.search(raw, max(0, len(raw) - _TAIL_LENGTH))
    if tail is None or not raw.startswith(_HEAD):
        return None
    payload = raw[len(_HEAD) : tail.start()]
    if payload[:1] != b"{" or payload[-1:] != b"}":
        return None
    expected = base64url(hmac_sha256(key, _signed(payload, tail[1])))
    return Compact(payload, int(tail[1])) if same(expected, tail[2]) else None


def _rewritten(raw: bytes, key: bytes) -> Compact | None:
    """Verify what JavaScript would write for the parsed text, as the contract's verifier does."""
    try:
        outer = parse(raw.decode())
        if not isinstance(outer, dict):
            return None
        payload, expires_at, signature = outer.get("session"), outer.get("expiresAt"), outer.get("signature")
        if not (isinstance(payload, dict) and isinstance(expires_at, float) and isinstance(signature, str)):
            return None
        if not expires_at.is_integer():
            return None
        signed = stringify({**payload, "expiresAt": expires_at}).encode()
        if not same(base64url(hmac_sha256(key, signed)), signature):
            return None
        return Compact(stringify(payload).encode(), int(expires_at))
    except ValueError:
        return None
