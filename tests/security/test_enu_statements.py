"""How often the store is asked does not tell who is registered either: as many statements for strangers as for users. ENU-01, 03, 05."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from tests.mailing import mailing_app
from tests.security.attacker import send
from tests.security.faulty import FaultyAdapter

from gatewright.model.account import Account
from gatewright.testing.app import TestApp
from gatewright.wire.json import encode
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

KNOWN, UNKNOWN, WITHOUT_PASSWORD = "ada@example.com", "nobody@example.com", "grace@example.com"


async def statements(
    app: TestApp, store: FaultyAdapter, path: str, body: Mapping[str, object]
) -> tuple[int, int, bytes]:
    before = store.steps
    answer = await send(app.auth, "POST", f"/api/auth{path}", encode(body))
    return store.steps - before, answer.status, answer.body


@pytest.mark.parametrize(
    ("path", "more"),
    [
        ("/sign-in/email", {"password": "wrong-password"}),
        ("/request-password-reset", {"redirectTo": "/reset"}),
        ("/send-verification-email", {"callbackURL": "/"}),
    ],
)
async def test_enu_01_03_05_strangers_cost_as_many_statements_as_users(path: str, more: Mapping[str, object]) -> None:
    store = FaultyAdapter(MemoryAdapter())
    app = mailing_app(adapter=store)
    await app.signed_up(KNOWN)
    await app.as_user(WITHOUT_PASSWORD)
    assert await app.auth.services.database.count(Account) == 1
    # What is over is removed once a minute, whoever comes first.
    await statements(app, store, path, {"email": UNKNOWN, **more})
    seen = [await statements(app, store, path, {"email": each, **more}) for each in (KNOWN, UNKNOWN, WITHOUT_PASSWORD)]
    assert seen[0] == seen[1] == seen[2]
