"""What a client does around a call: headers, callbacks, redirects, retries, tokens, plugins."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
from tests.unit.client.servers import ORIGIN, PASSWORD, Recorded, async_client, scripted, sync_client

from gatewright.contract import faults
from gatewright.contract.email import VerifyEmail
from gatewright.contract.password import RequestPasswordResetCallback
from gatewright.contract.sign_in import SignInEmail, SignOut
from gatewright.contract.user import DeleteUserCallback
from gatewright.plugins.bearer import Bearer
from gatewright.testing.app import make_app
from gatewright.wire.faults import ApiError, ConfigError
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Done
from gatewright_client import (
    Async,
    Client,
    ClientPlugin,
    F,
    FileStorage,
    Group,
    MemoryStorage,
    NoAnswer,
    Success,
    SyncClient,
    TimedOut,
    action,
    group,
)

pytestmark = pytest.mark.anyio

SIGNED_OUT = {"success": True}


def json_answer(body: object, headers: dict[str, str] | None = None) -> Callable[[httpx.Request], httpx.Response]:
    return lambda request: httpx.Response(200, json=body, headers=headers)


def test_both_flavours_send_the_same_calls() -> None:
    app = make_app()
    with sync_client(app) as client:
        signed_up = client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD).unwrap()
        assert client.session.data is not None
        assert client.session.data.user == signed_up.user
        assert isinstance(client.sign_in.email(email="ada@example.com", password="wrong").error, ApiError)
        assert client.session_token() is not None
        client.forget()
        assert (client.session.data, client.session_token(), client.get_cookie()) == (None, None, "")


@pytest.mark.parametrize(
    ("base_url", "url"),
    [
        ("https://example.com", "https://example.com/api/auth"),
        ("https://example.com/", "https://example.com/api/auth"),
        ("https://example.com/auth/", "https://example.com/auth"),
        ("http://localhost:3000", "http://localhost:3000/api/auth"),
    ],
)
def test_an_address_with_a_path_is_used_as_it_is(base_url: str, url: str) -> None:
    assert SyncClient(base_url, http=httpx.Client()).url == url


@pytest.mark.parametrize("base_url", ["example.com", "ftp://example.com", "https://", "https://example.com?x=1"])
def test_an_address_that_is_none_is_refused(base_url: str) -> None:
    with pytest.raises(ConfigError):
        SyncClient(base_url)


def test_the_address_may_stand_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BETTER_AUTH_URL", "https://example.com")
    with SyncClient() as client:
        assert client.url == "https://example.com/api/auth"
    monkeypatch.delenv("BETTER_AUTH_URL")
    with pytest.raises(ConfigError):
        SyncClient()


async def test_requests_say_where_they_come_from() -> None:
    client, recorded = scripted(json_answer(SIGNED_OUT), headers={"X-App": "cli"})
    await client.with_options(headers={"x-request": "7"}, silent=True).sign_out()
    (request,) = recorded.requests
    assert (str(request.url), request.method, request.content) == (f"{ORIGIN}/api/auth/sign-out", "POST", b"{}")
    sent = {name: request.headers.get(name) for name in ("origin", "x-app", "x-request", "cookie", "authorization")}
    assert sent == {"origin": ORIGIN, "x-app": "cli", "x-request": "7", "cookie": None, "authorization": None}
    other, recorded = scripted(json_answer(SIGNED_OUT), origin="https://app.example.com")
    await other.with_options(silent=True).sign_out()
    assert recorded.requests[0].headers["origin"] == "https://app.example.com"


async def test_cookies_of_a_borrowed_http_client_are_not_sent() -> None:
    recorded = Recorded()

    def answer(request: httpx.Request) -> httpx.Response:
        recorded.requests.append(request)
        return httpx.Response(200, json=SIGNED_OUT)

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer), cookies={"theirs": "1"})
    client = Client(ORIGIN, http=http)
    await client.with_options(silent=True).sign_out()
    assert "cookie" not in recorded.requests[0].headers


async def test_a_borrowed_http_client_stays_open_and_an_own_one_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    http = httpx.AsyncClient()
    async with Client(ORIGIN, http=http):
        pass
    assert not http.is_closed
    await http.aclose()
    made: list[httpx.AsyncClient] = []

    def make() -> httpx.AsyncClient:
        made.append(httpx.AsyncClient())
        return made[0]

    monkeypatch.setattr("gatewright_client.client.own_async_http", make)
    async with Client(ORIGIN):
        assert not made[0].is_closed
    assert made[0].is_closed


async def test_callbacks_are_told_and_awaited() -> None:
    app = make_app()
    heard: list[object] = []

    async def on_success(success: Success) -> None:
        heard.append((success.operation, type(success.data).__name__))

    def on_error(error: ApiError) -> None:
        heard.append(error.code)

    client = async_client(app).with_options(on_success=on_success, on_error=on_error, silent=True)
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    await client.sign_in.email(email="ada@example.com", password="wrong-password")
    assert heard == [("signUpEmail", "SignedUp"), "INVALID_EMAIL_OR_PASSWORD"]


async def test_failures_are_raised_when_asked_for() -> None:
    client = async_client()
    with pytest.raises(faults.InvalidEmailOrPassword):
        await client.with_options(throw=True).sign_in.email(email="ada@example.com", password=PASSWORD)
    assert (await client.sign_in.email(email="ada@example.com", password=PASSWORD)).error is not None


async def test_options_are_added_up_and_the_client_itself_keeps_its_own() -> None:
    client, recorded = scripted(json_answer(SIGNED_OUT))
    quiet = client.with_options(silent=True, headers={"a": "1", "b": "1"})
    await quiet.with_options(headers={"b": "2"}).sign_out()
    await client.with_options(silent=True).sign_out()
    assert [(each.headers.get("a"), each.headers.get("b")) for each in recorded.requests] == [("1", "2"), (None, None)]
    assert quiet.session is client.session


async def test_a_timeout_is_given_to_the_http_client() -> None:
    client, recorded = scripted(json_answer(SIGNED_OUT))
    await client.with_options(silent=True, timeout=1.5).sign_out()
    assert recorded.requests[0].extensions["timeout"]["read"] == 1.5


@pytest.mark.parametrize(
    ("url", "opened"),
    [
        ("https://accounts.example.com/o?x=1", ["https://accounts.example.com/o?x=1"]),
        ("myapp://done", ["myapp://done"]),
        ("javascript:alert(1)", []),
        (" java\tscript:alert(1)", []),
        ("DATA:text/html,x", []),
        ("vbscript:x", []),
    ],
)
async def test_a_redirect_is_followed_by_whoever_can_open_pages(url: str, opened: list[str]) -> None:
    found: list[str] = []
    client, _ = scripted(json_answer({"redirect": True, "url": url}), on_redirect=found.append)
    result = await client.with_options(silent=True).sign_in.social(provider="google")
    assert (found, result.unwrap().url) == (opened, url)


async def test_an_answer_that_redirects_nobody_opens_nothing() -> None:
    found: list[str] = []
    client, _ = scripted(json_answer({"redirect": False, "url": "https://x"}), on_redirect=found.append)
    await client.with_options(silent=True).sign_in.social(provider="google")
    assert found == []


class Flaky:
    """Answers after so many failures."""

    def __init__(self, failures: int, error: type[httpx.TransportError] = httpx.ConnectError) -> None:
        self.failures = failures
        self.error = error
        self.asked = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked += 1
        if self.asked <= self.failures:
            raise self.error("broken", request=request)
        return httpx.Response(200, json=[] if request.method == "GET" else SIGNED_OUT)


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    found: list[float] = []

    async def sleep(seconds: float) -> None:
        found.append(seconds)

    monkeypatch.setattr("gatewright_client.senders.anyio", SimpleNamespace(sleep=sleep, to_thread=None))
    return found


async def test_a_read_is_sent_again_and_waits_longer_each_time(waits: list[float]) -> None:
    server = Flaky(2)
    client, _ = scripted(server)
    assert (await client.list_sessions()).unwrap() == []
    assert (server.asked, waits) == (3, [0.2, 0.4])


async def test_a_server_that_never_answers_is_an_error_and_not_an_exception(waits: list[float]) -> None:
    server = Flaky(9, httpx.ReadTimeout)
    client, _ = scripted(server)
    error = (await client.list_sessions()).error
    assert isinstance(error, TimedOut)
    assert (error.status, error.code, server.asked) == (0, None, 3)
    assert isinstance(error.__cause__, httpx.ReadTimeout)
    server = Flaky(9)
    client, _ = scripted(server)
    error = (await client.with_options(retries=0).list_sessions()).error
    assert (type(error), server.asked) == (NoAnswer, 1)


async def test_what_changes_something_is_sent_once(waits: list[float]) -> None:
    changes: tuple[Operation[Any], ...] = (
        SignOut(),
        VerifyEmail(token="t"),
        DeleteUserCallback(token="t"),
        RequestPasswordResetCallback(token="t", callback_url="/"),
    )
    for operation in changes:
        server = Flaky(1)
        client, _ = scripted(server)
        assert isinstance((await client.with_options(silent=True).send(operation)).error, NoAnswer)
        assert (server.asked, waits) == (1, [])


async def test_a_bearer_client_keeps_a_token_and_no_cookie() -> None:
    app = make_app(plugins=[Bearer()])
    recorded = Recorded()
    client = async_client(app, recorded=recorded, bearer=True)
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    token = await client.session_token()
    assert token is not None
    assert await client.get_cookie() == ""
    assert client.session.data is not None
    assert recorded.requests[-1].headers["authorization"] == f"Bearer {token}"
    assert "cookie" not in recorded.requests[-1].headers
    await client.sign_out()
    assert (await client.session_token(), client.session.data) == (None, None)


async def test_a_token_goes_to_the_server_that_gave_it() -> None:
    storage = MemoryStorage()
    first, _ = scripted(json_answer(SIGNED_OUT, {"set-auth-token": "secret"}), storage=storage, bearer=True)
    await first.with_options(silent=True).sign_out()
    second, recorded = scripted(json_answer(SIGNED_OUT), url="https://other.example", storage=storage, bearer=True)
    await second.with_options(silent=True).sign_out()
    assert (await first.session_token(), await second.session_token()) == ("secret", None)
    assert "authorization" not in recorded.requests[0].headers
    await second.forget()
    assert await first.session_token() == "secret"


async def test_the_session_outlives_the_program_in_a_file(tmp_path: Path) -> None:
    app = make_app()
    path = tmp_path / "session.json"
    client = async_client(app, storage=FileStorage(path))
    await client.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    later = async_client(app, storage=FileStorage(path))
    session = (await later.get_session()).unwrap()
    assert session is not None
    assert session.user.email == "ada@example.com"
    await later.forget()
    assert json.loads(path.read_text()) == {}


async def test_cookies_of_several_sessions_are_kept_side_by_side() -> None:
    lines = [("set-cookie", f"better-auth.session_token_multi-{name}={name}; Path=/") for name in ("a", "b")]
    client, recorded = scripted(lambda request: httpx.Response(200, json=SIGNED_OUT, headers=lines))
    quiet = client.with_options(silent=True)
    await quiet.sign_out()
    await quiet.sign_out()
    assert recorded.requests[1].headers["cookie"] == (
        "better-auth.session_token_multi-a=a; better-auth.session_token_multi-b=b"
    )
    assert await client.session_token() is None


@get("/third/list", raises=(faults.Unauthorized,))
class ListThings(Operation[list[str]]):
    """Things of a third party."""

    kind: str


class ThingCalls(Group[F]):
    """``/third``."""

    list = action(ListThings)


class AppClient(Client):
    """An application's client."""

    things = group(ThingCalls[Async])


class Owed(msgspec.Struct, frozen=True):
    """Something else is owed first."""

    owed: bool


THINGS = ClientPlugin(
    id="things", calls=ThingCalls, instead={"owed": Owed}, signals={"$things": lambda path: path.startswith("/third")}
)


async def test_a_plugin_adds_calls_answers_and_signals() -> None:
    recorded = Recorded()

    def answer(request: httpx.Request) -> httpx.Response:
        recorded.requests.append(request)
        return httpx.Response(200, json=["a"] if request.method == "GET" else {"owed": True})

    http = httpx.AsyncClient(transport=httpx.MockTransport(answer))
    client = AppClient(ORIGIN, http=http, plugins=[THINGS])
    heard: list[bool] = []
    await client.store.listen("$things", heard.append)
    assert (await client.things.list(kind="x")).unwrap() == ["a"]
    assert (await client.of(ThingCalls).list(kind="y")).unwrap() == ["a"]
    owed = await client.sign_in.email(email="a@b.c", password="pw")
    assert owed.instead is not None
    assert owed.instead.value == Owed(owed=True)
    assert recorded.lines == ["GET /third/list?kind=x", "GET /third/list?kind=y", "POST /sign-in/email"]
    assert heard == [False, True, False]


def test_two_plugins_may_not_read_the_same_answer() -> None:
    with pytest.raises(ConfigError):
        SyncClient(ORIGIN, http=httpx.Client(), plugins=[THINGS, THINGS])


async def test_an_operation_can_be_sent_as_a_value() -> None:
    client, recorded = scripted(json_answer(SIGNED_OUT))
    assert (await client.with_options(silent=True).send(SignOut())).unwrap().success
    assert (await client.send(SignInEmail(email="a", password="b"))).error is not None
    assert recorded.lines == ["POST /sign-out", "POST /sign-in/email"]


class _OtherHeaders:
    def __init__(self, items: list[tuple[str, str]]) -> None:
        self._items = items

    def multi_items(self) -> list[tuple[str, str]]:
        return self._items


class OtherHttp:
    """An HTTP client of another library with the same methods."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error
        self.sent: list[Any] = []

    def build_request(self, method: str, url: str, **more: Any) -> Any:
        return SimpleNamespace(method=method, url=url, **more)

    def send(self, request: Any, **more: Any) -> Any:
        self.sent.append((request, more))
        if self.error is not None:
            raise self.error
        return SimpleNamespace(status_code=200, headers=_OtherHeaders([("X", "y")]), content=b'{"status":true}')

    def close(self) -> None:
        raise AssertionError("it is borrowed")


def test_http_clients_of_other_libraries_serve_as_well() -> None:
    http = OtherHttp()
    with SyncClient(ORIGIN, http=http, now=lambda: datetime(2026, 1, 1, tzinfo=UTC)) as client:
        assert client.with_options(silent=True).update_user(name="Ada").unwrap() == Done()
    ((request, more),) = http.sent
    assert (request.method, request.url, request.content) == (
        "POST",
        f"{ORIGIN}/api/auth/update-user",
        b'{"name":"Ada"}',
    )
    assert more == {"auth": None, "follow_redirects": False}


def test_a_programming_error_of_an_http_client_is_no_answer_of_the_server() -> None:
    with pytest.raises(ZeroDivisionError):
        SyncClient(ORIGIN, http=OtherHttp(ZeroDivisionError())).list_sessions()
    broken = SyncClient(ORIGIN, http=OtherHttp(ConnectionResetError())).with_options(retries=0)
    assert isinstance(broken.list_sessions().error, NoAnswer)


def test_a_retry_of_a_synchronous_client_waits_too(monkeypatch: pytest.MonkeyPatch) -> None:
    found: list[float] = []
    monkeypatch.setattr("gatewright_client.senders.time", SimpleNamespace(sleep=found.append))
    server = Flaky(1)
    client = SyncClient(ORIGIN, http=httpx.Client(transport=httpx.MockTransport(server)))
    assert client.list_sessions().unwrap() == []
    assert found == [0.2]
