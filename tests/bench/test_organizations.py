"""What organizations cost: statements of a permission check, and pages of an organization that is large."""

from __future__ import annotations

import sqlite3
import statistics
import time
from pathlib import Path
from typing import Any

import anyio
import pytest
from tests.bench.test_cost import ORIGIN, SECRET, show

from gatewright.auth import Auth
from gatewright.plugins.organization import Organization
from gatewright.ports.adapter import Adapter
from gatewright.settings.settings import Settings
from gatewright.testing.app import Browser
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

MOMENT = "2026-01-01T00:00:00.000Z"
READS = ("select", "select_pair", "count")


def instance(adapter: Adapter) -> Auth[Any]:
    settings = Settings.load(
        {
            "secret": SECRET,
            "base_url": ORIGIN,
            "rate_limit": {"enabled": False},
            "email_and_password": {"enabled": True},
        }
    )
    return Auth(settings, adapter, plugins=[Organization()])


async def founded(auth: Auth[Any]) -> tuple[Browser, str]:
    await auth.create_tables()
    browser = Browser(auth)
    await browser.post("/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": "password-1234"})
    made = await browser.post("/organization/create", {"name": "Acme", "slug": "acme"})
    return browser, made.json["id"]


def test_a_permission_is_one_statement_beside_the_session(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []

    async def work() -> None:
        async with instance(MemoryAdapter()) as auth:
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


async def page_costs(path: Path, members: int) -> tuple[float, float]:
    """Milliseconds of CPU for the first page, with a total and by cursor."""
    async with instance(SQLAlchemyAdapter.sqlite(path)) as auth:
        browser, here = await founded(auth)
        with sqlite3.connect(path) as connection:
            connection.executemany(
                'INSERT INTO user (id, name, email, "emailVerified", "createdAt", "updatedAt") VALUES (?, ?, ?, 1, ?, ?)',
                ((f"u{number}", "Ada", f"u{number}@example.com", MOMENT, MOMENT) for number in range(members)),
            )
            connection.executemany(
                'INSERT INTO member (id, "organizationId", "userId", role, "createdAt") VALUES (?, ?, ?, ?, ?)',
                ((f"m{number}", here, f"u{number}", "member", MOMENT) for number in range(members)),
            )
        return await cost(browser, "list-members"), await cost(browser, "page-members")


async def cost(browser: Browser, path: str) -> float:
    spent: list[float] = []
    for _ in range(20):
        before = time.process_time()
        answer = await browser.get(f"/organization/{path}")
        spent.append((time.process_time() - before) * 1000)
        assert len(answer.json["members"]) == 100
    return statistics.median(spent)


def test_a_page_of_many_members_costs_what_a_page_of_few_costs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = anyio.run(page_costs, tmp_path / "few.db", 1_000)
    many = anyio.run(page_costs, tmp_path / "many.db", 100_000)
    show(capsys, f"a page with a total: {few[0]:.2f} ms of 1 000 members, {many[0]:.2f} ms of 100 000")
    show(capsys, f"a page by cursor:    {few[1]:.2f} ms of 1 000 members, {many[1]:.2f} ms of 100 000")
    # The contract's list tells how many there are, so the store counts them; a cursor needs no count.
    assert many[0] < few[0] * 10
    assert many[1] < few[1] * 1.5
