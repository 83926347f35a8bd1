"""What one flow has minted is refused by every other flow, and still works where it belongs; rows ONE-12 to ONE-17."""

from __future__ import annotations

import pytest
from tests.one_time import FLOWS, Flow, house_on, succeeded

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("storage", ["plain", "hashed"])
@pytest.mark.parametrize("minting", FLOWS, ids=lambda flow: flow.name)
async def test_one_13_14_15_16_no_other_flow_takes_or_burns_what_a_flow_has_minted(minting: Flow, storage: str) -> None:
    house = await house_on(storage=storage)
    before = {row.id for row in await house.rows()}
    minted = await minting.mint(house)
    # Whoever reads the table, or guesses how it is filled, presents what stands there.
    rows = [row for row in await house.rows() if row.id not in before]
    texts = {minted.secret, *minted.texts, *(row.identifier for row in rows), *(row.value for row in rows)}
    texts |= {row.value.partition(":")[0] for row in rows}
    if minting.cookie is not None:
        texts.add(minted.browser.jar[minting.cookie])
    taken: list[tuple[str, str]] = []
    for other in FLOWS:
        if other.name == minting.name:
            continue
        for text in sorted(texts):
            for answer in await other.misuse(house, text):
                assert answer.status < 500, (other.name, text, answer)
                if succeeded(answer) or any(
                    "session_token=" in line for line in answer.cookies if "Max-Age=0" not in line
                ):
                    taken.append((other.name, text))
    assert taken == []
    assert succeeded(await minting.use(house, minted)), "it was used up"


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name)
async def test_what_a_flow_has_minted_works_once(flow: Flow) -> None:
    house = await house_on()
    minted = await flow.mint(house)
    assert succeeded(await flow.use(house, minted))
    if flow.name != "verification link":
        assert not succeeded(await flow.use(house, minted))


@pytest.mark.parametrize("flow", [each for each in FLOWS if each.cookie is None], ids=lambda flow: flow.name)
async def test_what_is_tried_on_the_others_would_work_with_their_own_value(flow: Flow) -> None:
    house = await house_on()
    minted = await flow.mint(house)
    assert any(succeeded(answer) for answer in await flow.misuse(house, minted.secret))


LIFETIMES = {
    "state": 600,
    "magic link": 300,
    "password reset": 3600,
    "deletion": 86400,
    "one-time token": 180,
    "mailed code for sign-in": 300,
    "mailed code for email-verification": 300,
    "mailed code for forget-password": 300,
    "phone code": 300,
    "password reset by phone": 300,
    "wallet nonce": 900,
    "passkey sign-in": 300,
    "passkey registration": 300,
    "second factor": 180,
    "device": 1800,
}
"""Seconds (contract, crypto.json and options.json)."""


@pytest.mark.parametrize("flow", [each for each in FLOWS if each.name in LIFETIMES], ids=lambda flow: flow.name)
async def test_one_18_every_value_is_over_at_its_expiry(flow: Flow) -> None:
    outcomes: list[bool] = []
    for milliseconds in (-1, 0, 1):
        house = await house_on()
        minted = await flow.mint(house)
        house.app.clock.advance(seconds=LIFETIMES[flow.name] + milliseconds / 1000)
        outcomes.append(succeeded(await flow.use(house, minted)))
    assert outcomes == [True, False, False]


@pytest.mark.parametrize(
    "spoilt", ["{}\n", "{}\x00", "{}%00", " {}", "{}x", "{}" + "y" * 1_000_000], ids=lambda text: repr(text[:12])
)
@pytest.mark.parametrize("flow", [each for each in FLOWS if each.cookie is None], ids=lambda flow: flow.name)
async def test_one_24_a_spoilt_value_is_refused_and_the_right_one_still_works(flow: Flow, spoilt: str) -> None:
    house = await house_on()
    minted = await flow.mint(house)
    for answer in await flow.misuse(house, spoilt.replace("{}", minted.secret)):
        assert not succeeded(answer), answer
        assert answer.status < 500, answer
    if "code" not in flow.name and "phone" not in flow.name:
        # A wrong code costs a try, and there are three.
        assert succeeded(await flow.use(house, minted))
