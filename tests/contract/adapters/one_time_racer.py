"""One of several processes that redeem the same one-time values; reports how often it succeeded, one number for each.

Run with the address of a store and a name; waits for a line with a value before each attempt, and ends with its standard
input.
"""

from __future__ import annotations

import json
import sys

import anyio
from tests.contract.adapters.one_time_races import redeem
from tests.contract.adapters.racer import opened
from tests.mailing import all_at_once
from tests.one_time import FLOWS, House, Minted, succeeded
from tests.one_time_house import instance_on

from gatewright.ports.random import SystemRandom
from gatewright.ports.workers import InlineWorkers
from gatewright.testing.authenticator import Authenticator

__all__ = ("CALLERS",)

CALLERS = 5


async def main(address: str) -> None:
    """Redeem until nobody asks any more."""
    flows = {flow.name: flow for flow in FLOWS}
    async with opened(address) as adapter:
        app = instance_on(adapter)
        # Of the seeded randomness of tests, two processes would have the same.
        app.auth.rebind(
            app.auth.blueprint,
            adapter,
            random=SystemRandom(),
            clock=app.clock,
            egress=app.egress,
            workers=InlineWorkers(),
            log=app.log,
        )
        house = House(app, app.browser(), Authenticator())
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        for line in sys.stdin:
            asked = json.loads(line)
            browser = app.browser()
            browser.jar.update(asked["jar"])
            minted, flow = Minted(asked["secret"], browser, asked["more"]), flows[asked["flow"]]
            answers = await all_at_once([lambda flow=flow, minted=minted: redeem(house, flow, minted)] * CALLERS)
            failed = [repr(answer) for answer in answers if answer.status >= 500 and answer.status != 503]
            sys.stdout.write(json.dumps({"won": sum(map(succeeded, answers)), "failed": failed}) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    anyio.run(main, sys.argv[1])
