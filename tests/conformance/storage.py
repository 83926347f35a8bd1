"""The databases that an instance can ask for, each private to it."""

from __future__ import annotations

import os
from contextlib import AsyncExitStack
from uuid import uuid4

from tests.conformance.codec import Unsupported

from gatewright.ports.adapter import Adapter
from gatewright.wire.json import Json
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

__all__ = ("open_storage",)


async def open_storage(kind: Json, opening: AsyncExitStack) -> Adapter:
    """An adapter on an empty database that goes away with ``opening``.

    Raises:
        Unsupported: There is no such storage here.
    """
    match kind:
        case "memory":
            return MemoryAdapter(sparse=True)
        case "sqlite":
            return SQLAlchemyAdapter.sqlite(":memory:")
        case "postgres":
            return await _postgres(opening)
        case "mysql":
            return await _mysql(opening)
        case _:
            raise Unsupported(f"storage {kind}")


async def _postgres(opening: AsyncExitStack) -> Adapter:
    url = os.environ.get("CONFORMANCE_POSTGRES_URL")
    if not url:
        raise Unsupported("storage postgres: CONFORMANCE_POSTGRES_URL is not set")
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 (only here is a driver needed)
    from sqlalchemy.schema import CreateSchema, DropSchema  # noqa: PLC0415 (likewise)

    schema = f"conformance_{uuid4().hex}"
    address = url.replace("postgres://", "postgresql://").replace("postgresql://", "postgresql+asyncpg://")
    engine = create_async_engine(address, connect_args={"server_settings": {"search_path": schema}}, pool_size=4)
    opening.push_async_callback(engine.dispose)
    async with engine.begin() as connection:
        await connection.execute(CreateSchema(schema))

    async def drop() -> None:
        async with engine.begin() as connection:
            await connection.execute(DropSchema(schema, cascade=True))

    opening.push_async_callback(drop)
    return SQLAlchemyAdapter(engine)


async def _mysql(opening: AsyncExitStack) -> Adapter:
    url = os.environ.get("CONFORMANCE_MYSQL_URL")
    if not url:
        raise Unsupported("storage mysql: CONFORMANCE_MYSQL_URL is not set")
    from sqlalchemy import make_url, text  # noqa: PLC0415 (only here is a driver needed)
    from sqlalchemy.ext.asyncio import create_async_engine  # noqa: PLC0415 (likewise)

    name = f"conformance_{uuid4().hex}"
    address = make_url(url).set(drivername="mysql+aiomysql")
    admin = create_async_engine(address, pool_size=1)
    opening.push_async_callback(admin.dispose)
    async with admin.begin() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))

    async def drop() -> None:
        async with admin.begin() as connection:
            await connection.execute(text(f"DROP DATABASE {name}"))

    opening.push_async_callback(drop)
    engine = create_async_engine(address.set(database=name), pool_size=4)
    opening.push_async_callback(engine.dispose)
    return SQLAlchemyAdapter(engine)
