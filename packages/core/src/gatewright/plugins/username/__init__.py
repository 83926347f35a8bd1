"""Username: a unique name beside the e-mail address, to sign in with.

Upstream counterpart: ``username``. Source: contract, plugins.json. Operations: sign in by name, ask whether a name is
free. Columns: ``username`` and ``displayUsername`` of the user.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.username.api import UsernameApi as UsernameApi
    from gatewright.plugins.username.options import UsernameOptions as UsernameOptions
    from gatewright.plugins.username.options import ValidationOrder as ValidationOrder
    from gatewright.plugins.username.plugin import Username as Username

__all__ = (
    "Username",
    "UsernameApi",
    "UsernameOptions",
    "ValidationOrder",
)

__getattr__ = lazily(
    __name__, {"Username": "plugin", "UsernameApi": "api", "UsernameOptions": "options", "ValidationOrder": "options"}
)
