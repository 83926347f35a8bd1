"""Signing up is one step: a session that is refused leaves no user behind."""

from typing import Any

import pytest

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.memory_cache import MemoryCache
from gatewright_adapters.sqlalchemy import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio

SIGN_UP = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}


def refusing(answer: object, adapter: Adapter | None = None, cache: MemoryCache | None = None) -> TestApp:
    async def before(_values: object, _context: object) -> Any:
        if isinstance(answer, Exception):
            raise answer
        return answer

    return make_app({"database_hooks": {"session": {"create": {"before": before}}}}, adapter=adapter, cache=cache)


async def left(app: TestApp) -> tuple[int, int, int]:
    db = app.auth.services.database
    return await db.count(User), await db.count(Account), await db.count(Session)


@pytest.mark.parametrize(
    ("answer", "status", "code"),
    [
        (False, 400, "FAILED_TO_CREATE_SESSION"),
        (ApiError(403, code="C", message="m"), 403, "C"),
        (RuntimeError("hm"), 500, "INTERNAL_SERVER_ERROR"),
    ],
)
async def test_a_refused_session_undoes_the_user(answer: object, status: int, code: str) -> None:
    app = refusing(answer)
    refused = await app.browser().post("/sign-up/email", SIGN_UP)
    assert (refused.status, refused.json["code"], refused.cookies) == (status, code, [])
    assert await left(app) == (0, 0, 0)


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_in_a_database_too() -> None:
    app = refusing(False, SQLAlchemyAdapter.sqlite(":memory:"))
    async with app.auth:
        await app.auth.create_tables()
        assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 400
        assert await left(app) == (0, 0, 0)


async def test_with_a_secondary_storage_too() -> None:
    cache = MemoryCache()
    app = refusing(False, cache=cache)
    assert (await app.browser().post("/sign-up/email", SIGN_UP)).status == 400
    assert await left(app) == (0, 0, 0)
    assert list(cache.keys()) == []


async def test_without_a_refusal_user_and_session_are_there() -> None:
    app = refusing(None, MemoryAdapter())
    browser = app.browser()
    assert (await browser.post("/sign-up/email", SIGN_UP)).status == 200
    assert await left(app) == (1, 1, 1)
    assert (await browser.get("/get-session")).json["user"]["email"] == "ada@example.com"


async def test_a_hook_of_sessions_sees_the_user_that_is_not_yet_there_for_others() -> None:
    seen: list[int] = []
    app: TestApp

    async def before(_values: object, _context: object) -> None:
        seen.append(await app.auth.services.database.count(User))

    app = make_app({"database_hooks": {"session": {"create": {"before": before}}}})
    await app.signed_up()
    assert seen == [0]
    assert await left(app) == (1, 1, 1)


async def test_a_refused_change_of_a_password_is_told() -> None:
    refuses: list[bool] = []

    async def before(_values: object, _context: object) -> bool | None:
        return False if refuses else None

    app = make_app({"database_hooks": {"account": {"update": {"before": before}}}})
    browser = await app.signed_up()
    refuses.append(True)
    body = {"currentPassword": "password-1234", "newPassword": "another-password"}
    assert (await browser.post("/change-password", body)).status == 400
    refuses.clear()
    assert (await browser.post("/sign-in/email", {**SIGN_UP})).status == 200
