"""Anonymous: guests, users without a name or an address, who may become somebody later.

Upstream counterpart: ``anonymous``. Source: contract, plugins.json. Operations: sign in as a guest, leave. A column of
the user, ``isAnonymous``; a hook after every way to sign in, which joins the guest to the user and removes it.
"""

from gatewright.plugins.anonymous.api import AnonymousApi
from gatewright.plugins.anonymous.options import AnonymousOptions, LinkedGuest, OnLinkAccount
from gatewright.plugins.anonymous.plugin import Anonymous

__all__ = ("Anonymous", "AnonymousApi", "AnonymousOptions", "LinkedGuest", "OnLinkAccount")
