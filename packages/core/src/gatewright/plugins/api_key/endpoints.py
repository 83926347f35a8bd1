"""Handlers of the API key plugin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import UNSET

from gatewright.contract.faults import ValidationError
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, signed_in
from gatewright.pipeline.handles import handles
from gatewright.pipeline.session_reading import read_session
from gatewright.plugins.api_key import faults
from gatewright.plugins.api_key.contract import (
    ApiKeyInfo,
    ApiKeyPage,
    CreateApiKey,
    DeleteAllExpiredApiKeys,
    DeleteApiKey,
    DeletedApiKey,
    ExpiredApiKeys,
    GetApiKey,
    ListApiKeys,
    NewApiKey,
    UpdateApiKey,
    VerifiedApiKey,
    VerifyApiKey,
    VerifyError,
)
from gatewright.plugins.api_key.flows import accepted, count_use, remove_expired, sweep
from gatewright.plugins.api_key.listing import list_keys
from gatewright.plugins.api_key.making import changes_of, make_row, refuse_prefix, shown
from gatewright.plugins.api_key.owners import is_banned, may_manage, refuse_strangers
from gatewright.plugins.api_key.plugin import ApiKey
from gatewright.wire.faults import Fault

__all__ = ("ALL",)


async def _stored(call: Call[Any]) -> Signed | None:
    """The caller's session as the store knows it: a copy of one will not do, nor a key that acts as its owner."""
    call.remember(await read_session(call, disable_cache=True))
    return await maybe_signed_in(call)


async def _maker(call: Call[CreateApiKey], /) -> str:
    """The user for whom a key is made: the caller, or whom the application names.

    Raises:
        UnauthorizedSession: There is none.
        ServerOnlyProperty: The caller says what only the application may.
    """
    asked = call.input
    refuse_prefix(asked.prefix)
    if call.trusted:
        if not asked.user_id:
            raise faults.UnauthorizedSession
        return asked.user_id
    if asked.remaining not in (None, UNSET) or any(
        value is not None
        for value in (
            asked.refill_amount,
            asked.refill_interval,
            asked.rate_limit_time_window,
            asked.rate_limit_max,
            asked.rate_limit_enabled,
            asked.permissions,
        )
    ):
        raise faults.ServerOnlyProperty
    me = await _stored(call)
    if me is None or (asked.user_id is not None and call.request is not None):
        raise faults.UnauthorizedSession
    return me.user.id


async def _changer(call: Call[UpdateApiKey], /) -> str:
    """The user who changes a key; see :func:`_maker`."""
    asked = call.input
    if call.trusted:
        if not asked.user_id:
            raise faults.UnauthorizedSession
        return asked.user_id
    me = await maybe_signed_in(call)
    if me is None or (asked.user_id is not None and asked.user_id != me.user.id):
        raise faults.UnauthorizedSession
    if asked.permissions is not UNSET or any(
        value is not None
        for value in (
            asked.remaining,
            asked.refill_amount,
            asked.refill_interval,
            asked.rate_limit_time_window,
            asked.rate_limit_max,
            asked.rate_limit_enabled,
        )
    ):
        raise faults.ServerOnlyProperty
    return me.user.id


@handles(CreateApiKey, _maker)
async def create_api_key(call: Call[CreateApiKey], user_id: str) -> NewApiKey:
    """Make a key."""
    asked, plugin = call.input, call.plugin(ApiKey)
    family = plugin.family(asked.config_id)
    owner = user_id
    if family.references == "organization":
        if not asked.organization_id:
            raise faults.OrganizationIdRequired
        owner = asked.organization_id
        await may_manage(call, owner, user_id, "create")
    row, secret = await make_row(call, family, owner)
    await sweep(call)
    stored = await plugin.store(call.services, family).insert(call.db, row)
    return NewApiKey(**msgspec.structs.asdict(shown(stored)), key=secret)


@handles(VerifyApiKey)
async def verify_api_key(call: Call[VerifyApiKey]) -> VerifiedApiKey:
    """Count one use of a key."""
    asked = call.input
    family = call.plugin(ApiKey).family(asked.config_id)
    try:
        if not await accepted(call, family, asked.key):
            raise faults.KeyNotFound
        row = await count_use(call, family, asked.key, config_id=asked.config_id, asked=asked.permissions)
    except Fault as fault:
        return VerifiedApiKey(valid=False, error=_told(fault), key=None)
    return VerifiedApiKey(valid=True, error=None, key=shown(row))


@handles(GetApiKey, signed_in)
async def get_api_key(call: Call[GetApiKey], me: Signed) -> ApiKeyInfo:
    """One key."""
    asked, plugin = call.input, call.plugin(ApiKey)
    family = plugin.family(asked.config_id)
    held = await plugin.store(call.services, family).by_id(call.db, asked.id)
    row = await refuse_strangers(call, family, None if held is None else held.row, me.user.id, "read")
    await sweep(call)
    return shown(row)


@handles(UpdateApiKey, _changer)
async def update_api_key(call: Call[UpdateApiKey], user_id: str) -> ApiKeyInfo:
    """Change a key."""
    asked, plugin = call.input, call.plugin(ApiKey)
    family = plugin.family(asked.config_id)
    store = plugin.store(call.services, family)
    held = await store.by_id(call.db, asked.key_id)
    row = await refuse_strangers(call, family, None if held is None else held.row, user_id, "update")
    changed = await store.change(call.db, row, changes_of(asked, family, call.now))
    if changed is None:
        raise faults.KeyNotFound
    await sweep(call)
    return shown(changed)


@handles(DeleteApiKey, signed_in)
async def delete_api_key(call: Call[DeleteApiKey], me: Signed) -> DeletedApiKey:
    """Remove a key."""
    asked, plugin = call.input, call.plugin(ApiKey)
    if is_banned(call, me.user):
        raise faults.UserBanned
    family = plugin.family(asked.config_id)
    store = plugin.store(call.services, family)
    held = await store.by_id(call.db, asked.key_id)
    row = await refuse_strangers(call, family, None if held is None else held.row, me.user.id, "delete")
    if not await store.remove(call.db, row):
        raise faults.KeyNotFound
    await sweep(call)
    return DeletedApiKey()


@handles(ListApiKeys, signed_in)
async def list_api_keys(call: Call[ListApiKeys], me: Signed) -> ApiKeyPage:
    """The caller's keys, or an organization's."""
    asked, plugin = call.input, call.plugin(ApiKey)
    owner, references = me.user.id, "user"
    if asked.organization_id:
        owner, references = asked.organization_id, "organization"
        await may_manage(call, owner, me.user.id, "read")
    if asked.config_id is not None:
        plugin.family(asked.config_id)
    if asked.sort_by is not None and asked.sort_by not in call.services.plan.schema["apikey"].columns:
        raise ValidationError(message="[query.sortBy] Invalid input")
    families = [
        family for family in plugin.families if family.references == references and asked.config_id in (None, family.id)
    ]
    await sweep(call)
    rows, total = await list_keys(call, families, owner)
    return ApiKeyPage(
        api_keys=[shown(row) for row in rows],
        total=total,
        limit=UNSET if asked.limit is None else asked.limit,
        offset=UNSET if asked.offset is None else asked.offset,
    )


@handles(DeleteAllExpiredApiKeys)
async def delete_all_expired_api_keys(call: Call[DeleteAllExpiredApiKeys]) -> ExpiredApiKeys:
    """Remove every key whose time is over."""
    await remove_expired(call.db, call)
    return ExpiredApiKeys(success=True, error=None)


def _told(fault: Fault) -> VerifyError:
    details = fault.extra.get("details", UNSET)
    return VerifyError(message=fault.message or "", code=fault.code or "", details=details)


ALL: Sequence[Any] = (
    create_api_key,
    verify_api_key,
    get_api_key,
    update_api_key,
    delete_api_key,
    list_api_keys,
    delete_all_expired_api_keys,
)
