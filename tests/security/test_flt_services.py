"""FLT against real services: PostgreSQL, MariaDB and Redis that refuse, freeze, come back, or have few connections."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import anyio
import pytest
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import QueuePool
from tests.contract.adapters import test_mariadb as mariadb
from tests.contract.adapters import test_postgres as postgres
from tests.contract.adapters import test_redis as redis
from tests.security.attacker import SIGN_IN, SIGN_UP, all_at_once, app_on, statuses
from tests.security.proxy import Proxy

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer, Browser
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.redis import RedisCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.transports import engine as transport

pytestmark = pytest.mark.anyio

PATIENCE = 0.6
"""Instead of the five seconds that a statement may take."""

CALLS: list[tuple[str, str, object]] = [
    ("GET", "/get-session", None),
    ("GET", "/list-sessions", None),
    ("POST", "/sign-up/email", {**SIGN_UP, "email": "new@example.com"}),
    ("POST", "/sign-in/email", SIGN_IN),
    ("POST", "/update-user", {"name": "Ada L."}),
    ("POST", "/change-password", {"currentPassword": "password-1234", "newPassword": "password-9999"}),
    ("POST", "/sign-out", {}),
]


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """What speaks to these services runs on asyncio only."""
    return str(request.param)


class Served:
    """A database behind a proxy, and an engine that goes through it."""

    def __init__(self, proxy: Proxy, engine: AsyncEngine) -> None:
        self.proxy = proxy
        self.engine = engine

    def lent(self) -> int:
        """Connections that the pool has given and not got back."""
        pool = self.engine.pool
        assert isinstance(pool, QueuePool)
        return pool.checkedout()


Serve = Callable[..., Any]


@pytest.fixture(params=["asyncpg", "psycopg", "aiomysql", "asyncmy"])
async def serve(request: pytest.FixtureRequest, anyio_backend: str) -> AsyncIterator[Serve]:
    driver: str = request.param
    server = postgres if driver in ("asyncpg", "psycopg") else mariadb
    pytest.importorskip(driver)
    if reason := await server.refusal():
        pytest.skip(reason)
    async with server.engine_of_its_own(server.URL, driver) as direct:

        @asynccontextmanager
        async def served(**pool: Any) -> AsyncGenerator[Served]:
            url = direct.url
            proxy = Proxy(url.host or "127.0.0.1", url.port or (5432 if server is postgres else 3306))
            await proxy.start()
            arguments: dict[str, Any] = {}
            if server is postgres:
                async with direct.connect() as connection:
                    schema = (await connection.exec_driver_sql("SELECT current_schema()")).scalar_one()
                arguments = (
                    {"server_settings": {"search_path": schema}}
                    if driver == "asyncpg"
                    else {"options": f"-c search_path={schema}"}
                )
            engine = create_async_engine(
                url.set(host="127.0.0.1", port=proxy.port),
                connect_args=arguments,
                **{"pool_size": 5, "max_overflow": 0, **pool},
            )
            try:
                yield Served(proxy, engine)
            finally:
                await proxy.recover()
                await engine.dispose()
                await proxy.stop()

        yield served


def unavailable(answer: Answer) -> None:
    assert (answer.status, answer.json["code"]) == (503, "SERVICE_UNAVAILABLE"), answer
    assert answer.header("retry-after") == "1"
    assert not [line for line in answer.cookies if "session_token=" in line and "Max-Age=0" not in line]


async def sent(browser: Browser, method: str, path: str, body: object) -> Answer:
    return await (browser.get(path) if method == "GET" else browser.post(path, body))


def another(app: TestApp, browser: Browser) -> Browser:
    """With the same cookies."""
    own = app.browser()
    own.jar.update(browser.jar)
    return own


async def test_flt_08_and_10_a_database_that_refuses_is_a_503_until_it_is_back(serve: Serve) -> None:
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        browser = await app.signed_up()
        await served.proxy.refuse()
        for method, path, body in CALLS:
            began = time.perf_counter()
            unavailable(await sent(another(app, browser), method, path, body))
            assert time.perf_counter() - began < 2, path
        await served.proxy.recover()
        assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
        assert (await app.browser().post("/sign-in/email", SIGN_IN)).status == 200
        assert served.lent() == 0
        assert await app.auth.services.database.count(User) == 1


async def test_flt_09_and_10_a_frozen_database_is_a_503_in_time(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        browser = await app.signed_up()
        monkeypatch.setattr(transport, "TIMEOUT_SECONDS", PATIENCE)
        served.proxy.freeze()
        began = time.perf_counter()
        answers = await all_at_once([partial(sent, another(app, browser), *call) for call in CALLS])
        # The wait for a connection, and the statement.
        assert time.perf_counter() - began < 3 * PATIENCE + 1
        for answer in answers:
            unavailable(answer)
        await served.proxy.recover()
        monkeypatch.undo()
        began = time.perf_counter()
        assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"
        assert time.perf_counter() - began < 2
        assert served.lent() == 0


async def test_flt_16_a_pool_of_five_serves_three_hundred(serve: Serve) -> None:
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        browser = await app.signed_up()

        async def one(number: int) -> Answer:
            match number % 4:
                case 0:
                    new = {**SIGN_UP, "email": f"user{number}@example.com"}
                    return await app.browser().post("/sign-up/email", new)
                case 1:
                    return await another(app, browser).post("/update-user", {"name": f"Ada {number}"})
                case 2:
                    return await another(app, browser).get("/list-sessions")
                case _:
                    return await another(app, browser).get("/get-session")

        # Each statement may wait five seconds, so that together they take long on a machine that is busy; not for ever.
        with anyio.fail_after(300):
            answers = await all_at_once([partial(one, number) for number in range(300)])
        assert set(statuses(answers)) <= {200, 503}
        assert served.lent() == 0
        database = app.auth.services.database
        assert await database.count(User) == await database.count(Account)
        assert (await browser.get("/get-session")).json is not None


async def test_flt_17_one_connection_is_enough(serve: Serve) -> None:
    seen: list[str] = []

    async def before(values: Any, context: object) -> None:
        seen.append("before")

    async def after(values: Any, context: object) -> None:
        seen.append(str(await app.auth.services.database.count(User)))

    hooks = {"user": {"create": {"before": before, "after": after}}, "session": {"create": {"before": before}}}
    async with serve(pool_size=1) as served:
        app = await app_on(SQLAlchemyAdapter(served.engine), {"database_hooks": hooks})
        with anyio.fail_after(4):
            browser = await app.signed_up()
        assert seen == ["before", "before", "1"]
        assert (await browser.get("/get-session")).json is not None
        assert served.lent() == 0


async def test_flt_18_and_19_callers_that_leave_give_their_connections_back(serve: Serve) -> None:
    chance = random.Random(20260101)
    async with serve() as served:
        app = await app_on(SQLAlchemyAdapter(served.engine))
        await app.signed_up()

        async def leaves(number: int) -> None:
            with anyio.move_on_after(chance.uniform(0, 0.05)):
                if number % 2:
                    await app.browser().post("/sign-in/email", SIGN_IN)
                else:
                    await app.browser().post("/sign-up/email", {**SIGN_UP, "email": f"user{number}@example.com"})

        for _ in range(3):
            await all_at_once([partial(leaves, number) for number in range(30)])
        database = app.auth.services.database
        users = {row.id for row in await database.find_many(User)}
        assert users == {row.user_id for row in await database.find_many(Account)}
        assert {row.user_id for row in await database.find_many(Session)} <= users
        assert (await app.browser().post("/sign-in/email", SIGN_IN)).status == 200
        assert served.lent() == 0


@pytest.fixture
async def redis_proxy(anyio_backend: str) -> AsyncIterator[Proxy]:
    if reason := await redis.refusal():
        pytest.skip(reason)
    there = urlsplit(redis.URL)
    proxy = Proxy(there.hostname or "127.0.0.1", there.port or 6379)
    await proxy.start()
    yield proxy
    await proxy.stop()


@pytest.mark.parametrize("fault", ["refuses", "hangs"])
@pytest.mark.parametrize("kept", [False, True], ids=["in redis only", "in the database too"])
async def test_flt_12_13_and_34_a_redis_that_fails_is_an_answer_in_time(
    redis_proxy: Proxy, fault: str, kept: bool
) -> None:
    client: Any = redis.Redis(host="127.0.0.1", port=redis_proxy.port)
    cache = RedisCache(client, prefix=f"gatewright-{secrets.token_hex(6)}:")
    limits = {"rate_limit": {"enabled": True, "window": 60, "max": 1000}}
    app = await app_on(MemoryAdapter(), {"session": {"store_session_in_database": kept}, **limits}, cache=cache)
    browser = await app.signed_up()
    old = another(app, browser)
    if fault == "refuses":
        await redis_proxy.refuse()
    else:
        redis_proxy.freeze()
    answers: dict[str, Answer] = {}
    for method, path, body in CALLS:
        began = time.perf_counter()
        answers[path] = await sent(another(app, browser), method, path, body)
        assert time.perf_counter() - began < 2.5, path
    for path, answer in answers.items():
        # Never an error of ours, never a session for nobody.
        assert answer.status in (200, 401, 503), (path, answer)
    if not kept:
        unavailable(answers["/get-session"])
    await redis_proxy.recover()
    # What was answered with success about the session is true afterwards.
    left = await old.get("/get-session")
    assert left.status == 200
    if answers["/sign-out"].status == 200:
        assert left.json is None
    elif not kept:
        assert left.json["user"]["email"] == "ada@example.com"
    await client.aclose()


async def test_flt_14_another_kind_of_value_in_redis_is_no_session(redis_proxy: Proxy) -> None:
    client: Any = redis.Redis(host="127.0.0.1", port=redis_proxy.port)
    prefix = f"gatewright-{secrets.token_hex(6)}:"
    app = await app_on(MemoryAdapter(), cache=RedisCache(client, prefix=prefix))
    browser = await app.signed_up()
    keys = [key async for key in client.scan_iter(match=f"{prefix}*")]
    assert keys
    for value in (b"{", b"[]", b"null", b"\xff\xfe", b'{"session":{"id":1},"user":7}'):
        for key in keys:
            await client.set(key, value)
        answer = await another(app, browser).get("/get-session")
        assert (answer.status, answer.json) == (200, None) or answer.status == 503, (value, answer)
    for key in keys:
        await client.delete(key)
        await client.rpush(key, "item")
    assert (await another(app, browser).get("/get-session")).status in (200, 503)
    for key in keys:
        await client.delete(key)
    assert (await another(app, browser).get("/get-session")).json is None  # FLT-15
    await client.aclose()


def test_the_bound_is_the_catalogues() -> None:
    assert transport.TIMEOUT_SECONDS <= 5
