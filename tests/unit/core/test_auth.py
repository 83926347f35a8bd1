"""Putting an instance together: what fits, what does not, and when it is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from gatewright.api import CoreApi
from gatewright.auth import Auth
from gatewright.blueprint import Blueprint
from gatewright.contract.faults import Unauthorized
from gatewright.contract.results import SessionData
from gatewright.contract.session import GetSession, ListSessions
from gatewright.contract.system import Error, Ok, Up
from gatewright.http.request import Request
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import handles
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.open_api import OpenApi, OpenApiApi
from gatewright.settings.settings import Settings
from gatewright.testing.app import SECRET, make_app
from gatewright.testing.clock import FrozenClock
from gatewright.wire.calls import Api, method
from gatewright.wire.faults import ConfigError
from gatewright.wire.operation import Operation, get
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


@get("/tea")
class Tea(Operation[Up]):
    """Tea, please."""


@get("/ok", name="otherOk")
class OtherOk(Operation[Up]):
    """Another operation at a known path."""


@handles(Tea)
async def tea(call: Call[Tea]) -> Up:
    return Up(ok=False)


@handles(OtherOk)
async def other_ok(call: Call[OtherOk]) -> Up:
    return Up(ok=False)


@handles(Ok)
async def again(call: Call[Ok]) -> Up:
    return Up()


class TeaApi(Api):
    tea = method(Tea)


class Clash(Api):
    ok = method(Tea)


class TeaPlugin(Plugin[TeaApi]):
    id = "tea"
    api_type = TeaApi

    def __init__(self, **parts: Any) -> None:
        self._parts: Mapping[str, Any] = parts or {"endpoints": (tea,)}

    def parts(self) -> Parts:
        return Parts(**self._parts)


def settings() -> Settings:
    return Settings.load({"secret": SECRET, "base_url": "http://localhost:3000"})


def test_methods_without_their_plugin_are_refused() -> None:
    class AppApi(CoreApi, TeaApi):
        """Everything."""

    with pytest.raises(ConfigError, match=r"AppApi\.tea needs a plugin that handles Tea"):
        Blueprint(settings(), api=AppApi)
    Blueprint(settings(), plugins=[TeaPlugin()], api=AppApi)


def test_two_operations_under_one_name_are_refused() -> None:
    class AppApi(CoreApi, Clash):
        """Two kinds of ok."""

    with pytest.raises(ConfigError, match="ok is Ok in CoreApi and Tea in Clash"):
        Blueprint(settings(), plugins=[TeaPlugin()], api=AppApi)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({"endpoints": (again,)}, "two handlers answer Ok"),
        ({"endpoints": (other_ok,)}, "two operations are served at GET /ok"),
        ({"replaces": {Tea: Ok}}, "Tea replaces Ok, but nothing handles it"),
        ({"aliases": (("GET", "/x", Tea),)}, "GET /x leads to Tea, but nothing handles it"),
        ({"aliases": (("GET", "/error", Ok),)}, "two operations are served at GET /error"),
    ],
)
def test_parts_that_do_not_fit_are_refused(parts: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        Blueprint(settings(), plugins=[TeaPlugin(**parts)])


async def test_a_replacing_operation_answers_at_its_path_and_for_the_old_one() -> None:
    plugin = TeaPlugin(endpoints=(other_ok,), replaces={OtherOk: Ok})
    app = make_app(plugins=[plugin])
    assert (await app.browser().get("/ok")).json == {"ok": False}
    assert await app.auth.execute(OtherOk()) == Up(ok=False)


async def test_one_blueprint_serves_several_databases() -> None:
    blueprint = Blueprint(settings(), plugins=[TeaPlugin()])
    one, two = blueprint.bind(MemoryAdapter()), blueprint.bind(MemoryAdapter())
    assert one.blueprint is two.blueprint
    assert one.services.database is not two.services.database
    for auth in (one, two):
        assert (await auth.handle(Request.make("GET", "http://localhost:3000/api/auth/tea"))).body == b'{"ok":false}'


async def test_an_operation_that_nothing_handles_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="no installed part handles Tea"):
        await make_app().auth.execute(Tea())


async def test_methods_of_a_plugin_are_reached_through_it() -> None:
    plugin = TeaPlugin()
    app = make_app(plugins=[plugin])
    assert await app.auth.of(plugin).tea() == Up(ok=False)


async def test_a_reply_holds_what_http_would_send() -> None:
    app = make_app()
    browser = await app.signed_up()
    app.clock.advance(days=2)
    reply = await app.auth.reply(GetSession(), {"Cookie": browser.cookie_header()})
    assert isinstance(reply.value, SessionData)
    assert reply.status == 200
    assert [name for name, _ in reply.headers] == ["set-cookie"]
    page = await app.auth.reply(Error(error="x"))
    assert page.status == page.value.status == 200


async def test_acting_for_a_caller_goes_through_the_guards() -> None:
    app = make_app()
    browser = await app.signed_up()
    with pytest.raises(Unauthorized):
        await app.auth.api.on({}).list_sessions()
    mine = await app.auth.api.on({"cookie": browser.cookie_header()}).list_sessions()
    assert [row.user_id for row in mine] == [(await browser.get("/get-session")).json["user"]["id"]]
    with pytest.raises(Unauthorized):
        await app.auth.execute(ListSessions(), {"cookie": "better-auth.session_token=x"})


class Watched(MemoryAdapter):
    def __init__(self, *, fails: bool = False) -> None:
        super().__init__()
        self.seen: list[str] = []
        self._fails = fails

    async def open(self) -> None:
        self.seen.append("open")
        if self._fails:
            raise OSError("no database")

    async def close(self) -> None:
        self.seen.append("close")


async def test_a_lifespan_opens_and_closes_once() -> None:
    adapter = Watched()
    auth = Auth(settings(), adapter)
    async with auth:
        assert adapter.seen == ["open"]
    assert adapter.seen == ["open", "close"]
    async with auth:
        pass
    assert adapter.seen == ["open", "close"] * 2


async def test_a_lifespan_that_cannot_begin_leaves_nothing_open() -> None:
    adapter = Watched(fails=True)
    with pytest.raises(OSError, match="no database"):
        async with Auth(settings(), adapter):
            raise AssertionError("nothing was opened")
    assert adapter.seen == ["open"]


async def test_work_after_the_reply_is_awaited_when_the_lifespan_ends() -> None:
    done: list[str] = []
    auth = Auth(settings(), MemoryAdapter())

    async def job() -> None:
        done.append("job")

    async def broken() -> None:
        raise RuntimeError("broken")

    async with auth:
        await auth.services.tasks.spawn(job, name="a job")
        await auth.services.tasks.spawn(broken, name="a broken job")
    assert done == ["job"]
    await auth.services.tasks.spawn(job, name="a job")
    assert done == ["job", "job"]


async def test_the_open_api_methods_come_with_the_plugin() -> None:
    class AppApi(CoreApi, OpenApiApi):
        """With the document."""

    auth = Auth(settings(), MemoryAdapter(), plugins=[OpenApi()], api=AppApi)
    document = await auth.api.generate_open_api_schema()
    assert document["openapi"] == "3.1.1"


def test_a_port_that_does_not_exist_is_refused() -> None:
    with pytest.raises(TypeError, match="unexpected keyword argument: clok"):
        Auth(settings(), MemoryAdapter(), clok=FrozenClock())  # pyright: ignore[reportCallIssue]
    clock = FrozenClock()
    assert Auth(settings(), MemoryAdapter(), clock=clock).services.clock is clock
