"""The demo's own provider: what it gives to whom, and what it gives nobody."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest
from fastapi import FastAPI

from gatewright.cli.demo.issuer import DemoIssuer, WithIssuer
from gatewright.ports.egress import Outbound

ORIGIN = "http://localhost:8000"
CALLBACK = f"{ORIGIN}/api/auth/callback/demo"
VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The demo runs on asyncio."""
    return str(request.param)


pytestmark = pytest.mark.anyio


@pytest.fixture
def issuer() -> DemoIssuer:
    return DemoIssuer(ORIGIN, CALLBACK)


@pytest.fixture
async def client(issuer: DemoIssuer) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(issuer.routes())
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=ORIGIN) as client:
        yield client


def asked(issuer: DemoIssuer, **other: str) -> dict[str, str]:
    return {
        "client_id": issuer.client_id,
        "redirect_uri": CALLBACK,
        "response_type": "code",
        "code_challenge_method": "S256",
        "code_challenge": CHALLENGE,
        "state": "s",
        "nonce": "n",
        **other,
    }


async def code(client: httpx.AsyncClient, **said: str) -> dict[str, str]:
    """What the browser is sent back with."""
    form = {"email": "Ida@Example.com", "name": "Ida", "state": "s", "nonce": "n", "code_challenge": CHALLENGE, **said}
    answer = await client.post("/issuer/authorize", data=form)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{CALLBACK}?")
    return {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}


async def redeemed(client: httpx.AsyncClient, issuer: DemoIssuer, given: str, **other: str) -> httpx.Response:
    form = {
        "grant_type": "authorization_code",
        "client_id": issuer.client_id,
        "client_secret": issuer.client_secret,
        "redirect_uri": CALLBACK,
        "code_verifier": VERIFIER,
        "code": given,
        **other,
    }
    return await client.post("/issuer/token", data=form)


async def test_somebody_says_who_they_are_and_the_client_learns_it(
    client: httpx.AsyncClient, issuer: DemoIssuer
) -> None:
    page = await client.get("/issuer/authorize", params=asked(issuer, state='"><script>'))
    assert page.status_code == 200
    assert "<script" not in page.text
    assert "script-src" not in page.headers["content-security-policy"]
    back = await code(client)
    assert (back["state"], back["iss"]) == ("s", issuer.issuer)
    tokens = (await redeemed(client, issuer, back["code"])).json()
    keys = jwt.PyJWKSet.from_dict((await client.get("/issuer/jwks")).json())
    claims = jwt.decode(
        tokens["id_token"],
        keys["demo"].key,
        algorithms=["RS256"],
        audience=issuer.client_id,
        options={"verify_iat": False},
    )
    assert (claims["email"], claims["email_verified"], claims["name"], claims["nonce"], claims["iss"]) == (
        "ida@example.com",
        False,
        "Ida",
        "n",
        issuer.issuer,
    )
    person = await client.get("/issuer/me", headers={"authorization": f"Bearer {tokens['access_token']}"})
    assert person.json()["sub"] == claims["sub"]
    assert (await client.get("/issuer/me", headers={"authorization": "Bearer x"})).status_code == 401


@pytest.mark.parametrize("said", [{"cancel": "1"}, {"email": " "}])
async def test_whoever_changes_their_mind_is_sent_back_without_a_code(
    client: httpx.AsyncClient, said: dict[str, str]
) -> None:
    assert (await code(client, **said))["error"] == "access_denied"


@pytest.mark.parametrize(
    "other", [{"client_id": "x"}, {"redirect_uri": "https://evil.test"}, {"code_challenge_method": "plain"}]
)
async def test_it_knows_only_the_demo(client: httpx.AsyncClient, issuer: DemoIssuer, other: dict[str, str]) -> None:
    assert (await client.get("/issuer/authorize", params=asked(issuer, **other))).status_code == 400


async def test_a_code_works_once(client: httpx.AsyncClient, issuer: DemoIssuer) -> None:
    given = (await code(client))["code"]
    assert (await redeemed(client, issuer, given)).status_code == 200
    assert (await redeemed(client, issuer, given)).json() == {"error": "invalid_grant"}


@pytest.mark.parametrize(
    ("other", "error"),
    [
        ({"client_secret": "x"}, "invalid_client"),
        ({"code_verifier": "w" * 43}, "invalid_grant"),
        ({"redirect_uri": "https://evil.test"}, "invalid_grant"),
    ],
)
async def test_a_code_is_for_whoever_asked_for_it(
    client: httpx.AsyncClient, issuer: DemoIssuer, other: dict[str, str], error: str
) -> None:
    given = (await code(client))["code"]
    assert (await redeemed(client, issuer, given, **other)).json() == {"error": error}


async def test_requests_to_it_stay_in_the_process(issuer: DemoIssuer) -> None:
    app = FastAPI()
    app.include_router(issuer.routes())
    reply = await WithIssuer(issuer, app).send(Outbound("GET", issuer.discovery_url))
    assert reply.status == 200
    assert b'"issuer":"http://localhost:8000/issuer"' in reply.body
