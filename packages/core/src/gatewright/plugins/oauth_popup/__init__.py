"""OAuth popup: sign in at a provider in a window of its own, which hands the session's token to the page that opened it.

For pages that cannot leave, or whose cookies the instance never sees, as those within a frame; the bearer plugin takes
the token. Upstream counterpart: ``oauth-popup``. Source: contract, plugins.json, client.json, cookies.json; one
operation of the contract's, and one for popups that owe a second factor. No tables; a hook after ``/callback/{id}``.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.oauth_popup.api import OAuthPopupApi as OAuthPopupApi
    from gatewright.plugins.oauth_popup.plugin import OAuthPopup as OAuthPopup

__all__ = ("OAuthPopup", "OAuthPopupApi")

__getattr__ = lazily(__name__, {"OAuthPopup": "plugin", "OAuthPopupApi": "api"})
