"""The keeper of one-time values where there is a secondary storage: each value is a text under its identifier.

Every change is a guarded replacement, and taking is one that leaves nothing, so that of several callers one has it.
With ``verification.store_in_database`` the database decides, and the storage has a copy for others who look there.
Source: contract, crypto.json ``secondary_storage.verification``; options.json ``verification.storeInDatabase``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from gatewright.crypto.hashing import sha256_base64url
from gatewright.model.schema import Schema
from gatewright.model.verification import Verification
from gatewright.ports.cache import Cache, CacheUnavailable
from gatewright.ports.clock import Clock
from gatewright.ports.log import Log
from gatewright.ports.tasks import Tasks
from gatewright.services.database import Database, Refused
from gatewright.services.session_records import RowTexts, seconds_until
from gatewright.services.verifications import VerificationKeeper, is_storable
from gatewright.settings.verification import VerificationOptions
from gatewright.wire.dates import from_millis, millis
from gatewright.wire.json import JsonError, decode, encode

__all__ = ("CachedVerificationKeeper", "MirroredVerificationKeeper")

_MOST_ATTEMPTS = 64
"""A replacement fails only because another one succeeded; so many in a row are no accident."""


class _Texts:
    """One-time values as texts of the storage.

    Args:
        cache: The storage.
        schema: The tables.
        clock: For lifetimes.
    """

    __slots__ = ("_clock", "_rows", "cache")

    def __init__(self, cache: Cache, schema: Schema, clock: Clock) -> None:
        self.cache = cache
        self._rows = RowTexts(schema[Verification])
        self._clock = clock

    @staticmethod
    def key(identifier: str) -> str:
        """Under which key the value of an identifier, in its stored form, is kept."""
        return f"verification:{identifier}"

    def write(self, row: Verification, *, with_id: bool) -> str:
        plain = self._rows.plain(row)
        if not with_id:
            plain.pop("id", None)
        return encode(plain).decode()

    def read(self, identifier: str, text: str | None) -> Verification | None:
        try:
            value = None if text is None else decode(text)
        except JsonError:
            return None
        if not isinstance(value, dict):
            return None
        row = self._rows.row(Verification, {"id": identifier, **cast("dict[str, object]", value)})
        return row if row is not None and row.identifier == identifier else None

    async def put(self, row: Verification, *, with_id: bool) -> None:
        ttl = seconds_until(row.expires_at, self._clock.now())
        await self.cache.set(self.key(row.identifier), self.write(row, with_id=with_id), ttl)


class CachedVerificationKeeper(VerificationKeeper):
    """Keeps one-time values in the secondary storage alone.

    Args:
        options: How identifiers are stored.
        clock: For expiry.
        tasks: As for every keeper.
        cache: The secondary storage.
        schema: The tables.
    """

    __slots__ = ("_texts",)

    def __init__(
        self, options: VerificationOptions, clock: Clock, tasks: Tasks, *, cache: Cache, schema: Schema
    ) -> None:
        super().__init__(options, clock, tasks)
        self._texts = _Texts(cache, schema, clock)

    async def create(
        self, db: Database, identifier: str, value: str, *, expires_at: datetime, listed: str | None = None
    ) -> Verification:
        """Store a value under an identifier; it takes the place of an earlier one."""
        row = await self._row(identifier, value, expires_at)

        async def write(stored: Verification) -> None:
            async def put() -> None:
                await self._texts.put(stored, with_id=False)
                if listed is not None:
                    await self._list(listed, stored)

            # Not before the transaction has ended well: what is rolled back was never said.
            await db.afterwards(put)

        try:
            return await db.insert_elsewhere(row, write)
        except Refused:
            return row

    async def create_first(self, db: Database, identifier: str, value: str, *, expires_at: datetime) -> bool:
        """Store a value unless there is one that has not expired; of several callers one does. Whether this one did."""
        del db
        texts, now = self._texts, self._clock.now()
        row = await self._row(identifier, value, expires_at)
        key = texts.key(row.identifier)
        text = await texts.cache.get(key)
        known = texts.read(row.identifier, text)
        if known is not None and known.expires_at > now:
            return False
        return await texts.cache.replace(key, text, texts.write(row, with_id=False), seconds_until(expires_at, now))

    async def find(self, db: Database, identifier: str) -> Verification | None:
        """The value, if it has not expired; it stays there."""
        row = await self.peek(db, identifier)
        return row if row is not None and row.expires_at > self._clock.now() else None

    async def peek(self, db: Database, identifier: str) -> Verification | None:
        """The value as long as the storage has it; it stays there."""
        del db
        if not is_storable(identifier):
            return None
        stored = await self._stored(identifier)
        return self._texts.read(stored, await self._texts.cache.get(self._texts.key(stored)))

    async def take(self, db: Database, identifier: str, *, value: str | None = None) -> Verification | None:
        """Remove a value that has not expired and give it to exactly one caller."""
        if not is_storable(identifier):
            return None
        stored = await self._stored(identifier)
        return await self._remove(
            db,
            stored,
            lambda row: (value is None or row.value == value) and row.expires_at > self._clock.now(),
        )

    async def change(
        self, db: Database, row: Verification, value: str, *, expires_at: datetime | None = None
    ) -> Verification | None:
        """Replace a value, and how long it lasts, if it still is as ``row`` says; ``None`` when somebody was faster."""
        changes = [Verification.value.to(value)]
        if expires_at is not None:
            changes.append(Verification.expires_at.to(expires_at))
        texts, key = self._texts, self._texts.key(row.identifier)

        async def write(values: object) -> Verification | None:
            text = await texts.cache.get(key)
            kept = texts.read(row.identifier, text)
            if kept is None or kept.value != row.value:
                return None
            changed = kept.with_values(cast("dict[str, object]", values))
            ttl = seconds_until(changed.expires_at, self._clock.now())
            return changed if await texts.cache.replace(key, text, texts.write(changed, with_id=False), ttl) else None

        return await db.update_elsewhere(Verification, write, Verification.id.eq(row.id), set=changes)

    async def delete(self, db: Database, identifier: str) -> None:
        """Forget the value of an identifier; unknown ones are fine."""
        if is_storable(identifier):
            await self._remove(db, await self._stored(identifier), lambda _: True)

    async def delete_valued(self, db: Database, prefix: str, value: str) -> None:
        """Forget every value of a flow that is ``value``, of those that were created as ``listed``."""
        cache, key = self._texts.cache, _list_key(prefix, value)
        for _ in range(_MOST_ATTEMPTS):
            text = await cache.get(key)
            if text is None:
                return
            for identifier, _ends in _entries(text, self._clock.now()):
                await self._remove(db, identifier, lambda row: row.value == value)
            if await cache.replace(key, text, None):
                return
        raise CacheUnavailable("one-time values are made faster than they can be removed")

    # Inside ----------------------------------------------------------------------------------------------------------

    async def _remove(self, db: Database, stored: str, wanted: Callable[[Verification], bool]) -> Verification | None:
        texts, key = self._texts, self._texts.key(stored)
        for _ in range(_MOST_ATTEMPTS):
            text = await texts.cache.get(key)
            row = texts.read(stored, text)
            if row is None or not wanted(row):
                return None
            outcome = _Outcome()

            async def remove(text: str | None = text, outcome: _Outcome = outcome) -> bool:
                outcome.tried = True
                return await texts.cache.replace(key, text, None)

            if await db.delete_elsewhere(row, remove):
                return row
            if not outcome.tried:
                return None  # a hook keeps it
        raise CacheUnavailable("a one-time value changes too often")

    async def _list(self, prefix: str, row: Verification) -> None:
        cache, key = self._texts.cache, _list_key(prefix, row.value)
        for _ in range(_MOST_ATTEMPTS):
            text = await cache.get(key)
            entries = [*_entries(text, self._clock.now()), (row.identifier, row.expires_at)]
            end = max(ends for _, ends in entries)
            made = encode([{"identifier": name, "expiresAt": millis(ends)} for name, ends in entries]).decode()
            if await cache.replace(key, text, made, seconds_until(end, self._clock.now())):
                return
        raise CacheUnavailable("a list of one-time values changes too often")


class MirroredVerificationKeeper(VerificationKeeper):
    """Keeps one-time values in the database, with a copy in the secondary storage.

    The database alone decides who has a value: a copy that is gone changes nothing, and one that was left behind is
    worth nothing.

    Args:
        options: How identifiers are stored.
        clock: For expiry.
        tasks: Where expired rows are removed.
        cache: The secondary storage.
        schema: The tables.
        log: Told when the storage is not available.
    """

    __slots__ = ("_log", "_texts")

    def __init__(
        self,
        options: VerificationOptions,
        clock: Clock,
        tasks: Tasks,
        *,
        cache: Cache,
        schema: Schema,
        log: Log,
    ) -> None:
        super().__init__(options, clock, tasks)
        self._texts = _Texts(cache, schema, clock)
        self._log = log

    async def create(
        self, db: Database, identifier: str, value: str, *, expires_at: datetime, listed: str | None = None
    ) -> Verification:
        """Store a value under an identifier, here and there."""
        row = await super().create(db, identifier, value, expires_at=expires_at, listed=listed)
        if row.raw.get("id") is not None:
            await self._copy(db, row)
        return row

    async def take(self, db: Database, identifier: str, *, value: str | None = None) -> Verification | None:
        """Remove a value that has not expired and give it to exactly one caller."""
        row = await super().take(db, identifier, value=value)
        if row is not None:
            await self._drop(row.identifier)
        return row

    async def change(
        self, db: Database, row: Verification, value: str, *, expires_at: datetime | None = None
    ) -> Verification | None:
        """Replace a value, and how long it lasts, if it still is as ``row`` says; ``None`` when somebody was faster."""
        changed = await super().change(db, row, value, expires_at=expires_at)
        if changed is not None:
            await self._copy(db, changed)
        return changed

    async def delete(self, db: Database, identifier: str) -> None:
        """Forget every value of an identifier; unknown ones are fine."""
        await super().delete(db, identifier)
        if is_storable(identifier):
            await self._drop(await self._stored(identifier))

    async def _copy(self, db: Database, row: Verification) -> None:
        async def put() -> None:
            try:
                await self._texts.put(row, with_id=True)
            except CacheUnavailable as error:
                self._log.warning("the secondary storage is not available, a value is not in it", error=error)

        await db.afterwards(put)

    async def _drop(self, identifier: str) -> None:
        try:
            await self._texts.cache.delete(self._texts.key(identifier))
        except CacheUnavailable as error:
            self._log.warning("the secondary storage is not available, a used value stays in it", error=error)


class _Outcome:
    """Whether a removal got as far as the storage."""

    __slots__ = ("tried",)

    def __init__(self) -> None:
        self.tried = False


def _list_key(prefix: str, value: str) -> str:
    return f"verifications:{prefix}{sha256_base64url(value)}"


def _entries(text: str | None, now: datetime) -> list[tuple[str, datetime]]:
    try:
        value = None if text is None else decode(text)
    except JsonError:
        value = None
    found: list[tuple[str, datetime]] = []
    for each in value if isinstance(value, list) else ():
        if isinstance(each, dict):
            name, ends = each.get("identifier"), each.get("expiresAt")
            if isinstance(name, str) and isinstance(ends, int) and ends > millis(now):
                found.append((name, from_millis(ends)))
    return found
