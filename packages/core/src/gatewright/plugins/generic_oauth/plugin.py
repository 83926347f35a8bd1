"""The generic OAuth plugin: options and the providers that come of them."""

from __future__ import annotations

from gatewright.contract.sign_in import CallbackOAuth
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.generic_oauth.options import GenericOAuthOptions
from gatewright.plugins.generic_oauth.provider import maker
from gatewright.wire.calls import Api

__all__ = ("GenericOAuth",)


class GenericOAuth(Plugin[Api]):
    """Providers of the application's own choice, used like the built-in ones."""

    id = "generic-oauth"
    api_type = Api

    def __init__(self, options: GenericOAuthOptions) -> None:
        self.options = options

    def parts(self) -> Parts:
        """The providers, and the address under which earlier releases of the contract took their answers."""
        return Parts(
            providers={config.provider_id: maker(config) for config in self.options.config},
            aliases=(("GET", "/oauth2/callback/{id}", CallbackOAuth),),
        )
