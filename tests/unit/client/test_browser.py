"""Signing in with the user's own browser and a loopback address."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from functools import partial
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import anyio
import httpx
import pytest
from tests.unit.client.servers import ORIGIN

from gatewright.wire.faults import OAuthFault
from gatewright_client import Client, NativeProvider, NoAnswer, UnexpectedAnswer, sign_in_with_browser
from gatewright_client.loopback import loopback

pytestmark = pytest.mark.anyio

PROVIDER = NativeProvider(
    id="google",
    client_id="desktop",
    authorization_url="https://accounts.example.com/authorize?hd=x",
    token_url="https://accounts.example.com/token",
    client_secret="not-so-secret",
    parameters={"prompt": "consent"},
)
USER = {"id": "u1", "name": "Ada", "email": "ada@example.com", "createdAt": "2026-01-01T00:00:00.000Z"}


class World:
    """A browser, a provider's token endpoint and an authentication server."""

    def __init__(self, **visit: str) -> None:
        self.visit = visit
        self.asked: dict[str, str] = {}
        self.form: dict[str, str] = {}
        self.signed_in: dict[str, object] = {}
        self.pages: list[tuple[int, str]] = []
        self.token: httpx.Response | Exception = httpx.Response(200, json={"id_token": "id", "access_token": "at"})

    def open_browser(self, address: str) -> bool:
        self.asked = dict(parse_qsl(urlsplit(address).query))
        back = self.asked["redirect_uri"]
        query = {"state": self.asked["state"], **self.visit}
        with httpx.Client(trust_env=False) as browser:
            for url in (
                f"{back}?code=forged&state=wrong",
                f"{back}?code=forged",
                f"{back.replace('callback', 'x')}?{urlencode(query)}",
            ):
                self.pages.append((browser.get(url).status_code, ""))
            self.pages.append((browser.post(f"{back}?{urlencode(query)}").status_code, ""))
            response = browser.get(f"{back}?{urlencode(query)}")
            self.pages.append((response.status_code, response.headers["content-security-policy"]))
        return True

    def token_endpoint(self, request: httpx.Request) -> httpx.Response:
        self.form = {name: values[0] for name, values in parse_qs(request.content.decode()).items()}
        if isinstance(self.token, Exception):
            raise self.token
        return self.token

    def server(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/get-session"):
            return httpx.Response(200, json=None)
        self.signed_in = json.loads(request.content)
        return httpx.Response(200, json={"redirect": False, "token": "t", "user": USER})

    def client(self) -> Client:
        return Client(ORIGIN, http=httpx.AsyncClient(transport=httpx.MockTransport(self.server)))

    def http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=httpx.MockTransport(self.token_endpoint))


async def test_the_user_comes_back_once_with_the_right_state() -> None:
    world = World(code="c0de")
    result = await sign_in_with_browser(world.client(), PROVIDER, open_browser=world.open_browser, http=world.http())
    assert result.unwrap().token == "t"
    assert world.pages == [(404, "")] * 4 + [(200, "default-src 'none'")]
    asked = world.asked
    assert {
        name: asked[name] for name in ("hd", "prompt", "response_type", "client_id", "scope", "code_challenge_method")
    } == {
        "hd": "x",
        "prompt": "consent",
        "response_type": "code",
        "client_id": "desktop",
        "scope": "openid email profile",
        "code_challenge_method": "S256",
    }
    place = urlsplit(asked["redirect_uri"])
    assert (place.scheme, place.hostname, place.path) == ("http", "127.0.0.1", "/callback")
    verifier = world.form.pop("code_verifier")
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    assert challenge == asked["code_challenge"]
    assert world.form == {
        "grant_type": "authorization_code",
        "code": "c0de",
        "redirect_uri": asked["redirect_uri"],
        "client_id": "desktop",
        "client_secret": "not-so-secret",
    }
    assert world.signed_in == {
        "provider": "google",
        "idToken": {"token": "id", "nonce": asked["nonce"], "accessToken": "at"},
    }


async def test_a_refusal_of_the_user_is_the_error() -> None:
    world = World(error="access_denied", error_description="No")
    result = await sign_in_with_browser(world.client(), PROVIDER, open_browser=world.open_browser, http=world.http())
    assert isinstance(result.error, OAuthFault)
    assert (result.error.error, result.error.description) == ("access_denied", "No")
    assert (world.form, world.signed_in) == ({}, {})


@pytest.mark.parametrize(
    ("token", "error"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), OAuthFault),
        (httpx.Response(500, text="<html>"), UnexpectedAnswer),
        (httpx.Response(200, json=["id_token"]), UnexpectedAnswer),
        (httpx.Response(200, json={"access_token": "at"}), UnexpectedAnswer),
        (httpx.ConnectError("broken"), NoAnswer),
    ],
)
async def test_a_token_endpoint_that_gives_no_token_is_the_error(
    token: httpx.Response | Exception, error: type[Exception]
) -> None:
    world = World(code="c0de")
    world.token = token
    result = await sign_in_with_browser(world.client(), PROVIDER, open_browser=world.open_browser, http=world.http())
    assert isinstance(result.error, error)
    assert world.signed_in == {}


async def test_a_user_who_does_not_come_back_is_waited_for_so_long() -> None:
    with pytest.raises(TimeoutError):
        await sign_in_with_browser(World().client(), PROVIDER, open_browser=lambda _: True, timeout=0.05)


async def test_giving_up_closes_the_port() -> None:
    opened = threading.Event()
    addresses: list[str] = []

    def open_browser(address: str) -> None:
        addresses.append(address)
        opened.set()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(partial(sign_in_with_browser, World().client(), PROVIDER, open_browser=open_browser))
        await anyio.to_thread.run_sync(opened.wait)
        tasks.cancel_scope.cancel()
    place = urlsplit(dict(parse_qsl(urlsplit(addresses[0]).query))["redirect_uri"])
    with pytest.raises(OSError):  # noqa: PT011 (each system words it its own way)
        await anyio.connect_tcp("127.0.0.1", place.port or 0)


async def test_a_browser_that_cannot_be_opened_is_told_as_it_is() -> None:
    def fail(address: str) -> None:
        raise RuntimeError("no display")

    with pytest.raises(RuntimeError, match="no display"):
        await sign_in_with_browser(World().client(), PROVIDER, open_browser=fail)


async def test_a_visitor_who_sends_too_much_or_breaks_off_harms_nobody() -> None:
    async with loopback("state") as place:
        port = urlsplit(place.url).port or 0
        for junk in (b"", b"x", b"GET /callback?state=st\xff HTTP/1.1\r\n\r\n", b"a" * 40_000):
            stream = await anyio.connect_tcp("127.0.0.1", port)
            try:
                await stream.send(junk)
            except anyio.BrokenResourceError:
                continue
            finally:
                await stream.aclose()
        async with await anyio.connect_tcp("127.0.0.1", port) as stream:
            await stream.send(b"GET /callback?code=1&state=state HTTP/1.1\r\n\r\n")
            assert (await stream.receive()).startswith(b"HTTP/1.1 200 OK")
        assert await place.wait() == {"code": "1", "state": "state"}
