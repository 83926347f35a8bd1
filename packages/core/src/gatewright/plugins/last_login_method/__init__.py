"""Last login method: how somebody signed in last, in a cookie that pages can read, and in the database if wanted.

Upstream counterpart: ``last-login-method``. Source: contract, plugins.json; cookies.json. No operations; a hook after
every operation; with ``store_in_database`` a column of the user, ``lastLoginMethod``, and hooks around users and sessions.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.last_login_method.options import LastLoginMethodOptions as LastLoginMethodOptions
    from gatewright.plugins.last_login_method.plugin import LastLoginMethod as LastLoginMethod

__all__ = (
    "LastLoginMethod",
    "LastLoginMethodOptions",
)

__getattr__ = lazily(
    __name__,
    {
        "LastLoginMethod": "plugin",
        "LastLoginMethodOptions": "options",
    },
)
