"""What a million users cost: every request of a database of ten thousand and of one of a million, one after the other.

Both databases are in the machine's memory: what a page from a busy disk costs is not what is bounded. Each request of one is
compared with the request of the other beside it, so that whatever else the machine does is on both sides. Sign-in hashes at a fraction of what it costs in production, so that the database shows. The first total of a list is not in
the figures, and is shown for itself: totals of many rows are kept for a minute.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import TypeAlias
from urllib.parse import quote

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine
from tests.bench.test_cost import show

from gatewright.plugins.admin import Admin, AdminUser
from gatewright.plugins.organization import Organization
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer, Browser
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("anyio_backend", ["asyncio"])]

POSTGRES = os.environ.get("GATEWRIGHT_POSTGRES", "postgresql+asyncpg://root@127.0.0.1:5432/test")
FEW, MANY = 10_000, 1_000_000
ROUNDS, PAGES = 150, 25
PASSWORD = "password-1234"
Place: TypeAlias = "tuple[SQLAlchemyAdapter, Callable[[str], Awaitable[None]]]"


class World:
    """One application with many users, and who asks it."""

    def __init__(self, app: TestApp, root: Browser, organization: str, users: int) -> None:
        self.app, self.root, self.organization, self.users = app, root, organization, users
        self._number = 0

    def someone(self) -> int:
        """Another user each time who is not banned, spread over all of them."""
        self._number += 1
        return (self._number * 7919 * 62 + 1) % self.users

    def browser_of(self, number: int) -> Browser:
        """A browser with the session of a user."""
        browser = self.app.browser()
        browser.jar["better-auth.session_token"] = quote(
            self.app.auth.blueprint.plan.signer.sign(f"token-{number:07}"), safe=""
        )
        return browser


def each_request(world: World) -> dict[str, tuple[int, float, Callable[[], Awaitable[Answer]]]]:
    """By name: how often, how many times as much it may cost, and what is asked."""
    page, app = "/admin/list-users?limit=100", world.app

    def of_someone(path: str) -> Callable[[], Awaitable[Answer]]:
        return lambda: world.browser_of(world.someone()).get(path)

    def listed(path: str) -> Callable[[], Awaitable[Answer]]:
        return lambda: world.root.get(path)

    async def sign_in() -> Answer:
        body = {"email": f"user{world.someone():07}@example.com", "password": PASSWORD}
        return await app.browser().post("/sign-in/email", body)

    async def searched() -> Answer:
        start = f"user{world.someone():07}"[:-1]
        return await world.root.get(f"{page}&searchField=email&searchOperator=starts_with&searchValue={start}")

    async def named() -> Answer:
        start = f"Ada%20{world.someone():07}"[:-1]
        return await world.root.get(f"{page}&searchField=name&searchOperator=starts_with&searchValue={start}")

    async def sessions() -> Answer:
        return await world.root.post("/admin/list-user-sessions", {"userId": f"user-{world.someone():07}"})

    members = f"/organization/list-members?organizationId={world.organization}"
    return {
        "get-session": (ROUNDS, 1.3, of_someone("/get-session")),
        "sign-in": (ROUNDS, 1.3, sign_in),
        "list-sessions": (ROUNDS, 1.3, of_someone("/list-sessions")),
        "list-accounts": (ROUNDS, 1.3, of_someone("/list-accounts")),
        "organization/list": (ROUNDS, 1.3, of_someone("/organization/list")),
        "list-user-sessions": (ROUNDS, 1.3, sessions),
        "list-users": (PAGES, 2, listed(page)),
        "list-users by address": (PAGES, 2, listed(f"{page}&sortBy=email&sortDirection=desc")),
        "list-users by name": (PAGES, 2, listed(f"{page}&sortBy=name&sortDirection=asc")),
        "list-users, newest first": (PAGES, 2, listed(f"{page}&sortBy=createdAt&sortDirection=desc")),
        "list-users, banned": (PAGES, 2, listed(f"{page}&filterField=banned&filterValue=true")),
        "list-users, address begins": (PAGES, 2, searched),
        "list-users, name begins": (PAGES, 2, named),
        "list-members": (PAGES, 2, listed(members)),
        "page-members": (PAGES, 2, listed(members.replace("list-", "page-"))),
    }


USERS = """INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt", role, banned)
  SELECT 'user-' || {n}, 'Ada ' || {n}, 'user' || {n} || '@example.com', {true}, {moment}, {moment}, 'user', {banned}
  FROM {numbers}"""
SESSIONS = """INSERT INTO session (id, token, "userId", "createdAt", "updatedAt", "expiresAt")
  SELECT 'session-' || {n}, 'token-' || {n}, 'user-' || {n}, {now}, {now}, {later} FROM {numbers}"""
ACCOUNTS = """INSERT INTO account (id, issuer, "accountId", "providerId", "userId", password, "createdAt", "updatedAt")
  SELECT 'account-' || {n}, 'local:credential', 'user-' || {n}, 'credential', 'user-' || {n}, '{hash}', {moment}, {moment}
  FROM {numbers}"""
MEMBERS = """INSERT INTO member (id, "organizationId", "userId", role, "createdAt")
  SELECT 'member-' || {n}, '{organization}', 'user-' || {n}, 'member', {moment} FROM {numbers}"""


def written(users: int, *, sqlite: bool) -> dict[str, str]:
    """What stands for itself in the statements above."""
    if sqlite:
        return {
            "n": "printf('%07d', n)",
            "true": "1",
            "banned": f"n % {users // 50} = 0",
            "moment": "strftime('%Y-%m-%dT%H:%M:%S.000Z', 1767225600 - n, 'unixepoch')",
            "now": "'2026-01-01T11:00:00.000Z'",
            "later": "'2026-01-08T11:00:00.000Z'",
            "numbers": f"(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {users - 1}) SELECT n FROM s)",
        }
    return {
        "n": "lpad(n::text, 7, '0')",
        "true": "true",
        "banned": f"n % {users // 50} = 0",
        "moment": "to_timestamp(1767225600 - n)",
        "now": "timestamptz '2026-01-01 11:00Z'",
        "later": "timestamptz '2026-01-08 11:00Z'",
        "numbers": f"generate_series(0, {users - 1}) AS n",
    }


@asynccontextmanager
async def peopled(place: Place, users: int) -> AsyncGenerator[World]:
    adapter, execute = place
    app = make_app({"rate_limit": {"enabled": False}}, adapter=adapter, plugins=[Admin(), Organization()])
    async with app.auth:
        await app.auth.create_tables()
        root = await app.signed_up("root@example.com")
        made = (await root.post("/organization/create", {"name": "Acme", "slug": "acme"})).json["id"]
        db = app.auth.services.database
        await db.update_one(AdminUser, AdminUser.email.eq("root@example.com"), set=[AdminUser.role.to("admin")])
        hashed = await app.auth.services.passwords.hash(PASSWORD)
        known = written(users, sqlite=adapter.transport == "sqlite")
        for statement in (USERS, SESSIONS, ACCOUNTS, MEMBERS):
            await execute(statement.format(**known, hash=hashed, organization=made))
        await execute("ANALYZE")
        yield World(app, root, made, users)
        await adapter.close()


async def compared(few: World, many: World, capsys: pytest.CaptureFixture[str], clock: Callable[[], float]) -> None:
    """Ask both in turn, and bound the one by the other."""
    over: dict[str, float] = {}
    asked = zip(each_request(few).items(), each_request(many).values(), strict=True)
    for (name, (rounds, bound, one)), (_, _, other) in asked:
        first = await spent(other, clock)
        await spent(one, clock)
        costs: tuple[list[float], list[float]] = ([], [])
        for number in range(rounds):
            for at in (0, 1) if number % 2 else (1, 0):
                costs[at].append(await spent((one, other)[at], clock))
        small, large = (statistics.median(each) for each in costs)
        times = statistics.median(b / a for a, b in zip(*costs, strict=True))
        show(
            capsys,
            f"{name:27} {small:7.2f} ms of {FEW:,}, {large:7.2f} ms of {MANY:,}: {times:.2f} times; first {first:.1f} ms",
        )
        if times > bound:
            over[name] = times
    assert over == {}


async def spent(ask: Callable[[], Awaitable[Answer]], clock: Callable[[], float]) -> float:
    """Milliseconds for a request that is answered well."""
    before = clock()
    answer = await ask()
    passed = (clock() - before) * 1000
    assert answer.status == 200, answer
    assert answer.body not in (b"null", b"[]")
    return passed


async def test_a_million_users_in_sqlite(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def place(name: str) -> Place:
        engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / name}")

        async def execute(statement: str) -> None:
            async with engine.begin() as connection:
                await connection.execute(text(statement.replace(":", "\\:")))
            await engine.dispose()

        return SQLAlchemyAdapter.sqlite(tmp_path / name), execute

    async with peopled(await place("few.db"), FEW) as few, peopled(await place("many.db"), MANY) as many:
        _read_once(tmp_path)
        await compared(few, many, capsys, time.process_time)


def _read_once(folder: Path) -> None:
    """Bring the files of a folder into the machine's memory."""
    for path in folder.iterdir():
        with path.open("rb") as file:
            while file.read(1 << 24):
                pass


async def test_a_million_users_in_postgresql(capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("asyncpg", reason="asyncpg is not installed")
    async with AsyncExitStack() as stack:
        places = [await stack.enter_async_context(_postgres(name)) for name in ("bench_few", "bench_many")]
        few = await stack.enter_async_context(peopled(places[0], FEW))
        many = await stack.enter_async_context(peopled(places[1], MANY))
        await compared(few, many, capsys, time.perf_counter)


@asynccontextmanager
async def _postgres(schema: str) -> AsyncGenerator[Place]:
    admin = create_async_engine(POSTGRES, connect_args={"timeout": 2})
    try:
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
            await connection.execute(text(f"CREATE SCHEMA {schema}"))
    except OSError as error:
        pytest.skip(f"no PostgreSQL answers: {type(error).__name__}")
    engine = create_async_engine(POSTGRES, connect_args={"server_settings": {"search_path": schema}})

    async def execute(statement: str) -> None:
        async with engine.connect() as connection:
            outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await outside.exec_driver_sql(statement)

    yield SQLAlchemyAdapter(engine), execute
    await engine.dispose()
    async with admin.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    await admin.dispose()
