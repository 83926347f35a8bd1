"""The anonymous plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.anonymous.api import AnonymousApi
from gatewright.plugins.anonymous.endpoints import endpoints
from gatewright.plugins.anonymous.hooks import hooks
from gatewright.plugins.anonymous.model import GuestUser
from gatewright.plugins.anonymous.options import AnonymousOptions
from gatewright.plugins.base import Parts, Plugin
from gatewright.settings.fields import named_tables

__all__ = ("Anonymous",)


class Anonymous(Plugin[AnonymousApi]):
    """Guests, who may become somebody later."""

    id = "anonymous"
    api_type = AnonymousApi

    def __init__(self, options: AnonymousOptions | None = None) -> None:
        self.options = options or AnonymousOptions()

    def parts(self) -> Parts:
        """Two operations, a column, a hook around every way to sign in."""
        return Parts(
            endpoints=endpoints(self.options),
            tables=(GuestUser,),
            table_options=named_tables(self.options.schema_),
            hooks=hooks(self.options),
        )
