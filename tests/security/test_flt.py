"""FLT: what happens when the database, a hook or the caller fails."""

from __future__ import annotations

import gc
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

import anyio
import anyio.lowlevel
import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, all_at_once, app_on, refused, statuses
from tests.security.faulty import FaultyAdapter

from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.system import Ok
from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import EVERY, after, before, deleting, inserted, inserting
from gatewright.plugins.base import Parts, Plugin
from gatewright.ports.adapter import Adapter, StoreUnavailable
from gatewright.ports.random import SystemRandom
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer, Browser
from gatewright.wire.calls import Api
from gatewright.wire.faults import ApiError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter
from gatewright_adapters.sqlalchemy.transports.sqlite_worker import SQLiteWorker

pytestmark = pytest.mark.anyio

BUSY = {"advanced": {"database": {"statement_timeout": 0.15}}}
CALLS: list[tuple[str, str, object]] = [
    ("GET", "/get-session", None),
    ("GET", "/list-sessions", None),
    ("POST", "/sign-up/email", {**SIGN_UP, "email": "new@example.com"}),
    ("POST", "/sign-in/email", SIGN_IN),
    ("POST", "/sign-out", {}),
    ("POST", "/update-user", {"name": "Ada L."}),
    ("POST", "/revoke-session", {"token": "x"}),
    ("POST", "/revoke-sessions", {}),
    ("POST", "/revoke-other-sessions", {}),
    ("POST", "/change-password", {"currentPassword": "password-1234", "newPassword": "password-9999"}),
    ("POST", "/verify-password", {"password": "password-1234"}),
]


class Hooked(Plugin[Api]):
    """Brings the hooks of one test."""

    id = "hooked"
    api_type = Api

    def __init__(self, **parts: Any) -> None:
        self._parts = Parts(**parts)

    def parts(self) -> Parts:
        return self._parts


def unavailable(answer: Answer) -> None:
    assert answer.status == 503
    assert answer.header("content-type") == "application/json"
    assert answer.header("retry-after") == "1"
    assert answer.json == {"code": "SERVICE_UNAVAILABLE", "message": answer.json["message"]}
    assert not [line for line in answer.cookies if "session_token=" in line and "Max-Age=0" not in line]
    assert b"postgresql" not in answer.body


async def _impatient(faulty: FaultyAdapter) -> tuple[TestApp, Browser]:
    """A user whom a patient instance signed up, at an instance that soon stops waiting."""
    known = await (await app_on(faulty)).signed_up()
    app = await app_on(faulty, BUSY)
    browser = app.browser()
    browser.jar.update(known.jar)
    return app, browser


@pytest.mark.parametrize("fault", ["refuses", "hangs"])
@pytest.mark.parametrize(("method", "path", "body"), CALLS)
async def test_flt_08_and_09_every_operation_answers_503_in_time(
    store: Adapter, fault: str, method: str, path: str, body: object
) -> None:
    faulty = FaultyAdapter(store)
    app, browser = await _impatient(faulty)
    setattr(faulty, fault, True)
    began = time.perf_counter()
    answer = await (browser.get(path) if method == "GET" else browser.post(path, body))
    assert time.perf_counter() - began < 1
    unavailable(answer)
    assert "a store is not available" in app.log.text()


@pytest.mark.parametrize("fault", ["refuses", "hangs"])
async def test_flt_08_the_applications_own_calls_say_the_same(store: Adapter, fault: str) -> None:
    faulty = FaultyAdapter(store)
    app, browser = await _impatient(faulty)
    setattr(faulty, fault, True)
    with pytest.raises(ApiError) as raised:
        await app.auth.api.on({"cookie": browser.cookie_header()}).get_session()
    assert (raised.value.status, raised.value.code) == (503, "SERVICE_UNAVAILABLE")


async def test_flt_08_what_needs_no_database_still_works(store: Adapter) -> None:
    faulty = FaultyAdapter(store)
    app = await app_on(faulty)
    faulty.refuses = True
    assert (await app.browser().get("/ok")).json == {"ok": True}
    assert (await app.browser().get("/get-session")).json is None
    assert faulty.steps == 0


@pytest.mark.parametrize("fault", ["refuses", "hangs"])
async def test_flt_10_the_service_is_back_when_the_database_is(store: Adapter, fault: str) -> None:
    faulty = FaultyAdapter(store)
    patient = await (await app_on(faulty)).signed_up()
    browser = (await app_on(faulty, BUSY)).browser()
    browser.jar.update(patient.jar)
    setattr(faulty, fault, True)
    for _ in range(2):
        unavailable(await browser.get("/get-session"))
        unavailable(await browser.post("/sign-up/email", {**SIGN_UP, "email": "new@example.com"}))
    setattr(faulty, fault, False)
    assert (await patient.get("/get-session")).json["user"]["email"] == "ada@example.com"
    answer = await patient.post("/sign-up/email", {**SIGN_UP, "email": "new@example.com"})
    assert answer.status == 200


@pytest.mark.parametrize(
    "error", [RuntimeError("secret inside"), ValueError("secret inside"), KeyError("secret inside")]
)
async def test_flt_08_an_error_that_no_port_knows_is_a_bare_500(error: Exception) -> None:
    faulty = FaultyAdapter(MemoryAdapter())
    app = await app_on(faulty)
    browser = await app.signed_up()
    faulty.refuses, faulty.error = True, error
    answer = await browser.get("/get-session")
    assert (answer.status, answer.json["code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert b"secret" not in answer.body
    assert "secret inside" in app.log.text()


async def test_flt_16_three_hundred_mixed_requests_all_end(sqlite: SQLAlchemyAdapter) -> None:
    app = await app_on(sqlite)
    browser = await app.signed_up()
    token = browser.jar.copy()

    async def one(number: int) -> Answer:
        own = app.browser()
        own.jar.update(token)
        match number % 5:
            case 0:
                return await own.post("/sign-up/email", {**SIGN_UP, "email": f"user{number}@example.com"})
            case 1:
                return await own.post("/sign-in/email", SIGN_IN)
            case 2:
                return await own.post("/update-user", {"name": f"Ada {number}"})
            case 3:
                return await own.get("/list-sessions")
            case _:
                return await own.get("/get-session")

    with anyio.fail_after(30):
        answers = await all_at_once([partial(one, number) for number in range(300)])
    assert statuses(answers) == {200: 300}
    assert (await browser.get("/get-session")).json is not None


async def _invariants(app: TestApp, adapter: Adapter) -> None:
    """No user without account, no account or session without user; signing up again, or in, works."""
    database = app.auth.services.database
    users = {row.id for row in await database.find_many(User)}
    accounts = {row.user_id for row in await database.find_many(Account)}
    assert users == accounts
    assert {row.user_id for row in await database.find_many(Session)} <= users
    browser = app.browser()
    answer = await browser.post("/sign-in/email", SIGN_IN)
    if answer.status != 200:
        answer = await browser.post("/sign-up/email", SIGN_UP)
    assert answer.status == 200
    assert (await browser.get("/get-session")).json is not None


async def _cancelled_at(app: TestApp, faulty: FaultyAdapter, step: int, path: str, body: object) -> bool:
    """Send a request that is cancelled at its ``step``; whether it got that far."""
    browser = app.browser()
    with anyio.CancelScope() as scope:

        def cancel(number: int) -> None:
            if number == step:
                scope.cancel()

        faulty.steps, faulty.at_step = 0, cancel
        await browser.post(path, body)
    faulty.at_step = lambda _: None
    return scope.cancelled_caught


@pytest.mark.parametrize(("path", "body"), [("/sign-up/email", SIGN_UP), ("/sign-in/email", SIGN_IN)])
async def test_flt_18_a_caller_may_leave_at_every_step(
    store: Adapter, path: str, body: object, recwarn: pytest.WarningsRecorder
) -> None:
    reached = 0
    for step in range(1, 100):
        faulty = FaultyAdapter(store)
        app = await app_on(faulty)
        for table in (Session, Account, User):
            await app.auth.services.database.delete(table)
        if path == "/sign-in/email":
            await app.signed_up()
        cancelled = await _cancelled_at(app, faulty, step, path, body)
        await _invariants(app, store)
        if not cancelled:
            break
        reached = step
    assert reached >= (5 if path == "/sign-in/email" else 9)
    gc.collect()
    assert [str(each.message) for each in recwarn.list] == []


async def test_flt_19_a_cancelled_transaction_leaves_nothing_behind(store: Adapter) -> None:
    app = await app_on(store)
    database = app.auth.services.database
    with anyio.CancelScope() as scope:
        async with database.transaction() as tx:
            await tx.insert(User(name="Ada", email="ada@example.com"))
            scope.cancel()
            await anyio.lowlevel.checkpoint()
    assert scope.cancelled_caught
    assert await database.count(User) == 0
    await app.signed_up()
    assert await database.count(User) == 1


async def test_flt_19_an_error_in_a_transaction_takes_everything_back(store: Adapter) -> None:
    app = await app_on(store)
    database = app.auth.services.database

    async def fail() -> None:
        async with database.transaction() as tx:
            await tx.insert(User(name="Ada", email="ada@example.com"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await database.count(User) == 0


async def _raise(*_: Any) -> None:
    raise RuntimeError("the hook's own secret")


@pytest.mark.parametrize(
    ("parts", "users"),
    [
        ({"hooks": [before(SignUpEmail)(_raise)]}, 0),
        ({"hooks": [before(EVERY)(_raise)]}, 0),
        ({"row_hooks": [inserting(User)(_raise)]}, 0),
        ({"row_hooks": [inserting(Account)(_raise)]}, 0),
        ({"row_hooks": [inserted(User)(_raise)]}, 1),
        ({"row_hooks": [inserting(Session)(_raise)]}, 0),
        ({"hooks": [after(SignUpEmail)(_raise)]}, 1),
        ({"on_request": [_raise]}, 0),
        ({"on_response": [_raise]}, 1),
    ],
)
async def test_flt_20_a_hook_that_raises_is_a_bare_500(store: Adapter, parts: dict[str, Any], users: int) -> None:
    """What ran before the hook's transaction began or after it ended stays; the rest is taken back."""
    app = await app_on(store, plugins=[Hooked(**parts)])
    answer = await app.browser().post("/sign-up/email", SIGN_UP)
    assert (answer.status, answer.json["code"]) == (500, "INTERNAL_SERVER_ERROR")
    assert b"secret" not in answer.body
    assert "the hook's own secret" in app.log.text()
    database = app.auth.services.database
    assert (await database.count(User), await database.count(Account)) == (users, users)


async def test_flt_20_a_refusal_of_a_hook_is_told_as_it_is(store: Adapter) -> None:
    async def refuse(call: Call[Any]) -> None:
        raise ApiError(418, code="NO_TEA", message="No tea today")

    app = await app_on(store, plugins=[Hooked(hooks=[before(Ok)(refuse)])])
    answer = await app.browser().get("/ok")
    assert (answer.status, answer.json) == (418, {"code": "NO_TEA", "message": "No tea today"})


async def test_flt_20_a_hook_before_removal_keeps_the_row(store: Adapter) -> None:
    app = await app_on(store, plugins=[Hooked(row_hooks=[deleting(Session)(_raise)])])
    browser = await app.signed_up()
    assert (await browser.post("/sign-out")).status == 500
    assert await app.auth.services.database.count(Session) == 1


async def test_flt_27_a_full_disk_issues_no_session(sqlite: SQLAlchemyAdapter) -> None:
    app = await app_on(sqlite)
    browser = await app.signed_up()
    await sqlite._transport.define(_fill)  # pyright: ignore[reportPrivateUsage]
    body = {"email": SIGN_UP["email"], "password": SIGN_UP["password"]}
    long = {"user-agent": "x" * 1000}
    answers = [await app.browser().post("/sign-in/email", body, headers=long) for _ in range(60)]
    failed = [answer for answer in answers if answer.status != 200]
    assert failed
    for answer in failed:
        assert answer.status in (500, 503)
        assert answer.cookies == []
        assert b"disk" not in answer.body
    assert (await browser.get("/get-session")).json is not None
    database = app.auth.services.database
    assert await database.count(User) == await database.count(Account)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_flt_27_a_full_disk_registers_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "app.db"
    # Three instances one after the other must not make the same identifiers.
    monkeypatch.setattr("gatewright.testing.app.SeededRandom", SystemRandom)
    app = await app_on(SQLAlchemyAdapter.sqlite(path))
    await app.signed_up()
    await app.adapter.close()
    with sqlite3.connect(path) as there:
        pages = there.execute("PRAGMA page_count").fetchone()[0]
    there.close()
    connect = SQLiteWorker._connect  # pyright: ignore[reportPrivateUsage]

    def bounded(worker: SQLiteWorker) -> sqlite3.Connection:
        """A disk with room for three pages more, also for the connection of transactions."""
        connection = connect(worker)
        connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        return connection

    with monkeypatch.context() as full:
        full.setattr(SQLiteWorker, "_connect", bounded)
        crowded = await app_on(SQLAlchemyAdapter.sqlite(path))
        asked = [{**SIGN_UP, "email": f"user{number}@example.com", "name": "x" * 500} for number in range(40)]
        answers = [await crowded.browser().post("/sign-up/email", body) for body in asked]
        await crowded.adapter.close()
    failed = [body for body, answer in zip(asked, answers, strict=True) if answer.status != 200]
    assert failed
    for answer in answers:
        assert answer.status in (200, 500, 503)
        if answer.status != 200:
            assert answer.cookies == []
            assert b"disk" not in answer.body
    # There is room again: nobody is half there, and whoever was refused can sign up.
    roomy = await app_on(SQLAlchemyAdapter.sqlite(path))
    database = roomy.auth.services.database
    users = await database.count(User)
    assert users == 41 - len(failed)
    assert (users, users) == (await database.count(Account), await database.count(Session))
    assert (await roomy.browser().post("/sign-up/email", failed[0])).status == 200
    await roomy.adapter.close()


def _fill(connection: Any) -> None:
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages + 1}")


async def test_flt_a_value_that_is_taken_is_a_refusal(store: Adapter) -> None:
    field = {"type": "string", "required": False, "unique": True}
    app = await app_on(store, {"user": {"additional_fields": {"handle": field}}})
    ada, eve = await app.signed_up(), await app.signed_up("eve@example.com")
    assert (await ada.post("/update-user", {"handle": "ada"})).status == 200
    answer = await eve.post("/update-user", {"handle": "ada"})
    refused(answer)
    assert answer.json["code"] == "ALREADY_IN_USE"


async def test_flt_the_bound_is_for_each_statement_not_for_the_whole() -> None:
    faulty = FaultyAdapter(MemoryAdapter())
    app = await app_on(faulty, {"advanced": {"database": {"statement_timeout": 0.3}}})
    async with app.auth.services.database.transaction() as tx:
        for number in range(5):
            await tx.insert(User(name="Ada", email=f"ada{number}@example.com"))
            await anyio.sleep(0.08)
    assert await app.auth.services.database.count(User) == 5


async def test_flt_a_begin_that_hangs_is_bounded_too(store: Adapter) -> None:
    faulty = FaultyAdapter(store)
    app = await app_on(faulty, BUSY)
    faulty.hangs = True
    with pytest.raises(StoreUnavailable):
        async with app.auth.services.database.transaction():
            raise AssertionError("the transaction cannot have begun")
