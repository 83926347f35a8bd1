"""Which way is remembered of those who owe a second factor: the one that they began with."""

from __future__ import annotations

import pytest
from tests.unit.plugins.assurance.ways import WAYS, World, is_signed_in, world

from gatewright.model.verification import Verification
from gatewright.plugins.last_login_method import LastLoginMethod, LastLoginMethodOptions
from gatewright.plugins.last_login_method.model import RememberedUser

pytestmark = pytest.mark.anyio

NAME = "better-auth.last_used_login_method"
NAMED = {
    "password": "email",
    "magic link of a script": "magic-link",
    "magic link": "magic-link",
    "wallet": "siwe",
    "passkey without its user": "passkey",
    "social": "google",
    "generic OAuth": "corp",
}


async def owing(way: str, *, everywhere: bool, first: bool = False) -> World:
    """Whoever signs in that way has a second factor from now on, and is remembered for another way.

    Args:
        way: Of signing in.
        everywhere: The option.
        first: The plugin comes before two factor.
    """
    remembering = LastLoginMethod(LastLoginMethodOptions(store_in_database=True))
    factor = {"everywhere": everywhere, "two_factor_page": "/factor"}
    place = world(factor, first=(remembering,)) if first else world(factor, more=(remembering,))
    await WAYS[way](place, place.app.browser())
    await place.owe_factor()
    database = place.app.auth.services.database
    for user in await database.find_many(RememberedUser):
        await database.update_one(
            RememberedUser, RememberedUser.id.eq(user.id), set=[RememberedUser.last_login_method.to("before")]
        )
    place.app.clock.advance(minutes=2)
    return place


async def stored(place: World) -> list[str | None]:
    return [user.last_login_method for user in await place.app.auth.services.database.find_many(RememberedUser)]


@pytest.mark.parametrize("first", [False, True])
@pytest.mark.parametrize("way", NAMED)
async def test_everywhere_the_way_counts_once_the_factor_is_given(way: str, first: bool) -> None:
    place = await owing(way, everywhere=True, first=first)
    browser = place.app.browser()
    await WAYS[way](place, browser)
    assert not await is_signed_in(browser)
    assert (browser.cookie(NAME), await stored(place)) == (None, ["before"])
    assert (await place.give_factor(browser)).status == 200
    assert (browser.cookie(NAME), await stored(place)) == (NAMED[way], [NAMED[way]])


async def test_everywhere_a_way_without_a_name_leaves_what_is_remembered() -> None:
    place = await owing("username", everywhere=True)
    browser = place.app.browser()
    await WAYS["username"](place, browser)
    assert (await place.give_factor(browser)).status == 200
    assert await is_signed_in(browser)
    assert (browser.cookie(NAME), await stored(place)) == (None, ["before"])


async def test_everywhere_the_way_is_kept_with_its_challenge_and_goes_with_it() -> None:
    place = await owing("password", everywhere=True)
    browser = place.app.browser()
    database = place.app.auth.services.database
    await WAYS["password"](place, browser)
    kept = await database.find_many(Verification, Verification.identifier.starts_with("2fa-notes-"))
    assert [row.value for row in kept] == ['{"lastLoginMethod":"email"}']
    await place.give_factor(browser)
    assert await database.count(Verification, Verification.identifier.starts_with("2fa-notes-")) == 0


@pytest.mark.parametrize("first", [False, True])
async def test_by_default_the_password_counts_before_the_factor_as_the_contract_has_it(first: bool) -> None:
    place = await owing("password", everywhere=False, first=first)
    browser = place.app.browser()
    await WAYS["password"](place, browser)
    assert not await is_signed_in(browser)
    assert (browser.cookie(NAME), await stored(place)) == ("email", ["email"])
    answer = await place.give_factor(browser)
    assert NAME not in "".join(answer.cookies)
    assert await stored(place) == ["email"]
