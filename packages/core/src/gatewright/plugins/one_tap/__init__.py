"""One tap: sign in with the ID token that Google's own dialogue hands to the page, without leaving it.

Upstream counterpart: ``one-tap``. Source: contract, plugins.json. Operation: take the token. No tables.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.one_tap.api import OneTapApi as OneTapApi
    from gatewright.plugins.one_tap.options import OneTapOptions as OneTapOptions
    from gatewright.plugins.one_tap.plugin import OneTap as OneTap

__all__ = (
    "OneTap",
    "OneTapApi",
    "OneTapOptions",
)

__getattr__ = lazily(
    __name__,
    {
        "OneTap": "plugin",
        "OneTapApi": "api",
        "OneTapOptions": "options",
    },
)
