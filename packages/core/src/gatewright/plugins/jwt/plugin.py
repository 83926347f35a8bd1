"""The JWT plugin: options and parts."""

from __future__ import annotations

from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.jwt.api import JwtApi
from gatewright.plugins.jwt.contract import GetJwks
from gatewright.plugins.jwt.keys import KeyKeeper
from gatewright.plugins.jwt.model import Jwks
from gatewright.plugins.jwt.options import JwtOptions
from gatewright.services.services import Services

__all__ = ("Jwt",)


class Jwt(Plugin[JwtApi]):
    """Signs tokens about users and publishes the keys to verify them with."""

    id = "jwt"
    api_type = JwtApi

    def __init__(self, options: JwtOptions | None = None) -> None:
        self.options = options or JwtOptions()
        self._keys: tuple[Services, KeyKeeper] | None = None

    def parts(self) -> Parts:
        """Operations, a table, and a hook where tokens ride on sessions."""
        # The handlers ask for this class.
        from gatewright.plugins.jwt.copies import KeySignedCopies  # noqa: PLC0415
        from gatewright.plugins.jwt.endpoints import ALL, hand_over  # noqa: PLC0415

        path = self.options.jwks.jwks_path
        return Parts(
            endpoints=ALL,
            tables=(Jwks,),
            table_options={name: given.table_options() for name, given in self.options.table_options.items()},
            hooks=() if self.options.disable_setting_jwt_header else (hand_over,),
            signs_copies=KeySignedCopies(self.keys) if self.options.session_cookie_cache else None,
            aliases=() if path == "/jwks" else (("GET", path, GetJwks),),
        )

    def keys(self, services: Services) -> KeyKeeper:
        """The keeper of keys of a running instance."""
        known = self._keys
        if known is None or known[0] is not services:
            known = self._keys = (services, KeyKeeper(self.options, services.plan.cipher))
        return known[1]
