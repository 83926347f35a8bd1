"""JWT: tokens about the signed-in user for services elsewhere, and the keys to verify them with.

Upstream counterpart: ``jwt``. Operations: ``/token``, ``/jwks``, and signing and verifying for the application itself;
table ``jwks``; a header on ``/get-session``. Source: contract; RFC 7515, RFC 7517, RFC 7519, RFC 8725.
"""

from typing import TYPE_CHECKING

from gatewright.wire.lazy import lazily

if TYPE_CHECKING:
    from gatewright.plugins.jwt.api import JwtApi as JwtApi
    from gatewright.plugins.jwt.model import Jwks as Jwks
    from gatewright.plugins.jwt.options import JwtOptions as JwtOptions
    from gatewright.plugins.jwt.plugin import Jwt as Jwt

__all__ = (
    "Jwks",
    "Jwt",
    "JwtApi",
    "JwtOptions",
)

__getattr__ = lazily(__name__, {"Jwks": "model", "Jwt": "plugin", "JwtApi": "api", "JwtOptions": "options"})
