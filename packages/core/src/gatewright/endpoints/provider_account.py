"""Handlers: tokens of a user's accounts at providers, and what the provider says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from msgspec import UNSET

from gatewright.contract import faults
from gatewright.contract.account import (
    AccessToken,
    AccountAtProvider,
    AccountDetails,
    AccountInfo,
    GetAccessToken,
    ProviderUser,
    RefreshedToken,
    RefreshToken,
)
from gatewright.flows.oauth.person import Evidence, find_person
from gatewright.flows.oauth.refresh import RenewalFailed, can_refresh, has_run_out, renew_tokens, valid_tokens
from gatewright.model.account import Account
from gatewright.pipeline.account_cookie import carried_account_id, send_account
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import maybe_own_session
from gatewright.pipeline.handles import handles
from gatewright.protocols.oauth2.token import OAuthTokens
from gatewright.services.provider_accounts import scopes_of
from gatewright.services.social import ConfiguredProvider
from gatewright.settings.callbacks import RefreshContext
from gatewright.wire.faults import ApiError

__all__ = ("ALL",)

Asking: TypeAlias = "Call[GetAccessToken] | Call[RefreshToken] | Call[AccountInfo]"


@dataclass(frozen=True, slots=True)
class Owner:
    """Proof of whose accounts are meant: the signed-in user's, or whom the application itself names."""

    user_id: str


async def owner(call: Asking, /) -> Owner:
    """Whose accounts the call may touch; a cached session will not do, for tokens outlive what was revoked.

    Raises:
        ApiError: 401, nobody is signed in.
        UserIdOrSessionRequired: The application's own call names nobody.
    """
    me = await maybe_own_session(call)
    if me is not None:
        return Owner(me.user.id)
    if not call.trusted:
        raise ApiError(401)
    if not call.input.user_id:
        raise faults.UserIdOrSessionRequired
    return Owner(call.input.user_id)


@handles(GetAccessToken, owner)
async def get_access_token(call: Call[GetAccessToken], whose: Owner) -> AccessToken:
    """A token that is valid now, renewed where it has run out; not by a GET, which changes nothing."""
    account = await _account(call, whose)
    known = await _supported(call, account)
    reads_only = call.request is not None and call.request.method == "GET"
    if reads_only and has_run_out(account, call.now):
        raise faults.FailedToGetAccessToken(because="it has run out, and a GET does not renew it")
    try:
        valid, renewed = await valid_tokens(
            call.services, call.db, known, account, RefreshContext(call.headers, call.request)
        )
    except RenewalFailed as failed:
        raise faults.FailedToGetAccessToken(because=str(failed)) from None
    if renewed:
        send_account(call, valid)
    keeper = call.services.provider_accounts
    token = keeper.opened(valid.access_token)
    if token is None and valid.access_token is not None:
        raise faults.FailedToGetAccessToken(because="the stored token cannot be opened")
    return AccessToken(
        access_token=token or "",
        access_token_expires_at=valid.access_token_expires_at or UNSET,
        scopes=scopes_of(valid.scope),
        id_token=valid.id_token or UNSET,
    )


@handles(RefreshToken, owner)
async def refresh_token(call: Call[RefreshToken], whose: Owner) -> RefreshedToken:
    """Renew the tokens now, whether they have run out or not."""
    account = await _account(call, whose)
    known = await _supported(call, account)
    if not can_refresh(known):
        raise faults.TokenRefreshNotSupported(
            message=f"Provider {account.provider_id} does not support token refreshing."
        )
    if not account.refresh_token:
        raise faults.RefreshTokenNotFound
    try:
        renewed = await renew_tokens(call.services, call.db, known, account, RefreshContext(call.headers, call.request))
    except RenewalFailed as failed:
        raise faults.FailedToRefreshAccessToken(because=str(failed)) from None
    if call.input.use_account_cookie:
        send_account(call, renewed)
    keeper = call.services.provider_accounts
    return RefreshedToken(
        access_token=keeper.opened(renewed.access_token) or UNSET,
        refresh_token=keeper.opened(renewed.refresh_token) or UNSET,
        access_token_expires_at=renewed.access_token_expires_at,
        refresh_token_expires_at=renewed.refresh_token_expires_at,
        scope=renewed.scope,
        id_token=renewed.id_token,
        provider_id=renewed.provider_id,
        account_id=renewed.id,
    )


@handles(AccountInfo, owner)
async def account_info(call: Call[AccountInfo], whose: Owner) -> AccountDetails:
    """Ask the provider who the account's owner is."""
    account = await _account(call, whose)
    known = await call.services.plan.social.providers.find(account.provider_id, call.services)
    if known is None:
        raise faults.ProviderNotConfigured(message="Account is not associated with a configured social provider.")
    try:
        valid, renewed = await valid_tokens(
            call.services, call.db, known, account, RefreshContext(call.headers, call.request)
        )
    except RenewalFailed as failed:
        raise faults.FailedToGetAccessToken(because=str(failed)) from None
    if renewed:
        send_account(call, valid)
    token = call.services.provider_accounts.opened(valid.access_token)
    if not token:
        raise faults.AccessTokenNotFound
    tokens = OAuthTokens(
        access_token=token,
        id_token=valid.id_token,
        access_token_expires_at=valid.access_token_expires_at,
        scopes=tuple(scopes_of(valid.scope)),
    )
    person = await find_person(call.services, known, tokens, Evidence("stored"))
    if person is None:
        raise faults.FailedToGetUserInfo
    profile = person.profile
    return AccountDetails(
        user=ProviderUser(
            name=profile.name,
            email=profile.email or UNSET,
            image=profile.image or UNSET,
            email_verified=profile.email_verified,
        ),
        data=dict(profile.raw),
        account=AccountAtProvider(
            id=valid.id, provider_id=valid.provider_id, issuer=valid.issuer, account_id=valid.account_id
        ),
    )


async def _account(call: Asking, whose: Owner) -> Account:
    """The account that is asked for, if it is the owner's.

    Raises:
        AccountNotFound: It is not, or there is none.
    """
    asked = call.input
    account_id = carried_account_id(call, whose.user_id) if asked.use_account_cookie else asked.account_id
    found = None
    if account_id:
        found = await call.db.find_one(Account, Account.id.eq(account_id), Account.user_id.eq(whose.user_id))
    if found is None:
        raise faults.AccountNotFound
    return found


async def _supported(call: Asking, account: Account) -> ConfiguredProvider:
    known = await call.services.plan.social.providers.find(account.provider_id, call.services)
    if known is None:
        raise faults.ProviderNotSupported(message=f"Provider {account.provider_id} is not supported.")
    return known


ALL = (get_access_token, refresh_token, account_info)
