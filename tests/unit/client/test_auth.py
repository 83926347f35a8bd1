"""Authentication of requests to an application's own API."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, Generator
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import httpx
import pytest
from tests.unit.client.servers import ORIGIN, PASSWORD, async_client

from gatewright.plugins import Bearer, Jwt
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError
from gatewright_client import ApiKeyAuth, Client, JwtAuth, SessionAuth, SyncClient
from gatewright_client.auth import bound_to, expiry_of

pytestmark = pytest.mark.anyio

API = "https://api.example.com"
START = datetime(2026, 1, 1, tzinfo=UTC)


def token_until(end: datetime, number: int = 0) -> str:
    def part(members: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(members).encode()).rstrip(b"=").decode()

    return f"{part({'alg': 'EdDSA'})}.{part({'exp': end.timestamp(), 'n': number})}.c2ln"


class Api:
    """An API that keeps what it was sent, and refuses the tokens that it was told to refuse."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str | None]] = []
        self.refused: set[str] = set()

    def __call__(self, request: httpx.Request) -> httpx.Response:
        given = request.headers.get("authorization")
        self.seen.append((request.method, given))
        return httpx.Response(401 if given in {f"Bearer {each}" for each in self.refused} else 200)


class Issuer:
    """An authentication server that issues numbered tokens of five minutes."""

    def __init__(self) -> None:
        self.now = START
        self.issued: list[str] = []
        self.signed_in = True

    def __call__(self, request: httpx.Request) -> httpx.Response:
        assert request.url.path == "/api/auth/token"
        if not self.signed_in:
            return httpx.Response(401, json={"code": "UNAUTHORIZED", "message": "Unauthorized"})
        self.issued.append(token_until(self.now + timedelta(minutes=5), len(self.issued)))
        return httpx.Response(200, json={"token": self.issued[-1]})

    def client(self) -> Client:
        return Client(ORIGIN, http=httpx.AsyncClient(transport=httpx.MockTransport(self)), now=lambda: self.now)

    def sync_client(self) -> SyncClient:
        return SyncClient(ORIGIN, http=httpx.Client(transport=httpx.MockTransport(self)), now=lambda: self.now)


def api_client(api: Api, auth: Any) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(api), auth=auth)


async def test_the_session_authenticates_requests_to_named_origins_only() -> None:
    app = make_app(plugins=[Bearer()])
    for bearer in (False, True):
        client = async_client(app, bearer=bearer)
        await client.sign_up.email(name="Ada", email=f"ada{bearer}@example.com", password=PASSWORD)
        token = await client.session_token()
        api = Api()
        async with api_client(api, SessionAuth(client, API)) as http:
            await http.get(f"{API}/things")
            await http.get(f"{ORIGIN}/other")
            for url in (
                "https://evil.example",
                "http://api.example.com",
                f"{API}:8443",
                "https://api.example.com.evil.org",
            ):
                await http.get(url)
        assert api.seen == [("GET", f"Bearer {token}")] * 2 + [("GET", None)] * 4


async def test_the_session_in_a_cookie_proves_itself_as_a_bearer_token() -> None:
    app = make_app(plugins=[Bearer()])
    client = async_client(app)
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    other = async_client(app)
    token = await client.session_token()
    session = await other.with_options(headers={"authorization": f"Bearer {token}"}).get_session()
    assert session.data is not None
    assert session.data.user.email == "ada@example.com"


async def test_without_a_session_a_request_goes_out_as_it_is() -> None:
    api, issuer = Api(), Issuer()
    issuer.signed_in = False
    for auth in (SessionAuth(issuer.client(), API), JwtAuth(issuer.client(), API)):
        async with api_client(api, auth) as http:
            assert (await http.get(API)).status_code == 200
    assert api.seen == [("GET", None)] * 2


async def test_a_token_is_used_until_shortly_before_its_end() -> None:
    api, issuer = Api(), Issuer()
    async with api_client(api, JwtAuth(issuer.client(), API)) as http:
        await http.get(API)
        issuer.now += timedelta(minutes=4, seconds=29)
        await http.get(API)
        assert len(issuer.issued) == 1
        issuer.now += timedelta(seconds=1)
        await http.get(API)
    assert len(issuer.issued) == 2
    assert [given for _, given in api.seen] == [f"Bearer {issuer.issued[each]}" for each in (0, 0, 1)]


async def test_requests_at_the_same_time_share_one_renewal() -> None:
    api, issuer = Api(), Issuer()
    async with api_client(api, JwtAuth(issuer.client(), API)) as http, anyio.create_task_group() as tasks:
        for _ in range(8):
            tasks.start_soon(http.get, API)
    assert len(issuer.issued) == 1
    assert {given for _, given in api.seen} == {f"Bearer {issuer.issued[0]}"}


async def test_a_refused_token_is_renewed_once_where_the_request_may_be_sent_twice() -> None:
    api, issuer = Api(), Issuer()
    async with api_client(api, JwtAuth(issuer.client(), API)) as http:
        await http.get(API)
        api.refused = {issuer.issued[0]}
        assert (await http.post(API)).status_code == 401
        assert len(issuer.issued) == 1
        assert (await http.get(API)).status_code == 200
        assert len(issuer.issued) == 2
        issuer.signed_in = False
        api.refused = set(issuer.issued)
        assert (await http.get(API)).status_code == 401
    assert [method for method, _ in api.seen] == ["GET", "POST", "GET", "GET", "GET"]


def test_a_synchronous_client_authenticates_synchronous_requests() -> None:
    api, issuer = Api(), Issuer()
    client = issuer.sync_client()
    with httpx.Client(transport=httpx.MockTransport(api), auth=JwtAuth(client, API)) as http:
        http.get(API)
        api.refused = {issuer.issued[0]}
        assert http.get(API).status_code == 200
        http.get("https://elsewhere.example")
    with httpx.Client(transport=httpx.MockTransport(api), auth=SessionAuth(client, API)) as http:
        http.get(API)
    assert len(issuer.issued) == 2
    assert api.seen == [
        ("GET", f"Bearer {issuer.issued[0]}"),
        ("GET", f"Bearer {issuer.issued[0]}"),
        ("GET", f"Bearer {issuer.issued[1]}"),
        ("GET", None),
        ("GET", None),
    ]


def test_an_asynchronous_client_in_a_synchronous_request_is_a_mistake_that_is_told() -> None:
    auth = JwtAuth(Issuer().client(), API)
    with (
        httpx.Client(transport=httpx.MockTransport(Api())) as http,
        pytest.raises(TypeError, match="make a SyncClient"),
    ):
        http.get(API, auth=auth)


async def test_a_synchronous_client_in_an_asynchronous_request_is_a_mistake_that_is_told() -> None:
    issuer = Issuer()
    async with api_client(Api(), None) as other:
        with pytest.raises(TypeError, match="make a Client"):
            await other.get(API, auth=SessionAuth(issuer.sync_client(), API))


async def test_an_api_key_goes_to_named_origins_only() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("x-key"))
        return httpx.Response(200)

    async with httpx.AsyncClient(
        transport=httpx.MockTransport(answer), auth=ApiKeyAuth("secret", API, header="x-key")
    ) as http:
        await http.get(f"{API}/x")
        await http.get("https://elsewhere.example")
    assert seen == ["secret", None]
    with pytest.raises(ConfigError):
        ApiKeyAuth("secret")
    with pytest.raises(ConfigError):
        ApiKeyAuth("secret", "api.example.com")


class OtherAuth:
    """The base class of another library's authentication."""

    def sync_auth_flow(self, request: Any) -> Generator[Any, Any, None]:
        yield request

    async def async_auth_flow(self, request: Any) -> AsyncGenerator[Any, Any]:
        yield request


async def test_another_library_gets_an_instance_of_its_own_class() -> None:
    issuer = Issuer()
    auth = bound_to(JwtAuth(issuer.client(), API), OtherAuth)
    assert isinstance(auth, OtherAuth)
    request = httpx.Request("GET", API)
    flow = auth.async_auth_flow(request)
    assert await anext(flow) is request
    await flow.aclose()
    assert request.headers["authorization"] == f"Bearer {issuer.issued[0]}"


@pytest.mark.parametrize(
    "token",
    [
        "",
        "a.b",
        "a.b.c",
        "a.!!.c",
        "a.e30.c",
        "a.W10.c",
        "a.eyJleHAiOiJ4In0.c",
        "a.eyJleHAiOnRydWV9.c",
        "a.eyJleHAiOjFlOTk5fQ.c",
    ],
)
def test_a_token_that_does_not_say_when_it_ends_has_no_end(token: str) -> None:
    assert expiry_of(token) is None


def test_a_token_that_says_when_it_ends_is_believed() -> None:
    assert expiry_of(token_until(START)) == START


async def test_a_token_is_not_used_for_the_next_user() -> None:
    app = make_app(plugins=[Jwt()])
    client = async_client(app)
    auth, api = JwtAuth(client, API), Api()
    for name in ("ada", "grace"):
        await client.sign_up.email(name=name, email=f"{name}@example.com", password=PASSWORD)
        async with api_client(api, auth) as http:
            await http.get(API)
        await client.sign_out()
    async with api_client(api, auth) as http:
        await http.get(API)
    bearers = [bearer for _, bearer in api.seen]
    assert [None if each is None else claims(each)["email"] for each in bearers] == [
        "ada@example.com",
        "grace@example.com",
        None,
    ]


def claims(bearer: str) -> Any:
    payload = bearer.removeprefix("Bearer ").split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=="))
