"""Generic OAuth: any OAuth 2 or OpenID Connect provider beside the built-in ones, by discovery or by hand.

Upstream counterpart: ``genericOAuth``. Source: contract, plugins.json, options.json, providers.json
``genericOAuthCommon`` and ``genericOAuthPresets``; OpenID Connect Core and Discovery; RFC 6749, RFC 7636, RFC 9207. No
operations or tables of its own: its providers are used with ``sign_in_social``, ``link_social_account`` and
``/callback/{id}``, and also at ``/oauth2/callback/{id}``.
"""

from gatewright.plugins.generic_oauth.options import (
    AccountKey,
    Exchange,
    GenericOAuthConfig,
    GenericOAuthOptions,
    GenericTokens,
)
from gatewright.plugins.generic_oauth.plugin import GenericOAuth

__all__ = (
    "AccountKey",
    "Exchange",
    "GenericOAuth",
    "GenericOAuthConfig",
    "GenericOAuthOptions",
    "GenericTokens",
)
