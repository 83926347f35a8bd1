"""Generic OAuth: any OAuth 2 or OpenID Connect provider beside the built-in ones, by discovery or by hand.

Upstream counterpart: ``genericOAuth``. Source: contract, plugins.json, options.json, providers.json
``genericOAuthCommon`` and ``genericOAuthPresets``; OpenID Connect Core and Discovery; RFC 6749, RFC 7636, RFC 9207. No
operations or tables of its own: its providers are used with ``sign_in_social``, ``link_social_account`` and
``/callback/{id}``, and also at ``/oauth2/callback/{id}``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.generic_oauth.options import AccountKey as AccountKey
    from gatewright.plugins.generic_oauth.options import Exchange as Exchange
    from gatewright.plugins.generic_oauth.options import GenericOAuthConfig as GenericOAuthConfig
    from gatewright.plugins.generic_oauth.options import GenericOAuthOptions as GenericOAuthOptions
    from gatewright.plugins.generic_oauth.options import GenericTokens as GenericTokens
    from gatewright.plugins.generic_oauth.plugin import GenericOAuth as GenericOAuth

__all__ = (
    "AccountKey",
    "Exchange",
    "GenericOAuth",
    "GenericOAuthConfig",
    "GenericOAuthOptions",
    "GenericTokens",
)

__getattr__ = lazily(
    __name__,
    {
        "AccountKey": "options",
        "Exchange": "options",
        "GenericOAuth": "plugin",
        "GenericOAuthConfig": "options",
        "GenericOAuthOptions": "options",
        "GenericTokens": "options",
    },
)
