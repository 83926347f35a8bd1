"""The server methods of the JWT plugin."""

from __future__ import annotations

from gatewright.plugins.jwt.contract import GetJwks, GetToken, SignJWT, VerifyJWT
from gatewright.wire.calls import Api, method

__all__ = ("JwtApi",)


class JwtApi(Api):
    """What the plugin adds to ``auth.api``."""

    get_jwks = method(GetJwks)
    get_token = method(GetToken)
    sign_jwt = method(SignJWT)
    verify_jwt = method(VerifyJWT)
