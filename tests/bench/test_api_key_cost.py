"""What one use of an API key costs: statements, and CPU without a server; printed, and bounded far from where it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import anyio
import pytest

from gatewright.auth import Auth
from gatewright.model.query import Select, Update, Values
from gatewright.plugins.api_key import ApiKey, ApiKeyOptions, KeyRateLimit
from gatewright.settings.settings import Settings
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

SECRET = "a-secret-for-benchmarks-that-is-long-enough"
USES = 2000


class Counting(MemoryAdapter):
    """Counts statements by kind."""

    def __init__(self) -> None:
        super().__init__()
        self.made: dict[str, int] = {}

    def _count(self, kind: str) -> None:
        self.made[kind] = self.made.get(kind, 0) + 1

    async def select(self, query: Select) -> Any:
        self._count("read")
        return await super().select(query)

    async def select_pair(self, query: Select) -> Any:
        self._count("read")
        return await super().select_pair(query)

    async def update_one(self, query: Update) -> Values | None:
        self._count("guarded write")
        return await super().update_one(query)


def instance(adapter: MemoryAdapter | SQLAlchemyAdapter) -> tuple[Auth[Any], ApiKey]:
    keys = ApiKey(ApiKeyOptions(rate_limit=KeyRateLimit(max_requests=1_000_000)))
    given: Mapping[str, Any] = {"secret": SECRET, "base_url": "http://localhost:3000"}
    settings = Settings.load({**given, "email_and_password": {"enabled": True}})
    return Auth[Any](settings, adapter, plugins=[keys]), keys


async def key_of(auth: Auth[Any], keys: ApiKey, **limits: Any) -> str:
    signed = await auth.api.sign_up_email(name="Ada", email="ada@example.com", password="password-1234")
    return (await auth.of(keys).create_api_key(user_id=signed.user.id, **limits)).key


@pytest.mark.parametrize("limits", [{}, {"remaining": 10, "refill_amount": 5, "refill_interval": 1}])
def test_a_use_is_one_guarded_write_and_the_first_one_a_read_before_it(limits: dict[str, Any]) -> None:
    async def run() -> list[dict[str, int]]:
        adapter, made = Counting(), list[dict[str, int]]()
        auth, keys = instance(adapter)
        async with auth:
            key = await key_of(auth, keys, **limits)
            for _ in range(3):
                adapter.made = {}
                assert (await auth.of(keys).verify_api_key(key=key)).valid
                made.append(adapter.made)
        return made

    assert anyio.run(run) == [{"read": 1, "guarded write": 1}, {"guarded write": 1}, {"guarded write": 1}]


def test_a_use_costs_less_than_a_millisecond(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def run() -> float:
        auth, keys = instance(SQLAlchemyAdapter.sqlite(tmp_path / "bench.db"))
        await auth.create_tables()
        async with auth:
            key = await key_of(auth, keys)
            use = auth.of(keys).verify_api_key
            for _ in range(200):
                await use(key=key)
            begun = time.process_time()
            for _ in range(USES):
                await use(key=key)
            return (time.process_time() - begun) / USES

    cost = anyio.run(run)
    with capsys.disabled():
        sys.stdout.write(f"\n  use of an API key, SQLite {cost * 1e6:.0f} us CPU\n")
    assert cost < 0.001
