"""The cached session: a short-lived copy of session and user that its owner carries in a cookie.

Turns rows into the cookie's value and back; which cookies a call sends is said in ``pipeline/session_reading.py``.
Nothing here asks a store. Source: contract, cookies.json ``session_data``.
"""

from __future__ import annotations

import inspect
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast
from uuid import UUID

import msgspec

from gatewright.crypto.cipher import Secrets
from gatewright.crypto.compact import decode_compact, encode_compact
from gatewright.crypto.compare import same
from gatewright.crypto.jwe import SESSION_SALT, ClaimsBox
from gatewright.crypto.jwt import sign_hs256, verify_hs256
from gatewright.model.row import Row, shared_row
from gatewright.model.schema import Schema, Table
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.random import Random
from gatewright.settings.derived import COPY_LIFETIME, refresh_window
from gatewright.settings.session import CookieCache
from gatewright.wire.dates import from_millis, from_wire, millis, to_wire
from gatewright.wire.json import encode

__all__ = ("COPY_LEEWAY", "CachedSession", "CopySigner", "SessionCache")

_PASSING_SECONDS = {"compact": 60, "jwt": 300, "jwe": 300}
_decode = msgspec.json.Decoder(dict[str, Any]).decode

R = TypeVar("R", bound=Row)
C = TypeVar("C")
C_contra = TypeVar("C_contra", contravariant=True)

_REMEMBERED = 2048
_LONGEST_REMEMBERED = 4096  # characters; with the number above, a bound on the memory they take

COPY_LEEWAY = timedelta(seconds=15)
"""How far the clocks of servers may differ that share keys rather than a secret (contract: cookies.json)."""


@dataclass(frozen=True, slots=True)
class CachedSession:
    """What an authentic copy says.

    Attributes:
        session: As it was when the copy was made; columns that never leave the server are not there.
        user: Likewise.
        version: Which version of the application's data it holds.
        expires_at: When the copy, not the session, is over.
    """

    session: Session
    user: User
    version: str
    expires_at: datetime


class CopySigner(Protocol[C_contra]):
    """Signs copies with keys that others can verify with, in place of the secret.

    ``call`` is the pipeline's, which a plugin knows and this room does not.
    """

    async def sign(self, call: C_contra, claims: Mapping[str, object], *, subject: str) -> str:
        """The copy, with whom it is from, for and about added to its claims."""
        ...

    async def open(self, call: C_contra, text: str) -> Mapping[str, object] | None:
        """The claims of a copy that is authentic and not over for longer than :data:`COPY_LEEWAY`."""
        ...


class SessionCache:
    """Makes and opens copies.

    Args:
        options: Of the instance.
        schema: The tables, whose returned columns a copy holds.
        secrets: Sign and encrypt.
        stateless: There is no store: a copy is renewed from a copy.

    Attributes:
        seconds: How long a copy is good for.
        refreshes_within: Remaining life that leads to a new copy where no store is asked, or ``None``.
    """

    __slots__ = ("_box", "_opened", "_options", "_secret", "_session", "_user", "refreshes_within", "seconds")

    def __init__(self, options: CookieCache, schema: Schema, secrets: Secrets, *, stateless: bool = False) -> None:
        self._options = options
        # Copies that were authentic, by their text: a caller sends the same one until it is over. What is not authentic
        # is never kept, and the first to come is the first to go.
        self._opened: OrderedDict[str, CachedSession] = OrderedDict()
        self._secret = secrets.current
        self._session = _Reader(schema[Session])
        self._user = _Reader(schema[User])
        self._box = ClaimsBox(secrets, salt=SESSION_SALT) if options.strategy == "jwe" else None
        self.seconds = options.max_age or COPY_LIFETIME
        window = refresh_window(options) if stateless else None
        self.refreshes_within = None if window is None else timedelta(seconds=window)

    async def version_of(self, session: Session, user: User) -> str:
        """The version that a copy of this session must have."""
        version = self._options.version
        if isinstance(version, str):
            return version
        answer = version(session, user)
        return await answer if inspect.isawaitable(answer) else answer

    async def accepts(self, cached: CachedSession) -> bool:
        """Whether a copy has the version that is asked for now."""
        version = self._options.version
        return cached.version == (
            version if isinstance(version, str) else await self.version_of(cached.session, cached.user)
        )

    def lifetime(self, *, passing: bool) -> timedelta:
        """How long a new copy is good for; ``passing`` when the session ends with the browser's."""
        return timedelta(seconds=_PASSING_SECONDS[self._options.strategy] if passing else self.seconds)

    def seal(
        self, session: Session, user: User, *, version: str, now: datetime, expires_at: datetime, random: Random
    ) -> str:
        """The cookie's value for a session.

        Args:
            session: As a store or a copy has it.
            user: Likewise.
            version: From :meth:`version_of`.
            now: The current moment.
            expires_at: When the copy is over.
            random: For the identifier of an encrypted copy.

        Returns:
            Text that a cookie holds without encoding; it may be longer than one cookie.
        """
        payload = self._payload(session, user, version=version, now=now)
        if self._options.strategy == "compact":
            return encode_compact(encode(payload), expires_at_ms=millis(expires_at), secret=self._secret)
        seconds = int((expires_at - now).total_seconds())
        if self._box is not None:
            jti = str(UUID(bytes=random.bytes(16), version=4))
            return self._box.seal(payload, now=now, lifetime_seconds=seconds, jti=jti)
        issued = int(now.timestamp())
        return sign_hs256({**payload, "iat": issued, "exp": issued + seconds}, self._secret)

    async def seal_with(
        self,
        signer: CopySigner[C],
        call: C,
        session: Session,
        user: User,
        *,
        version: str,
        now: datetime,
        expires_at: datetime,
    ) -> str:
        """The same as :meth:`seal`, signed by ``signer``."""
        issued = int(now.timestamp())
        claims = self._payload(session, user, version=version, now=now)
        claims |= {"sid": session.token, "iat": issued, "exp": issued + int((expires_at - now).total_seconds())}
        return await signer.sign(call, claims, subject=user.id)

    async def open_with(self, signer: CopySigner[C], call: C, text: str, *, now: datetime) -> CachedSession | None:
        """The same as :meth:`open`, for what ``signer`` has signed."""
        claims = await signer.open(call, text)
        ends = None if claims is None else claims.get("exp")
        if claims is None or not isinstance(ends, int | float) or isinstance(ends, bool):
            return None
        cached = self._read(claims, from_millis(ends * 1000), now, leeway=COPY_LEEWAY)
        named = claims.get("sid")
        if cached is None or claims.get("sub") != cached.user.id:
            return None
        if not isinstance(named, str) or not same(named, cached.session.token):
            return None
        return cached

    def open(self, text: str, *, now: datetime) -> CachedSession | None:
        """What a cookie's value says, if one of the instance's secrets made it and it is not over. Never raises."""
        known = self._opened.get(text)
        if known is not None:
            if known.expires_at > now and known.session.expires_at > now:
                return known
            self._opened.pop(text, None)
            return None
        cached = self._authentic(text, now)
        if cached is not None and len(text) <= _LONGEST_REMEMBERED:
            return self._remembered(text, cached)
        return cached

    def _remembered(self, text: str, cached: CachedSession) -> CachedSession:
        session, user = shared_row(cached.session), shared_row(cached.user)
        if session is None or user is None:
            return cached
        opened = self._opened
        known = opened[text] = replace(cached, session=session, user=user)
        if len(opened) > _REMEMBERED:
            opened.popitem(last=False)
        return known

    def _authentic(self, text: str, now: datetime) -> CachedSession | None:
        if self._options.strategy == "compact":
            compact = decode_compact(text, secret=self._secret, now_ms=millis(now))
            if compact is None:
                return None
            try:
                claims: Mapping[str, object] = _decode(compact.payload)
            except (ValueError, RecursionError):
                return None
            return self._read(claims, from_millis(compact.expires_at_ms), now)
        box = self._box
        opened = verify_hs256(text, self._secret, now=now) if box is None else box.open(text, now=now)
        if opened is None:
            return None
        ends = opened.get("exp")
        if not isinstance(ends, int | float) or isinstance(ends, bool):
            return None  # another kind of token that the same secret signs
        return self._read(opened, from_millis(ends * 1000), now)

    def _payload(self, session: Session, user: User, *, version: str, now: datetime) -> dict[str, object]:
        return {
            "session": self._session.wire(session),
            "user": self._user.wire(user),
            "updatedAt": millis(now),
            "version": version,
        }

    def _read(
        self, claims: Mapping[str, object], expires_at: datetime, now: datetime, *, leeway: timedelta = timedelta(0)
    ) -> CachedSession | None:
        version = claims.get("version")
        if not isinstance(version, str):
            return None
        session = self._session.row(Session, claims.get("session"))
        user = self._user.row(User, claims.get("user"))
        if session is None or user is None or session.user_id != user.id or session.expires_at <= now:
            return None
        return CachedSession(session, user, version, expires_at) if expires_at + leeway > now else None


class _Reader:
    """Rows of one table as a copy holds them: the returned columns and those for copies alone, dates as text."""

    __slots__ = ("_dates", "_hidden", "_required", "_table")

    def __init__(self, table: Table) -> None:
        returned = [spec for spec in table.columns.values() if spec.returned or spec.copied]
        self._hidden = tuple(spec.name for spec in returned if not spec.returned)
        # What a copy holds has been through the transforms for output already.
        columns = {spec.name: replace(spec, transform_output=None) for spec in returned}
        self._table = Table(table.name, columns, db_name=table.db_name)
        self._dates = tuple((spec.name, spec.required) for spec in returned if spec.type == "date")
        self._required = frozenset(spec.name for spec in returned if spec.required)

    def wire(self, row: Row) -> dict[str, object]:
        """The row as a copy holds it."""
        found = row.wire()
        for name in self._hidden:
            value = row.get(name)
            found[name] = to_wire(value) if isinstance(value, datetime) else value
        return found

    def row(self, cls: type[R], value: object) -> R | None:
        """The row, or ``None`` for one that lacks what the tables have by now."""
        if not isinstance(value, dict):
            return None
        raw = cast("dict[str, Any]", value)
        if not raw.keys() >= self._required:
            return None
        try:
            for name, required in self._dates:
                if required or raw.get(name) is not None:
                    raw[name] = from_wire(raw[name])
        except (TypeError, ValueError, OverflowError):
            return None
        return cls.seen(raw, self._table)
