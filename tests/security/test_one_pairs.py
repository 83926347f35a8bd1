"""What one flow has minted is refused by every other flow, and still works where it belongs; rows ONE-12 to ONE-17."""

from __future__ import annotations

import pytest
from tests.one_time import FLOWS, Flow, House, Minted, house_on, succeeded

pytestmark = pytest.mark.anyio


PREFIXES = ("reset-password:", "delete-account-", "one-time-token:", "siwe:")


def without_prefix(identifier: str) -> str:
    """A hash of the application's own under which several flows can mint the same identifier."""
    return next((identifier.removeprefix(each) for each in PREFIXES if identifier.startswith(each)), identifier)


async def minted_in(house: House, minting: Flow) -> tuple[Minted, list[str]]:
    """A value of a flow, and all that whoever reads the table, or guesses how it is filled, can present of it."""
    before = {row.id for row in await house.rows()}
    minted = await minting.mint(house)
    rows = [row for row in await house.rows() if row.id not in before]
    texts = {minted.secret, *minted.texts, *(row.identifier for row in rows), *(row.value for row in rows)}
    texts |= {row.value.partition(":")[0] for row in rows}
    if minting.cookie is not None:
        texts.add(minted.browser.jar[minting.cookie])
    return minted, sorted(texts)


async def taken_by_others(house: House, minting: Flow, texts: list[str]) -> list[tuple[str, str]]:
    """By which other flows somebody got in, and with what."""
    taken: list[tuple[str, str]] = []
    for other in FLOWS:
        if other.name == minting.name:
            continue
        for text in texts:
            for answer in await other.misuse(house, text):
                assert answer.status < 500, (other.name, text, answer)
                if succeeded(answer) or any(
                    "session_token=" in line for line in answer.cookies if "Max-Age=0" not in line
                ):
                    taken.append((other.name, text))
    return taken


@pytest.mark.parametrize("storage", ["plain", "hashed"])
@pytest.mark.parametrize("minting", FLOWS, ids=lambda flow: flow.name)
async def test_one_13_14_15_16_no_other_flow_takes_or_burns_what_a_flow_has_minted(minting: Flow, storage: str) -> None:
    house = await house_on(storage=storage)
    minted, texts = await minted_in(house, minting)
    assert await taken_by_others(house, minting, texts) == []
    assert succeeded(await minting.use(house, minted)), "it was used up"


@pytest.mark.parametrize("minting", FLOWS, ids=lambda flow: flow.name)
async def test_one_16_nobody_gets_in_by_another_flow_where_a_hash_makes_identifiers_equal(minting: Flow) -> None:
    house = await house_on(storage={"hash": without_prefix})
    _, texts = await minted_in(house, minting)
    assert await taken_by_others(house, minting, texts) == []


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
