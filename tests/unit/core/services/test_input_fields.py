"""What a request may put into the application's own columns."""

from typing import Any

import pytest

from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio

FIELDS = {
    "age": {"type": "number", "required": False},
    "happy": {"type": "boolean", "required": False},
    "born": {"type": "date", "required": False},
    "tags": {"type": "string[]", "required": False},
    "scores": {"type": "number[]", "required": False},
    "settings": {"type": "json", "required": False},
    "nick": {"type": "string", "required": True},
    "rank": {"type": "number", "required": False, "input": False},
}
GOOD = {
    "age": 36.5,
    "happy": False,
    "born": "1815-12-10T00:00:00.000Z",
    "tags": ["math", "verse"],
    "scores": [1, 2.5],
    "settings": {"a": [1, None]},
    "nick": "al",
}


async def test_values_of_the_right_type_are_kept() -> None:
    browser = await make_app({"user": {"additionalFields": FIELDS}}).signed_up(nick="ada")
    answer = await browser.post("/update-user", GOOD)
    assert (answer.status, answer.json) == (200, {"status": True})
    user = (await browser.get("/get-session")).json["user"]
    assert {name: user[name] for name in GOOD} == GOOD


async def test_a_document_may_be_sent_as_text() -> None:
    browser = await make_app({"user": {"additionalFields": FIELDS}}).signed_up(nick="ada")
    await browser.post("/update-user", {"settings": "[1,2]"})
    assert (await browser.get("/get-session")).json["user"]["settings"] == [1, 2]
    await browser.post("/update-user", {"settings": "plain"})
    assert (await browser.get("/get-session")).json["user"]["settings"] == "plain"


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("age", True, "[body.age] Invalid input: expected number"),
        ("age", 10**30, "[body.age] Invalid input: expected number"),
        ("happy", 1, "[body.happy] Invalid input: expected boolean"),
        ("born", 5, "[body.born] Invalid input: expected date"),
        ("born", "soon", "[body.born] Invalid date"),
        ("tags", ["a", 1], "[body.tags] Invalid input: expected array of strings"),
        ("scores", ["a"], "[body.scores] Invalid input: expected array of numbers"),
        ("nick", "a\x00", "[body.nick] Invalid input: a text must not hold the character NUL"),
        ("settings", {"a": [{"b\x00": 1}]}, "[body.settings] Invalid input: a text must not hold the character NUL"),
    ],
)
async def test_a_value_that_does_not_fit_its_column_is_refused(name: str, value: Any, message: str) -> None:
    browser = await make_app({"user": {"additionalFields": FIELDS}}).signed_up(nick="ada")
    answer = await browser.post("/update-user", {name: value})
    assert (answer.status, answer.json) == (400, {"message": message, "code": "VALIDATION_ERROR"})


async def test_text_is_taken_for_other_types_as_the_contract_does() -> None:
    browser = await make_app({"user": {"additionalFields": FIELDS}}).signed_up(nick="ada")
    for name, value in (("age", "many"), ("tags", "one"), ("nick", 7)):
        assert (await browser.post("/update-user", {name: value})).status == 200
    user = (await browser.get("/get-session")).json["user"]
    assert (user["age"], user["tags"], user["nick"]) == ("many", None, "7")


async def test_a_required_field_is_neither_left_out_nor_emptied() -> None:
    app = make_app({"user": {"additionalFields": FIELDS}})
    missing = {"message": "nick is required", "code": "MISSING_FIELD"}
    new = {"name": "Ada", "email": "ada@example.com", "password": "password-1234"}
    assert (await app.browser().post("/sign-up/email", new)).json == missing
    browser = await app.signed_up(nick="ada")
    answer = await browser.post("/update-user", {"nick": None})
    assert (answer.status, answer.json) == (400, missing)


@pytest.mark.parametrize("nothing", [None, "", 0, False])
async def test_nothing_for_a_field_that_requests_may_not_set_is_ignored(nothing: object) -> None:
    browser = await make_app({"user": {"additionalFields": FIELDS}}).signed_up(nick="ada")
    answer = await browser.post("/update-user", {"rank": nothing, "nick": "al"})
    assert (answer.status, answer.json) == (200, {"status": True})
    user = (await browser.get("/get-session")).json["user"]
    assert (user["rank"], user["nick"]) == (None, "al")
    answer = await browser.post("/update-user", {"rank": nothing})
    assert (answer.status, answer.json) == (400, {"message": "No fields to update"})


async def test_a_field_that_requests_may_not_set_is_refused() -> None:
    app = make_app({"user": {"additionalFields": FIELDS}})
    new = {"name": "Ada", "email": "ada@example.com", "password": "password-1234", "nick": "ada", "rank": 1}
    refused = await app.browser().post("/sign-up/email", new)
    assert (refused.status, refused.json["code"]) == (400, "FIELD_NOT_ALLOWED")
    browser = await app.signed_up(nick="ada", rank=0)
    answer = await browser.post("/update-user", {"rank": 9})
    assert (answer.status, answer.json["code"]) == (400, "FIELD_NOT_ALLOWED")
    assert (await browser.get("/get-session")).json["user"]["rank"] is None
