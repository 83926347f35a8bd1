"""SHA-256, base64url and UTF-8 as the contract writes them; no keys and no passwords.

Stored identifiers, API keys, one-time tokens and hashed codes are ``sha256_base64url`` of their text.
Source: contract ``crypto.json`` (``sha256_base64url``), RFC 4648 §5.
"""

import binascii
import hashlib
from base64 import urlsafe_b64encode

__all__ = ("base64url", "from_base64url", "sha256", "sha256_base64url", "utf8")

_TO_STANDARD = bytes.maketrans(b"-_+/", b"+/!!")  # '+' and '/' belong to the other alphabet: made invalid
_PADDING = (b"", b"===", b"==", b"=")  # by length modulo 4; a remainder of 1 is refused by the decoder


def utf8(text: str) -> bytes:
    """The bytes of ``text`` as a JavaScript ``TextEncoder`` gives them.

    Args:
        text: Any Python text. A surrogate pair is joined; a lone surrogate becomes U+FFFD, as on the other side.

    Returns:
        UTF-8 bytes.
    """
    try:
        return text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode()


def sha256(data: bytes) -> bytes:
    """The 32-byte SHA-256 digest of ``data``."""
    return hashlib.sha256(data).digest()


def base64url(data: bytes) -> str:
    """``data`` in the URL-safe base64 alphabet without padding."""
    return urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def from_base64url(text: str) -> bytes:
    """The bytes that URL-safe base64 text stands for.

    Args:
        text: Characters ``A-Z a-z 0-9 - _``, with all of its padding or with none.

    Returns:
        The decoded bytes.

    Raises:
        ValueError: Foreign characters, an impossible length or wrong padding. The message never holds the text.
    """
    try:
        raw = text.encode("ascii").translate(_TO_STANDARD)
        if raw[-1:] != b"=":
            raw += _PADDING[len(raw) % 4]
        return binascii.a2b_base64(raw, strict_mode=True)
    except ValueError:  # UnicodeEncodeError and binascii.Error are both of this kind and quote their input
        raise ValueError("not base64url") from None


def sha256_base64url(text: str) -> str:
    """The form in which the contract stores hashed identifiers, keys, tokens and codes.

    Args:
        text: The secret as its owner holds it.

    Returns:
        43 characters: base64url without padding of SHA-256 over the UTF-8 text.
    """
    return base64url(sha256(utf8(text)))
