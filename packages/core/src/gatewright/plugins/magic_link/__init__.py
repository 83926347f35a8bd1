"""Magic link: sign in by following a link that was mailed, without a password.

Upstream counterpart: ``magic-link``. Source: contract, plugins.json. Operations: ask for a link, follow it. No tables.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.magic_link.api import MagicLinkApi as MagicLinkApi
    from gatewright.plugins.magic_link.options import MagicLinkMail as MagicLinkMail
    from gatewright.plugins.magic_link.options import MagicLinkOptions as MagicLinkOptions
    from gatewright.plugins.magic_link.options import SendMagicLink as SendMagicLink
    from gatewright.plugins.magic_link.plugin import MagicLink as MagicLink

__all__ = (
    "MagicLink",
    "MagicLinkApi",
    "MagicLinkMail",
    "MagicLinkOptions",
    "SendMagicLink",
)

__getattr__ = lazily(
    __name__,
    {
        "MagicLink": "plugin",
        "MagicLinkApi": "api",
        "MagicLinkMail": "options",
        "MagicLinkOptions": "options",
        "SendMagicLink": "options",
    },
)
