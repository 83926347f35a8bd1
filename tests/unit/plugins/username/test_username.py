"""Signing in with a name, and what names may be."""

from __future__ import annotations

import pytest

from gatewright.plugins.username import Username, UsernameOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ConfigError

pytestmark = pytest.mark.anyio

WRONG = {"message": "Invalid username or password", "code": "INVALID_USERNAME_OR_PASSWORD"}


def app_with(**options: object) -> TestApp:
    return make_app(plugins=[Username(UsernameOptions.model_validate(options))])


async def test_a_name_signs_in_however_it_is_spelled() -> None:
    app = app_with()
    await app.signed_up(username="Ada.L")
    answer = await app.browser().post("/sign-in/username", {"username": "ADA.l", "password": "password-1234"})
    user = answer.json["user"]
    assert (answer.status, user["username"], user["displayUsername"]) == (200, "ada.l", "Ada.L")
    wrong = await app.browser().post("/sign-in/username", {"username": "ada.l", "password": "password-4321"})
    unknown = await app.browser().post("/sign-in/username", {"username": "nobody", "password": "password-1234"})
    assert [(each.status, each.json) for each in (wrong, unknown)] == [(401, WRONG)] * 2


async def test_a_name_is_free_until_somebody_has_it() -> None:
    app = app_with()
    ask = app.browser()
    assert (await ask.post("/is-username-available", {"username": "ada"})).json == {"available": True}
    await app.signed_up(username="ada")
    assert (await ask.post("/is-username-available", {"username": "ADA"})).json == {"available": False}
    answer = await ask.post(
        "/sign-up/email", {"name": "B", "email": "b@example.com", "password": "password-1234", "username": "Ada"}
    )
    assert (answer.status, answer.json["code"]) == (400, "USERNAME_IS_ALREADY_TAKEN")


@pytest.mark.parametrize(
    ("name", "code"),
    [("ab", "USERNAME_TOO_SHORT"), ("a" * 31, "USERNAME_TOO_LONG"), ("has space", "INVALID_USERNAME")],
)
async def test_a_name_that_may_not_be_is_refused_everywhere(name: str, code: str) -> None:
    app = app_with()
    ask = app.browser()
    answers = [
        await ask.post("/is-username-available", {"username": name}),
        await ask.post("/sign-in/username", {"username": name, "password": "password-1234"}),
        await ask.post(
            "/sign-up/email", {"name": "A", "email": "a@example.com", "password": "password-1234", "username": name}
        ),
    ]
    assert [(each.status, each.json["code"]) for each in answers] == [(422, code), (422, code), (400, code)]


@pytest.mark.parametrize("name", [7, True, ["ada"], {"a": 1}])
async def test_a_name_is_a_text(name: object) -> None:
    browser = await app_with().signed_up()
    answer = await browser.post("/update-user", {"username": name})
    assert (answer.status, answer.json["code"]) == (400, "INVALID_USERNAME")


async def test_a_name_can_be_changed_but_not_to_another_s() -> None:
    app = app_with()
    await app.signed_up(username="countess")
    bob = await app.signed_up("b@example.com", username="bob")
    assert (await bob.post("/update-user", {"username": "COUNTESS"})).json["code"] == "USERNAME_IS_ALREADY_TAKEN"
    assert (await bob.post("/update-user", {"username": "Bob"})).status == 200
    assert (await bob.post("/update-user", {"username": "Robert", "displayUsername": "R"})).status == 200
    user = (await bob.get("/get-session")).json["user"]
    assert (user["username"], user["displayUsername"]) == ("robert", "R")


async def test_an_immutable_name_is_set_once() -> None:
    browser = await app_with(immutableUsername=True).signed_up()
    assert (await browser.post("/update-user", {"username": "first"})).status == 200
    assert (await browser.post("/update-user", {"username": "FIRST"})).status == 200
    for other in ("second", None):
        answer = await browser.post("/update-user", {"username": other})
        assert (answer.status, answer.json["code"]) == (400, "USERNAME_IS_IMMUTABLE")


async def test_a_display_name_alone_becomes_the_name_where_it_can() -> None:
    app = app_with()
    ada = await app.signed_up(displayUsername="Ada")
    other = await app.signed_up("b@example.com", displayUsername="The Countess")
    names = [(await each.get("/get-session")).json["user"] for each in (ada, other)]
    assert [(user["username"], user["displayUsername"]) for user in names] == [("ada", "Ada"), (None, "The Countess")]


def _loud(name: str) -> bool:
    return name.endswith("!")


async def test_names_follow_the_application_s_own_rules() -> None:
    async def short(name: str) -> bool:
        return len(name) < 8

    app = app_with(
        minUsernameLength=1,
        usernameValidator=_loud,
        usernameNormalization=False,
        displayUsernameValidator=short,
        displayUsernameNormalization=str.upper,
    )
    browser = await app.signed_up(username="Ada!", displayUsername="ada")
    user = (await browser.get("/get-session")).json["user"]
    assert (user["username"], user["displayUsername"]) == ("Ada!", "ADA")
    answers = [await browser.post("/update-user", body) for body in ({"username": "Ada"}, {"displayUsername": "a" * 8})]
    assert [each.json["code"] for each in answers] == ["INVALID_USERNAME", "INVALID_DISPLAY_USERNAME"]
    assert (await browser.post("/is-username-available", {"username": "ada!"})).json == {"available": True}


async def test_a_name_can_be_checked_in_its_stored_form() -> None:
    app = app_with(
        validationOrder={"username": "post-normalization"},
        usernameNormalization=str.strip,
    )
    assert (await app.browser().post("/is-username-available", {"username": " ada "})).status == 200
    assert (await app_with().browser().post("/is-username-available", {"username": " ada "})).status == 422


async def test_without_display_names_there_is_no_column_for_them() -> None:
    browser = await app_with(displayUsername=False).signed_up(username="ada", displayUsername="Ada")
    user = (await browser.get("/get-session")).json["user"]
    assert user["username"] == "ada"
    assert "displayUsername" not in user


async def test_an_unverified_address_is_mailed_its_link_again() -> None:
    sent: list[object] = []

    async def send(mail: object, request: object) -> None:
        sent.append(mail)

    app = make_app(
        {
            "email_and_password": {"enabled": True, "require_email_verification": True},
            "email_verification": {"send_verification_email": send, "send_on_sign_up": False, "send_on_sign_in": True},
        },
        plugins=[Username()],
    )
    browser = await app.signed_up(username="ada")
    answer = await browser.post("/sign-in/username", {"username": "ada", "password": "password-1234"})
    assert (answer.status, answer.json["code"], len(sent)) == (403, "EMAIL_NOT_VERIFIED", 1)


def test_bounds_that_exclude_each_other_are_a_mistake() -> None:
    with pytest.raises(ConfigError, match="min_username_length"):
        Username(UsernameOptions(min_username_length=5, max_username_length=4))
