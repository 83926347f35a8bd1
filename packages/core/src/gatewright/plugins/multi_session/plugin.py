"""The multi-session plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.multi_session.api import MultiSessionApi
from gatewright.plugins.multi_session.endpoints import endpoints
from gatewright.plugins.multi_session.hooks import end_all, keeping
from gatewright.plugins.multi_session.options import MultiSessionOptions

__all__ = ("MultiSession",)


class MultiSession(Plugin[MultiSessionApi]):
    """Several users signed in in one browser."""

    id = "multi-session"
    api_type = MultiSessionApi

    def __init__(self, options: MultiSessionOptions | None = None) -> None:
        self.options = options or MultiSessionOptions()

    def parts(self) -> Parts:
        """Three operations; a hook that keeps sessions, and one that ends them."""
        return Parts(endpoints=endpoints(self.options), hooks=(keeping(self.options), end_all))
