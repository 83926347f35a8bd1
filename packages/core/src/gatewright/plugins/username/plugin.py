"""The username plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.username.api import UsernameApi
from gatewright.plugins.username.contract import IsUsernameAvailable
from gatewright.plugins.username.endpoints import endpoints
from gatewright.plugins.username.hooks import operation_hooks, row_hooks
from gatewright.plugins.username.model import DisplayUser, NamedUser
from gatewright.plugins.username.names import Names
from gatewright.plugins.username.options import UsernameOptions
from gatewright.settings.fields import named_tables
from gatewright.wire.faults import ConfigError

__all__ = ("Username",)


class Username(Plugin[UsernameApi]):
    """Users with a unique name, who can sign in with it.

    Raises:
        ConfigError: The bounds of a name's length exclude each other.
    """

    id = "username"
    api_type = UsernameApi

    def __init__(self, options: UsernameOptions | None = None) -> None:
        self.options = options or UsernameOptions()
        if self.options.min_username_length > self.options.max_username_length:
            raise ConfigError("username: min_username_length is greater than max_username_length")

    def parts(self) -> Parts:
        """Two operations, two columns, hooks around whatever sets a name."""
        names = Names(self.options)
        return Parts(
            endpoints=endpoints(names),
            tables=(DisplayUser if self.options.display_username else NamedUser,),
            table_options=named_tables(self.options.schema_),
            hooks=operation_hooks(names, immutable=self.options.immutable_username),
            row_hooks=row_hooks(names),
            aliases=(("POST", "/username/is-available", IsUsernameAvailable),),
        )
