"""Hooks write with the application's own session or connection, in the transaction of the write they belong to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import String, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from tests.contract.adapters import test_mariadb as mariadb
from tests.contract.adapters import test_postgres as postgres
from tests.security.attacker import SIGN_IN, SIGN_UP, app_on

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.testing.app import TestApp
from gatewright.wire.faults import ConfigError
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


class Base(DeclarativeBase):
    """The application's own tables."""


class Profile(Base):
    __tablename__ = "profile"
    email: Mapped[str] = mapped_column(String(200), primary_key=True)


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """SQLAlchemy's asyncio extension runs on asyncio only."""
    return str(request.param)


@pytest.fixture(scope="module")
def refusals() -> dict[str, str]:
    return {"postgres": asyncio.run(postgres.refusal()), "mariadb": asyncio.run(mariadb.refusal())}


@asynccontextmanager
async def _sqlite(path: Path) -> AsyncGenerator[AsyncEngine]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    yield engine
    await engine.dispose()


@pytest.fixture(params=["sqlite", "postgres", "mariadb"])
async def engine(
    request: pytest.FixtureRequest, tmp_path: Path, refusals: dict[str, str], anyio_backend: str
) -> AsyncIterator[AsyncEngine]:
    if refusals.get(request.param):
        pytest.skip(refusals[request.param])
    opened = {
        "sqlite": lambda: _sqlite(tmp_path / "app.db"),
        "postgres": lambda: postgres.engine_of_its_own(postgres.URL),
        "mariadb": lambda: mariadb.engine_of_its_own(mariadb.URL),
    }[request.param]
    async with opened() as engine:
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        yield engine


async def profiles(engine: AsyncEngine) -> list[str]:
    """What is committed."""
    async with engine.connect() as connection:
        return list((await connection.execute(text("SELECT email FROM profile ORDER BY email"))).scalars())


def hooks(**by_stage: Any) -> dict[str, Any]:
    """``database_hooks``: ``user_create_before=…`` and so on."""
    found: dict[str, Any] = {}
    for name, hook in by_stage.items():
        model, verb, stage = name.split("_")
        found.setdefault(model, {}).setdefault(verb, {})[stage] = hook
    return {"database_hooks": found}


async def counts(app: TestApp) -> tuple[int, int, int]:
    database = app.auth.services.database
    return await database.count(User), await database.count(Account), await database.count(Session)


async def test_a_hook_before_a_write_writes_with_the_same_session(engine: AsyncEngine) -> None:
    adapter = SQLAlchemyAdapter(async_sessionmaker(engine, expire_on_commit=False))
    seen: list[object] = []

    async def before(user: Mapping[str, Any], context: object) -> None:
        session = adapter.session()
        session.add(Profile(email=user["email"]))
        # Unflushed rows are written with the rest.
        seen.append(await session.connection() is adapter.connection())

    app = await app_on(adapter, hooks(user_create_before=before))
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 200
    assert await profiles(engine) == ["ada@example.com"]
    assert await counts(app) == (1, 1, 1)
    assert seen == [True]


async def test_what_fails_later_takes_the_hooks_writes_back(engine: AsyncEngine) -> None:
    adapter = SQLAlchemyAdapter(async_sessionmaker(engine))
    after: list[object] = []

    async def before(user: Mapping[str, Any], context: object) -> None:
        adapter.session().add(Profile(email=user["email"]))
        await adapter.session().flush()

    async def fail(account: Mapping[str, Any], context: object) -> None:
        raise LookupError("on purpose")

    async def told(user: Mapping[str, Any], context: object) -> None:
        after.append(user)

    app = await app_on(adapter, hooks(user_create_before=before, user_create_after=told, account_create_before=fail))
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 500
    assert await profiles(engine) == []
    assert await counts(app) == (0, 0, 0)
    assert after == []


async def test_a_write_of_the_hook_that_fails_takes_the_user_back(engine: AsyncEngine) -> None:
    adapter = SQLAlchemyAdapter(async_sessionmaker(engine))
    async with engine.begin() as connection:
        await connection.execute(text("INSERT INTO profile (email) VALUES ('ada@example.com')"))

    async def before(user: Mapping[str, Any], context: object) -> None:
        # Written when the transaction ends, where it breaks the key.
        adapter.session().add(Profile(email=user["email"]))

    app = await app_on(adapter, hooks(user_create_before=before))
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status >= 400
    assert await counts(app) == (0, 0, 0)
    assert await profiles(engine) == ["ada@example.com"]


async def test_a_hook_after_a_write_runs_when_it_is_committed(engine: AsyncEngine) -> None:
    adapter = SQLAlchemyAdapter(async_sessionmaker(engine))
    seen: list[object] = []

    async def before(user: Mapping[str, Any], context: object) -> None:
        adapter.session().add(Profile(email=user["email"]))
        await adapter.session().flush()

    async def after(user: Mapping[str, Any], context: object) -> None:
        seen.append(await profiles(engine))
        with pytest.raises(RuntimeError, match="no transaction"):
            adapter.session()
        async with async_sessionmaker(engine)() as session, session.begin():
            session.add(Profile(email="after@example.com"))

    app = await app_on(adapter, hooks(user_create_before=before, user_create_after=after))
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 200
    assert seen == [["ada@example.com"]]
    assert await profiles(engine) == ["ada@example.com", "after@example.com"]


@pytest.mark.parametrize("fails", [False, True])
async def test_a_write_of_one_statement_has_a_transaction_for_its_hooks(engine: AsyncEngine, fails: bool) -> None:
    adapter = SQLAlchemyAdapter(async_sessionmaker(engine))
    app = await app_on(adapter)
    await app.signed_up()

    async def before(session: Mapping[str, Any], context: object) -> None:
        adapter.session().add(Profile(email="signed-in@example.com"))
        await adapter.session().flush()
        if fails:
            raise LookupError("on purpose")

    app = await app_on(adapter, hooks(session_create_before=before))
    answer = await app.browser().post("/sign-in/email", SIGN_IN)
    assert answer.status == (500 if fails else 200)
    assert await profiles(engine) == ([] if fails else ["signed-in@example.com"])
    assert await counts(app) == (1, 1, 1 if fails else 2)


@pytest.mark.parametrize("fails", [False, True])
async def test_updates_and_removals_too(engine: AsyncEngine, fails: bool) -> None:
    adapter = SQLAlchemyAdapter(async_sessionmaker(engine))

    async def before(_: Mapping[str, Any], context: object) -> None:
        adapter.session().add(Profile(email=f"{len(await profiles(engine))}@example.com"))
        await adapter.session().flush()
        if fails:
            raise LookupError("on purpose")

    app = await app_on(adapter, hooks(user_update_before=before, session_delete_before=before))
    browser = await app.signed_up()
    status = 500 if fails else 200
    assert (await browser.post("/update-user", {"name": "Ada L."})).status == status
    assert (await browser.post("/sign-out")).status == status
    assert await profiles(engine) == ([] if fails else ["0@example.com", "1@example.com"])
    assert await counts(app) == (1, 1, 1 if fails else 0)
    (user,) = await app.auth.services.database.find_many(User)
    assert user.name == ("Ada" if fails else "Ada L.")


async def test_with_an_engine_a_hook_has_its_connection(engine: AsyncEngine) -> None:
    adapter = SQLAlchemyAdapter(engine, transport="engine")

    async def before(user: Mapping[str, Any], context: object) -> None:
        await adapter.connection().execute(
            text("INSERT INTO profile (email) VALUES (:email)"), {"email": user["email"]}
        )
        with pytest.raises(ConfigError, match="async_sessionmaker"):
            adapter.session()

    app = await app_on(adapter, hooks(user_create_before=before))
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 200
    assert await profiles(engine) == ["ada@example.com"]
    with pytest.raises(RuntimeError, match="no transaction"):
        adapter.connection()


async def test_a_session_factory_needs_an_engine() -> None:
    with pytest.raises(ConfigError, match="bound to one AsyncEngine"):
        SQLAlchemyAdapter(async_sessionmaker())


async def test_a_transport_without_connections_of_the_applications_says_so(tmp_path: Path) -> None:
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "app.db")
    with pytest.raises(ConfigError, match="async_sessionmaker"):
        adapter.connection()
    assert not adapter.features.handed
    await adapter.close()


async def test_a_session_class_of_the_applications_own_is_kept(engine: AsyncEngine) -> None:
    class Own(AsyncSession):
        pass

    adapter = SQLAlchemyAdapter(async_sessionmaker(engine, class_=Own))
    await adapter.open()
    async with adapter.transaction():
        assert isinstance(adapter.session(), Own)
    with pytest.raises(RuntimeError, match="no transaction"):
        adapter.session()
