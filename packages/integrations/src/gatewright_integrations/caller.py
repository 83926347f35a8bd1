"""Who sent a request: the session that its headers prove, read when it is first asked for and at most once.

Framework-free; each integration keeps one :class:`Caller` where its users look for it. Source: contract,
``endpoints.json`` ``conventions.session_resolution`` and ``conventions.auth_levels``.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from gatewright.auth import Auth
from gatewright.contract.faults import SessionNotFresh, Unauthorized
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.http.headers import Headers
from gatewright.wire.faults import ApiError

__all__ = ("KEY", "Caller", "Forbidden")

KEY = "gatewright"
"""Where a caller is found in an ASGI scope, a WSGI environment or a framework's context."""


class Forbidden(ApiError):
    """The session is valid, but its user may not do this."""

    def __init__(self) -> None:
        super().__init__(403, code="FORBIDDEN", message="Forbidden")


class Caller:
    """The sender of one request.

    Attributes:
        lines: Headers that belong on the answer once the session was read: renewed or cleared cookies.
    """

    __slots__ = ("_auth", "_headers", "_read", "_session", "_stored", "lines")

    def __init__(self, auth: Auth[Any], headers: Headers) -> None:
        self._auth = auth
        self._headers = headers
        self._session: SessionData | None = None
        self._read = False
        self._stored = False
        self.lines: tuple[tuple[str, str], ...] = ()

    async def session(self, *, stored: bool = False) -> SessionData | None:
        """The session and its user, or ``None``.

        Args:
            stored: As the store knows it now; a cached session will not do.

        Raises:
            ApiError: It could not be read.
        """
        if not self._read or (stored and not self._stored):
            try:
                reply = await self._auth.reply(GetSession(disable_cookie_cache=stored), self._headers)
            except ApiError as error:
                self.lines = error.headers
                raise
            self._session, self._read, self._stored = reply.value, True, stored
            # What an earlier read renewed stays renewed; a later read of the same cookie says the last word.
            self.lines = (*self.lines, *reply.headers)
        return self._session

    async def require(self, *, fresh: bool = False, role: str | None = None) -> SessionData:
        """The session and its user.

        Args:
            fresh: It must have begun within ``session.fresh_age``, and still be in the store.
            role: A role that the user's ``role`` column must name; several are separated by commas.

        Raises:
            Unauthorized: There is no session.
            SessionNotFresh: It is older.
            Forbidden: The user has not the role.
        """
        data = await self.session(stored=fresh)
        if data is None:
            raise Unauthorized
        if fresh:
            age = self._auth.blueprint.settings.session.fresh_age
            now = self._auth.services.clock.now()
            if age and now - data.session.created_at >= timedelta(seconds=age):
                raise SessionNotFresh
        if role is not None and role not in _roles(data.user.get("role")):
            raise Forbidden
        return data


def _roles(value: object) -> tuple[str, ...]:
    return tuple(each.strip() for each in value.split(",")) if isinstance(value, str) else ()
