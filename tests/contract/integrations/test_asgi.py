"""The ASGI door without a server: cancellation, callers who leave, the lifespan, and values that no header may hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import anyio
import pytest

from gatewright.http.response import Response
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ConfigError
from gatewright_integrations.asgi import AuthApp, Message, Receive, Scope, Send, send_response
from gatewright_integrations.middleware import GatewrightMiddleware, caller_of

pytestmark = pytest.mark.anyio


def _scope(method: str = "GET", path: str = "/api/auth/ok", **more: Any) -> dict[str, Any]:
    headers = [
        (b"host", b"localhost:3000"),
        (b"origin", b"http://localhost:3000"),
        (b"content-type", b"application/json"),
    ]
    return {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers, **more}


class _Wire:
    """Both ends of a connection."""

    def __init__(self, messages: Sequence[Message]) -> None:
        self._messages = list(messages)
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        if not self._messages:
            await anyio.sleep_forever()
        return self._messages.pop(0)

    async def send(self, message: Message) -> None:
        self.sent.append(message)


async def test_a_scope_with_nothing_but_the_required_keys_is_answered() -> None:
    wire = _Wire([])
    await AuthApp(make_app().auth)(_scope(), wire.receive, wire.send)
    assert [wire.sent[0]["status"], wire.sent[1]["body"]] == [200, b'{"ok":true}']


async def test_nothing_is_answered_to_a_caller_who_left() -> None:
    part = {"type": "http.request", "body": b"{", "more_body": True}
    for messages in ([{"type": "http.disconnect"}], [part, {"type": "http.disconnect"}]):
        wire = _Wire(messages)
        await AuthApp(make_app().auth)(_scope("POST", "/api/auth/sign-in/email"), wire.receive, wire.send)
        assert wire.sent == []


async def test_cancellation_reaches_the_server_and_nothing_is_answered() -> None:
    app = make_app()
    wire = _Wire([{"type": "http.request", "body": b"{", "more_body": True}])
    with anyio.move_on_after(0.05) as scope:
        await AuthApp(app.auth)(_scope("POST", "/api/auth/sign-in/email"), wire.receive, wire.send)
    assert (scope.cancelled_caught, wire.sent, app.log.lines) == (True, [], [])


async def test_a_websocket_is_refused() -> None:
    wire = _Wire([{"type": "websocket.connect"}])
    await AuthApp(make_app().auth)(
        {"type": "websocket", "path": "/api/auth/ok", "headers": []}, wire.receive, wire.send
    )
    assert [message["type"] for message in wire.sent] == ["websocket.close"]


@pytest.mark.parametrize("value", ["a\r\nset-cookie: b=c", "a\nb", "a\x00b", "\u2603"])
async def test_no_value_ends_its_header_line(value: str) -> None:
    wire = _Wire([])
    await send_response(Response(302, (("location", value),)), wire.send)
    sent = dict(wire.sent[0]["headers"])[b"location"]
    assert sent.isascii()
    assert not set(sent) & {0, 10, 13}


@pytest.mark.parametrize(("status", "lengths"), [(200, [b"0"]), (204, []), (304, [])])
async def test_an_answer_without_a_body_by_definition_has_no_length(status: int, lengths: list[bytes]) -> None:
    wire = _Wire([])
    await send_response(Response(status), wire.send)
    assert [value for name, value in wire.sent[0]["headers"] if name == b"content-length"] == lengths


STEPS: list[Message] = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}]
DONE = ["lifespan.startup.complete", "lifespan.shutdown.complete"]


class _Watched:
    """An adapter's opening and closing, written down."""

    def __init__(self, app: TestApp, *, fails: bool = False) -> None:
        self.seen: list[str] = []
        adapter: Any = app.adapter

        async def opened() -> None:
            self.seen.append("open")
            if fails:
                raise OSError("no database")

        async def closed() -> None:
            self.seen.append("close")

        adapter.open, adapter.close = opened, closed


async def _with_lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    for step in ("startup", "shutdown"):
        await receive()
        await send({"type": f"lifespan.{step}.complete"})


async def _refuses(scope: Scope, receive: Receive, send: Send) -> None:
    raise ValueError("no lifespan here")


async def _ignores(scope: Scope, receive: Receive, send: Send) -> None:
    return


async def _swallows(scope: Scope, receive: Receive, send: Send) -> None:
    await receive()


@pytest.mark.parametrize("inner", [None, _with_lifespan, _refuses, _ignores, _swallows])
async def test_the_instance_is_open_between_startup_and_shutdown(inner: Any) -> None:
    app = make_app()
    watched, wire = _Watched(app), _Wire(STEPS)
    door: Any = AuthApp(app.auth) if inner is None else GatewrightMiddleware(inner, app.auth)
    await door({"type": "lifespan"}, wire.receive, wire.send)
    assert [message["type"] for message in wire.sent] == DONE
    assert watched.seen == ["open", "close"]


@pytest.mark.parametrize("inner", [None, _with_lifespan])
async def test_an_instance_that_cannot_open_stops_the_server(inner: Any) -> None:
    app = make_app()
    _Watched(app, fails=True)
    wire = _Wire(STEPS)
    door: Any = AuthApp(app.auth) if inner is None else GatewrightMiddleware(inner, app.auth)
    await door({"type": "lifespan"}, wire.receive, wire.send)
    assert [message["type"] for message in wire.sent] == ["lifespan.startup.failed"]


async def test_an_application_that_fails_while_it_serves_still_closes_the_instance() -> None:
    async def fails(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "lifespan.startup.complete"})
        raise RuntimeError("while serving")

    app = make_app()
    watched, wire = _Watched(app), _Wire(STEPS)
    with pytest.raises(RuntimeError, match="while serving"):
        await GatewrightMiddleware(fails, app.auth)({"type": "lifespan"}, wire.receive, wire.send)
    assert watched.seen == ["open", "close"]


async def test_a_caller_is_found_only_behind_the_middleware() -> None:
    with pytest.raises(ConfigError, match="GatewrightMiddleware"):
        caller_of({"type": "http"})


async def test_an_instance_at_the_root_leaves_nothing_to_the_application() -> None:
    with pytest.raises(ConfigError, match="base path"):
        GatewrightMiddleware(_ignores, make_app({"base_path": "/"}).auth)
