"""Signing up with an address that is known, where nobody may learn that it is."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.mailing import ADA, mailing_app

from gatewright.model.user import User
from gatewright.settings.callbacks import SyntheticUser
from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio

FIELDS: Mapping[str, Any] = {
    "nick": {"type": "string", "required": False, "defaultValue": "n"},
    "secret": {"type": "string", "required": False, "returned": False},
    "role": {"type": "string", "required": False, "input": False, "defaultValue": "user"},
    "age": {"type": "number", "required": False},
}
HIDING = ({"require_email_verification": True}, {"auto_sign_in": False})


@pytest.mark.parametrize("passwords", HIDING)
async def test_a_known_address_is_answered_like_a_new_one(passwords: dict[str, object]) -> None:
    app = mailing_app(passwords=passwords)
    first = await app.browser().post("/sign-up/email", ADA)
    second = await app.browser().post("/sign-up/email", {**ADA, "name": "Eve", "email": "ADA@example.com"})
    assert (first.status, second.status) == (200, 200)
    assert [name for name, _ in first.headers] == [name for name, _ in second.headers]
    real, made_up = first.json["user"], second.json["user"]
    assert list(made_up) == list(real)
    assert made_up.pop("id") != real.pop("id")
    assert (first.json["token"], second.json["token"]) == (None, None)
    assert made_up == {**real, "name": "Eve"}
    (told,) = app.mailbox.all("known")
    assert (told.user.name, told.user.email) == ("Ada", "ada@example.com")
    assert await app.auth.services.database.count(User) == 1


async def test_a_known_address_is_named_where_signing_up_signs_in() -> None:
    app = mailing_app()
    await app.signed_up()
    answer = await app.browser().post("/sign-up/email", ADA)
    assert (answer.status, answer.json["code"]) == (422, "USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL")
    assert app.mailbox.all("known") == []


async def test_a_made_up_user_has_the_applications_own_fields() -> None:
    app = make_app(
        {"email_and_password": {"enabled": True, "auto_sign_in": False}, "user": {"additional_fields": FIELDS}}
    )
    real = (await app.browser().post("/sign-up/email", ADA)).json["user"]
    made_up = (await app.browser().post("/sign-up/email", {**ADA, "secret": "s", "role": "admin"})).json["user"]
    assert list(made_up) == list(real)
    assert made_up.pop("id") != real.pop("id")
    assert made_up == real == {**real, "nick": "n", "role": "user", "age": None}


async def test_the_application_may_make_up_the_user_itself() -> None:
    seen: list[SyntheticUser] = []

    def make(given: SyntheticUser) -> dict[str, object]:
        seen.append(given)
        return {**given.core_fields, "nick": "custom", "unknown": 1, "id": "made-up"}

    app = make_app(
        {
            "email_and_password": {"enabled": True, "auto_sign_in": False, "custom_synthetic_user": make},
            "user": {"additional_fields": FIELDS},
        }
    )
    await app.browser().post("/sign-up/email", ADA)
    answer = await app.browser().post("/sign-up/email", {**ADA, "age": 7})
    (given,) = seen
    assert given.additional_fields == {"nick": "n", "role": "user", "age": 7}
    assert list(given.core_fields) == ["name", "email", "emailVerified", "image", "createdAt", "updatedAt"]
    user = answer.json["user"]
    assert (user["nick"], user["age"], user["id"]) == ("custom", 7, "made-up")
    assert "unknown" not in user
