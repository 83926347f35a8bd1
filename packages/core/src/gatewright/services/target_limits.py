"""Limits by whom requests are about, whoever sends them: guesses at one password, messages to one address.

A limit by the caller's address does not stop somebody who has a thousand of them. Unknown targets are counted like
known ones, so that a limit tells nothing. Nobody is locked out for good: a window ends, and a new password, such as
after a reset, begins another count. Source: NIST SP 800-63B-4 §3.2.2.
"""

from __future__ import annotations

from gatewright.contract.faults import TooManyRequests
from gatewright.crypto.hashing import sha256_base64url
from gatewright.http.request import Request
from gatewright.ports.clock import Clock
from gatewright.services.rate_limiter import Counter
from gatewright.settings.rate_limit import AccountLimits, LimitOptions
from gatewright.wire.operation import Limit

__all__ = ("TargetLimits",)


class TargetLimits:
    """Counts what is aimed at one target.

    Args:
        counter: Where; ``None`` where nothing is limited.
        options: How much is allowed.
        clock: The current moment.
    """

    __slots__ = ("_clock", "_counter", "_options")

    def __init__(self, counter: Counter | None, options: AccountLimits, clock: Clock) -> None:
        self._counter = counter
        self._options = options
        self._clock = clock

    async def guess(self, request: Request | None, target: str, hashed: str | None) -> None:
        """Count an attempt to sign in with a password, before the password is looked at.

        Args:
            request: The caller's; the application's own calls are not counted.
            target: Whose password it claims to be: a name or an address, known or not.
            hashed: What it will be compared with. Another password is another count.

        Raises:
            TooManyRequests: There were too many.
        """
        await self._count(request, _guesses(target, hashed), self._options.passwords)

    async def guessed(self, request: Request | None, target: str, hashed: str) -> None:
        """Forget the attempts before the one that was right."""
        if self._counter is not None and request is not None:
            await self._counter.forget(_guesses(target, hashed))

    async def own_guess(self, request: Request | None, user_id: str, hashed: str | None) -> None:
        """Count an attempt at the password of whoever is signed in: a session that was stolen is no way to guess it.

        Counted apart from attempts to sign in, so that strangers cannot keep a user from changing the password.

        Raises:
            TooManyRequests: There were too many.
        """
        await self._count(request, _own_guesses(user_id, hashed), self._options.passwords)

    async def own_guessed(self, request: Request | None, user_id: str, hashed: str) -> None:
        """Forget the attempts before the one that was right."""
        if self._counter is not None and request is not None:
            await self._counter.forget(_own_guesses(user_id, hashed))

    async def message(self, request: Request | None, target: str) -> None:
        """Count a message that somebody asks to be sent to an address or a number, known or not.

        Raises:
            TooManyRequests: There were too many.
        """
        await self._count(request, f"messages|{sha256_base64url(target.lower())}", self._options.messages)

    async def _count(self, request: Request | None, key: str, limit: LimitOptions) -> None:
        if self._counter is None or request is None:
            return
        wait = await self._counter.consume(key, Limit(window=limit.window, max=limit.max), self._clock.now())
        if wait is not None:
            raise TooManyRequests(headers=(("x-retry-after", str(wait)), ("retry-after", str(wait))))


def _guesses(target: str, hashed: str | None) -> str:
    # As one digest: a store of counters holds neither addresses nor anything to guess at.
    return f"guesses|{sha256_base64url(f'{target.lower()}|{hashed or str()}')}"


def _own_guesses(user_id: str, hashed: str | None) -> str:
    return f"own-guesses|{sha256_base64url(f'{user_id}|{hashed or str()}')}"
