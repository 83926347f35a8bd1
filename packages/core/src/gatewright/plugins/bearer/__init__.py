"""Bearer: the session's token in an ``Authorization`` header instead of a cookie.

Upstream counterpart: ``bearer``. Source: contract, plugins.json; RFC 6750 §2.1. No operations, no tables; a hook
before and a hook after every operation.
"""

from gatewright.plugins.bearer.options import BearerOptions
from gatewright.plugins.bearer.plugin import Bearer

__all__ = ("Bearer", "BearerOptions")
