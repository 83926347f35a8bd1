"""The server method of the OAuth proxy plugin."""

from __future__ import annotations

from gatewright.plugins.oauth_proxy.contract import OAuthProxyCallback
from gatewright.wire.calls import Api, method

__all__ = ("OAuthProxyApi",)


class OAuthProxyApi(Api):
    """What the plugin adds to ``auth.api``."""

    oauth_proxy_callback = method(OAuthProxyCallback)
