"""An instance that signs tokens, and what a service elsewhere makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from tests.mailing import CountingPasswords

from gatewright.crypto.jwk import find_jwk, import_public
from gatewright.crypto.jwt import unverified_header, verify_jwt
from gatewright.plugins.jwt import Jwt, JwtApi, JwtOptions
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app

ORIGIN = "http://localhost:3000"


def app_with(
    options: Mapping[str, Any] | None = None,
    *,
    adapter: Adapter | None = None,
    settings: Mapping[str, Any] | None = None,
) -> TestApp:
    """An instance with the plugin."""
    scheme = CountingPasswords()
    own = {"hash": scheme.hash, "verify": scheme.verify}
    return make_app(
        {"email_and_password": {"enabled": True, "password": own}, **(settings or {})},
        plugins=(Jwt(JwtOptions.model_validate(options or {})),),
        adapter=adapter,
    )


def api_of(app: TestApp) -> JwtApi:
    """The server methods of the plugin."""
    plugin = app.auth.blueprint.plugins[0]
    assert isinstance(plugin, Jwt)
    return plugin.api(app.auth)


async def published(app: TestApp, path: str = "/jwks") -> dict[str, Any]:
    """The key set."""
    found: dict[str, Any] = (await app.browser().get(path)).json
    return found


def claims_of(
    token: str, keys: Mapping[str, Any], now: datetime, *, issuer: str = ORIGIN, audience: str = ORIGIN
) -> Mapping[str, Any] | None:
    """What a service elsewhere reads, or ``None`` where it refuses."""
    header = unverified_header(token)
    assert header is not None
    jwk = find_jwk(keys, str(header["kid"]))
    if jwk is None:
        return None
    algorithm: Any = jwk["alg"]
    return verify_jwt(token, import_public(jwk), algorithm=algorithm, now=now, issuer=issuer, audience=audience)
