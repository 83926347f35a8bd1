"""Who sent a request: the session that its headers prove, read when it is first asked for and at most once.

Framework-free; each integration keeps one :class:`Caller` where its users look for it. Source: contract,
``endpoints.json`` ``conventions.session_resolution`` and ``conventions.auth_levels``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from typing_extensions import Unpack

from gatewright.auth import Auth
from gatewright.contract.faults import Unauthorized
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.http.headers import Headers
from gatewright.plugins.organization.model import Member
from gatewright.wire.faults import ApiError
from gatewright_integrations.requirement import Asked, Forbidden, Requirement

__all__ = ("KEY", "Caller", "Forbidden")

KEY = "gatewright"
"""Where a caller is found in an ASGI scope, a WSGI environment or a framework's context."""


class Caller:
    """The sender of one request.

    Attributes:
        lines: Headers that belong on the answer once the session was read: renewed or cleared cookies.
        member: The caller as a member of the organization that was last required.
    """

    __slots__ = ("_auth", "_headers", "_read", "_session", "_stored", "lines", "member")

    def __init__(self, auth: Auth[Any], headers: Headers) -> None:
        self._auth = auth
        self._headers = headers
        self._session: SessionData | None = None
        self._read = False
        self._stored = False
        self.lines: tuple[tuple[str, str], ...] = ()
        self.member: Member | None = None

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

    async def require(self, path: Mapping[str, object] | None = None, /, **asked: Unpack[Asked]) -> SessionData:
        """The session and its user.

        Args:
            path: The parameters of the route's path, where the organization is named there.
            asked: What the caller must be or may do; see :class:`gatewright_integrations.requirement.Asked`.

        Raises:
            Unauthorized: There is no session.
            ApiError: The caller is not, or may not; see :mod:`gatewright_integrations.requirement`.
            ConfigError: What is asked needs a plugin that is not installed, or a path that is not known here.
        """
        return await self.meets(Requirement(self._auth, asked) if asked else None, path)

    async def meets(self, requirement: Requirement | None, path: Mapping[str, object] | None = None) -> SessionData:
        """The session and its user, where the caller meets a requirement.

        Args:
            requirement: What is asked beside a session.
            path: The parameters of the route's path.

        Raises:
            ApiError: As :meth:`require`.
        """
        data = await self.session(stored=requirement is not None and requirement.stored)
        if data is None:
            raise Unauthorized
        if requirement is not None:
            self.member = await requirement.check(data, self._headers, path or {})
        return data
