"""Magic link: sign in by following a link that was mailed, without a password.

Upstream counterpart: ``magic-link``. Source: contract, plugins.json. Operations: ask for a link, follow it. No tables.
"""

from gatewright.plugins.magic_link.api import MagicLinkApi
from gatewright.plugins.magic_link.options import MagicLinkMail, MagicLinkOptions, SendMagicLink
from gatewright.plugins.magic_link.plugin import MagicLink

__all__ = ("MagicLink", "MagicLinkApi", "MagicLinkMail", "MagicLinkOptions", "SendMagicLink")
