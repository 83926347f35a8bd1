"""Attacks on one-time tokens: used by many at once, made from other flows' values."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.mailing import all_at_once, statuses

from gatewright.model.session import Session
from gatewright.plugins.one_time_token import OneTimeToken
from gatewright.testing.app import make_app

pytestmark = pytest.mark.anyio


async def test_one_02_of_fifty_who_use_a_token_one_gets_the_session() -> None:
    app = make_app(plugins=[OneTimeToken()])
    browser = await app.signed_up()
    token = (await browser.get("/one-time-token/generate")).json["token"]
    answers = await all_at_once([lambda: app.browser().post("/one-time-token/verify", {"token": token})] * 50)
    assert statuses(answers) == {200: 1, 400: 49}
    assert sum(1 for answer in answers if answer.cookies) == 1


@pytest.mark.parametrize("identifier", ["reset-password:abc", "abc", "sign-in-otp-ada@example.com"])
async def test_one_15_a_value_of_another_flow_is_refused_and_stays(identifier: str) -> None:
    app = make_app(plugins=[OneTimeToken()])
    await app.signed_up()
    services = app.auth.services
    (session,) = await services.database.find_many(Session)
    expires_at = services.clock.now() + timedelta(minutes=5)
    await services.verifications.create(services.database, identifier, session.token, expires_at=expires_at)
    answer = await app.browser().post("/one-time-token/verify", {"token": identifier})
    assert (answer.status, answer.cookies) == (400, [])
    assert await services.verifications.find(services.database, identifier) is not None


@pytest.mark.parametrize("token", ["", "a\x00b", "a" * 100_000, "\U0001f600"])
async def test_inp_18_a_text_that_is_no_token_is_bad_input(token: str) -> None:
    app = make_app(plugins=[OneTimeToken()])
    assert (await app.browser().post("/one-time-token/verify", {"token": token})).status == 400
