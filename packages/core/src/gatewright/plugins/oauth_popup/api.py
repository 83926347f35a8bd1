"""The server methods of the OAuth popup plugin."""

from __future__ import annotations

from gatewright.plugins.oauth_popup.contract import OAuthPopupFinish, OAuthPopupStart
from gatewright.wire.calls import Api, method

__all__ = ("OAuthPopupApi",)


class OAuthPopupApi(Api):
    """What the plugin adds to ``auth.api``."""

    oauth_popup_finish = method(OAuthPopupFinish)
    oauth_popup_start = method(OAuthPopupStart)
