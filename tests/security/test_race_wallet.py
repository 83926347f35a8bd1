"""Of first sign-ins of one wallet one makes the user, also where a store has no transactions."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from tests.unit.plugins.siwe.wallets import KEY, address_of, app_with, sign_in

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.plugins.siwe.model import WalletAddress
from gatewright.ports.adapter import Features
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio


class NoTransactions(MemoryAdapter):
    """Writes happen in order, as in a store that is spoken to over HTTP."""

    @property
    def features(self) -> Features:
        return Features(transactions=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[MemoryAdapter]:
        yield self


class Meanwhile:
    """Lets another sign-in of the same wallet run from beginning to end at one point of the first."""

    def __init__(self, table: str, stage: str) -> None:
        self.answer: Answer | None = None
        self._app = app_with(
            {"anonymous": False},
            settings={"database_hooks": {table: {"create": {stage: self._run}}}},
            adapter=NoTransactions(),
        )
        self._started = False

    async def _run(self, *_given: Any) -> None:
        if not self._started:
            self._started = True
            self.answer = await sign_in(self._app.browser(), body={"email": "second@example.com"})

    async def first(self, **more: Any) -> tuple[Answer, Answer]:
        """Both answers."""
        first = await sign_in(self._app.browser(), body={"email": "first@example.com"}, **more)
        assert self.answer is not None
        return first, self.answer

    @property
    def app(self) -> TestApp:
        return self._app


@pytest.mark.parametrize(
    ("table", "stage"),
    [("user", "before"), ("user", "after"), ("account", "before"), ("account", "after")],
)
async def test_race_a_wallet_has_one_user_whoever_comes_in_between(table: str, stage: str) -> None:
    race = Meanwhile(table, stage)
    first, second = await race.first()
    assert (first.status, second.status) == (200, 200)
    assert first.json["user"]["id"] == second.json["user"]["id"]
    database = race.app.auth.services.database
    (user,) = await database.find_many(User)
    (wallet,) = await database.find_many(WalletAddress)
    (account,) = await database.find_many(Account)
    assert {user.id, wallet.user_id, account.user_id} == {first.json["user"]["id"]}


async def test_a_wallet_whose_row_was_never_written_signs_its_user_in() -> None:
    app = app_with(adapter=NoTransactions())
    made = await sign_in(app.browser())
    database = app.auth.services.database
    await database.delete(WalletAddress, WalletAddress.address.eq(address_of(KEY)))
    again = await sign_in(app.browser())
    assert (again.status, again.json["user"]["id"]) == (200, made.json["user"]["id"])
    assert await database.count(User) == 1
