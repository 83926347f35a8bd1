"""Username: a unique name beside the e-mail address, to sign in with.

Upstream counterpart: ``username``. Source: contract, plugins.json. Operations: sign in by name, ask whether a name is
free. Columns: ``username`` and ``displayUsername`` of the user.
"""

from gatewright.plugins.username.api import UsernameApi
from gatewright.plugins.username.options import UsernameOptions, ValidationOrder
from gatewright.plugins.username.plugin import Username

__all__ = ("Username", "UsernameApi", "UsernameOptions", "ValidationOrder")
