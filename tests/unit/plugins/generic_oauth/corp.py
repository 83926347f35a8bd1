"""A generic provider with a fake issuer behind it, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gatewright.model.account import Account
from gatewright.plugins.generic_oauth.options import GenericOAuthConfig, GenericOAuthOptions
from gatewright.plugins.generic_oauth.plugin import GenericOAuth
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeIssuer, query_of

ISSUER = "https://issuer.example"
CALLBACK = "http://localhost:3000/api/auth/callback/corp"
DISCOVERED: Mapping[str, Any] = {
    "provider_id": "corp",
    "client_id": "client",
    "client_secret": "secret",
    "discovery_url": f"{ISSUER}/.well-known/openid-configuration",
    "scopes": ["email", "profile"],
}
BY_HAND: Mapping[str, Any] = {
    "provider_id": "corp",
    "client_id": "client",
    "client_secret": "secret",
    "authorization_url": f"{ISSUER}/authorize?fixed=1",
    "token_url": f"{ISSUER}/token",
    "user_info_url": f"{ISSUER}/me",
    "scopes": ["read"],
}


def with_issuer(base: Mapping[str, Any] = DISCOVERED, **own: object) -> tuple[TestApp, FakeIssuer]:
    config = GenericOAuthConfig.model_validate({**base, **own})
    app = make_app(plugins=[GenericOAuth(GenericOAuthOptions(config=[config]))])
    return app, FakeIssuer(app.egress, app.clock)


async def start(browser: Browser, **body: object) -> dict[str, str]:
    given = {"provider": "corp", "callbackURL": "/home", "errorCallbackURL": "/oops", **body}
    answer = await browser.post("/sign-in/social", given)
    assert answer.status == 200, answer
    return query_of(answer.json["url"])


async def back(browser: Browser, issuer: FakeIssuer, begun: Mapping[str, str], more: str = "") -> Answer:
    issuer.nonce = begun.get("nonce") if issuer.nonce is None else issuer.nonce
    return await browser.get(f"/callback/corp?code=the-code&state={begun['state']}{more}")


async def arrived(app: TestApp, issuer: FakeIssuer, **body: object) -> tuple[Browser, str | None]:
    browser = app.browser()
    answer = await back(browser, issuer, await start(browser, **body))
    return browser, answer.header("location")


async def accounts(app: TestApp) -> list[Account]:
    return list(await app.auth.services.database.find_many(Account))
