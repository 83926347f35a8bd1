"""A user's accounts at providers and their tokens."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from msgspec import UNSET, UnsetType

from gatewright.contract import faults
from gatewright.contract.results import Done
from gatewright.contract.sign_in import IdToken
from gatewright.wire.operation import Extra, Operation, get, post
from gatewright.wire.result import Result
from gatewright.wire.text import Opaque

__all__ = (
    "AccessToken",
    "AccountAtProvider",
    "AccountDetails",
    "AccountInfo",
    "GetAccessToken",
    "LinkSocialAccount",
    "LinkStarted",
    "ListUserAccounts",
    "ListedAccount",
    "ProviderUser",
    "RefreshToken",
    "RefreshedToken",
    "UnlinkAccount",
)


class ListedAccount(Result):
    """One way in of the user."""

    id: str
    issuer: str
    account_id: str
    provider_id: str
    user_id: str
    created_at: datetime
    updated_at: datetime
    scopes: list[str]


@get("/list-accounts", raises=(faults.Unauthorized,))
class ListUserAccounts(Operation[list[ListedAccount]]):
    """The signed-in user's accounts."""


class LinkStarted(Result):
    """Where to send the browser, or that the account is linked (``status``) where an ID token was given."""

    redirect: bool
    url: str
    status: bool | UnsetType = UNSET


@post(
    "/link-social",
    raises=(
        faults.Unauthorized,
        faults.ProviderNotFound,
        faults.IdTokenNotSupported,
        faults.InvalidToken,
        faults.FailedToGetUserInfo,
        faults.UserEmailNotFound,
        faults.SocialAccountAlreadyLinked,
        faults.LinkingNotAllowed,
        faults.LinkingDifferentEmailsNotAllowed,
        faults.LinkingFailed,
    ),
    needs_headers=True,
)
class LinkSocialAccount(Operation[LinkStarted]):
    """Add an identity at a provider to the signed-in user."""

    provider: Opaque
    callback_url: str | None = None
    id_token: IdToken | None = None
    request_sign_up: bool | None = None
    scopes: list[str] | None = None
    error_callback_url: str | None = None
    disable_redirect: bool | None = None
    login_hint: str | None = None
    additional_params: dict[str, str] | None = None
    additional_data: Extra | None = None


@post(
    "/unlink-account",
    raises=(
        faults.Unauthorized,
        faults.SessionNotFresh,
        faults.FailedToUnlinkLastAccount,
        faults.AccountNotFound,
    ),
)
class UnlinkAccount(Operation[Done]):
    """Remove one of the signed-in user's accounts, unless it is the last."""

    account_id: str


class AccessToken(Result):
    """A provider's access token that is valid now."""

    access_token: str
    access_token_expires_at: datetime | UnsetType = UNSET
    scopes: list[str]
    id_token: str | UnsetType = UNSET


_ACCOUNT_FAULTS = (
    faults.Unauthorized,
    faults.UserIdOrSessionRequired,
    faults.AccountNotFound,
    faults.ProviderNotSupported,
)


@post(
    "/get-access-token",
    raises=(*_ACCOUNT_FAULTS, faults.FailedToGetAccessToken),
    one_of=("account_id", "use_account_cookie"),
)
class GetAccessToken(Operation[AccessToken]):
    """A valid access token of one of the user's accounts, renewed first when it has run out."""

    account_id: str | None = None
    use_account_cookie: Literal[True] | None = None
    user_id: str | None = None


class RefreshedToken(Result):
    """The tokens after a renewal."""

    access_token: str | UnsetType = UNSET
    refresh_token: str | UnsetType = UNSET
    access_token_expires_at: datetime | UnsetType | None = UNSET
    refresh_token_expires_at: datetime | UnsetType | None = UNSET
    scope: str | UnsetType | None = UNSET
    id_token: str | UnsetType | None = UNSET
    provider_id: str
    account_id: str


@post(
    "/refresh-token",
    raises=(
        *_ACCOUNT_FAULTS,
        faults.TokenRefreshNotSupported,
        faults.RefreshTokenNotFound,
        faults.FailedToRefreshAccessToken,
    ),
    one_of=("account_id", "use_account_cookie"),
)
class RefreshToken(Operation[RefreshedToken]):
    """Renew a provider's access token now."""

    account_id: str | None = None
    use_account_cookie: Literal[True] | None = None
    user_id: str | None = None


class ProviderUser(Result):
    """The user as the provider knows them."""

    name: str | UnsetType = UNSET
    email: str | UnsetType | None = UNSET
    image: str | UnsetType | None = UNSET
    email_verified: bool | UnsetType = UNSET


class AccountAtProvider(Result):
    """Which account it is."""

    id: str
    provider_id: str
    issuer: str
    account_id: str


class AccountDetails(Result):
    """What a provider says of an account; ``data`` is its own answer."""

    user: ProviderUser
    data: Extra
    account: AccountAtProvider


@get(
    "/account-info",
    raises=(*_ACCOUNT_FAULTS, faults.ProviderNotConfigured, faults.AccessTokenNotFound, faults.FailedToGetUserInfo),
    one_of=("account_id", "use_account_cookie"),
)
class AccountInfo(Operation[AccountDetails]):
    """What the provider says of one of the user's accounts."""

    account_id: str | None = None
    use_account_cookie: Literal[True] | None = None
    user_id: str | None = None
