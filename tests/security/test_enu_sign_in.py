"""ENU-01: whether an address is known cannot be told from how signing in fails."""

from __future__ import annotations

from typing import Any

import pytest
from tests.security.attacker import QuickPasswords, app_on

from gatewright.model.account import Account
from gatewright.ports.adapter import Adapter
from gatewright.testing.app import TestApp
from gatewright.testing.browser import Answer
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


class Counted(QuickPasswords):
    """Counts what password functions are asked: work is what takes the time that somebody could measure."""

    def __init__(self) -> None:
        self.work: list[str] = []

    async def counted_hash(self, password: str) -> str:
        self.work.append("hash")
        return await self.hash(password)

    async def counted_verify(self, given: Any) -> bool:
        self.work.append("hash")
        return await self.verify(given)


async def app_counting(store: Adapter, **more: object) -> tuple[TestApp, Counted]:
    counted = Counted()
    own = {"hash": counted.counted_hash, "verify": counted.counted_verify}
    options = {
        "email_and_password": {"enabled": True, "password": own, **more},
        "email_verification": {"send_verification_email": Mailbox().sender("verify")},
    }
    app = await app_on(store, options)
    return app, counted


def looks(answer: Answer) -> tuple[int, bytes, tuple[tuple[str, str], ...]]:
    return answer.status, answer.body, answer.headers


@pytest.mark.parametrize("verification", [False, True])
async def test_enu_01_every_failed_sign_in_looks_and_costs_the_same(store: Adapter, verification: bool) -> None:
    app, counted = await app_counting(store, require_email_verification=verification)
    await app.signed_up("known@example.com")
    await app.signed_up("without@example.com")
    database = app.auth.services.database
    (account,) = [row for row in await database.find_many(Account) if row.raw["userId"] == await _id(app, "without")]
    await database.delete(Account, Account.id.eq(account.id))
    seen: list[tuple[Any, list[str]]] = []
    for email in ("unknown@example.com", "known@example.com", "without@example.com"):
        counted.work.clear()
        answer = await app.browser().post("/sign-in/email", {"email": email, "password": "wrong-password"})
        assert (answer.status, answer.json["code"]) == (401, "INVALID_EMAIL_OR_PASSWORD")
        seen.append((looks(answer), list(counted.work)))
    assert seen[0] == seen[1] == seen[2]


async def test_enu_01_a_password_of_any_length_looks_the_same(store: Adapter) -> None:
    app, _ = await app_counting(store)
    await app.signed_up("known@example.com")
    for password in ("x", "x" * 129, "x" * 100_000):
        answers = [
            await app.browser().post("/sign-in/email", {"email": email, "password": password})
            for email in ("unknown@example.com", "known@example.com")
        ]
        assert looks(answers[0]) == looks(answers[1])
        assert answers[0].status == 401


async def test_enu_04_signing_up_costs_the_same_for_a_known_address(store: Adapter) -> None:
    app, counted = await app_counting(store)
    work: list[int] = []
    for _ in range(2):
        counted.work.clear()
        await app.browser().post(
            "/sign-up/email", {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
        )
        work.append(counted.work.count("hash"))
    assert work == [1, 1]


async def _id(app: TestApp, name: str) -> str:
    user = await app.auth.services.users.by_email(app.auth.services.database, f"{name}@example.com")
    assert user is not None
    return user.id
