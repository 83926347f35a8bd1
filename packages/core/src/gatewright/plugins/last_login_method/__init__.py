"""Last login method: how somebody signed in last, in a cookie that pages can read, and in the database if wanted.

Upstream counterpart: ``last-login-method``. Source: contract, plugins.json; cookies.json. No operations; a hook after
every operation; with ``store_in_database`` a column of the user, ``lastLoginMethod``, and hooks around users and sessions.
"""

from gatewright.plugins.last_login_method.options import LastLoginMethodOptions
from gatewright.plugins.last_login_method.plugin import LastLoginMethod

__all__ = ("LastLoginMethod", "LastLoginMethodOptions")
