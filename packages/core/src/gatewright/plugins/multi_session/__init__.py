"""Multi-session: several users signed in in one browser, one of them active.

Upstream counterpart: ``multi-session``. Source: contract, plugins.json; cookies.json. Operations: list, activate and end
the sessions of the browser. No tables; a signed cookie for each session, hooks after every operation.
"""

from gatewright.plugins.multi_session.api import MultiSessionApi
from gatewright.plugins.multi_session.options import MultiSessionOptions
from gatewright.plugins.multi_session.plugin import MultiSession

__all__ = ("MultiSession", "MultiSessionApi", "MultiSessionOptions")
