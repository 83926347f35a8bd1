"""The suite for two servers, of what a client does with its session: tokens for an API, a browser elsewhere, a device."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import anyio
import httpx
import jwt
import pytest
from tests.unit.client.plugins.world import World
from tests.unit.client.servers import PASSWORD

from gatewright.contract import faults
from gatewright.plugins.device_authorization.contract import Issued
from gatewright_client import (
    Client,
    JwtAuth,
    NativeProvider,
    SessionAuth,
    sign_in_with_browser,
    sign_in_with_device,
)

pytestmark = pytest.mark.anyio

API = "https://api.example.com"


def api(auth: httpx.Auth, answer: Callable[[httpx.Request], httpx.Response]) -> httpx.AsyncClient:
    """A client of an API of the application's own."""
    return httpx.AsyncClient(auth=auth, transport=httpx.MockTransport(answer))


def test_a_client_that_waits_has_the_same_calls_session_and_live_values(world: World, email: str) -> None:
    with world.sync_client() as client:
        signed_up = client.sign_up.email(name="Ada", email=email, password=PASSWORD).unwrap()
        assert client.session.data is not None
        assert client.session.data.user == signed_up.user
        assert client.organization.list_organizations.refetch().data == []
        made = client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}").unwrap()
        assert [each.id for each in client.organization.list_organizations.data or []] == [made.id]
        client.update_user(name="Grace").unwrap()
        assert client.session.data.user.name == "Grace"
        wrong = client.sign_in.email(email=email, password="something-else")
        assert isinstance(wrong.error, faults.InvalidEmailOrPassword)
        client.sign_out().unwrap()
        assert (client.session.data, client.get_cookie()) == (None, "")
        assert client.sign_in.email(email=email, password=PASSWORD).ok
        assert client.session.data is not None


async def test_an_api_is_shown_a_token_that_the_server_s_keys_verify(client: Client, email: str) -> None:
    user = (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap().user
    shown: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        shown.append(request.headers["authorization"].removeprefix("Bearer "))
        return httpx.Response(200)

    async with api(JwtAuth(client, API), answer) as asked:
        await asked.get(f"{API}/a")
        await asked.get(f"{API}/b")
    assert shown[0] == shown[1]
    keys = jwt.PyJWKSet.from_dict(
        {"keys": [dict(each) for each in getattr((await client.jwks()).unwrap(), "keys", ())]}
    )
    key = keys[jwt.get_unverified_header(shown[0])["kid"]]
    # Its times are the server's, whose clock may stand.
    claims: dict[str, Any] = jwt.decode(
        shown[0],
        key.key,
        algorithms=["EdDSA"],
        options={"verify_aud": False, "verify_exp": False, "verify_iat": False, "verify_nbf": False},
    )
    assert (claims["sub"], claims["email"]) == (user.id, email)


async def test_the_token_of_a_session_in_a_cookie_is_good_without_the_cookie(
    world: World, client: Client, email: str
) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    async with world.client(bearer=True) as program:

        async def answer(request: httpx.Request) -> httpx.Response:
            token = request.headers["authorization"].removeprefix("Bearer ")
            await program.adopt(token)
            return httpx.Response(200)

        async with httpx.AsyncClient(auth=SessionAuth(client, API), transport=httpx.MockTransport(answer)) as asked:
            await asked.get(f"{API}/me")
        assert program.session.data is not None
        assert program.session.data.user.email == email


async def test_a_device_is_let_in_by_its_user_elsewhere(
    world: World, client: Client, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    approved = anyio.Event()

    class Elsewhere:
        """The user types the code at once."""

        def show(self, issued: Issued) -> None:
            tasks.start_soon(self.approve, issued.user_code)

        async def approve(self, code: str) -> None:
            await client.device(user_code=code)
            (await client.device.approve(user_code=code)).unwrap()
            approved.set()

        def wait(self, left: timedelta) -> None: ...

        def end(self) -> None: ...

    async def sleep(seconds: float) -> None:
        await approved.wait()

    monkeypatch.setattr("gatewright_client.device.anyio.sleep", sleep)
    async with world.client(bearer=True) as device, anyio.create_task_group() as tasks:
        (await sign_in_with_device(device, "cli", progress=Elsewhere())).unwrap()
        assert device.session.data is not None
        assert device.session.data.user.email == email


async def test_the_user_signs_in_with_a_browser_of_their_own(world: World, client: Client, email: str) -> None:
    google = world.google()
    asked: dict[str, str] = {}

    def open_browser(address: str) -> None:
        asked.update(parse_qsl(urlsplit(address).query))
        with httpx.Client(trust_env=False) as browser:
            browser.get(asked["redirect_uri"], params={"code": "the-code", "state": asked["state"]})

    def token_endpoint(request: httpx.Request) -> httpx.Response:
        claims = {"sub": secrets.token_hex(8), "email": email, "nonce": asked["nonce"]}
        return httpx.Response(200, json={"id_token": google.sign(claims), "access_token": "a"})

    provider = NativeProvider("google", "google-id", "https://accounts.example.com/a", "https://accounts.example.com/t")
    async with httpx.AsyncClient(transport=httpx.MockTransport(token_endpoint)) as http:
        (await sign_in_with_browser(client, provider, open_browser=open_browser, http=http)).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.email == email
