"""Generic OAuth against a real OpenID provider, the certified ``oidc-provider`` for Node.js, over real HTTP.

Needs Node.js and the conformance kit with its npm packages, which ``nox -s conformance`` installs.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
import pytest

from gatewright.auth import Auth
from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.generic_oauth import GenericOAuth, GenericOAuthOptions
from gatewright.settings import Settings
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import query_of
from gatewright_adapters.memory import MemoryAdapter

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

SCRIPT = Path(__file__).with_name("openid_provider.mjs")
ORIGIN = "http://localhost:3000"
CALLBACK = f"{ORIGIN}/api/auth/callback/corp"
GRANTS = ["authorization_code", "refresh_token"]
SECRET = "a-client-secret-that-is-long-enough-0123456789"

METHODS = ("client_secret_post", "client_secret_basic", "none")
CLIENTS = [
    {
        "client_id": method,
        "redirect_uris": [CALLBACK],
        "grant_types": GRANTS,
        "response_types": ["code"],
        "token_endpoint_auth_method": method,
        **({} if method == "none" else {"client_secret": SECRET}),
    }
    for method in METHODS
]


@pytest.fixture(scope="module")
def issuer(kit: Path) -> Iterator[str]:
    """The provider, running."""
    scenarios = kit.parent / "scenarios"
    if not (scenarios / "node_modules" / "oidc-provider").is_dir():
        pytest.skip("the conformance kit has no oidc-provider: nox -s reference installs it")
    process = subprocess.Popen(
        ["node", str(SCRIPT)],
        cwd=scenarios,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "CLIENTS": json.dumps(CLIENTS)},
    )
    assert process.stdin is not None
    assert process.stdout is not None
    address = process.stdout.readline().decode().strip()
    assert address, "the provider does not start"
    yield address
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def with_provider(issuer: str, method: str = "client_secret_post", **own: object) -> Auth[Any]:
    """An instance whose one provider it is."""
    proof: Mapping[str, object] = {
        "client_secret_post": {"client_secret": SECRET},
        "client_secret_basic": {"client_secret": SECRET, "authentication": "basic"},
        "none": {"token_endpoint_auth": {"method": "none"}},
    }[method]
    config = {
        "provider_id": "corp",
        "client_id": method,
        "discovery_url": f"{issuer}/.well-known/openid-configuration",
        "scopes": ["openid", "email", "profile", "offline_access"],
        "prompt": "consent",
        "require_id_token_verification": True,
        **proof,
        **own,
    }
    settings = Settings(secret="a-secret-for-tests-that-is-long-enough", base_url=ORIGIN)
    options = GenericOAuthOptions.model_validate({"config": [config]})
    return Auth(settings, MemoryAdapter(), plugins=[GenericOAuth(options)])


async def visited(url: str) -> str:
    """Where a browser comes back to that goes to the provider."""
    async with httpx.AsyncClient(follow_redirects=False) as client:
        for _ in range(10):
            answer = await client.get(url)
            assert answer.status_code in (302, 303), answer.text
            url = str(answer.url.join(answer.headers["location"]))
            if url.startswith(CALLBACK):
                return url
    raise AssertionError("the provider never sends the browser back")


async def started(browser: Browser) -> str:
    asked = {"provider": "corp", "callbackURL": "/home", "errorCallbackURL": "/oops"}
    answer = await browser.post("/sign-in/social", asked)
    assert answer.status == 200, answer
    url: str = answer.json["url"]
    return url


async def arrived(browser: Browser) -> Answer:
    return await browser.get(await visited(await started(browser)))


@pytest.mark.parametrize("method", METHODS)
async def test_somebody_signs_in_and_their_tokens_are_renewed(issuer: str, method: str) -> None:
    async with with_provider(issuer, method) as auth:
        browser = Browser(auth)
        answer = await arrived(browser)
        assert answer.header("location") == "/home", answer
        user = (await browser.get("/get-session")).json["user"]
        assert (user["email"], user["emailVerified"], user["name"], user["image"]) == (
            "ida@example.com",
            True,
            "Ida Noddack",
            "https://example.com/ida.png",
        )
        (account,) = await auth.services.database.find_many(Account)
        assert (account.provider_id, account.issuer, account.account_id) == ("corp", issuer, "person-1")
        renewed = await browser.post("/refresh-token", {"accountId": account.id})
        assert renewed.status == 200, renewed
        assert renewed.json["accessToken"] != account.access_token
        shown = await browser.get(f"/account-info?accountId={account.id}")
        assert shown.json["data"]["sub"] == "person-1"


async def test_whoever_comes_again_is_the_same_user(issuer: str) -> None:
    async with with_provider(issuer) as auth:
        for _ in range(2):
            assert (await arrived(Browser(auth))).header("location") == "/home"
        database = auth.services.database
        assert (await database.count(User), await database.count(Account)) == (1, 1)


async def test_what_is_not_as_it_should_be_signs_nobody_in(issuer: str) -> None:
    async with with_provider(issuer) as auth:
        browser = Browser(auth)
        place = await visited(await started(browser))
        query = query_of(place)
        assert query["iss"] == issuer
        for wrong, error in (
            ({**query, "iss": "https://evil.test"}, "issuer_mismatch"),
            ({name: value for name, value in query.items() if name != "iss"}, "issuer_missing"),
            ({**query, "code": "another"}, "invalid_code"),
        ):
            browser = Browser(auth)
            fresh = query_of(await visited(await started(browser)))
            answer = await browser.get(f"/callback/corp?{urlencode({**wrong, 'state': fresh['state']})}")
            assert answer.header("location") == f"/oops?error={error}"
        assert await auth.services.database.count(User) == 0


async def test_a_code_of_another_attempt_fails_at_the_provider(issuer: str) -> None:
    # RFC 7636 §4.6: the verifier is the one of the attempt that the code was given for.
    async with with_provider(issuer) as auth:
        stolen = query_of(await visited(await started(Browser(auth))))["code"]
        browser = Browser(auth)
        own = query_of(await visited(await started(browser)))
        answer = await browser.get(f"/callback/corp?{urlencode({**own, 'code': stolen})}")
        assert answer.header("location") == "/oops?error=invalid_code"


async def test_a_client_that_proves_itself_wrongly_gets_no_tokens(issuer: str) -> None:
    async with with_provider(issuer, client_secret="another") as auth:
        assert (await arrived(Browser(auth))).header("location") == "/oops?error=invalid_code"


async def test_the_browser_is_sent_where_the_metadata_says(issuer: str) -> None:
    async with with_provider(issuer) as auth:
        url = await started(Browser(auth))
        query = query_of(url)
        assert urlsplit(url)._replace(query="").geturl() == f"{issuer}/auth"
        assert (query["code_challenge_method"], query["redirect_uri"]) == ("S256", CALLBACK)
        assert len(query["nonce"]) >= 22
