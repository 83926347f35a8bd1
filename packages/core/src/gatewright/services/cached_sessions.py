"""The keeper of sessions where there is a secondary storage: each session is a text under its token.

Every change of a text is a guarded replacement, and what was removed is never written again, so a session that was
ended stays ended whatever else runs at the same time. Source: contract, crypto.json ``secondary_storage``;
options.json ``session.storeSessionInDatabase`` and ``session.preserveSessionInDatabase``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from gatewright.crypto.random_text import ID_ALPHABET, random_text
from gatewright.model.query import Change
from gatewright.model.schema import Schema
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.cache import Cache, CacheUnavailable
from gatewright.ports.clock import Clock
from gatewright.ports.log import Log
from gatewright.ports.random import Random
from gatewright.services.database import Database, Refused, RowHook
from gatewright.services.session_records import ActiveSession, SessionRecords, list_key, seconds_until
from gatewright.services.sessions import SessionKeeper
from gatewright.settings.session import SessionOptions

__all__ = ("CachedSessionKeeper",)

_MOST_ATTEMPTS = 64
"""A replacement fails only because another one succeeded; so many in a row are no accident."""

_ID_LENGTH = 32
Pair = tuple[Session, User]
_NOTHING: Mapping[str, Any] = {}


class CachedSessionKeeper(SessionKeeper):
    """Keeps sessions in the secondary storage, and in the database as well where settings say so.

    Without ``preserve_session_in_database`` the database's sessions answer for those that the storage has lost, and
    while it is not available; with it, rows outlive their sessions, so only the storage answers.

    Args:
        options: Lifetimes, and where sessions are kept.
        clock: For expiry.
        random: For tokens.
        cache: The secondary storage.
        schema: The tables.
        log: Told when the storage is not available and the database answers.
    """

    __slots__ = ("_backed", "_cache", "_log", "_preserved", "_records", "_stored")

    def __init__(
        self, options: SessionOptions, clock: Clock, random: Random, *, cache: Cache, schema: Schema, log: Log
    ) -> None:
        super().__init__(options, clock, random)
        self._cache = cache
        self._log = log
        self._records = SessionRecords(schema)
        self._stored = options.store_session_in_database
        self._preserved = self._stored and options.preserve_session_in_database
        self._backed = self._stored and not self._preserved

    def hooks(self) -> tuple[RowHook, ...]:
        """What keeps the texts right when users change or go, whoever changes them."""
        return (
            RowHook(User, "updated", self._user_updated),
            # Before the user is gone, so that a storage which does not answer keeps the user as well and not the sessions
            # of nobody; and afterwards, for what was begun in between.
            RowHook(User, "deleting", self._end_texts_of),
            RowHook(User, "deleted", self._end_texts_of),
        )

    # Reading ---------------------------------------------------------------------------------------------------------

    async def find(self, db: Database, token: str) -> Pair | None:
        """The session with this token and its user; no read of the database unless the storage lacks it."""
        try:
            text = await self._cache.get(token)
        except CacheUnavailable as error:
            if not self._backed:
                raise
            self._log.warning("the secondary storage is not available, the database answers", error=error)
            text = None
        pair = None if text is None else self._records.read(token, text)
        if pair is None and self._backed:
            # Never written back: it may be ended between that read and a write.
            return await super().find(db, token)
        return pair

    async def active(self, db: Database, user_id: str) -> list[Session]:
        """The user's sessions that are not over."""
        if self._backed:
            return await super().active(db, user_id)
        now = self._clock.now()
        found: list[Session] = []
        for entry in await self._entries(user_id):
            pair = await self._read(entry.token)
            if pair is not None and pair[0].user_id == user_id and pair[0].expires_at > now:
                found.append(pair[0])
        return found

    # Writing ---------------------------------------------------------------------------------------------------------

    async def _keep(self, db: Database, session: Session) -> Session:
        whose = User.id.eq(session.user_id)
        user = await db.find_one(User, whose)

        async def write(stored: Session) -> None:
            async def put() -> None:
                if user is None:
                    return
                try:
                    await self._put(stored, user)
                except CacheUnavailable as error:
                    if not self._backed:
                        raise
                    self._log.warning("the secondary storage is not available, a session is not in it", error=error)
                if not db.in_transaction and await db.find_one(User, whose) is None:
                    # Deleted in between: whoever did it may have looked for sessions before this one was there.
                    await self._forget(stored.token, user.id)

            # Not before the user is there for everybody.
            await db.afterwards(put)

        if self._stored:
            stored = await db.insert(session)
            await write(stored)
            return stored
        if session.raw.get("id") is None:
            # Numbers are the database's to give, and it does not see this session.
            new_id = db.new_id(Session) or random_text(_ID_LENGTH, ID_ALPHABET, self._draw)
            session = session.with_values({"id": new_id})
        return await db.insert_elsewhere(session, write)

    async def _put(self, session: Session, user: User) -> None:
        ttl = seconds_until(session.expires_at, self._clock.now())
        await self._cache.set(session.token, self._records.write(session, user), ttl)
        await self._relist(user.id, add=ActiveSession(session.token, session.expires_at))

    async def extend(self, db: Database, session: Session, now: datetime) -> Session | None:
        """Let the session last its full lifetime from now; ``None`` when it was ended meanwhile."""
        end = now + self.lifetime
        if not self._stored:
            changes = [Session.expires_at.to(end), Session.updated_at.to(now)]
            return await self._change(db, session, changes)
        extended = await super().extend(db, session, now)
        if extended is None:
            if self._backed:
                await self._forget(session.token, session.user_id)
            return None
        try:
            return await self._carry(session.token, extended)
        except CacheUnavailable as error:
            if not self._backed:
                raise
            self._log.warning("the secondary storage is not available, a session is extended without it", error=error)
            return extended

    async def update(
        self, db: Database, session: Session, values: Mapping[str, Any], *, known: Mapping[str, Any] | None = None
    ) -> Session | None:
        """Change a session; see :meth:`SessionKeeper.update`."""
        if not self._stored:
            changes: list[Change[Session]] = [Change(name, "set", value) for name, value in values.items()]
            changes.append(Session.updated_at.to(self._clock.now()))
            return await self._change(db, session, changes, known or {})
        updated = await super().update(db, session, values, known=known)
        return None if updated is None else await self._carry(session.token, updated)

    async def end(self, db: Database, token: str, *, user_id: str | None = None) -> bool:
        """End the session with this token, if it belongs to ``user_id`` where one is given; whether there was one.

        A row that is preserved says when that was.
        """
        stored = await super().end(db, token, user_id=user_id) if self._backed else False
        if self._preserved:
            now = self._clock.now()
            whose = () if user_id is None else (Session.user_id.eq(user_id),)
            row = (Session.token.eq(token), Session.expires_at.after(now), *whose)
            await db.update_many(Session, *row, set=[Session.expires_at.to(now)])
        return await self._end_text(db, token, user_id) or stored

    async def end_expired(self, db: Database, token: str, now: datetime) -> None:
        """Remove a session that is over; one that was extended meanwhile stays."""
        if self._backed:
            await super().end_expired(db, token, now)
        text = await self._cache.get(token)
        pair = None if text is None else self._records.read(token, text)
        if pair is not None and pair[0].expires_at <= now and await self._cache.replace(token, text, None):
            await self._relist(pair[0].user_id, drop=token)

    async def end_all(self, db: Database, user_id: str, *, but: str | None = None) -> int:
        """End every session of a user, except the one with the token ``but``; how many there were.

        Rows that are preserved say when that was.
        """
        tokens = await self._tokens_of_rows(db, user_id)
        ended = await super().end_all(db, user_id, but=but) if self._backed else 0
        if self._preserved:
            await super().expire_all(db, user_id, but=but)
        return max(ended, await self._end_texts(db, user_id, tokens, but))

    async def expire_all(self, db: Database, user_id: str, *, but: str | None = None) -> None:
        """Let every session of a user be over now: rows say so, texts are gone."""
        tokens = await self._tokens_of_rows(db, user_id)
        if self._stored:
            await super().expire_all(db, user_id, but=but)
        await self._end_texts(db, user_id, tokens, but)

    # Inside ----------------------------------------------------------------------------------------------------------

    async def _change(
        self,
        db: Database,
        session: Session,
        changes: Sequence[Change[Session]],
        known: Mapping[str, Any] = _NOTHING,
    ) -> Session | None:
        async def write(values: Mapping[str, Any]) -> Session | None:
            def changed(kept: Session, user: User) -> Pair | None:
                if any(kept.get(name) != value for name, value in known.items()):
                    return None
                return kept.with_values(values), user

            return await self._rewrite(session.token, changed)

        try:
            return await db.update_elsewhere(Session, write, Session.token.eq(session.token), set=changes)
        except Refused:
            return None

    async def _carry(self, token: str, session: Session) -> Session | None:
        # A text that is gone stays gone; then the row counts only where it answers without one.
        kept = await self._rewrite(token, lambda _, user: (session, user))
        return session if kept is not None or self._backed else None

    async def _rewrite(self, token: str, change: Callable[[Session, User], Pair | None]) -> Session | None:
        for _ in range(_MOST_ATTEMPTS):
            text = await self._cache.get(token)
            pair = None if text is None else self._records.read(token, text)
            after = None if pair is None else change(*pair)
            if pair is None or after is None:
                return None
            session, user = after
            ttl = seconds_until(session.expires_at, self._clock.now())
            if await self._cache.replace(token, text, self._records.write(session, user), ttl):
                if session.expires_at != pair[0].expires_at:
                    await self._relist(session.user_id, add=ActiveSession(token, session.expires_at), only_known=True)
                return session
        raise CacheUnavailable("a session changes too often")

    async def _tokens_of_rows(self, db: Database, user_id: str) -> set[str]:
        # The list of a user may have been lost; the rows know as well.
        return (
            {row.token for row in await db.find_many(Session, Session.user_id.eq(user_id))} if self._stored else set()
        )

    async def _end_texts(self, db: Database, user_id: str, tokens: set[str], but: str | None) -> int:
        texts = 0
        for _ in range(_MOST_ATTEMPTS):
            tokens |= {entry.token for entry in await self._entries(user_id)}
            tokens.discard(but or "")
            if not tokens:
                return texts
            for token in tokens:
                texts += await self._end_text(db, token, user_id)
            # What was begun meanwhile is in the list by now: look again until nothing is.
            tokens = set()
        raise CacheUnavailable("a user's sessions are begun faster than they can be ended")

    async def _end_text(self, db: Database, token: str, user_id: str | None) -> bool:
        pair = await self._read(token)
        if pair is None:
            if user_id is not None:
                await self._relist(user_id, drop=token)
            return False
        session = pair[0]
        if user_id is not None and session.user_id != user_id:
            return False
        if self._stored:
            return await self._forget(token, session.user_id)
        return await db.delete_elsewhere(session, lambda: self._forget(token, session.user_id))

    async def _forget(self, token: str, user_id: str) -> bool:
        gone = await self._cache.take(token) is not None
        await self._relist(user_id, drop=token)
        return gone

    async def _relist(
        self, user_id: str, *, add: ActiveSession | None = None, drop: str | None = None, only_known: bool = False
    ) -> None:
        key = list_key(user_id)
        for _ in range(_MOST_ATTEMPTS):
            text = await self._cache.get(key)
            before = self._listed(text)
            if only_known and add is not None and all(entry.token != add.token for entry in before):
                return
            replaced = {drop} if add is None else {drop, add.token}
            after = [entry for entry in before if entry.token not in replaced]
            if add is not None:
                after.append(add)
            if not after:
                if text is None or await self._cache.replace(key, text, None):
                    return
                continue
            end = max(entry.expires_at for entry in after)
            ttl = seconds_until(end, self._clock.now())
            if await self._cache.replace(key, text, self._records.write_list(after), ttl):
                return
        raise CacheUnavailable("a list of sessions changes too often")

    async def _read(self, token: str) -> Pair | None:
        text = await self._cache.get(token)
        return None if text is None else self._records.read(token, text)

    async def _entries(self, user_id: str) -> list[ActiveSession]:
        return self._listed(await self._cache.get(list_key(user_id)))

    def _listed(self, text: str | None) -> list[ActiveSession]:
        return self._records.read_list(text, self._clock.now())

    async def _user_updated(self, user: User, _context: object) -> None:
        for entry in await self._entries(user.id):
            await self._rewrite(entry.token, lambda session, _: (session, user))

    async def _end_texts_of(self, user: User, _context: object) -> None:
        for entry in await self._entries(user.id):
            await self._forget(entry.token, user.id)
