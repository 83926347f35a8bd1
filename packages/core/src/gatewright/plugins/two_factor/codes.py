"""How codes that were sent and backup codes are kept, and how they are compared. Not who may use them.

Source: contract, crypto.json ``otp_storage``.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

import msgspec

from gatewright.crypto.cipher import Cipher, CipherError
from gatewright.crypto.compare import same
from gatewright.crypto.hashing import sha256_base64url
from gatewright.crypto.random_text import BACKUP_CODE_ALPHABET, DIGITS, random_text
from gatewright.plugins.two_factor.options import BackupCodeOptions, CodeCipher, CodeHash, OtpOptions

__all__ = ("BackupCodeBox", "OtpBox")

T = TypeVar("T")


class OtpBox:
    """Makes codes that are sent, and compares them."""

    __slots__ = ("_cipher", "_digits", "_draw", "_how")

    def __init__(self, options: OtpOptions, cipher: Cipher, draw: Callable[[int], bytes]) -> None:
        self._how = options.store_otp
        self._digits = options.digits
        self._cipher = cipher
        self._draw = draw

    def make(self) -> str:
        """A new code."""
        return random_text(self._digits, DIGITS, self._draw)

    async def stored(self, code: str) -> str:
        """The form to store."""
        how = self._how
        if isinstance(how, CodeHash):
            return await _own(how.hash(code))
        if isinstance(how, CodeCipher):
            return await _own(how.encrypt(code))
        if how == "encrypted":
            return self._cipher.encrypt(code, random=self._draw)
        return code if how == "plain" else sha256_base64url(code)

    async def matches(self, stored: str, code: str) -> bool:
        """Whether a code is the one that was stored."""
        if isinstance(self._how, CodeCipher):
            return same(await _own(self._how.decrypt(stored)), code)
        if self._how == "encrypted":
            try:
                return same(self._cipher.decrypt(stored), code)
            except CipherError:
                return False
        return same(stored, await self.stored(code))


class BackupCodeBox:
    """Makes a user's backup codes, and reads them back."""

    __slots__ = ("_cipher", "_draw", "_options")

    def __init__(self, options: BackupCodeOptions, cipher: Cipher, draw: Callable[[int], bytes]) -> None:
        self._options = options
        self._cipher = cipher
        self._draw = draw

    def make(self) -> tuple[str, ...]:
        """New codes."""
        own = self._options.custom_backup_codes_generate
        if own is not None:
            return tuple(own())
        texts = (
            random_text(self._options.length, BACKUP_CODE_ALPHABET, self._draw) for _ in range(self._options.amount)
        )
        return tuple(f"{text[:5]}-{text[5:]}" for text in texts)

    async def stored(self, codes: Sequence[str]) -> str:
        """The form to store."""
        text = msgspec.json.encode(codes).decode()
        how = self._options.store_backup_codes
        if how == "plain":
            return text
        if isinstance(how, CodeCipher):
            return await _own(how.encrypt(text))
        return self._cipher.encrypt(text, random=self._draw)

    async def read(self, stored: str) -> tuple[str, ...] | None:
        """The codes of a stored form, or ``None`` where it cannot be read."""
        how = self._options.store_backup_codes
        try:
            if how == "plain":
                text = stored
            elif isinstance(how, CodeCipher):
                text = await _own(how.decrypt(stored))
            else:
                text = self._cipher.decrypt(stored)
            return msgspec.json.decode(text, type=tuple[str, ...])
        except (CipherError, msgspec.MsgspecError):
            return None

    @staticmethod
    def without(codes: Sequence[str], code: str) -> tuple[str, ...] | None:
        """The codes that are left when one is used, or ``None`` where it is none of them; always the same work."""
        hits = [same(each, code) for each in codes]
        if not any(hits):
            return None
        return tuple(each for each, hit in zip(codes, hits, strict=True) if not hit)


async def _own(answer: Awaitable[T] | T) -> T:
    if inspect.isawaitable(answer):
        return await answer
    return answer
