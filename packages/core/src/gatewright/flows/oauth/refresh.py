"""Access tokens that are valid now: renewed when they have run out, by one caller for all.

One caller renews an account's tokens and the others wait for what it gets: within a process by a lock, between processes
by a guarded write before the provider is asked. Who finds the tokens changed keeps what is there. Source: RFC 6749 §6; contract,
endpoints.json ``/get-access-token``, ``/refresh-token``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import cast

import anyio

from gatewright.flows.oauth.person import outbound
from gatewright.model.account import Account
from gatewright.ports.egress import EgressError
from gatewright.protocols.oauth2.errors import TokenError
from gatewright.protocols.oauth2.token import OAuthTokens, parse_token_response
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.services.social import ConfiguredProvider
from gatewright.settings.callbacks import ProviderTokens, RefreshContext
from gatewright.wire.dates import from_wire
from gatewright.wire.names import snake

__all__ = ("RenewalFailed", "can_refresh", "has_run_out", "renew_tokens", "valid_tokens")

MARGIN = timedelta(seconds=5)
"""A token that ends within it is renewed (contract)."""


_CLAIMS = 3
"""How often it is tried to be the one who renews, where those who were have given up."""

_LOOKS, _PAUSE_SECONDS = 100, 0.1
"""How often, and how far apart, it is looked for what another process gets: for as long as its claim lasts."""


class RenewalFailed(Exception):
    """The provider gave no new tokens; the text holds no secret."""


def can_refresh(known: ConfiguredProvider) -> bool:
    """Whether tokens of this provider can be renewed at all."""
    return known.ways is not None or known.own.refresh_access_token is not None or known.provider.supports_refresh


def has_run_out(account: Account, now: datetime) -> bool:
    """Whether the access token is, or is about to be, of no use."""
    ends = account.access_token_expires_at
    return ends is not None and ends - now < MARGIN


async def valid_tokens(
    services: Services, db: Database, known: ConfiguredProvider, account: Account, asking: RefreshContext
) -> tuple[Account, bool]:
    """The account with an access token that is valid as far as is known, and whether it was renewed now.

    Raises:
        RenewalFailed: It has run out and the provider gives no other.
    """
    if not has_run_out(account, services.clock.now()) or not account.refresh_token or not can_refresh(known):
        return account, False
    renewed = await renew_tokens(services, db, known, account, asking)
    return renewed, True


async def renew_tokens(
    services: Services, db: Database, known: ConfiguredProvider, account: Account, asking: RefreshContext
) -> Account:
    """The account with tokens newer than those in ``account``; ``asking`` is shown to the application's own functions.

    Raises:
        RenewalFailed: The provider gives none, or the account is gone.
    """
    async with services.plan.social.refreshing.hold(account.id):
        if services.plan.stateless and await _stored(db, account) is None:
            # What the caller carries is all there is; whether another process renews it, nobody can tell.
            return services.provider_accounts.renewed(
                account, await _ask(services, known, _usable(services, account), asking)
            )
        now_stored = await _reread(db, account)
        if _renewed(account, now_stored):
            return now_stored
        refresh_token = _usable(services, now_stored)
        for _ in range(_CLAIMS):
            claimed = await services.provider_accounts.claim(db, now_stored, services.clock.now())
            if claimed is not None:
                now_stored = claimed
                break
            # Another process asks already. A refresh token that is used twice may end the whole grant (RFC 9700 §4.14.2).
            other = await _renewed_elsewhere(services, db, now_stored)
            if other is not None:
                return other
            now_stored = await _reread(db, now_stored)
        else:
            raise RenewalFailed("another process renews the tokens")
        try:
            tokens = await _ask(services, known, refresh_token, asking)
        except RenewalFailed:
            # Refused because another process has used the refresh token: what it got is stored by now.
            other = await _reread(db, account)
            if _renewed(now_stored, other):
                return other
            await services.provider_accounts.release(db, now_stored, services.clock.now())
            raise
        kept = await services.provider_accounts.renew(db, now_stored, tokens)
        return kept if kept is not None else await _reread(db, account)


async def _renewed_elsewhere(services: Services, db: Database, account: Account) -> Account | None:
    """The account once another process has renewed it; ``None`` when that takes too long, or has failed."""
    for _ in range(_LOOKS):
        await anyio.sleep(_PAUSE_SECONDS)
        found = await _reread(db, account)
        if _renewed(account, found):
            return found
        if found.updated_at <= services.clock.now():
            return None
    return None


def _usable(services: Services, account: Account) -> str:
    refresh_token = services.provider_accounts.opened(account.refresh_token)
    if refresh_token is None:
        raise RenewalFailed("there is no refresh token that can be read")
    return refresh_token


async def _stored(db: Database, account: Account) -> Account | None:
    return await db.find_one(Account, Account.id.eq(account.id), Account.user_id.eq(account.user_id))


async def _reread(db: Database, account: Account) -> Account:
    found = await _stored(db, account)
    if found is None:
        raise RenewalFailed("the account is gone")
    return found


def _renewed(before: Account, after: Account) -> bool:
    return (before.access_token, before.refresh_token) != (after.access_token, after.refresh_token)


async def _ask(
    services: Services, known: ConfiguredProvider, refresh_token: str, asking: RefreshContext
) -> OAuthTokens:
    now = services.clock.now()
    own = known.own.refresh_access_token
    if own is not None:
        return _given(await own(refresh_token), now)
    request = known.provider.refresh_request(refresh_token)
    if request is None:
        raise RenewalFailed("the provider does not renew tokens")
    try:
        if known.ways is not None:
            return await known.ways.renew(services, refresh_token, asking)
        reply = await services.egress.send(outbound(request))
        return parse_token_response(reply.status, reply.headers.get("content-type"), reply.body, now=now)
    except (EgressError, TokenError) as error:
        services.log.warning("tokens could not be renewed", provider=known.id, because=str(error))
        raise RenewalFailed(str(error)) from None


def _given(said: object, now: datetime) -> OAuthTokens:
    """The application's own answer: the typed value, or a mapping of the contract's shape."""
    if isinstance(said, ProviderTokens):
        if not said.access_token:
            raise RenewalFailed("the application gives no access token")
        return OAuthTokens(
            access_token=said.access_token,
            refresh_token=said.refresh_token,
            id_token=said.id_token,
            access_token_expires_at=_ends(said.access_token_expires_in, now),
            refresh_token_expires_at=_ends(said.refresh_token_expires_in, now),
            scopes=said.scopes,
            token_type=said.token_type,
        )
    if not isinstance(said, Mapping):
        raise RenewalFailed("the application gives no tokens")
    named = {snake(str(name)): value for name, value in cast("Mapping[object, object]", said).items()}
    access, refresh, id_token = (named.get(name) for name in ("access_token", "refresh_token", "id_token"))
    ends, refresh_ends = (named.get(f"{name}_token_expires_at") for name in ("access", "refresh"))
    if not isinstance(access, str) or not access:
        raise RenewalFailed("the application gives no access token")
    return OAuthTokens(
        access_token=access,
        refresh_token=refresh if isinstance(refresh, str) else None,
        id_token=id_token if isinstance(id_token, str) else None,
        access_token_expires_at=_moment(ends),
        refresh_token_expires_at=_moment(refresh_ends),
    )


def _moment(said: object) -> datetime | None:
    """A moment that an application gives as a date or as the contract's text."""
    if isinstance(said, str):
        try:
            return from_wire(said)
        except ValueError:
            return None
    return said if isinstance(said, datetime) else None


def _ends(seconds: int | None, now: datetime) -> datetime | None:
    return None if seconds is None else now + timedelta(seconds=seconds)
