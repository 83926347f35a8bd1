"""The keeper of passwords: policy, hashing off the event loop, equal work where there is nothing to compare.

Source: contract, crypto.json ``password``; options.json ``emailAndPassword``.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

from gatewright.contract.faults import PasswordTooLong, PasswordTooShort, ServiceUnavailable
from gatewright.crypto.passwords import Passwords as Schemes
from gatewright.ports.workers import Overloaded, Workers
from gatewright.settings.email_password import EmailAndPassword

__all__ = ("PasswordKeeper",)

T = TypeVar("T")


class PasswordKeeper:
    """Hashes and verifies passwords.

    Args:
        options: Bounds and the application's own functions.
        schemes: Which scheme hashes, and which ones are understood.
        workers: Where hashing takes place.
    """

    __slots__ = ("_hash", "_max", "_min", "_schemes", "_verify", "_workers")

    def __init__(self, options: EmailAndPassword, schemes: Schemes, workers: Workers) -> None:
        self._min = options.min_password_length
        self._max = options.max_password_length
        self._schemes = schemes
        self._workers = workers
        own = options.password
        self._hash = None if own is None else own.hash
        self._verify = None if own is None else own.verify

    def check_length(self, password: str) -> None:
        """Refuse a new password that is too short or too long.

        Raises:
            PasswordTooShort: Fewer characters than configured.
            PasswordTooLong: More characters than configured.
        """
        length = _utf16_length(password)
        if length < self._min:
            raise PasswordTooShort
        if length > self._max:
            raise PasswordTooLong

    async def hash(self, password: str) -> str:
        """The hash to store.

        Raises:
            ServiceUnavailable: Too many are being hashed already.
        """
        if self._hash is not None:
            return await _own(self._hash, password)
        return await self._run(lambda: self._schemes.hash(password))

    async def verify(self, password: str, hashed: str | None) -> bool:
        """Whether the password is the one that was hashed; takes as long without a hash as with one.

        Raises:
            ServiceUnavailable: Too many are being hashed already.
        """
        if _utf16_length(password) > self._max:
            # Longer than any password that was ever accepted: nothing to compare, and nothing to spend.
            password, hashed = "", None
        if self._verify is not None:
            if hashed is None:
                # The application's own scheme: what it costs to hash is what it costs to say no.
                await self.hash(password)
                return False
            return await _own(self._verify, {"hash": hashed, "password": password})
        target = self._schemes.dummy() if hashed is None else hashed
        matches = await self._run(lambda: self._schemes.verify(password, target))
        return matches and hashed is not None

    def needs_rehash(self, hashed: str) -> bool:
        """Whether a hash that has just been verified should be replaced by one of the preferred scheme."""
        return self._verify is None and self._schemes.needs_rehash(hashed)

    async def _run(self, work: Callable[[], T]) -> T:
        try:
            return await self._workers.run(work)
        except Overloaded:
            raise ServiceUnavailable(headers=(("retry-after", "1"),)) from None


async def _own(function: Callable[..., Awaitable[T] | T], value: object) -> T:
    answer = function(value)
    if inspect.isawaitable(answer):
        return await answer
    return answer


def _utf16_length(text: str) -> int:
    """Characters as JavaScript counts them, so that both sides draw the line at the same place."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2
