"""Ready-made providers: their addresses, and how each describes a person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.generic_oauth import presets
from gatewright.plugins.generic_oauth.options import GenericOAuthConfig, GenericOAuthOptions
from gatewright.plugins.generic_oauth.plugin import GenericOAuth
from gatewright.testing.app import make_app
from gatewright.testing.identity_provider import FakeIssuer, query_of
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

TENANT = "11111111-2222-3333-4444-555555555555"
ENTRA = f"https://login.microsoftonline.com/{TENANT}/v2.0"


@pytest.mark.parametrize(
    ("config", "discovery", "issuer"),
    [
        (
            presets.auth0("id", "s", domain="https://t.auth0.com/"),
            "https://t.auth0.com/.well-known/openid-configuration",
            "https://t.auth0.com/",
        ),
        (
            presets.keycloak("id", "s", issuer="https://k.example/realms/a/"),
            "https://k.example/realms/a/.well-known/openid-configuration",
            "https://k.example/realms/a",
        ),
        (
            presets.okta("id", "s", issuer="https://o.example"),
            "https://o.example/.well-known/openid-configuration",
            "https://o.example",
        ),
    ],
)
def test_discovered_presets_know_where_to_ask(config: GenericOAuthConfig, discovery: str, issuer: str) -> None:
    assert (config.discovery_url, config.account_issuer) == (discovery, issuer)
    assert config.scopes == ("openid", "profile", "email")


def test_further_options_win_over_the_preset_s() -> None:
    config = presets.slack("id", "s", scopes=["openid"], disable_sign_up=True)
    assert (config.scopes, config.disable_sign_up, config.provider_id) == (("openid",), True, "slack")
    assert presets.line("id", "s", provider_id="line-jp").provider_id == "line-jp"


@pytest.mark.parametrize("tenant", ["common", "organizations", "consumers", "", f"{TENANT}x"])
def test_entra_takes_one_tenant_only(tenant: str) -> None:
    with pytest.raises(ConfigError, match="GUID"):
        presets.microsoft_entra_id("id", "s", tenant_id=tenant)


@pytest.mark.parametrize(
    ("config", "where", "authorization", "answer", "expected"),
    [
        (
            presets.gumroad("id", "s"),
            "https://api.gumroad.com/v2/user",
            "Bearer t",
            {"user": {"user_id": "g1", "name": "G", "email": "g@example.com", "profile_url": "https://g"}},
            ("g1", "G", "g@example.com", False, "https://g"),
        ),
        (
            presets.hubspot("id", "s"),
            "https://api.hubapi.com/oauth/v1/access-tokens/t",
            None,
            {"user_id": 7, "user": "h@example.com"},
            ("7", "h@example.com", "h@example.com", False, None),
        ),
        (
            presets.hubspot("id", "s"),
            "https://api.hubapi.com/oauth/v1/access-tokens/t",
            None,
            {"signed_access_token": {"userId": 8}, "user": "h@example.com"},
            ("8", "h@example.com", "h@example.com", False, None),
        ),
        (
            presets.line("id", "s"),
            "https://api.line.me/oauth2/v2.1/userinfo",
            "Bearer t",
            {"sub": "l1", "name": "L", "email": "l@example.com", "email_verified": True, "picture": "https://l"},
            ("l1", "L", "l@example.com", False, "https://l"),
        ),
        (
            presets.patreon("id", "s"),
            "https://www.patreon.com/api/oauth2/v2/identity",
            "Bearer t",
            {
                "data": {
                    "id": "p1",
                    "attributes": {"full_name": "P", "email": "p@example.com", "is_email_verified": True},
                }
            },
            ("p1", "P", "p@example.com", True, None),
        ),
        (
            presets.slack("id", "s"),
            "https://slack.com/api/openid.connect.userInfo",
            "Bearer t",
            {
                "sub": "s1",
                "name": "S",
                "email": "s@example.com",
                "email_verified": True,
                "https://slack.com/user_image_512": "https://s",
            },
            ("s1", "S", "s@example.com", True, "https://s"),
        ),
        (
            presets.yandex("id", "s"),
            "https://login.yandex.ru/info",
            "OAuth t",
            {"id": "y1", "login": "Y", "emails": ["y@example.com"], "default_avatar_id": "a", "is_avatar_empty": False},
            ("y1", "Y", "y@example.com", False, "https://avatars.yandex.net/get-yapic/a/islands-200"),
        ),
        (
            presets.yandex("id", "s"),
            "https://login.yandex.ru/info",
            "OAuth t",
            {
                "id": "y1",
                "real_name": "Y",
                "default_email": "y@example.com",
                "default_avatar_id": "a",
                "is_avatar_empty": True,
            },
            ("y1", "Y", "y@example.com", False, None),
        ),
    ],
)
async def test_people_are_read_as_each_provider_describes_them(
    config: GenericOAuthConfig,
    where: str,
    authorization: str | None,
    answer: Mapping[str, Any],
    expected: tuple[object, ...],
) -> None:
    app = make_app(plugins=[GenericOAuth(GenericOAuthOptions(config=[config]))])
    app.egress.on("POST", config.token_url or "", b'{"access_token":"t"}')
    app.egress.on("GET", where, msgspec.json.encode(answer))
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": config.provider_id, "callbackURL": "/home"})
    state = query_of(begun.json["url"])["state"]
    arrived = await browser.get(f"/callback/{config.provider_id}?code=c&state={state}")
    assert arrived.header("location") == "/home"
    assert app.egress.requests[-1].headers.get("authorization") == authorization
    (user,) = await app.auth.services.database.find_many(User)
    (account,) = await app.auth.services.database.find_many(Account)
    assert (account.account_id, user.name, user.email, user.email_verified, user.image) == expected


async def test_entra_believes_the_token_and_passes_over_another_person_s_profile() -> None:
    config = presets.microsoft_entra_id("client", "s", tenant_id=TENANT)
    app = make_app(plugins=[GenericOAuth(GenericOAuthOptions(config=[config]))])
    issuer = FakeIssuer(app.egress, app.clock, issuer=ENTRA)
    issuer.person = {"sub": "pairwise", "oid": "object-1", "name": "E", "preferred_username": "e@example.com"}
    app.egress.on("POST", config.token_url or "", app.egress.answer_of("POST", f"{ENTRA}/token"))
    app.egress.on("GET", "https://graph.microsoft.com/oidc/userinfo", b'{"sub":"other","email":"evil@example.com"}')
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "microsoft-entra-id", "callbackURL": "/home"})
    query = query_of(begun.json["url"])
    issuer.nonce = query["nonce"]
    arrived = await browser.get(f"/callback/microsoft-entra-id?code=c&state={query['state']}")
    assert arrived.header("location") == "/home"
    (user,) = await app.auth.services.database.find_many(User)
    (account,) = await app.auth.services.database.find_many(Account)
    assert (account.issuer, account.account_id) == (ENTRA, "object-1")
    assert (user.email, user.email_verified, user.name) == ("e@example.com", False, "E")
