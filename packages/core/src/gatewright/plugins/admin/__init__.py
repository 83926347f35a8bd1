"""Admin: user administration, roles, bans and impersonation.

Upstream counterpart: ``admin``. Source: contract, plugins.json; endpoints.json. Operations: the fifteen below
``/admin``. Tables: none of its own; ``role``, ``banned``, ``banReason`` and ``banExpires`` on ``user``,
``impersonatedBy`` on ``session``. A banned user gets no session, whatever the way in.
"""

from gatewright.plugins.admin.api import AdminApi
from gatewright.plugins.admin.model import AdminSession, AdminUser
from gatewright.plugins.admin.options import AdminOptions
from gatewright.plugins.admin.plugin import Admin

__all__ = ("Admin", "AdminApi", "AdminOptions", "AdminSession", "AdminUser")
