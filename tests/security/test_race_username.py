"""Attacks on names: claimed by many at once, guessed, and told apart from unknown ones."""

from __future__ import annotations

import pytest
from tests.mailing import CountingPasswords, all_at_once, statuses

from gatewright.plugins.username import Username
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer

pytestmark = pytest.mark.anyio


def counting() -> tuple[TestApp, CountingPasswords]:
    scheme = CountingPasswords()
    own = {"hash": scheme.hash, "verify": scheme.verify}
    options: dict[str, object] = {"email_and_password": {"enabled": True, "password": own}}
    return make_app(options, plugins=[Username()]), scheme


async def test_race_03_of_twenty_who_sign_up_with_one_name_one_gets_it() -> None:
    app, _ = counting()

    async def claim(number: int) -> Answer:
        name = "Countess" if number % 2 else "COUNTESS"
        body = {"name": "A", "email": f"a{number}@example.com", "password": "password-1234", "username": name}
        return await app.browser().post("/sign-up/email", body)

    answers = await all_at_once([lambda number=number: claim(number) for number in range(20)])
    assert statuses(answers) == {200: 1, 400: 19}
    assert {each.json["code"] for each in answers if each.status == 400} == {"USERNAME_IS_ALREADY_TAKEN"}


async def test_race_03_of_twenty_who_change_to_one_name_one_gets_it() -> None:
    app, _ = counting()
    browsers = [await app.signed_up(f"a{number}@example.com") for number in range(20)]
    answers = await all_at_once(
        [lambda browser=browser: browser.post("/update-user", {"username": "countess"}) for browser in browsers]
    )
    assert statuses(answers) == {200: 1, 400: 19}
    assert {each.json["code"] for each in answers if each.status == 400} == {"USERNAME_IS_ALREADY_TAKEN"}


async def test_enu_02_an_unknown_name_costs_what_a_known_one_does() -> None:
    app, scheme = counting()
    await app.signed_up(username="ada")
    costs: list[tuple[int, int, bytes]] = []
    for name in ("ada", "nobody"):
        before = scheme.work
        answer = await app.browser().post("/sign-in/username", {"username": name, "password": "wrong-password"})
        costs.append((scheme.work - before, answer.status, answer.body))
    assert costs[0] == costs[1]
    assert costs[0][0] == 1


async def test_rlm_13_the_fourth_guess_in_ten_seconds_is_refused() -> None:
    app = make_app({"rate_limit": {"enabled": True}}, plugins=[Username()])
    body = {"username": "ada", "password": "wrong-password"}
    answers = [(await app.browser().post("/sign-in/username", body)).status for _ in range(4)]
    assert answers == [401, 401, 401, 429]


async def test_enu_09_asking_for_names_can_be_switched_off() -> None:
    app = make_app({"disabled_paths": ["/is-username-available"]}, plugins=[Username()])
    assert (await app.browser().post("/is-username-available", {"username": "ada"})).status == 404
