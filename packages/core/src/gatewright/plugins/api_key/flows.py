"""Use a key: find it, ask whether it may, count. And sweep those whose time is over."""

from __future__ import annotations

import inspect
from typing import Any

from gatewright.crypto.hashing import sha256_base64url
from gatewright.model.row import Row
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.api_key.contract import Permissions
from gatewright.plugins.api_key.counting import Spent, Use, decide
from gatewright.plugins.api_key.faults import InvalidApiKey
from gatewright.plugins.api_key.model import KeyRow
from gatewright.plugins.api_key.options import ApiKeyOptions
from gatewright.plugins.api_key.owners import is_banned, may_act, owner_of
from gatewright.plugins.api_key.plugin import ApiKey
from gatewright.plugins.api_key.stores import MOST_TRIES, Held, KeyStore
from gatewright.services.database import Database
from gatewright.wire.faults import Fault

__all__ = ("accepted", "count_use", "kept_as", "remove_expired", "sweep", "use_key")


def kept_as(family: ApiKeyOptions, key: str) -> str:
    """The form in which a secret is kept and found."""
    return key if family.disable_key_hashing else sha256_base64url(key)


async def accepted(call: Call[Any], family: ApiKeyOptions, key: str) -> bool:
    """Whether the application's own check lets a key through."""
    check = family.custom_api_key_validator
    if check is None:
        return True
    answer = check({"ctx": call, "key": key})
    return bool(await answer if inspect.isawaitable(answer) else answer)


async def count_use(
    call: Call[Any], family: ApiKeyOptions, key: str, *, config_id: str | None, asked: Permissions | None
) -> KeyRow:
    """Count one use of a key, as :func:`use_key` does, for whoever does not ask for its owner.

    A key that this process has used before is not read first, where it is kept in the database: one guarded statement
    counts the use, or finds that something is not as it was, and then it is read.

    Raises:
        Fault: It is not accepted.
    """
    recent = call.plugin(ApiKey).recent(family)
    if recent is None:
        return (await use_key(call, family, key, config_id=config_id, asked=asked))[0]
    stored = kept_as(family, key)
    # A secret that is kept as it is in the database is not so kept here.
    digest = sha256_base64url(key) if family.disable_key_hashing else stored
    hint = recent.find(digest)
    row = None if hint is None else await _at_once(call, hint, stored, config_id, asked)
    if row is None:
        if hint is not None:
            recent.forget(digest, hint)
        row = (await use_key(call, family, key, config_id=config_id, asked=asked))[0]
    recent.keep(digest, row)
    return row


async def _at_once(
    call: Call[Any], hint: KeyRow, stored: str, config_id: str | None, asked: Permissions | None
) -> KeyRow | None:
    """Count a use on the strength of a hint, if everything is still so; ``None`` says nothing about the key."""
    mine = call.plugin(ApiKey).named(hint.config_id)
    if mine is None or (config_id is not None and hint.config_id != config_id) or call.db.watched(KeyRow, "updating"):
        # Hooks before a use are for uses of keys that were looked at.
        return None
    owner = may_act(call, mine, hint)
    try:
        use = decide(hint, call.now, limited=mine.rate_limit.enabled, asked=asked)
    except Fault:
        return None
    if owner is None or isinstance(use, Spent) or use.fault is not None or (mine.defer_updates and not use.counted):
        return None
    same = (
        KeyRow.key.eq(stored),
        KeyRow.config_id.eq(hint.config_id),
        KeyRow.reference_id.eq(hint.reference_id),
    )
    return await call.db.update_one(KeyRow, *use.guard, *same, owner, set=use.changes)


async def use_key(
    call: Call[Any], family: ApiKeyOptions, key: str, *, config_id: str | None, asked: Permissions | None
) -> tuple[KeyRow, Row, ApiKeyOptions]:
    """Count one use of a key: the key afterwards, its owner and its family.

    Args:
        call: The call; hooks of the table are given it.
        family: In which form it is looked for, and where.
        key: As its holder has it.
        config_id: The name of the family that it must be of; ``None`` for any.
        asked: What it must be allowed to do.

    Raises:
        Fault: It is not accepted.
    """
    plugin = call.plugin(ApiKey)
    stored = kept_as(family, key)
    store = plugin.store(call.services, family)
    held, owner = await _found(call, plugin, store, stored)
    mine = None if held is None else plugin.named(held.row.config_id)
    if held is None or mine is None or (config_id is not None and held.row.config_id != config_id):
        raise InvalidApiKey
    if owner is None or mine.references == "organization":
        owner = await owner_of(call, mine, held.row)
    if owner is None or (isinstance(owner, User) and is_banned(call, owner)):
        raise InvalidApiKey
    for _ in range(MOST_TRIES):
        row = held.row
        use = decide(row, call.now, limited=mine.rate_limit.enabled, asked=asked)
        if isinstance(use, Spent):
            await _spend(call, store, mine, row, use)
            raise use.fault
        if mine.defer_updates and not use.counted:
            await _later(call, store, held, use)
            return use.applied(row), owner, mine
        row = await store.use(call.db, held, use)
        if row is not None:
            if use.fault is not None:
                raise use.fault
            return row, owner, mine
        held = await store.by_secret(call.db, stored)
        if held is None:
            raise InvalidApiKey
    raise InvalidApiKey(because="the key changes faster than it can be used")


async def _found(call: Call[Any], plugin: ApiKey, store: KeyStore, stored: str) -> tuple[Held | None, Row | None]:
    """The key, and the user to whom it belongs where it is a user's."""
    pair = await store.with_user(call.db, stored)
    if pair is not None:
        return pair
    if all(family.references == "user" for family in plugin.families):
        # Unknown, or nobody's: it is worth nothing either way.
        return None, None
    return await store.by_secret(call.db, stored), None


async def _later(call: Call[Any], store: KeyStore, held: Held, use: Use) -> None:
    await call.services.tasks.spawn(lambda: store.use(call.db, held, use), name="noting the use of an API key")


async def _spend(call: Call[Any], store: KeyStore, family: ApiKeyOptions, row: KeyRow, spent: Spent) -> None:
    async def remove() -> None:
        await store.remove(call.db, row, *spent.guard)

    if family.defer_updates:
        await call.services.tasks.spawn(remove, name="removing a used-up API key")
    else:
        await remove()


async def remove_expired(db: Database, call: Call[Any]) -> None:
    """Remove the keys in the database whose time is over."""
    await db.delete(KeyRow, KeyRow.expires_at.ne(None), KeyRow.expires_at.before(call.now))


async def sweep(call: Call[Any]) -> None:
    """Remove what is over, after the reply, if it has not been done lately."""
    plugin = call.plugin(ApiKey)
    if plugin.sweeps(call.now) and any(
        family.storage == "database" or family.fallback_to_database for family in plugin.families
    ):
        await call.services.tasks.spawn(lambda: remove_expired(call.db, call), name="removing expired API keys")
