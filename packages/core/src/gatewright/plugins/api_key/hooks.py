"""Hooks of the API key plugin: keys that act as their owners, and keys that go with them."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession
from gatewright.http.client_ip import client_ip
from gatewright.model.row import Row
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import EVERY, before, deleted
from gatewright.plugins.api_key.faults import (
    InvalidApiKey,
    InvalidApiKeyGetterReturnType,
    InvalidReferenceIdFromApiKey,
)
from gatewright.plugins.api_key.flows import accepted, sweep, use_key
from gatewright.plugins.api_key.options import ApiKeyOptions
from gatewright.plugins.api_key.plugin import ApiKey
from gatewright.plugins.organization.model import OrgRow
from gatewright.services.database import RowHook

__all__ = ("act_as_owner", "owner_hooks")


@before(EVERY)
async def act_as_owner(call: Call[Any]) -> None:
    """A call that carries a key acts as the key's owner, for as long as it takes."""
    if call.trusted:
        return
    for family in call.plugin(ApiKey).families:
        if family.enable_session_for_api_keys:
            key = await _carried(call, family)
            if key:
                call.out.early = True
                call.vouched = await _session(call, family, key)
                call.out.early = isinstance(call.input, GetSession)
                call.remember(call.vouched)
                return


async def _carried(call: Call[Any], family: ApiKeyOptions) -> str | None:
    getter = family.custom_api_key_getter
    if getter is None:
        return next((value for name in family.headers if (value := call.headers.get(name))), None)
    found = getter(call)
    if inspect.isawaitable(found):
        found = await found
    if found is not None and not isinstance(found, str):
        raise InvalidApiKeyGetterReturnType
    return found


async def _session(call: Call[Any], family: ApiKeyOptions, key: str) -> SessionData:
    if len(key) < family.default_key_length:
        raise InvalidApiKey(status=403)
    if not await accepted(call, family, key):
        raise InvalidApiKey(status=403)
    row, owner, mine = await use_key(call, family, key, config_id=None, asked=None)
    await sweep(call)
    if not isinstance(owner, User):
        raise InvalidReferenceIdFromApiKey
    if not mine.enable_session_for_api_keys:
        raise InvalidApiKey
    now, plan = call.now, call.services.plan
    # The contract counts the seconds of a session's life as milliseconds here; nothing keeps this session anyway.
    ends = row.expires_at or now + timedelta(milliseconds=plan.settings.session.expires_in)
    values = {
        "id": row.id,
        "token": key,
        "userId": owner.id,
        "userAgent": call.headers.get("user-agent"),
        "ipAddress": client_ip(call.headers, None, plan.stored_address),
        "createdAt": now,
        "updatedAt": now,
        "expiresAt": ends,
    }
    return SessionData(session=Session.seen(values, plan.schema[Session]), user=owner)


def owner_hooks(plugin: ApiKey) -> Sequence[RowHook]:
    """Keys go with the user or the organization that they belong to."""

    async def remove_all(row: Row, call: Call[Any] | None, references: str) -> None:
        if call is None:
            return
        owner = str(row.get("id"))
        for family in plugin.families:
            if family.references == references:
                store = plugin.store(call.services, family)
                for key in await store.of_owner(call.db, owner):
                    if key.config_id == family.id:
                        await store.remove(call.db, key)

    @deleted(User)
    async def with_user(user: User, call: Call[Any] | None) -> None:
        await remove_all(user, call, "user")

    @deleted(OrgRow)
    async def with_organization(organization: OrgRow, call: Call[Any] | None) -> None:
        await remove_all(organization, call, "organization")

    return (with_user, with_organization)
