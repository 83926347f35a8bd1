"""Signing in from a device without a browser: the wait, its end, and what a terminal shows."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import anyio
import anyio.lowlevel
import httpx
import pytest
from tests.unit.client.servers import ORIGIN, PASSWORD, async_client, scripted

from gatewright.plugins import Bearer, DeviceAuthorization, DeviceAuthorizationOptions
from gatewright.plugins.device_authorization.contract import Issued
from gatewright.testing.app import make_app
from gatewright.wire.faults import ConfigError, OAuthFault
from gatewright_client import Client, GivenUp, SyncClient, sign_in_with_device, sign_in_with_device_sync
from gatewright_client.device_progress import PlainProgress, RichProgress, terminal_progress

pytestmark = pytest.mark.anyio

ISSUED = {
    "device_code": "secret",
    "user_code": "ABCD-EFGH",
    "verification_uri": f"{ORIGIN}/device",
    "verification_uri_complete": f"{ORIGIN}/device?user_code=ABCD-EFGH",
    "expires_in": 60,
    "interval": 5,
}
TOKEN = {"access_token": "token", "token_type": "Bearer", "expires_in": 600, "scope": ""}


class Shown:
    """What the user was shown."""

    def __init__(self) -> None:
        self.codes: list[str] = []
        self.left: list[int] = []
        self.ended = 0

    def show(self, issued: Issued) -> None:
        self.codes.append(issued.user_code)

    def wait(self, left: timedelta) -> None:
        self.left.append(int(left.total_seconds()))

    def end(self) -> None:
        self.ended += 1


class Clock:
    """A clock that sleepers move."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)
        self.waits: list[float] = []

        async def sleep(seconds: float) -> None:
            self.moved(seconds)
            await anyio.lowlevel.checkpoint()

        monkeypatch.setattr("gatewright_client.device.anyio.sleep", sleep)

    def __call__(self) -> datetime:
        return self.at

    def moved(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def answers(*errors: str | None) -> Callable[[httpx.Request], httpx.Response]:
    """A server whose user lets the device wait; ``None`` lets it in."""
    left = list(errors)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/device/code"):
            return httpx.Response(200, json=ISSUED)
        if request.url.path.endswith("/get-session"):
            return httpx.Response(200, json=None)
        error = left.pop(0)
        if error == "lost":
            raise httpx.ReadTimeout("lost")
        return httpx.Response(200, json=TOKEN) if error is None else httpx.Response(400, json={"error": error})

    return answer


async def test_the_device_waits_until_its_user_lets_it_in(clock: Clock) -> None:
    client, recorded = scripted(answers("authorization_pending", "slow_down", "lost", None), bearer=True, now=clock)
    shown = Shown()
    result = await sign_in_with_device(client, "cli", scope="openid", progress=shown)
    assert result.unwrap().access_token == "token"
    assert await client.session_token() == "token"
    assert (shown.codes, shown.left, shown.ended) == (["ABCD-EFGH"], [60, 55, 50, 40], 1)
    assert clock.waits == [5, 5, 10, 15]
    assert recorded.lines == ["POST /device/code", *["POST /device/token"] * 4, "GET /get-session"]
    assert json.loads(recorded.requests[0].content) == {"client_id": "cli", "scope": "openid"}
    assert json.loads(recorded.requests[1].content) == {
        "grant_type": "urn:ietf:params:oauth:grant-type:device_code",
        "device_code": "secret",
        "client_id": "cli",
    }


@pytest.mark.parametrize("error", ["access_denied", "expired_token", "invalid_grant"])
async def test_a_refusal_ends_the_wait(clock: Clock, error: str) -> None:
    client, _ = scripted(answers(error), bearer=True, now=clock)
    shown = Shown()
    result = await sign_in_with_device(client, "cli", progress=shown)
    assert isinstance(result.error, OAuthFault)
    assert (result.error.error, shown.ended, await client.session_token()) == (error, 1, None)


async def test_the_wait_ends_with_the_code(clock: Clock) -> None:
    client, _ = scripted(answers(*["authorization_pending"] * 20), bearer=True, now=clock)
    result = await sign_in_with_device(client, "cli", progress=Shown())
    assert isinstance(result.error, OAuthFault)
    assert (result.error.error, len(clock.waits)) == ("expired_token", 12)


async def test_a_server_that_gives_no_codes_is_the_error(clock: Clock) -> None:
    client, _ = scripted(lambda request: httpx.Response(404), bearer=True, now=clock)
    shown = Shown()
    result = await sign_in_with_device(client, "cli", progress=shown)
    assert result.error is not None
    assert (result.error.status, shown.codes, shown.ended) == (404, [], 1)


async def test_giving_up_takes_the_progress_away() -> None:
    client, _ = scripted(answers(), bearer=True)
    shown = Shown()
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(lambda: sign_in_with_device(client, "cli", progress=shown))
        while not shown.left:
            await anyio.lowlevel.checkpoint()
        tasks.cancel_scope.cancel()
    assert shown.ended == 1
    assert await client.session_token() is None


def synchronous(answer: Callable[[httpx.Request], httpx.Response], **more: Any) -> SyncClient:
    return SyncClient(ORIGIN, http=httpx.Client(transport=httpx.MockTransport(answer)), bearer=True, **more)


class Stop(threading.Event):
    """Nobody gives up; waiting moves the clock."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self.clock = clock

    def wait(self, timeout: float | None = None) -> bool:
        self.clock.moved(timeout or 0)
        return self.is_set()


def test_a_synchronous_program_waits_in_the_same_way(clock: Clock) -> None:
    client = synchronous(answers("authorization_pending", None), now=clock)
    shown = Shown()
    result = sign_in_with_device_sync(client, "cli", progress=shown, stop=Stop(clock))
    assert (result.unwrap().access_token, client.session_token()) == ("token", "token")
    assert (clock.waits, shown.ended) == ([5, 5], 1)


def test_a_synchronous_program_can_give_up(clock: Clock) -> None:
    stop = Stop(clock)
    stop.set()
    shown = Shown()
    result = sign_in_with_device_sync(synchronous(answers(), now=clock), "cli", progress=shown, stop=stop)
    assert isinstance(result.error, GivenUp)
    assert (result.data, shown.ended) == (None, 1)


async def test_the_token_needs_a_client_that_keeps_tokens() -> None:
    client, recorded = scripted(answers())
    with pytest.raises(ConfigError):
        await sign_in_with_device(client, "cli", progress=Shown())
    with pytest.raises(ConfigError):
        await client.adopt("token")
    assert recorded.lines == []


async def test_a_device_is_signed_in_at_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    approved = anyio.Event()
    options = DeviceAuthorizationOptions.model_validate({"verificationUri": "/device", "interval": "5s"})
    app = make_app(plugins=[Bearer(), DeviceAuthorization(options)])
    browser: Client = async_client(app)
    await browser.sign_up.email(name="Ada", email="ada@example.com", password=PASSWORD)
    device = async_client(app, bearer=True)

    class Approved(Shown):
        """Somebody who types the code at once."""

        def show(self, issued: Issued) -> None:
            super().show(issued)
            tasks.start_soon(approve, issued.user_code)

    async def approve(code: str) -> None:
        (await browser.device(user_code=code)).unwrap()
        (await browser.device.approve(user_code=code)).unwrap()
        approved.set()

    async def sleep(seconds: float) -> None:
        app.clock.advance(seconds=seconds)
        await approved.wait()

    monkeypatch.setattr("gatewright_client.device.anyio.sleep", sleep)
    async with anyio.create_task_group() as tasks:
        (await sign_in_with_device(device, "cli", progress=Approved())).unwrap()
    assert device.session.data is not None
    assert device.session.data.user.email == "ada@example.com"


def issued(**more: str) -> Issued:
    return Issued(
        device_code="secret",
        user_code=more.get("user_code", "ABCD-EFGH"),
        verification_uri=f"{ORIGIN}/device",
        verification_uri_complete=f"{ORIGIN}/device?user_code=ABCD-EFGH",
        expires_in=60,
        interval=5,
    )


def test_a_terminal_shows_where_to_go_and_what_to_type(monkeypatch: pytest.MonkeyPatch) -> None:
    for without in (False, True):
        if without:
            monkeypatch.setitem(sys.modules, "rich.console", None)
        stream = io.StringIO()
        progress = terminal_progress(stream)
        assert isinstance(progress, PlainProgress if without else RichProgress)
        progress.show(issued())
        progress.wait(timedelta(seconds=61))
        progress.wait(timedelta(seconds=56))
        progress.end()
        said = stream.getvalue()
        assert f"{ORIGIN}/device" in said
        assert "ABCD-EFGH" in said
        assert "secret" not in said


def test_a_server_cannot_move_the_cursor_of_the_terminal() -> None:
    for progress in (PlainProgress(stream := io.StringIO()), terminal_progress(stream)):
        progress.show(issued(user_code="\x1b[2JABCD[/bold]"))
        progress.end()
    assert "\x1b[2J" not in stream.getvalue()
    assert "[2JABCD[/bold]" in stream.getvalue()
