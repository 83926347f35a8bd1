"""What stays as configured whatever a request says of its host: cookie domains, callbacks, issuers. Rows HST-06 to HST-09."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.security.attacker import SIGN_UP, app_on, send
from tests.unit.plugins.jwt.tokens import app_with, claims_of, published

from gatewright.testing.app import TestApp
from gatewright.testing.identity_provider import query_of
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

FOREIGN = [
    ("host", "evil.test"),
    ("x-forwarded-host", "evil.test"),
    ("x-forwarded-proto", "http"),
    ("forwarded", "host=evil.test;proto=http"),
    ("x-host", "evil.test"),
]
JSON = ("content-type", "application/json")
GOOGLE: dict[str, Any] = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}


async def begun(app: TestApp) -> dict[str, str]:
    answer = await send(
        app.auth, "POST", "/api/auth/sign-in/social", b'{"provider":"google"}', [JSON, *FOREIGN], host="evil.test"
    )
    assert answer.status == 200, answer
    return query_of(answer.json["url"])


@pytest.mark.parametrize("domain", ["t.test", None])
async def test_hst_06_the_domain_of_cookies_stays_the_configured_one(domain: str | None) -> None:
    shared = {"enabled": True, **({"domain": domain} if domain else {})}
    app = await app_on(
        MemoryAdapter(), {"base_url": "https://auth.t.test", "advanced": {"cross_sub_domain_cookies": shared}}
    )
    body = json.dumps(SIGN_UP).encode()
    answer = await send(app.auth, "POST", "/api/auth/sign-up/email", body, [JSON, *FOREIGN], host="evil.test")
    (line,) = answer.cookies
    assert f"Domain={domain or 'auth.t.test'}" in line.split("; ")
    assert "Secure" in line.split("; ")
    assert "evil" not in line


async def test_hst_07_where_a_provider_sends_back_is_the_configured_address() -> None:
    app = await app_on(MemoryAdapter(), {"base_url": "https://auth.test", "social_providers": GOOGLE})
    assert (await begun(app))["redirect_uri"] == "https://auth.test/api/auth/callback/google"


async def test_hst_07_or_one_of_the_hosts_that_are_allowed() -> None:
    listed = {"allowed_hosts": ["a.test"], "protocol": "https", "fallback": "https://main.test"}
    app = await app_on(MemoryAdapter(), {"base_url": listed, "social_providers": GOOGLE})
    assert (await begun(app))["redirect_uri"] == "https://main.test/api/auth/callback/google"


async def test_hst_09_the_issuer_of_a_token_is_the_same_under_any_host() -> None:
    app = app_with(settings={"base_url": "https://auth.test"})
    browser = await app.signed_up()
    keys = await published(app)
    for headers in ({}, dict(FOREIGN)):
        token = (await browser.get("/token", headers=headers)).json["token"]
        now = app.clock.now()
        claims = claims_of(token, keys, now, issuer="https://auth.test", audience="https://auth.test")
        assert claims is not None
        assert (claims["iss"], claims["aud"]) == ("https://auth.test", "https://auth.test")
        keys = await published(app)
