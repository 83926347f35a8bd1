"""Admin: user administration, roles, bans and impersonation.

Upstream counterpart: ``admin``. Source: contract, plugins.json; endpoints.json. Operations: the fifteen below
``/admin``. Tables: none of its own; ``role``, ``banned``, ``banReason`` and ``banExpires`` on ``user``,
``impersonatedBy`` on ``session``. A banned user gets no session, whatever the way in.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.admin.api import AdminApi as AdminApi
    from gatewright.plugins.admin.model import AdminSession as AdminSession
    from gatewright.plugins.admin.model import AdminUser as AdminUser
    from gatewright.plugins.admin.options import AdminOptions as AdminOptions
    from gatewright.plugins.admin.plugin import Admin as Admin

__all__ = (
    "Admin",
    "AdminApi",
    "AdminOptions",
    "AdminSession",
    "AdminUser",
)

__getattr__ = lazily(
    __name__,
    {"Admin": "plugin", "AdminApi": "api", "AdminOptions": "options", "AdminSession": "model", "AdminUser": "model"},
)
