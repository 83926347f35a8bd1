"""Which transport an adapter takes, and where the application's engine can be used."""

from __future__ import annotations

from pathlib import Path

import anyio
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from gatewright.ports.adapter import StoreUnavailable
from gatewright.testing.adapter_tables import SUITE_SCHEMA, add_person, found
from gatewright.wire.faults import ConfigError
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter


def test_an_engine_over_a_plain_file_is_bypassed(tmp_path: Path) -> None:
    plain = create_async_engine(f"sqlite+aiosqlite:///{tmp_path / 'app.db'}")
    assert SQLAlchemyAdapter(plain).transport == "sqlite"
    assert SQLAlchemyAdapter(plain, transport="engine").transport == "engine"
    assert SQLAlchemyAdapter.sqlite(tmp_path / "app.db").transport == "sqlite"


@pytest.mark.parametrize(
    "url",
    [
        "sqlite+aiosqlite://",
        "sqlite+aiosqlite:///:memory:",
        "sqlite+aiosqlite:///file:app.db?uri=true",
        "postgresql+asyncpg://app@localhost/app",
        "mysql+aiomysql://app@localhost/app",
    ],
)
def test_every_other_engine_is_used_itself(url: str) -> None:
    assert SQLAlchemyAdapter(create_async_engine(url)).transport == "engine"


def test_an_engine_says_that_it_needs_asyncio() -> None:
    adapter = SQLAlchemyAdapter(create_async_engine("sqlite+aiosqlite://"))
    for call in (adapter.open, lambda: adapter.create_tables(SUITE_SCHEMA), lambda: found(adapter)):
        with pytest.raises(ConfigError, match="asyncio only"):
            anyio.run(call, backend="trio")


def test_a_server_that_is_not_there_is_an_unavailable_store() -> None:
    engine = create_async_engine("postgresql+asyncpg://user:secret@127.0.0.1:1/app")
    adapter = SQLAlchemyAdapter(engine)
    with pytest.raises(StoreUnavailable) as gone:
        anyio.run(adapter.open)
    assert "secret" not in str(gone.value)


def test_one_adapter_serves_one_event_loop_after_the_other(tmp_path: Path) -> None:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")

    async def write(number: int) -> list[str]:
        await adapter.create_tables(SUITE_SCHEMA)
        await add_person(adapter, number)
        return await found(adapter)

    assert anyio.run(write, 1, backend="asyncio") == ["p1"]
    assert anyio.run(write, 2, backend="trio") == ["p1", "p2"]
    assert anyio.run(write, 3, backend="asyncio") == ["p1", "p2", "p3"]
    anyio.run(adapter.close)
