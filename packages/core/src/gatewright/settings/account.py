"""Options of accounts at providers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import Field, SkipValidation

from gatewright.settings.base import Options
from gatewright.settings.fields import ModelOptions

__all__ = ("AccountLinking", "AccountOptions")


class AccountLinking(Options):
    """When an identity at a provider may join a user."""

    enabled: bool = True
    disable_implicit_linking: bool = False
    require_local_email_verified: bool = True
    trusted_providers: tuple[str, ...] | SkipValidation[Callable[..., Any]] = ()
    allow_different_emails: bool = False
    allow_unlinking_all: bool = False
    update_user_info_on_link: bool = False


class AccountOptions(ModelOptions):
    """The account table and how accounts are linked."""

    update_account_on_sign_in: bool = True
    account_linking: AccountLinking = AccountLinking()
    encrypt_oauth_tokens: bool = Field(default=False, alias="encryptOAuthTokens")
    skip_state_cookie_check: bool = False
    store_state_strategy: Literal["database", "cookie"] | None = None
    store_account_cookie: bool | None = None
