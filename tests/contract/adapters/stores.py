"""A store of its own for one test on a server, opened and removed again; not the look for the server."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters import test_postgres

from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = ("on_mariadb", "on_postgres")


@asynccontextmanager
async def on_postgres(url: str) -> AsyncGenerator[SQLAlchemyAdapter]:
    """A schema on PostgreSQL."""
    async with test_postgres.engine_of_its_own(url) as engine:
        adapter = SQLAlchemyAdapter(engine)
        yield adapter
        await adapter.close()


@asynccontextmanager
async def on_mariadb(url: str) -> AsyncGenerator[SQLAlchemyAdapter]:
    """A database on MariaDB or MySQL."""
    name = f"gatewright_{secrets.token_hex(6)}"
    admin = create_async_engine(url, poolclass=NullPool)
    async with admin.begin() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
    engine = create_async_engine(make_url(url).set(database=name), pool_size=8, max_overflow=0)
    adapter = SQLAlchemyAdapter(engine)
    try:
        yield adapter
    finally:
        await adapter.close()
        await engine.dispose()
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP DATABASE {name}"))
        await admin.dispose()
