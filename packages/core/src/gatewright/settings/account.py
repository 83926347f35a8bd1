"""Options of accounts: credentials and identities at providers. Source: contract, options.json ``account``."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from gatewright.settings.base import FUNCTION, LIST, Called, Either, Flag, Options
from gatewright.settings.callbacks import TrustedProvidersFunction
from gatewright.settings.fields import ModelOptions

__all__ = ("AccountLinking", "AccountOptions")


class AccountLinking(Options):
    """When an identity at a provider may join a user."""

    enabled: Flag = True
    disable_implicit_linking: Flag = False
    require_local_email_verified: Flag = True
    trusted_providers: Annotated[
        Annotated[Sequence[str], AfterValidator(tuple), LIST] | Annotated[Called[TrustedProvidersFunction], FUNCTION],
        Either,
    ] = ()
    """Providers whose address is believed even when they do not vouch for it."""
    allow_different_emails: Flag = False
    allow_unlinking_all: Flag = False
    update_user_info_on_link: Flag = False


class AccountOptions(ModelOptions):
    """The account table and how accounts are linked."""

    update_account_on_sign_in: Flag = True
    account_linking: AccountLinking = AccountLinking()
    encrypt_oauth_tokens: Flag = Field(
        default=False, validation_alias="encryptOAuthTokens", serialization_alias="encryptOAuthTokens"
    )
    skip_state_cookie_check: Flag = False
    store_state_strategy: Literal["database", "cookie"] | None = None
    """Unless set, where there is a store, there; see :func:`gatewright.settings.derived.state_strategy`."""
    store_account_cookie: Flag | None = None
    """Unless set, only where there is no database."""
