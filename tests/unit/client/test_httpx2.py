"""The clients of ``httpx2`` serve as those of ``httpx`` do: for calls, for errors, and for an application's own API."""

from __future__ import annotations

import anyio
import httpx2
import pytest
from tests.unit.client.servers import ORIGIN, PASSWORD

from gatewright.http.request import Request
from gatewright.plugins import Bearer, Jwt
from gatewright.testing.app import TestApp, make_app
from gatewright_client import ApiKeyAuth, Client, JwtAuth, NoAnswer, SessionAuth, SyncClient, TimedOut
from gatewright_client.auth import bound_to
from gatewright_integrations.asgi import AuthApp

pytestmark = pytest.mark.anyio

API = "https://api.example.com"


def async_client(app: TestApp) -> Client:
    http = httpx2.AsyncClient(transport=httpx2.ASGITransport(AuthApp(app.auth)))
    return Client(ORIGIN, http=http, now=app.clock.now)


async def test_an_asynchronous_client_signs_up_and_reads_its_session() -> None:
    client = async_client(make_app())
    (await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.email == "ada@example.com"
    (await client.sign_out()).unwrap()
    assert client.session.data is None


def test_a_synchronous_client_signs_up_and_reads_its_session() -> None:
    app = make_app()

    def handle(request: httpx2.Request) -> httpx2.Response:
        asked = Request.make(request.method, str(request.url), dict(request.headers), request.content, peer="127.0.0.1")
        response = anyio.run(app.auth.handle, asked)
        return httpx2.Response(response.status, headers=list(response.headers), content=response.body)

    client = SyncClient(ORIGIN, http=httpx2.Client(transport=httpx2.MockTransport(handle)), now=app.clock.now)
    client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.email == "ada@example.com"


async def test_its_errors_are_no_answers() -> None:
    for error, expected in ((httpx2.ReadTimeout("late"), TimedOut), (httpx2.ConnectError("gone"), NoAnswer)):

        def fail(_: httpx2.Request, error: Exception = error) -> httpx2.Response:
            raise error

        client = Client(ORIGIN, http=httpx2.AsyncClient(transport=httpx2.MockTransport(fail)))
        result = await client.with_options(retries=0).list_sessions()
        assert type(result.error) is expected


async def test_it_shows_credentials_to_an_api() -> None:
    app = make_app(plugins=[Bearer(), Jwt()])
    client = async_client(app)
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    seen: list[tuple[str | None, str | None]] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.headers.get("authorization"), request.headers.get("x-api-key")))
        return httpx2.Response(200)

    for auth in (SessionAuth(client, API), JwtAuth(client, API), ApiKeyAuth("key", API)):
        bound = bound_to(auth, httpx2.Auth)
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), auth=bound) as http:
            await http.get(API)
            await http.get("https://elsewhere.example")
    session = await client.session_token()
    assert seen[0] == (f"Bearer {session}", None)
    assert seen[2][0] is not None
    assert seen[2][0].count(".") == 2
    assert seen[4] == (None, "key")
    assert seen[1::2] == [(None, None)] * 3
