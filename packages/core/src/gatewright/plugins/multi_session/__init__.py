"""Multi-session: several users signed in in one browser, one of them active.

Upstream counterpart: ``multi-session``. Source: contract, plugins.json; cookies.json. Operations: list, activate and end
the sessions of the browser. No tables; a signed cookie for each session, hooks after every operation.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.multi_session.api import MultiSessionApi as MultiSessionApi
    from gatewright.plugins.multi_session.options import MultiSessionOptions as MultiSessionOptions
    from gatewright.plugins.multi_session.plugin import MultiSession as MultiSession

__all__ = (
    "MultiSession",
    "MultiSessionApi",
    "MultiSessionOptions",
)

__getattr__ = lazily(
    __name__,
    {
        "MultiSession": "plugin",
        "MultiSessionApi": "api",
        "MultiSessionOptions": "options",
    },
)
