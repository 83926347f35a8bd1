"""Codes of authenticator apps, their secrets at rest, and the memory of the last code that was used.

The table of the contract has no place for that memory. The encrypted secret has: its nonce must only never repeat, so
eight of its 24 bytes tell the step of the last code, and 16 stay random. Using a code rewrites the secret in one guarded
write, so each step works once, on every server. Source: RFC 6238; contract, crypto.json ``totp``.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from datetime import datetime
from typing import Protocol, cast
from urllib.parse import quote_plus

from gatewright.crypto.cipher import Cipher
from gatewright.crypto.compare import same
from gatewright.crypto.libraries import MissingLibrary
from gatewright.http.cookies import encode_uri_component

__all__ = ("SECRET_LENGTH", "Totp", "require_library")

SECRET_LENGTH = 32
WINDOW = (0, -1, 1)
"""Steps beside the present one whose codes are taken, for clocks that are not quite right."""

_MARK = b"step"
_NONCE = re.compile(r"(?:\$ba\$[0-9]+\$)?([0-9a-f]{48})[0-9a-f]+", re.ASCII)


class _Hotp(Protocol):
    def at(self, count: int) -> str: ...


def require_library() -> Callable[..., _Hotp]:
    """What makes codes of a secret.

    Raises:
        MissingLibrary: The extra ``totp`` is not installed.
    """
    try:
        from pyotp.hotp import HOTP  # noqa: PLC0415 (an extra)
    except ModuleNotFoundError:
        raise MissingLibrary("pyotp", extra="totp", purpose="verify codes of authenticator apps") from None
    return cast("Callable[..., _Hotp]", HOTP)


class Totp:
    """The codes of one instance.

    Args:
        digits: Of a code.
        period: Seconds of a step.
        cipher: Encrypts secrets.
        draw: Gives random bytes.

    Raises:
        MissingLibrary: The extra ``totp`` is not installed.
    """

    __slots__ = ("_cipher", "_draw", "_make", "digits", "period")

    def __init__(self, *, digits: int, period: int, cipher: Cipher, draw: Callable[[int], bytes]) -> None:
        self._make = require_library()
        self._cipher = cipher
        self._draw = draw
        self.digits = digits
        self.period = period

    def code(self, secret: str, now: datetime) -> str:
        """The present code of a secret."""
        return self._hotp(secret).at(self._step(now))

    def step_of(self, secret: str, code: str, now: datetime) -> int | None:
        """The step that a code belongs to, or ``None``; always the same work."""
        hotp, present = self._hotp(secret), self._step(now)
        found: int | None = None
        for offset in WINDOW:
            step = present + offset
            if step >= 0 and same(hotp.at(step), code) and found is None:
                found = step
        return found

    def seal(self, secret: str, *, used: int = 0) -> str:
        """The stored form of a secret, which remembers the last step that was used."""

        def nonce(count: int) -> bytes:
            memory = _MARK + used.to_bytes(4, "big")
            return self._draw(count - len(memory)) + memory

        return self._cipher.encrypt(secret, random=nonce)

    def open(self, stored: str) -> str:
        """The secret of a stored form.

        Raises:
            CipherError: It was stored with a secret of the instance that is no longer known.
        """
        return self._cipher.decrypt(stored)

    def is_used(self, stored: str, step: int, now: datetime) -> bool:
        """Whether the code of a step was used, or one of a later step."""
        match = _NONCE.fullmatch(stored)
        memory = b"" if match is None else bytes.fromhex(match[1])[-8:]
        if memory[:4] != _MARK:
            return False
        used = int.from_bytes(memory[4:], "big")
        # A step that lies ahead was never used: another server's nonce looks like a memory by chance.
        return step <= used <= self._step(now) + max(WINDOW)

    def uri(self, secret: str, *, issuer: str, account: str) -> str:
        """What an authenticator app reads."""
        label = f"{encode_uri_component(issuer)}:{encode_uri_component(account)}"
        return (
            f"otpauth://totp/{label}?secret={_base32(secret)}&issuer={quote_plus(issuer, safe='*')}"
            f"&digits={self.digits}&period={self.period}"
        )

    def _hotp(self, secret: str) -> _Hotp:
        return self._make(_base32(secret), digits=self.digits)

    def _step(self, now: datetime) -> int:
        return int(now.timestamp()) // self.period


def _base32(secret: str) -> str:
    return base64.b32encode(secret.encode()).decode().rstrip("=")
