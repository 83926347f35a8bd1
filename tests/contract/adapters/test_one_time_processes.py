"""Two processes redeem each one-time value of every flow at the same time, 20 times on every shared store: one winner."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from tests.contract.adapters.one_time_races import ONCE
from tests.contract.adapters.racer import opened
from tests.contract.adapters.racing import SHARED, empty_store, racing
from tests.one_time_house import ADA, instance_on, moved_in

from gatewright.model.user import User

pytestmark = pytest.mark.anyio

ROUNDS = 20

FIRST = ("deletion", "one-time token", "passkey registration", "second factor", "device", "passkey sign-in")
"""The others end the session of the user who has proven no address, or change the password; the first ends the user."""
ORDER = sorted(ONCE, key=lambda flow: FIRST.index(flow.name) if flow.name in FIRST else len(FIRST))


@pytest.fixture(params=["asyncio"])
def anyio_backend(request: pytest.FixtureRequest) -> str:
    """The racing processes choose their own loop."""
    return str(request.param)


@pytest.mark.parametrize("kind", SHARED)
async def test_two_processes_have_one_winner_for_each_value(kind: str, tmp_path: Path) -> None:
    async with empty_store(kind, tmp_path) as address, opened(address) as adapter:
        app = instance_on(adapter)
        await app.auth.create_tables()
        database = app.auth.services.database
        with racing("one_time_racer.py", address) as race:
            for number in range(ROUNDS):
                house = None
                for flow in ORDER:
                    if await database.count(User, User.email.eq(ADA)) == 0:
                        house = await moved_in(app)
                    assert house is not None
                    minted = await flow.mint(house)
                    asked = {
                        "flow": flow.name,
                        "secret": minted.secret,
                        "jar": minted.browser.jar,
                        "more": minted.more,
                    }
                    told = await asyncio.to_thread(race, asked)
                    assert sum(each["won"] for each in told) == 1, (flow.name, number, told)
                    assert [each["failed"] for each in told] == [[], []], (flow.name, number)
                await database.delete(User, User.email.eq(ADA))
