"""OAuth proxy: deployments whose address no provider knows sign people in through the one that is registered.

A preview sends the browser to the provider with the production deployment's callback and a sealed copy of its state.
Production redeems the code, and hands the sealed profile back to the preview, which finds or makes the user itself.

Upstream counterpart: ``oauth-proxy``. Source: contract, plugins.json, crypto.json. One operation, no tables; hooks
around ``/sign-in/social`` on the preview and before ``/callback/{id}`` on production.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.oauth_proxy.api import OAuthProxyApi as OAuthProxyApi
    from gatewright.plugins.oauth_proxy.options import OAuthProxyOptions as OAuthProxyOptions
    from gatewright.plugins.oauth_proxy.options import ProxySecrets as ProxySecrets
    from gatewright.plugins.oauth_proxy.plugin import OAuthProxy as OAuthProxy

__all__ = (
    "OAuthProxy",
    "OAuthProxyApi",
    "OAuthProxyOptions",
    "ProxySecrets",
)

__getattr__ = lazily(
    __name__,
    {
        "OAuthProxy": "plugin",
        "OAuthProxyApi": "api",
        "OAuthProxyOptions": "options",
        "ProxySecrets": "options",
    },
)
