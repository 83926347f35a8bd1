"""The counterpart of the JWT plugin; its calls are ``token`` and ``jwks``. ``JwtAuth`` keeps tokens for requests."""

from __future__ import annotations

from gatewright.plugins.jwt.contract import GetJwks
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("JwtClient",)


class JwtClient(ClientPlugin):
    """JSON Web Tokens of the session.

    Args:
        jwks_path: Where the server has its keys, below the base path, if it has moved them.
    """

    def __init__(self, jwks_path: str | None = None) -> None:
        declared = GetJwks.route.path or ""
        super().__init__("jwt", paths={} if jwks_path is None else {declared: jwks_path})
