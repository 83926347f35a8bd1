"""Generic providers under attack: keys that do not say which they are, other people's profiles, documents that lie."""

from __future__ import annotations

import json
from typing import Any

import jwt
import pytest
from jwt.algorithms import RSAAlgorithm
from tests.unit.plugins.generic_oauth.corp import ISSUER, accounts, arrived, back, start, with_issuer

from gatewright.model.user import User
from gatewright.ports.egress import EgressError, Outbound, Reply
from gatewright.testing.app import TestApp
from gatewright.testing.identity_provider import FakeIssuer

pytestmark = pytest.mark.anyio

REFUSED = "/oops?error=unable_to_get_user_info"


async def nobody_came(app: TestApp) -> bool:
    return await accounts(app) == [] and await app.auth.services.database.count(User) == 0


def key_set(issuer: FakeIssuer, *kids: str | None) -> bytes:
    public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(issuer.key.public_key()))
    named = [{**public, "alg": "RS256", "use": "sig", **({} if kid is None else {"kid": kid})} for kid in kids]
    return json.dumps({"keys": named}).encode()


async def with_token(issuer: FakeIssuer, app: TestApp, **header: str) -> str | None:
    """Where somebody lands whose ID token has this header."""
    browser = app.browser()
    begun = await start(browser)
    claims = jwt.decode(issuer.id_token(nonce=begun["nonce"]), options={"verify_signature": False})
    issuer.grants["id_token"] = jwt.encode(claims, issuer.key, algorithm="RS256", headers=header)
    return (await back(browser, issuer, begun)).header("location")


async def test_oac_11_a_token_that_names_no_key_is_taken_where_there_is_one_only() -> None:
    app, issuer = with_issuer()
    app.egress.on("GET", f"{ISSUER}/jwks", key_set(issuer, "only"))
    assert await with_token(issuer, app) == "/home"


async def test_oac_11_a_token_that_names_no_key_is_refused_where_there_are_several() -> None:
    app, issuer = with_issuer()
    app.egress.on("GET", f"{ISSUER}/jwks", key_set(issuer, "one", "two"))
    assert await with_token(issuer, app) == REFUSED
    assert await nobody_came(app)


async def test_oac_11_a_token_of_a_key_that_is_not_there_is_refused() -> None:
    app, issuer = with_issuer()
    app.egress.on("GET", f"{ISSUER}/jwks", key_set(issuer, "one"))
    assert await with_token(issuer, app, kid="another") == REFUSED
    assert await nobody_came(app)


@pytest.mark.parametrize("subject", ["somebody-else", None, ""], ids=repr)
async def test_oac_12_the_profile_of_somebody_else_is_refused(subject: str | None) -> None:
    app, issuer = with_issuer()
    browser = app.browser()
    begun = await start(browser)
    issuer.grants["id_token"] = issuer.id_token(nonce=begun["nonce"])
    issuer.person["sub"] = subject
    assert (await back(browser, issuer, begun)).header("location") == REFUSED
    assert await nobody_came(app)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "http://issuer.example"},
        {"authorization_endpoint": "http://issuer.example/authorize"},
        {"token_endpoint": "http://issuer.example/token"},
        {"userinfo_endpoint": "http://issuer.example/me"},
        {"jwks_uri": "http://issuer.example/jwks"},
        {"jwks_uri": "file:///etc/passwd"},
        {"token_endpoint": "https://user:pass@issuer.example/token"},
        {"token_endpoint": "http://10.0.0.1/token"},
        {"token_endpoint": "https:///token"},
    ],
    ids=str,
)
async def test_oac_13_metadata_with_an_address_that_is_not_safe_is_not_used(metadata: dict[str, object]) -> None:
    app, issuer = with_issuer()
    issuer.metadata = metadata
    answer = await app.browser().post("/sign-in/social", {"provider": "corp"})
    assert (answer.status, answer.json["code"]) == (503, "SERVICE_UNAVAILABLE")
    assert [request.url for request in app.egress.requests] == [issuer.discovery_url]


async def test_oac_13_a_token_of_another_issuer_than_the_document_s_is_refused() -> None:
    app, issuer = with_issuer()
    issuer.metadata = {"issuer": "https://another.example"}
    assert (await arrived(app, issuer))[1] == REFUSED
    assert await nobody_came(app)


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"content-type": "application/json"}, b'{"issuer": "' + b"x" * 10_485_760 + b'"}'),
        Reply(302, {"location": "https://issuer.example/elsewhere"}, b""),
        Reply(200, {"content-type": "text/html"}, b"<html>"),
        Reply(200, {"content-type": "application/json"}, b"[" * 100_000),
        Reply(204, {}, b""),
    ],
    ids=["10 MiB", "redirect", "html", "deep", "empty"],
)
async def test_oac_14_a_document_that_is_none_makes_the_provider_unavailable(reply: Reply) -> None:
    app, issuer = with_issuer()

    def answer(_request: Outbound) -> Reply:
        return reply

    app.egress.on("GET", issuer.discovery_url, answer)
    refused = await app.browser().post("/sign-in/social", {"provider": "corp"})
    assert (refused.status, refused.json["code"]) == (503, "SERVICE_UNAVAILABLE")


async def test_oac_14_a_provider_that_does_not_answer_in_time_is_unavailable() -> None:
    app, issuer = with_issuer()

    def never(_request: Outbound) -> Reply:
        raise EgressError("issuer.example does not answer: TimeoutError")

    app.egress.on("GET", issuer.discovery_url, never)
    refused = await app.browser().post("/sign-in/social", {"provider": "corp"})
    assert (refused.status, refused.header("retry-after")) == (503, "5")
