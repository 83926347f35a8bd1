"""User handles: what an authenticator keeps beside a key to tell for whom it is.

A handle tells nobody who the user is (Web Authentication Level 3 §14.6.1), and still lets this server recognize that one
belongs to somebody else: it is a random part, a mark that this server made it, and a mark for the user. Handles that
another server made, with the same database, carry no mark and prove nothing either way.
"""

from __future__ import annotations

from collections.abc import Callable

from gatewright.crypto.compare import same
from gatewright.crypto.hmac import hmac_sha256
from gatewright.crypto.random_text import LOWER_DIGITS, random_text

__all__ = ("belongs_to_another", "make_handle")

_RANDOM, _OURS, _USERS = 8, 8, 16


def make_handle(secret: str, user_id: str, draw: Callable[[int], bytes]) -> str:
    """A new handle for a user: 32 letters and digits."""
    start = random_text(_RANDOM, LOWER_DIGITS, draw)
    return start + _mark(secret, "ours", start, _OURS) + _mark(secret, user_id, start, _USERS)


def belongs_to_another(secret: str, handle: str, user_id: str) -> bool:
    """Whether this server made the handle for another user."""
    start, ours, user = handle[:_RANDOM], handle[_RANDOM : _RANDOM + _OURS], handle[_RANDOM + _OURS :]
    if not same(ours, _mark(secret, "ours", start, _OURS)):
        return False
    return not same(user, _mark(secret, user_id, start, _USERS))


def _mark(secret: str, what: str, start: str, length: int) -> str:
    mac = hmac_sha256(secret.encode(), f"passkey user handle\n{start}\n{what}".encode())
    return "".join(LOWER_DIGITS[byte % len(LOWER_DIGITS)] for byte in mac[:length])
