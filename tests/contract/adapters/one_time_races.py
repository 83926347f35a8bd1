"""What is handed out once is redeemed once, however many try at the same moment, on every store; not the stores' own suite."""

from __future__ import annotations

import pytest
from tests.mailing import all_at_once
from tests.one_time import FLOWS, Flow, House, Minted, house_on, succeeded

from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import Answer

__all__ = ("FewOneTimeRaces", "OneTimeRaces")

CALLERS = 50

ONCE = tuple(flow for flow in FLOWS if flow.name != "verification link")
"""A verification link says the same however often it is followed."""

FEW = frozenset(
    {
        "magic link",
        "mailed code for sign-in",
        "phone code",
        "one-time token",
        "device",
        "wallet nonce",
        "passkey sign-in",
    }
)


class OneTimeRaces:
    """Give it a fixture ``adapter``, and one ``cache`` where there is a secondary storage."""

    @pytest.fixture
    async def cache(self) -> Cache | None:
        return None

    def wanted(self, flow: Flow) -> bool:
        """Whether a flow is tried on this store."""
        del flow
        return True

    @pytest.mark.anyio
    @pytest.mark.parametrize("flow", ONCE, ids=lambda flow: flow.name)
    async def test_of_fifty_who_redeem_one_value_one_succeeds(
        self, adapter: Adapter, cache: Cache | None, flow: Flow
    ) -> None:
        if not self.wanted(flow):
            pytest.skip("each statement takes its time here: the other stores try this flow")
        house = await house_on(adapter, cache=cache)
        minted = await flow.mint(house)
        answers = await all_at_once([lambda: redeem(house, flow, minted)] * CALLERS)
        # A store that cannot keep up may say so; it may not be wrong.
        assert [answer for answer in answers if answer.status >= 500 and answer.status != 503] == []
        assert sum(map(succeeded, answers)) == 1


class FewOneTimeRaces(OneTimeRaces):
    """The same for the flows whose value signs somebody in."""

    def wanted(self, flow: Flow) -> bool:
        return flow.name in FEW


async def redeem(house: House, flow: Flow, minted: Minted) -> Answer:
    """Use a value in a browser that knows what the one that asked for it knows."""
    browser = house.browser()
    browser.jar.update(minted.browser.jar)
    return await flow.use(house, Minted(minted.secret, browser, minted.more))
