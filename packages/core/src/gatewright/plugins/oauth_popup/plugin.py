"""The OAuth popup plugin: its parts. It has no options (contract)."""

from __future__ import annotations

from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.oauth_popup.api import OAuthPopupApi
from gatewright.plugins.oauth_popup.endpoints import ENDPOINTS
from gatewright.plugins.oauth_popup.hooks import HOOKS, POPUP
from gatewright.services.cookies import CookieSpec

__all__ = ("OAuthPopup",)


class OAuthPopup(Plugin[OAuthPopupApi]):
    """Signing in at a provider in a window of its own."""

    id = "oauth-popup"
    api_type = OAuthPopupApi

    def parts(self) -> Parts:
        """Two operations, one hook, one cookie."""
        return Parts(endpoints=ENDPOINTS, hooks=HOOKS, cookies={POPUP: CookieSpec(POPUP, 600)})
