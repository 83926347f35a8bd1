"""Bearer: the session's token in an ``Authorization`` header instead of a cookie.

Upstream counterpart: ``bearer``. Source: contract, plugins.json; RFC 6750 §2.1. No operations, no tables; a hook
before and a hook after every operation.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.bearer.options import BearerOptions as BearerOptions
    from gatewright.plugins.bearer.plugin import Bearer as Bearer

__all__ = (
    "Bearer",
    "BearerOptions",
)

__getattr__ = lazily(__name__, {"Bearer": "plugin", "BearerOptions": "options"})
