"""What organizations cost: statements of a permission check, and pages of an organization that is large."""

from __future__ import annotations

import asyncio
import sqlite3
import statistics
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from tests.bench.test_cost import ORIGIN, SECRET, show
from tests.contract.adapters import test_postgres

from gatewright.auth import Auth
from gatewright.plugins.organization import Organization, OrganizationOptions
from gatewright.ports.adapter import Adapter
from gatewright.settings.settings import Settings
from gatewright.testing.browser import Browser
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

MOMENT = "2026-01-01T00:00:00.000Z"
READS = ("select", "select_pair", "select_listed", "count")


def instance(adapter: Adapter, options: Mapping[str, Any] | None = None) -> Auth[Any]:
    settings = Settings.load(
        {
            "secret": SECRET,
            "base_url": ORIGIN,
            "rate_limit": {"enabled": False},
            "email_and_password": {"enabled": True},
        }
    )
    return Auth(settings, adapter, plugins=[Organization(OrganizationOptions.model_validate(options or {}))])


async def founded(auth: Auth[Any]) -> tuple[Browser, str]:
    await auth.create_tables()
    browser = Browser(auth)
    await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": "password-1234"})
    made = await browser.post("/organization/create", {"name": "Acme", "slug": "acme"})
    return browser, made.json["id"]


@pytest.mark.parametrize("dynamic", [False, True])
def test_a_permission_is_one_statement_beside_the_session(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], dynamic: bool
) -> None:
    asked: list[str] = []

    async def work() -> None:
        async with instance(MemoryAdapter(), {"dynamic_access_control": {"enabled": dynamic}}) as auth:
            browser, _ = await founded(auth)
            for name in READS:
                method = getattr(MemoryAdapter, name)

                async def counted(self: Any, query: Any, method: Any = method) -> Any:
                    asked.append(query.table.name)
                    return await method(self, query)

                monkeypatch.setattr(MemoryAdapter, name, counted)
            answer = await browser.post("/organization/has-permission", {"permissions": {"member": ["create"]}})
            assert answer.json["success"] is True

    anyio.run(work)
    show(capsys, f"has-permission reads {', '.join(asked)}")
    assert asked == ["session", "member"]


Fill = Callable[[str], Awaitable[None]]
"""Puts members into an organization, past the instance."""


def into_sqlite(path: Path, members: int) -> Fill:
    async def fill(here: str) -> None:
        with sqlite3.connect(path) as connection:
            connection.executemany(
                'INSERT INTO user (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES (?, ?, ?, 1, ?, ?)',
                ((f"u{number}", "Ada", f"u{number}@example.com", MOMENT, MOMENT) for number in range(members)),
            )
            connection.executemany(
                'INSERT INTO member (id, "organizationId", "userId", role, "createdAt") VALUES (?, ?, ?, ?, ?)',
                ((f"m{number}", here, f"u{number}", "member", MOMENT) for number in range(members)),
            )

    return fill


def into_postgres(engine: AsyncEngine, members: int) -> Fill:
    async def fill(here: str) -> None:
        async with engine.begin() as connection:
            await connection.execute(
                text(
                    'INSERT INTO "user" (id, name, email, "emailVerified", "createdAt", "updatedAt")'
                    " SELECT 'u' || n, 'Ada', 'u' || n || '@example.com', true, now(), now()"
                    " FROM generate_series(1, :members) n"
                ),
                {"members": members},
            )
            await connection.execute(
                text(
                    'INSERT INTO member (id, "organizationId", "userId", role, "createdAt")'
                    " SELECT 'm' || n, :here, 'u' || n, 'member', now() FROM generate_series(1, :members) n"
                ),
                {"members": members, "here": here},
            )
        async with engine.connect() as connection:
            alone = await connection.execution_options(isolation_level="AUTOCOMMIT")
            await alone.execute(text("VACUUM ANALYZE"))

    return fill


@dataclass(frozen=True)
class Costs:
    """Milliseconds for the first page: with a total that is counted, with one that is kept, and by cursor."""

    counted: float
    kept: float
    cursor: float


async def page_costs(adapter: Adapter, fill: Fill, clock: Callable[[], float]) -> Costs:
    """What pages cost of an organization of this size."""
    async with instance(adapter, {"keep_member_count": True}).unchecked() as kept:
        browser, here = await founded(kept)
        await fill(here)
        counting = Browser(instance(adapter))
        counting.jar.update(browser.jar)
        return Costs(
            await cost(counting, "list-members", clock),
            await cost(browser, "list-members", clock),
            await cost(browser, "page-members", clock),
        )


async def cost(browser: Browser, path: str, clock: Callable[[], float]) -> float:
    spent: list[float] = []
    for _ in range(40):
        before = clock()
        answer = await browser.get(f"/organization/{path}")
        spent.append((clock() - before) * 1000)
        assert len(answer.json["members"]) == 100
    return statistics.median(spent)


def report(capsys: pytest.CaptureFixture[str], store: str, few: Costs, many: Costs) -> None:
    for name in ("counted", "kept", "cursor"):
        less, more = getattr(few, name), getattr(many, name)
        show(
            capsys,
            f"{store}, {name}: {less:.2f} ms of 1 000 members, {more:.2f} ms of 100 000, {more / less:.2f} times",
        )


def test_a_page_of_many_members_costs_what_a_page_of_few_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def in_file(members: int) -> Costs:
        path = tmp_path / f"{members}.db"
        return anyio.run(page_costs, SQLAlchemyAdapter.sqlite(path), into_sqlite(path, members), time.process_time)

    few, many = in_file(1_000), in_file(100_000)
    report(capsys, "SQLite, CPU", few, many)
    # Where the organization does not keep the total, the store counts members for it once in a while.
    assert many.counted < few.counted * 1.5
    assert many.kept < few.kept * 1.5
    assert many.cursor < few.cursor * 1.5


def test_a_page_of_many_members_costs_what_a_page_of_few_costs_on_postgresql(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reason = asyncio.run(test_postgres.refusal())
    if reason:
        pytest.skip(reason)

    async def on_server(members: int) -> Costs:
        async with test_postgres.engine_of_its_own(test_postgres.URL) as engine:
            return await page_costs(SQLAlchemyAdapter(engine), into_postgres(engine, members), time.perf_counter)

    few, many = (anyio.run(on_server, size) for size in (1_000, 100_000))
    report(capsys, "PostgreSQL, waiting", few, many)
    assert many.counted < few.counted * 1.5
    assert many.kept < few.kept * 1.5
    assert many.cursor < few.cursor * 1.5
