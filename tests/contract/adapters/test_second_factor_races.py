"""The second factor under fifty callers at once, on every store that is there: what works once works once."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool
from tests.contract.adapters import test_mariadb, test_postgres, test_redis
from tests.contract.adapters.d1_binding import Binding
from tests.mailing import CountingPasswords, all_at_once, statuses
from tests.unit.plugins.two_factor.factor import PASSWORD, challenged, code_of, enrolled, signing_in

from gatewright import binding
from gatewright.access.assurance import Proof
from gatewright.model.assurance import AssuredSession
from gatewright.plugins.assurance import Assurance
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.plugins.two_factor.flows import factor_of
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import Browser, TestApp, make_app
from gatewright.testing.mailbox import Mailbox
from gatewright_adapters.d1 import D1Adapter
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.redis import RedisCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

CALLERS = 50
Stores: TypeAlias = tuple[Adapter, Cache | None]


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """What reaches a server runs on asyncio only."""
    return str(request.param)


@asynccontextmanager
async def _memory(_: Path) -> AsyncGenerator[Stores]:
    yield MemoryAdapter(), None


@asynccontextmanager
async def _sqlite(folder: Path) -> AsyncGenerator[Stores]:
    adapter = SQLAlchemyAdapter.sqlite(folder / "app.db")
    await adapter.open()
    yield adapter, None
    await adapter.close()


@asynccontextmanager
async def _postgres(_: Path) -> AsyncGenerator[Stores]:
    reason = await test_postgres.refusal()
    if reason:
        pytest.skip(reason)
    async with test_postgres.engine_of_its_own(test_postgres.URL) as engine:
        adapter = SQLAlchemyAdapter(engine)
        yield adapter, None
        await adapter.close()


@asynccontextmanager
async def _mariadb(_: Path) -> AsyncGenerator[Stores]:
    reason = await test_mariadb.refusal()
    if reason:
        pytest.skip(reason)
    name = f"gatewright_{secrets.token_hex(6)}"
    admin = create_async_engine(test_mariadb.URL, poolclass=NullPool)
    async with admin.begin() as connection:
        await connection.execute(text(f"CREATE DATABASE {name} CHARACTER SET utf8mb4"))
    engine = create_async_engine(make_url(test_mariadb.URL).set(database=name), pool_size=8, max_overflow=0)
    adapter = SQLAlchemyAdapter(engine)
    yield adapter, None
    await adapter.close()
    await engine.dispose()
    async with admin.begin() as connection:
        await connection.execute(text(f"DROP DATABASE {name}"))
    await admin.dispose()


@asynccontextmanager
async def _d1(_: Path) -> AsyncGenerator[Stores]:
    bound = Binding()
    adapter = D1Adapter.bound(bound)
    yield adapter, None
    await adapter.close()
    bound.close()


@asynccontextmanager
async def _redis(_: Path) -> AsyncGenerator[Stores]:
    reason = await test_redis.refusal()
    if reason:
        pytest.skip(reason)
    client = test_redis.Redis.from_url(test_redis.URL)
    yield MemoryAdapter(), RedisCache(client, prefix=f"gatewright-{secrets.token_hex(6)}:")
    await client.aclose()


STORES: Mapping[str, Callable[[Path], AbstractAsyncContextManager[Stores]]] = {
    "memory": _memory,
    "SQLite": _sqlite,
    "PostgreSQL": _postgres,
    "MariaDB": _mariadb,
    "D1": _d1,
    "Redis": _redis,
}


def _unbounded(cache: Cache) -> Cache:
    return cache


@pytest.fixture(params=STORES)
async def stores(
    request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncGenerator[Stores]:
    """A database, open, and a secondary storage where there is one."""
    # How long a storage may take is tested elsewhere; here fifty callers share a machine with others.
    monkeypatch.setattr(binding, "CacheDeadline", _unbounded)
    async with STORES[request.param](tmp_path) as found:
        yield found


async def app_on(stores: Stores, options: Mapping[str, Any] | None = None, *, assured: bool = False) -> TestApp:
    """An instance that sends codes to ``app.mailbox`` as ``otp``; passwords cost nothing."""
    adapter, cache = stores
    box, scheme = Mailbox(), CountingPasswords()
    given = {"otp_options": {"send_otp": box.sender("otp")}, **(options or {})}
    app = make_app(
        {"email_and_password": {"enabled": True, "password": {"hash": scheme.hash, "verify": scheme.verify}}},
        plugins=(TwoFactor(TwoFactorOptions.model_validate(given)), *((Assurance(),) if assured else ())),
        adapter=adapter,
        cache=cache,
        mailbox=box,
    )
    await app.auth.create_tables()
    return app


def sending(path: str, browsers: list[Browser], code: str) -> list[Callable[[], Any]]:
    """The same code from everybody."""
    return [lambda browser=browser: browser.post(f"/two-factor/{path}", {"code": code}) for browser in browsers]


async def test_mfa_03_a_code_of_an_app_works_once_for_all_challenges(stores: Stores) -> None:
    app = await app_on(stores, {"account_lockout": {"enabled": False}})
    _, given = await enrolled(app)
    browsers = [await challenged(app) for _ in range(CALLERS)]
    answers = await all_at_once(sending("verify-totp", browsers, code_of(app, given["totpURI"])))
    assert statuses(answers) == {200: 1, 401: CALLERS - 1}


async def test_mfa_03_a_code_that_was_sent_works_once(stores: Stores) -> None:
    app = await app_on(stores, {"account_lockout": {"enabled": False}})
    await enrolled(app)
    browser = await challenged(app)
    await browser.post("/two-factor/send-otp", {})
    answers = await all_at_once(sending("verify-otp", [browser] * CALLERS, app.mailbox.last("otp").otp))
    assert statuses(answers)[200] == 1
    assert all(400 <= answer.status < 500 for answer in answers if answer.status != 200)


async def test_mfa_05_a_backup_code_works_once_for_all_challenges(stores: Stores) -> None:
    app = await app_on(stores, {"account_lockout": {"enabled": False}})
    _, given = await enrolled(app)
    browsers = [await challenged(app) for _ in range(8)] * (CALLERS // 8 + 1)
    answers = await all_at_once(sending("verify-backup-code", browsers[:CALLERS], given["backupCodes"][0]))
    assert statuses(answers)[200] == 1
    assert all(400 <= answer.status < 500 for answer in answers if answer.status != 200)


@pytest.mark.parametrize("kind", ["app", "sent"])
async def test_rlm_12_guesses_at_once_cannot_exceed_the_limit_of_the_account(stores: Stores, kind: str) -> None:
    app = await app_on(stores, {"account_lockout": {"max_failed_attempts": 10}})
    if kind == "app":
        await enrolled(app)
    else:
        owner = await app.signed_up()
        await owner.post("/two-factor/enable", {"password": PASSWORD, "method": "otp"})
    browsers = [await challenged(app) for _ in range(CALLERS)]
    path = "verify-totp" if kind == "app" else "verify-otp"
    for browser in browsers if kind == "sent" else ():
        await browser.post("/two-factor/send-otp", {})
    answers = await all_at_once(sending(path, browsers, "wrong"))
    assert statuses(answers) == {401: 10, 429: CALLERS - 10}


async def test_mfa_a_session_is_raised_by_one_of_fifty_who_bring_one_code(stores: Stores) -> None:
    app = await app_on(stores, {"account_lockout": {"enabled": False}}, assured=True)
    browser, given = await enrolled(app)
    code = code_of(app, given["totpURI"])
    answers = await all_at_once(sending("verify-totp", [browser] * CALLERS, code))
    assert statuses(answers) == {200: 1, 401: CALLERS - 1}
    others = await all_at_once(
        [lambda: browser.post("/verify-password", {"password": PASSWORD}) for _ in range(CALLERS)]
    )
    assert statuses(others) == {200: CALLERS}
    token = (browser.cookie("better-auth.session_token") or "").rpartition(".")[0]
    pair = await app.auth.services.sessions.find(app.auth.services.database, token)
    assert pair is not None
    proof = Proof.read(AssuredSession.of(pair[0]).amr)
    assert {name for name, moment in proof.moments if moment == app.clock.now()} == {"pwd", "otp", "totp", "mfa"}


async def test_race_everybody_who_begins_a_challenge_has_one_of_their_own(stores: Stores) -> None:
    app = await app_on(stores, {"everywhere": True})
    _, given = await enrolled(app)
    browsers = [app.browser() for _ in range(CALLERS)]
    answers = await all_at_once([lambda browser=browser: signing_in(browser) for browser in browsers])
    assert {answer.json["twoFactorRedirect"] for answer in answers} == {True}
    assert len({browser.jar["better-auth.two_factor"] for browser in browsers}) == CALLERS
    answer = await browsers[0].post("/two-factor/verify-totp", {"code": code_of(app, given["totpURI"])})
    assert answer.status == 200
    user = await app.auth.services.users.by_email(app.auth.services.database, "ada@example.com")
    assert user is not None
    assert await factor_of(app.auth.services.database, user) is not None
