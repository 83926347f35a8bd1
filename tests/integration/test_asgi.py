"""The ASGI application, message by message."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import httpx
import pytest

from gatewright.model.user import User
from gatewright.testing.app import TestApp, make_app
from gatewright_adapters.memory import MemoryAdapter
from gatewright_integrations.asgi import AuthApp

pytestmark = pytest.mark.anyio

BODY = json.dumps({"name": "Ada", "email": "ada@example.com", "password": "password-1234"}).encode()


def scope(
    method: str = "POST", path: str = "/api/auth/sign-up/email", headers: Sequence[tuple[bytes, bytes]] = ()
) -> Any:
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"host", b"localhost:3000"), (b"content-type", b"application/json"), *headers],
        "client": ("127.0.0.1", 1234),
        "server": ("localhost", 3000),
    }


class Wire:
    """What a server would say, and what it is told."""

    def __init__(self, *messages: dict[str, Any]) -> None:
        self.left = list(messages)
        self.sent: list[dict[str, Any]] = []

    async def receive(self) -> Any:
        assert self.left, "more was read than there is"
        return self.left.pop(0)

    async def send(self, message: Any) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return self.sent[0]["status"]


def part(body: bytes, *, more: bool = False) -> dict[str, Any]:
    return {"type": "http.request", "body": body, "more_body": more}


async def run(app: TestApp, wire: Wire, asked: Any = None) -> Wire:
    await AuthApp(app.auth)(asked or scope(), wire.receive, wire.send)
    return wire


async def count(app: TestApp) -> int:
    return await app.auth.services.database.count(User)


async def test_a_body_in_parts_is_one_body() -> None:
    app = make_app()
    wire = await run(app, Wire(*(part(BODY[at : at + 7], more=True) for at in range(0, len(BODY), 7)), part(b"")))
    assert wire.status == 200
    assert await count(app) == 1
    names = [name for name, _ in wire.sent[0]["headers"]]
    assert names.count(b"set-cookie") == 1
    assert dict(wire.sent[0]["headers"])[b"content-length"] == str(len(wire.sent[1]["body"])).encode()


async def test_parts_over_the_limit_are_refused_without_reading_the_rest() -> None:
    app = make_app({"advanced": {"max_body_bytes": 1000}})
    wire = Wire(*(part(b" " * 400, more=True) for _ in range(1000)))
    await run(app, wire)
    assert wire.status == 413
    assert len(wire.left) >= 996
    assert await count(app) == 0


@pytest.mark.parametrize("length", [b"1001", b"9" * 30, b"9" * 10_000, b"0" * 50 + b"1001"])
async def test_a_declared_length_over_the_limit_is_refused_unread(length: bytes) -> None:
    app = make_app({"advanced": {"max_body_bytes": 1000}})
    wire = await run(app, Wire(), scope(headers=[(b"content-length", length)]))
    assert wire.status == 413


@pytest.mark.parametrize("length", [b"-1", b"x", b"", b"1e3", b"\xb2", b"1,1", b"+1", b"0x10", b"1_0"])
async def test_a_length_that_is_no_number_is_refused(length: bytes) -> None:
    wire = await run(make_app(), Wire(part(BODY)), scope(headers=[(b"content-length", length)]))
    assert wire.status == 400


async def test_two_lengths_that_differ_are_refused_and_equal_ones_are_one() -> None:
    own = str(len(BODY)).encode()
    differ = [(b"content-length", own), (b"content-length", b"5")]
    assert (await run(make_app(), Wire(part(BODY)), scope(headers=differ))).status == 400
    same = [(b"content-length", own), (b"content-length", own)]
    assert (await run(make_app(), Wire(part(BODY)), scope(headers=same))).status == 200


async def test_a_caller_who_leaves_early_does_nothing() -> None:
    for messages in ([{"type": "http.disconnect"}], [part(BODY[:9], more=True), {"type": "http.disconnect"}]):
        app = make_app()
        wire = await run(app, Wire(*messages))
        assert wire.sent == []
        assert await count(app) == 0


async def test_head_sends_no_body() -> None:
    wire = await run(make_app(), Wire(part(b"")), scope("HEAD", "/api/auth/ok"))
    assert wire.sent[1]["body"] == b""


async def test_a_websocket_is_closed() -> None:
    wire = Wire({"type": "websocket.connect"})
    await AuthApp(make_app().auth)({"type": "websocket"}, wire.receive, wire.send)
    assert wire.sent == [{"type": "websocket.close", "code": 1000}]


async def test_the_lifespan_is_the_instances_own() -> None:
    wire = Wire({"type": "lifespan.startup"}, {"type": "lifespan.shutdown"})
    await AuthApp(make_app().auth)({"type": "lifespan"}, wire.receive, wire.send)
    assert [message["type"] for message in wire.sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


class Broken(MemoryAdapter):
    async def open(self) -> None:
        raise OSError("no database")


async def test_a_start_that_fails_is_told_to_the_server() -> None:
    wire = Wire({"type": "lifespan.startup"})
    await AuthApp(make_app(adapter=Broken()).auth)({"type": "lifespan"}, wire.receive, wire.send)
    assert wire.sent == [{"type": "lifespan.startup.failed", "message": "OSError: no database"}]


async def test_a_client_signs_up_and_is_known() -> None:
    transport = httpx.ASGITransport(AuthApp(make_app().auth))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000/api/auth") as client:
        origin = {"origin": "http://localhost:3000"}
        made = await client.post("/sign-up/email", content=BODY, headers={"content-type": "application/json"})
        assert made.status_code == 200
        assert (await client.get("/get-session")).json()["user"]["email"] == "ada@example.com"
        assert (await client.post("/sign-out", json={})).status_code == 403
        assert (await client.post("/sign-out", json={}, headers=origin)).json() == {"success": True}
        assert (await client.get("/get-session")).json() is None


async def test_a_raw_path_is_not_decoded() -> None:
    for path, raw in (("/api/auth/ok", b"/api/auth/%6fk"), ("/api/auth/ok", b"/api/auth/x/%2e%2e/ok")):
        asked = scope("GET", path) | {"raw_path": raw}
        assert (await run(make_app(), Wire(), asked)).status == 404
    without = scope("GET", "/api/auth/ok")
    del without["raw_path"]
    assert (await run(make_app(), Wire(), without)).status == 200
