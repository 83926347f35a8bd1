"""``on_api_error``: who is told of a failure, and what the caller sees."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.testing.app import TestApp, make_app
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

FAILURE = RuntimeError("it fell over")


async def fail(values: object, context: object) -> None:
    raise FAILURE


def failing(**on_api_error: Any) -> TestApp:
    return make_app({"database_hooks": {"user": {"update": {"before": fail}}}, "on_api_error": on_api_error})


async def test_the_application_is_told_of_what_nobody_expected_and_of_nothing_else() -> None:
    told: list[tuple[object, object]] = []

    async def tell(error: BaseException, request: Any) -> None:
        told.append((error, request.path))

    browser = await failing(on_error=tell).signed_up()
    assert (await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "wrong"})).status == 401
    assert (await browser.post("/update-user", {"name": "B"})).status == 500
    assert told == [(FAILURE, "/api/auth/update-user")]


@pytest.mark.parametrize(("throw", "count"), [(False, 5), (True, 0)])
async def test_the_application_is_told_of_what_is_refused_before_an_operation_is_reached(
    throw: bool, count: int
) -> None:
    told: list[str | None] = []

    def tell(error: BaseException, request: object) -> None:
        assert isinstance(error, ApiError)
        told.append(error.code)

    browser = await make_app({"on_api_error": {"on_error": tell, "throw": throw}}).signed_up()
    elsewhere = {"email": "ada@example.com", "password": "password-1234", "callbackURL": "https://evil.test"}
    answers = [
        await browser.post("/sign-out", headers={"origin": "https://evil.test"}),
        await browser.post("/sign-out", headers={"origin": "null"}),
        await browser.post("/sign-in/email", elsewhere),
        await browser.send("POST", "/sign-in/email", b"{", headers={"content-type": "application/json"}),
        await browser.send("POST", "/sign-in/email", b"x", headers={"content-type": "text/plain"}),
        await browser.post("/sign-in/email", {"email": 4}),
    ]
    assert [answer.status for answer in answers] == [403, 403, 403, 400, 415, 400]
    codes = [
        "INVALID_ORIGIN",
        "MISSING_OR_NULL_ORIGIN",
        "INVALID_CALLBACK_URL",
        "BAD_REQUEST",
        "UNSUPPORTED_MEDIA_TYPE",
    ]
    assert told == codes[:count]


async def test_a_plain_function_will_do_and_its_own_failure_changes_nothing() -> None:
    def tell(error: BaseException, request: object) -> None:
        raise OSError("nobody listens")

    app = failing(on_error=tell)
    browser = await app.signed_up()
    assert (await browser.post("/update-user", {"name": "B"})).status == 500
    assert [line[1] for line in app.log.lines] == ["a request failed unexpectedly", "on_api_error.on_error failed"]


async def test_failures_can_be_left_to_the_host_framework() -> None:
    browser = await failing(throw=True).signed_up()
    with pytest.raises(RuntimeError, match="it fell over"):
        await browser.post("/update-user", {"name": "B"})
    refused = await browser.post("/sign-in/email", {"email": "ada@example.com", "password": "wrong"})
    assert refused.status == 401
