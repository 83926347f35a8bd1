"""One call in flight: its input, for whom it acts, and what will go out with the answer."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from gatewright.http.base_url import BaseURL
from gatewright.http.cookies import chunk_names
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.services.database import Database

if TYPE_CHECKING:
    from gatewright.contract.results import SessionData
    from gatewright.pipeline.session_gates import Withheld
    from gatewright.plugins.base import Plugin
    from gatewright.protocols.oauth2.state import OAuthState
    from gatewright.services.cookies import Cookie
    from gatewright.services.services import Services
    from gatewright.services.session_cache import CachedSession

__all__ = ("Call", "Outgoing")

Op_co = TypeVar("Op_co", covariant=True)
P = TypeVar("P", bound="Plugin[Any]")


_NOTHING: Mapping[str, object] = {}


class Outgoing:
    """What goes out beside the result.

    Attributes:
        status: HTTP status, or ``None`` for the operation's own.
        headers: Further headers.
        cookies: ``Set-Cookie`` lines by cookie name; the last one for a name is sent.
        copy_of: The session of which the caller is to have a copy, and whether it ends with the browser's session.
        early: The answer comes before the operation itself, without the headers that the operation alone asks for.
        withheld: What a browser owes that was sent on without a session, and where it wanted to go.
    """

    __slots__ = ("cookies", "copy_of", "early", "headers", "status", "withheld")

    def __init__(self) -> None:
        self.status: int | None = None
        self.headers: list[tuple[str, str]] = []
        self.cookies: dict[str, str] = {}
        self.copy_of: tuple[SessionData, bool] | None = None
        self.early = False
        self.withheld: tuple[Withheld, str | None] | None = None

    def lines(self) -> list[tuple[str, str]]:
        """Every header, cookies last."""
        if not self.cookies:
            return self.headers
        return [*self.headers, *(("set-cookie", line) for line in self.cookies.values())]


class Call(Generic[Op_co]):
    """One call in flight.

    Attributes:
        input: The validated operation.
        services: The keepers of the tables, and the ports.
        headers: Request headers of the caller; empty for a server call that acts for nobody.
        request: The HTTP request, or ``None`` for a server call.
        base: Where the instance is reached by this caller.
        out: What goes out beside the result.
        session: The session that a guard has proven, once it was asked for.
        new_session: The session that this call has begun.
        trusted: The call comes from the application itself, without headers of a caller.
        cached: The copy of the session that answered instead of a store, if one did.
        vouched: The session that a plugin vouches for, begun with this call and known to no store.
        carried: What plugins want to know when somebody comes back, from a provider or with the second factor: kept with
            the state or the challenge that the call begins, handed over from the one that it takes. No client can set it.
        attempt: The attempt at a provider that the call has begun.
        callback_base: Under which address providers lead back, where it is not the instance's own.
    """

    __slots__ = (
        "_db",
        "_known",
        "attempt",
        "base",
        "cached",
        "callback_base",
        "carried",
        "headers",
        "input",
        "new_session",
        "out",
        "request",
        "services",
        "session",
        "trusted",
        "vouched",
    )

    def __init__(
        self,
        input: Op_co,  # noqa: A002 (what handlers read)
        services: Services,
        headers: Headers,
        request: Request | None,
        base: BaseURL,
        *,
        trusted: bool = False,
    ) -> None:
        self.input = input
        self.services = services
        self.headers = headers
        self.request = request
        self.base = base
        self.out = Outgoing()
        self.session: SessionData | None = None
        self.new_session: SessionData | None = None
        self.trusted = trusted
        self.cached: CachedSession | None = None
        self.vouched: SessionData | None = None
        self.carried: Mapping[str, object] = _NOTHING
        self.attempt: OAuthState | None = None
        self.callback_base: str | None = None
        self._known = False
        self._db: Database | None = None

    @property
    def db(self) -> Database:
        """The database, acting within this call: hooks of tables are given the call."""
        db = self._db
        if db is None:
            db = self._db = self.services.database.within(self)
        return db

    @contextmanager
    def acting_in(self, db: Database) -> Generator[None]:
        """Within the block, the call's database is a transaction of it."""
        outer, self._db = self.db, db
        try:
            yield
        finally:
            self._db = outer

    @property
    def now(self) -> datetime:
        """The current moment."""
        return self.services.clock.now()

    def cookie(self, cookie: Cookie) -> str | None:
        """The caller's value of a cookie, percent-decoded, or ``None``."""
        header = self.headers.get("cookie")
        return None if header is None else cookie.read(header)

    def signed_cookie(self, cookie: Cookie) -> str | None:
        """The value of a signed cookie whose signature is right, or ``None``."""
        value = self.cookie(cookie)
        return None if value is None else self.services.plan.signer.verify(value)

    def set_cookie(self, cookie: Cookie, value: str, *, max_age: int | None = None, session: bool = False) -> None:
        """Send a cookie.

        Args:
            cookie: Which.
            value: As text; it is percent-encoded here.
            max_age: Seconds, where they differ from the cookie's own.
            session: Without ``Max-Age``: it lasts as long as the browser runs.
        """
        self.out.cookies[cookie.name] = cookie.line(value, max_age=max_age, session=session)

    def set_signed_cookie(
        self, cookie: Cookie, value: str, *, max_age: int | None = None, session: bool = False
    ) -> None:
        """Send a signed cookie; see :meth:`set_cookie`."""
        self.set_cookie(cookie, self.services.plan.signer.sign(value), max_age=max_age, session=session)

    def expire_cookie(self, cookie: Cookie) -> None:
        """Make the caller forget a cookie."""
        self.out.cookies[cookie.name] = cookie.gone

    def long_cookie(self, cookie: Cookie) -> str | None:
        """The caller's value of a cookie that may be cut into chunks, or ``None``."""
        header = self.headers.get("cookie")
        return None if header is None else cookie.read_long(header)

    def set_long_cookie(self, cookie: Cookie, value: str, *, max_age: int | None = None, session: bool = False) -> None:
        """Send a cookie in as many chunks as it needs; earlier ones are cleared. See :meth:`set_cookie`."""
        self._scrub(cookie)
        header = self.headers.get("cookie")
        self.out.cookies.update(cookie.long_lines(value, header, max_age=max_age, session=session))

    def expire_long_cookie(self, cookie: Cookie) -> None:
        """Make the caller forget a cookie with all its chunks."""
        self._scrub(cookie)
        header = self.headers.get("cookie")
        if header is not None:
            self.out.cookies.update(cookie.gone_lines(header))
        self.out.cookies[cookie.name] = cookie.gone

    def _scrub(self, cookie: Cookie) -> None:
        for name in (cookie.name, *chunk_names(self.out.cookies, cookie.name)):
            self.out.cookies.pop(name, None)

    def plugin(self, cls: type[P]) -> P:
        """The installed plugin of a class; which of several, its operations know."""
        return self.services.plan.plugin(cls)

    def remember(self, session: SessionData | None) -> None:
        """Keep what a guard found out, so that nobody reads it twice."""
        self.session = session
        self._known = True

    @property
    def knows_session(self) -> bool:
        """Whether a guard has looked for a session already."""
        return self._known
