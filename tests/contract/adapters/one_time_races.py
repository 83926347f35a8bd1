"""What is handed out once is redeemed once, however many try at the same moment, on every store; not the stores' own suite."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import pytest
from tests.mailing import all_at_once
from tests.one_time import FLOWS, Flow, House, Minted, house_on, succeeded

from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.browser import Answer

__all__ = ("OneTimeRaces", "redeem")

CALLERS = 50

ONCE = tuple(flow for flow in FLOWS if flow.name != "verification link")
"""A verification link says the same however often it is followed."""


class OneTimeRaces:
    """Give it the fixtures ``adapter`` and ``cache``."""

    VERIFICATION: ClassVar[Mapping[str, Any]] = {}
    """Further options of one-time values."""

    @pytest.mark.anyio
    @pytest.mark.parametrize("flow", ONCE, ids=lambda flow: flow.name)
    async def test_of_fifty_who_redeem_one_value_one_succeeds(
        self, adapter: Adapter, cache: Cache | None, flow: Flow
    ) -> None:
        house = await house_on(adapter, cache=cache, verification=self.VERIFICATION)
        minted = await flow.mint(house)
        answers = await all_at_once([lambda: redeem(house, flow, minted)] * CALLERS)
        # A store that cannot keep up may say so; it may not be wrong.
        assert [answer for answer in answers if answer.status >= 500 and answer.status != 503] == []
        assert sum(map(succeeded, answers)) == 1


async def redeem(house: House, flow: Flow, minted: Minted) -> Answer:
    """Use a value in a browser that knows what the one that asked for it knows."""
    browser = house.browser()
    browser.jar.update(minted.browser.jar)
    return await flow.use(house, Minted(minted.secret, browser, minted.more))
