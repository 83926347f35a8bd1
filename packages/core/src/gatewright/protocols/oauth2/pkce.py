"""Proof key for code exchange: verifier and challenge; the verifier's text is drawn elsewhere.

Source: RFC 7636 §4.1, §4.2; contract ``providers.json`` (``codeVerifier``, ``codeChallenge``).
"""

import re
from base64 import urlsafe_b64encode
from hashlib import sha256

__all__ = ("METHOD", "VERIFIER_ALPHABET", "VERIFIER_LENGTH", "challenge", "is_verifier")

METHOD = "S256"
VERIFIER_LENGTH = 128  # characters; RFC 7636 §4.1 allows 43 to 128
VERIFIER_ALPHABET = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"

_VERIFIER = re.compile(r"[A-Za-z0-9\-._~]{43,128}")


def is_verifier(text: str) -> bool:
    """Whether a text has the length and the letters RFC 7636 §4.1 asks of a verifier."""
    return _VERIFIER.fullmatch(text) is not None


def challenge(verifier: str) -> str:
    """The S256 challenge of a verifier: base64url of its SHA-256, without padding.

    Args:
        verifier: 43 to 128 unreserved characters.

    Raises:
        ValueError: The verifier is not one.
    """
    if not is_verifier(verifier):
        raise ValueError("a code verifier has 43 to 128 unreserved characters")
    return urlsafe_b64encode(sha256(verifier.encode("ascii")).digest()).decode("ascii").rstrip("=")
