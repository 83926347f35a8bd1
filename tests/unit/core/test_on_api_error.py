"""``on_api_error``: who is told of a failure, and what the caller sees."""

from __future__ import annotations

from typing import Any

import pytest

from gatewright.testing.app import TestApp, make_app

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
