"""Removing the last ways in at the same moment. Named after the case."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio.lowlevel
import pytest
from tests.mailing import all_at_once, statuses

from gatewright.model.account import Account
from gatewright.model.query import Delete, Values
from gatewright.ports.adapter import Adapter, Features
from gatewright.testing.app import make_app
from gatewright_adapters.memory import MemoryAdapter
from gatewright_adapters.sqlalchemy.adapter import SQLAlchemyAdapter

pytestmark = pytest.mark.anyio


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path, anyio_backend: str) -> AsyncGenerator[Adapter]:
    """A database, open."""
    if request.param == "memory":
        yield MemoryAdapter()
        return
    adapter = SQLAlchemyAdapter.sqlite(tmp_path / "store.db")
    await adapter.open()
    yield adapter
    await adapter.close()


@pytest.mark.parametrize("count", [2, 5])
async def test_race_15_one_account_stays_when_all_are_removed_at_once(store: Adapter, count: int) -> None:
    app = make_app(adapter=store)
    await app.auth.create_tables()
    browser = await app.signed_up()
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    for number in range(1, count):
        await app.auth.services.database.insert(
            Account(issuer=f"local:oauth:p{number}", account_id="1", provider_id=f"p{number}", user_id=user_id)
        )
    ids = [each["id"] for each in (await browser.get("/list-accounts")).json]
    answers = await all_at_once(
        [lambda account_id=account_id: browser.post("/unlink-account", {"accountId": account_id}) for account_id in ids]
    )
    assert statuses(answers) == {200: count - 1, 400: 1}
    assert [answer.json["code"] for answer in answers if answer.status == 400] == ["FAILED_TO_UNLINK_LAST_ACCOUNT"]
    assert await app.auth.services.database.count(Account) == 1


class NoTransactions(MemoryAdapter):
    """Writes happen in order, as in a store that is spoken to over HTTP; somebody else is always in between."""

    @property
    def features(self) -> Features:
        return Features(transactions=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[MemoryAdapter]:
        yield self

    async def take(self, query: Delete) -> Values | None:
        await anyio.lowlevel.checkpoint()
        return await super().take(query)


async def test_race_15_nobody_is_locked_out_where_there_are_no_transactions() -> None:
    app = make_app(adapter=NoTransactions())
    browser = await app.signed_up()
    user_id = (await browser.get("/get-session")).json["user"]["id"]
    await app.auth.services.database.insert(
        Account(issuer="local:oauth:p", account_id="1", provider_id="p", user_id=user_id)
    )
    before = await app.auth.services.database.find_many(Account)
    ids = [account.id for account in before]
    answers = await all_at_once(
        [lambda account_id=account_id: browser.post("/unlink-account", {"accountId": account_id}) for account_id in ids]
    )
    after = await app.auth.services.database.find_many(Account)
    assert set(statuses(answers)) <= {200, 400}
    assert len(after) >= 1
    assert all(account in before for account in after)
