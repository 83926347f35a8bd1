"""Where keys are kept: the database, a secondary storage, or the database with copies in a secondary storage.

A store finds, writes and removes; it decides nothing. Within the secondary storage the text under the digest is the
key; the other one is a copy, which never brings a removed key back: every text is written over the one it was made from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from gatewright.model.query import Change, Where
from gatewright.model.schema import Table
from gatewright.model.user import User
from gatewright.plugins.api_key.counting import Use
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.records import (
    by_id,
    by_owner,
    by_secret,
    lifetime,
    read_key,
    read_list,
    write_key,
    write_list,
)
from gatewright.ports.cache import Cache
from gatewright.ports.clock import Clock
from gatewright.services.database import Database
from gatewright.services.keyed_locks import KeyedLocks

__all__ = ("CacheStore", "CopiedStore", "DatabaseStore", "Held", "KeyStore")

MOST_TRIES = 100
"""Times that a write is tried over before somebody else's wins; each try lost is one that another has won."""


@dataclass(frozen=True, slots=True)
class Held:
    """A key as it was read.

    Attributes:
        row: The key.
        text: The text that it was read from, where there was one.
    """

    row: KeyRow
    text: str | None = None


class KeyStore(Protocol):
    """Keeps the keys of a family."""

    async def by_secret(self, db: Database, stored: str, /) -> Held | None:
        """The key whose secret is kept in this form."""
        ...

    async def with_user(self, db: Database, stored: str, /) -> tuple[Held, User] | None:
        """The same with the user whom it belongs to, if there is one."""
        ...

    async def by_id(self, db: Database, key_id: str, /) -> Held | None:
        """The key with an identifier."""
        ...

    async def of_owner(self, db: Database, owner: str, /) -> list[KeyRow]:
        """Every key of an owner."""
        ...

    async def insert(self, db: Database, row: KeyRow, /) -> KeyRow:
        """Keep a new key."""
        ...

    async def use(self, db: Database, held: Held, use: Use, /) -> KeyRow | None:
        """Write a use; ``None`` where its guard does not hold any more."""
        ...

    async def change(self, db: Database, row: KeyRow, values: dict[str, object], /) -> KeyRow | None:
        """Write new values; ``None`` where the key is gone."""
        ...

    async def remove(self, db: Database, row: KeyRow, *guard: Where[KeyRow]) -> bool:
        """Remove a key, in the database only while ``guard`` holds; whether this call has."""
        ...


class DatabaseStore:
    """Keys in the database.

    Args:
        joins: Identifiers are texts there, as owners are: a key and its user are one read.
    """

    __slots__ = ("_joins",)

    def __init__(self, *, joins: bool) -> None:
        self._joins = joins

    async def by_secret(self, db: Database, stored: str, /) -> Held | None:
        """The key whose secret is kept in this form."""
        row = await db.find_one(KeyRow, KeyRow.key.eq(stored))
        return None if row is None else Held(row)

    async def with_user(self, db: Database, stored: str, /) -> tuple[Held, User] | None:
        """The same with the user whom it belongs to, in one statement where that can be."""
        if not self._joins:
            return await _with_user(db, await self.by_secret(db, stored))
        pair = await db.find_pair(KeyRow, User, KeyRow.reference_id, KeyRow.key.eq(stored))
        return None if pair is None else (Held(pair[0]), pair[1])

    async def by_id(self, db: Database, key_id: str, /) -> Held | None:
        """The key with an identifier."""
        row = await db.find_one(KeyRow, KeyRow.id.eq(key_id))
        return None if row is None else Held(row)

    async def of_owner(self, db: Database, owner: str, /) -> list[KeyRow]:
        """Every key of an owner."""
        return await db.find_many(KeyRow, KeyRow.reference_id.eq(owner))

    async def insert(self, db: Database, row: KeyRow, /) -> KeyRow:
        """Keep a new key."""
        return await db.insert(row)

    async def use(self, db: Database, held: Held, use: Use, /) -> KeyRow | None:  # noqa: ARG002 (of every store)
        """Write a use in one guarded statement."""
        return await db.update_one(KeyRow, *use.guard, set=use.changes)

    async def change(self, db: Database, row: KeyRow, values: dict[str, object], /) -> KeyRow | None:
        """Write new values."""
        changes = [Change(name, "set", value) for name, value in values.items()]
        return await db.update_one(KeyRow, KeyRow.id.eq(row.id), set=changes)

    async def remove(self, db: Database, row: KeyRow, *guard: Where[KeyRow]) -> bool:
        """Remove a key."""
        return await db.take(KeyRow, KeyRow.id.eq(row.id), *guard) is not None


class CacheStore:
    """Keys in a secondary storage.

    Args:
        cache: The storage.
        table: The table of keys.
        clock: For lifetimes.
        locks: One writer for each key within this process.
    """

    __slots__ = ("_cache", "_clock", "_locks", "_table")

    def __init__(self, cache: Cache, table: Table, clock: Clock, locks: KeyedLocks) -> None:
        self._cache = cache
        self._table = table
        self._clock = clock
        self._locks = locks

    async def by_secret(self, db: Database, stored: str, /) -> Held | None:  # noqa: ARG002 (of every store)
        """The key whose secret is kept in this form."""
        text = await self._cache.get(by_secret(stored))
        row = None if text is None else read_key(self._table, text)
        return None if row is None or row.key != stored else Held(row, text)

    async def with_user(self, db: Database, stored: str, /) -> tuple[Held, User] | None:
        """The same with the user whom it belongs to."""
        return await _with_user(db, await self.by_secret(db, stored))

    async def by_id(self, db: Database, key_id: str, /) -> Held | None:
        """The key with an identifier, as the text under its digest has it."""
        text = await self._cache.get(by_id(key_id))
        row = None if text is None else read_key(self._table, text)
        if row is None or row.id != key_id:
            return None
        held = await self.by_secret(db, row.key)
        return None if held is None or held.row.id != key_id else held

    async def of_owner(self, db: Database, owner: str, /) -> list[KeyRow]:
        """Every key in an owner's list that is still there."""
        found = [await self.by_id(db, each) for each in read_list(await self._cache.get(by_owner(owner)))]
        return [held.row for held in found if held is not None and held.row.reference_id == owner]

    async def insert(self, db: Database, row: KeyRow, /) -> KeyRow:
        """Keep a new key."""
        return await db.insert_elsewhere(row, self._write_new)

    async def use(self, db: Database, held: Held, use: Use, /) -> KeyRow | None:
        """Write a use over the text that it was decided on."""
        return await self._replace(db, held, use.applied(held.row))

    async def change(self, db: Database, row: KeyRow, values: dict[str, object], /) -> KeyRow | None:
        """Write new values over whatever the key is by then."""
        for _ in range(MOST_TRIES):
            held = await self.by_secret(db, row.key)
            if held is None:
                return None
            changed = await self._replace(db, held, held.row.with_values(values))
            if changed is not None:
                return changed
        return None

    async def remove(self, db: Database, row: KeyRow, *guard: Where[KeyRow]) -> bool:  # noqa: ARG002 (of every store)
        """Remove a key."""

        async def forget() -> bool:
            gone = await self._cache.take(by_secret(row.key)) is not None
            await self._cache.delete(by_id(row.id))
            await self._list(row.reference_id, lambda ids: [each for each in ids if each != row.id])
            return gone

        return await db.delete_elsewhere(row, forget)

    async def copy(self, row: KeyRow) -> None:
        """Keep a copy of a key that is kept elsewhere."""
        text, ttl = write_key(self._table, row), lifetime(row, self._clock.now())
        await self._cache.set(by_secret(row.key), text, ttl)
        await self._cache.set(by_id(row.id), text, ttl)

    async def forget(self, row: KeyRow) -> None:
        """Forget the copies of a key."""
        await self._cache.delete(by_secret(row.key))
        await self._cache.delete(by_id(row.id))

    async def refresh(self, old: str, row: KeyRow) -> None:
        """Write the copies anew where they are still what they were."""
        text, ttl = write_key(self._table, row), lifetime(row, self._clock.now())
        if await self._cache.replace(by_secret(row.key), old, text, ttl):
            await self._cache.replace(by_id(row.id), old, text, ttl)

    async def _write_new(self, row: KeyRow) -> None:
        await self.copy(row)
        await self._list(row.reference_id, lambda ids: [*ids, row.id])

    async def _replace(self, db: Database, held: Held, row: KeyRow) -> KeyRow | None:
        text, ttl = write_key(self._table, row), lifetime(row, self._clock.now())

        async def write(_: object) -> KeyRow | None:
            if not await self._cache.replace(by_secret(row.key), held.text, text, ttl):
                return None
            # Where the key is gone meanwhile its copy is too, and this brings neither back.
            await self._cache.replace(by_id(row.id), held.text, text, ttl)
            return row

        changes = [Change(name, "set", value) for name, value in row.raw.items() if value != held.row.get(name)]
        async with self._locks.hold(row.key):
            return await db.update_elsewhere(KeyRow, write, KeyRow.id.eq(row.id), set=changes)

    async def _list(self, owner: str, edit: Callable[[list[str]], list[str]]) -> None:
        name = by_owner(owner)
        for _ in range(MOST_TRIES):
            text = await self._cache.get(name)
            if await self._cache.replace(name, text, write_list(edit(read_list(text)))):
                return


class CopiedStore(DatabaseStore):
    """Keys in the database, with copies in a secondary storage that are read first.

    Every use is still written under its guard to the database, so a copy that is behind costs a second look and
    nothing else.
    """

    __slots__ = ("_copies",)

    def __init__(self, copies: CacheStore) -> None:
        super().__init__(joins=False)
        self._copies = copies

    async def by_secret(self, db: Database, stored: str, /) -> Held | None:
        """The key whose secret is kept in this form."""
        return await self._copies.by_secret(db, stored) or await self._copied(db, await super().by_secret(db, stored))

    async def by_id(self, db: Database, key_id: str, /) -> Held | None:
        """The key with an identifier."""
        return await self._copies.by_id(db, key_id) or await self._copied(db, await super().by_id(db, key_id))

    async def insert(self, db: Database, row: KeyRow, /) -> KeyRow:
        """Keep a new key and its copy."""
        stored = await super().insert(db, row)
        await self._copies.copy(stored)
        return stored

    async def use(self, db: Database, held: Held, use: Use, /) -> KeyRow | None:
        """Write a use in one guarded statement; the copies follow."""
        row = await super().use(db, held, use)
        if row is None:
            # The copy is behind: the next look finds the row itself.
            await self._copies.forget(held.row)
        elif held.text is not None:
            await self._copies.refresh(held.text, row)
        return row

    async def change(self, db: Database, row: KeyRow, values: dict[str, object], /) -> KeyRow | None:
        """Write new values; the copies follow."""
        changed = await super().change(db, row, values)
        await self._copies.forget(row)
        return None if changed is None else (await self._copied(db, Held(changed)) or Held(changed)).row

    async def remove(self, db: Database, row: KeyRow, *guard: Where[KeyRow]) -> bool:
        """Remove a key and its copies."""
        gone = await super().remove(db, row, *guard)
        await self._copies.forget(row)
        return gone

    async def _copied(self, db: Database, held: Held | None) -> Held | None:
        """Keep copies of a row that was read; where it was removed meanwhile they go again."""
        if held is None:
            return None
        await self._copies.copy(held.row)
        if await super().by_id(db, held.row.id) is None:
            await self._copies.forget(held.row)
            return None
        return Held(held.row, None)


async def _with_user(db: Database, held: Held | None) -> tuple[Held, User] | None:
    user = None if held is None else await db.find_one(User, User.id.eq(held.row.reference_id))
    return None if held is None or user is None else (held, user)
