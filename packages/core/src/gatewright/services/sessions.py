"""The keeper of sessions. One joined read finds a session with its user; guarded writes extend and end it.

Source: contract, endpoints.json ``conventions.session_resolution``; crypto.json for tokens.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.model.query import Change, Condition
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.clock import Clock
from gatewright.ports.random import Random
from gatewright.services.database import Database, Refused
from gatewright.settings.session import SessionOptions

__all__ = ("SessionKeeper",)

TOKEN_LENGTH = 32
"""Characters of a token: 190 bits (contract)."""

PASSING_LIFETIME = timedelta(days=1)
"""How long a session lasts when it is not to be remembered (contract)."""


class SessionKeeper:
    """Creates, reads, extends and ends sessions.

    Args:
        options: Lifetimes.
        clock: For expiry.
        random: For tokens.
    """

    __slots__ = ("_clock", "_draw", "lifetime", "update_age")

    def __init__(self, options: SessionOptions, clock: Clock, random: Random) -> None:
        self.lifetime = timedelta(seconds=options.expires_in)
        self.update_age = timedelta(seconds=options.update_age)
        self._clock = clock
        self._draw = random.bytes

    async def create(
        self,
        db: Database,
        user_id: str,
        *,
        ip_address: str | None,
        user_agent: str | None,
        passing: bool = False,
        more: Mapping[str, Any] | None = None,
    ) -> Session:
        """Begin a session.

        Args:
            db: Where.
            user_id: Whose.
            ip_address: Where the caller is.
            user_agent: What the caller runs.
            passing: It ends with the browser's session, and after a day at the latest.
            more: Values of further columns, by wire name.

        Raises:
            Refused: A hook does not want the session.
        """
        now = self._clock.now()
        session = Session(
            expires_at=now + (PASSING_LIFETIME if passing else self.lifetime),
            token=random_text(TOKEN_LENGTH, ID_ALPHABET, self._draw),
            ip_address=ip_address,
            user_agent=user_agent,
            user_id=user_id,
            created_at=now,
            updated_at=now,
        )
        return await self._keep(db, session.with_values(more) if more else session)

    async def _keep(self, db: Database, session: Session) -> Session:
        return await db.insert(session)

    async def find(self, db: Database, token: str) -> tuple[Session, User] | None:
        """The session with this token and its user, whether it has expired or not: one read."""
        return await db.find_pair(Session, User, Session.user_id, Session.token.eq(token))

    def expired(self, session: Session, now: datetime) -> bool:
        """Whether the session is over."""
        return session.expires_at <= now

    def due(self, session: Session, now: datetime) -> bool:
        """Whether the session is old enough to be extended."""
        return session.expires_at - self.lifetime + self.update_age <= now

    async def extend(self, db: Database, session: Session, now: datetime) -> Session | None:
        """Let the session last its full lifetime from now; ``None`` when it was ended meanwhile, or a hook refuses."""
        try:
            return await db.update_one(
                Session,
                Session.token.eq(session.token),
                Session.expires_at.after(now),
                set=[Session.expires_at.to(now + self.lifetime), Session.updated_at.to(now)],
            )
        except Refused:
            return None

    async def update(
        self, db: Database, session: Session, values: Mapping[str, Any], *, known: Mapping[str, Any] | None = None
    ) -> Session | None:
        """Change a session; values are given by wire name.

        Args:
            db: Where.
            session: Which.
            values: What is to change.
            known: Values that it must still have: of several who change them at once, one can.

        Returns:
            The session afterwards; ``None`` when it was ended or changed meanwhile, or a hook refuses.
        """
        changes: list[Change[Session]] = [Change(name, "set", value) for name, value in values.items()]
        changes.append(Session.updated_at.to(self._clock.now()))
        guards: list[Condition[Session]] = [Condition(name, "eq", value) for name, value in (known or {}).items()]
        try:
            return await db.update_one(Session, Session.token.eq(session.token), *guards, set=changes)
        except Refused:
            return None

    async def active(self, db: Database, user_id: str) -> list[Session]:
        """The user's sessions that are not over."""
        return await db.find_page(Session, Session.user_id.eq(user_id), Session.expires_at.after(self._clock.now()))

    async def end(self, db: Database, token: str, *, user_id: str | None = None) -> bool:
        """End the session with this token, if it belongs to ``user_id`` where one is given; whether there was one."""
        whose = () if user_id is None else (Session.user_id.eq(user_id),)
        return await db.delete(Session, Session.token.eq(token), *whose) > 0

    async def end_expired(self, db: Database, token: str, now: datetime) -> None:
        """Remove a session that is over; one that was extended meanwhile stays."""
        await db.delete(Session, Session.token.eq(token), Session.expires_at.until(now))

    async def end_all(self, db: Database, user_id: str, *, but: str | None = None) -> int:
        """End every session of a user, except the one with the token ``but``; how many there were."""
        keep = () if but is None else (Session.token.ne(but),)
        return await db.delete(Session, Session.user_id.eq(user_id), *keep)

    async def expire_all(self, db: Database, user_id: str, *, but: str | None = None) -> None:
        """Let every session of a user be over now, except the one with the token ``but``; rows go when next asked for."""
        now = self._clock.now()
        keep = () if but is None else (Session.token.ne(but),)
        whose = (Session.user_id.eq(user_id), Session.expires_at.after(now), *keep)
        await db.update_many(Session, *whose, set=[Session.expires_at.to(now)])
