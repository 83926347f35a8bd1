"""Anonymous: guests, users without a name or an address, who may become somebody later.

Upstream counterpart: ``anonymous``. Source: contract, plugins.json. Operations: sign in as a guest, leave. A column of
the user, ``isAnonymous``; a hook after every way to sign in, which joins the guest to the user and removes it.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.anonymous.api import AnonymousApi as AnonymousApi
    from gatewright.plugins.anonymous.options import AnonymousOptions as AnonymousOptions
    from gatewright.plugins.anonymous.options import LinkedGuest as LinkedGuest
    from gatewright.plugins.anonymous.options import OnLinkAccount as OnLinkAccount
    from gatewright.plugins.anonymous.plugin import Anonymous as Anonymous

__all__ = (
    "Anonymous",
    "AnonymousApi",
    "AnonymousOptions",
    "LinkedGuest",
    "OnLinkAccount",
)

__getattr__ = lazily(
    __name__,
    {
        "Anonymous": "plugin",
        "AnonymousApi": "api",
        "AnonymousOptions": "options",
        "LinkedGuest": "options",
        "OnLinkAccount": "options",
    },
)
