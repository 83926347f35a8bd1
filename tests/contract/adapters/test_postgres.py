"""The SQLAlchemy adapter over PostgreSQL gives every guarantee of the port; needs a server.

``GATEWRIGHT_POSTGRES`` names another than the one on this machine. Each test has a schema of its own.
"""

from __future__ import annotations

import asyncio
import os
import random
import secrets
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters.api_key_counters import ApiKeyCounters

from gatewright.model.user import User
from gatewright.plugins.admin import Admin
from gatewright.testing.adapter_suite import AdapterSuite
from gatewright.testing.app import make_app
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytest.importorskip("asyncpg", reason="asyncpg is not installed")

URL = os.environ.get("GATEWRIGHT_POSTGRES", "postgresql+asyncpg://root@127.0.0.1:5432/test")


async def refusal() -> str:
    engine = create_async_engine(URL, poolclass=NullPool, connect_args={"timeout": 10})
    try:
        async with engine.connect():
            return ""
    except Exception as error:  # noqa: BLE001 (whatever it is, it is the reason shown for skipping)
        return f"no PostgreSQL answers: {type(error).__name__}"


@pytest.fixture(scope="module")
def server() -> str:
    """The server's address, where there is one."""
    reason = asyncio.run(refusal())
    if reason:
        pytest.skip(reason)
    return URL


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's asyncio extension runs on asyncio only."""
    return str(request.param)


@asynccontextmanager
async def engine_of_its_own(server: str, driver: str = "asyncpg") -> AsyncGenerator[AsyncEngine]:
    """Over an empty schema, which is dropped afterwards."""
    schema = f"gatewright_{secrets.token_hex(6)}"
    admin = create_async_engine(server, poolclass=NullPool)
    async with admin.begin() as connection:
        await connection.execute(text(f"CREATE SCHEMA {schema}"))
    arguments: dict[str, object] = {"server_settings": {"search_path": schema}}
    if driver == "psycopg":
        arguments = {"options": f"-c search_path={schema}"}
    address = make_url(server).set(drivername=f"postgresql+{driver}")
    engine = create_async_engine(address, connect_args=arguments, pool_size=8, max_overflow=0)
    yield engine
    await engine.dispose()
    async with admin.begin() as connection:
        await connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
    await admin.dispose()


class TestPostgreSQL(AdapterSuite):
    """Over asyncpg."""

    @pytest.fixture
    async def adapter(self, server: str) -> AsyncIterator[SQLAlchemyAdapter]:
        async with engine_of_its_own(server) as engine:
            adapter = SQLAlchemyAdapter(engine)
            assert adapter.transport == "engine"
            await adapter.open()
            yield adapter
            await adapter.close()


class TestPsycopg(AdapterSuite):
    """Over psycopg's asyncio connections."""

    races = 3  # twenty, with two processes: test_processes

    @pytest.fixture
    async def adapter(self, server: str) -> AsyncIterator[SQLAlchemyAdapter]:
        pytest.importorskip("psycopg", reason="psycopg is not installed")
        async with engine_of_its_own(server, "psycopg") as engine:
            adapter = SQLAlchemyAdapter(engine)
            await adapter.open()
            yield adapter
            await adapter.close()


@pytest.mark.anyio
class TestApiKeys(ApiKeyCounters):
    adapter = TestPostgreSQL.adapter


@pytest.mark.anyio
@pytest.mark.parametrize("driver", ["asyncpg", "psycopg"])
async def test_a_text_that_is_too_long_for_its_index_is_a_400(server: str, driver: str) -> None:
    pytest.importorskip(driver, reason=f"{driver} is not installed")
    # The characters that a name may have, of three bytes each, by chance: what can be compressed would fit.
    longer = "".join(random.Random(20260101).choices([chr(code) for code in range(0x4E00, 0xA000)], k=1024))
    async with engine_of_its_own(server, driver) as engine:
        app = make_app(adapter=SQLAlchemyAdapter(engine), plugins=[Admin()])
        await app.auth.create_tables()
        browser = await app.signed_up()
        changed = await browser.post("/update-user", {"name": longer})
        refused = await app.browser().post(
            "/sign-up/email", {"name": longer, "email": "new@example.com", "password": "password-1234"}
        )
        assert (changed.status, refused.status) == (400, 400)
        assert not refused.cookies
        assert [user.name for user in await app.auth.services.database.find_many(User)] == ["Ada"]
