"""Codes that are sent: how they are stored, how often they are tried, how long they live."""

from typing import Any

import pytest
from tests.unit.plugins.two_factor.factor import PASSWORD, app_with, challenged, enrolled, is_signed_in

from gatewright.model.verification import Verification

pytestmark = pytest.mark.anyio


def reverse(text: str) -> str:
    return text[::-1]


STORAGES: dict[str, Any] = {
    "plain": "plain",
    "hashed": "hashed",
    "encrypted": "encrypted",
    "own hash": {"hash": reverse},
    "own cipher": {"encrypt": reverse, "decrypt": reverse},
}


@pytest.mark.parametrize("storage", STORAGES)
async def test_a_code_works_once_however_it_is_stored(storage: str) -> None:
    app = app_with()
    options = {"otp_options": {"send_otp": app.mailbox.sender("otp"), "storeOTP": STORAGES[storage]}}
    box = app.mailbox
    app = app_with(options)
    await enrolled(app)
    browser = await challenged(app)
    assert (await browser.post("/two-factor/send-otp", {})).json == {"status": True}
    otp: str = box.last("otp").otp
    rows = await app.auth.services.database.find_many(Verification, Verification.identifier.starts_with("2fa-otp-"))
    assert [otp in row.value for row in rows] == [storage == "plain"]
    assert (await browser.post("/two-factor/verify-otp", {"code": "1"})).json["code"] == "INVALID_CODE"
    assert (await browser.post("/two-factor/verify-otp", {"code": otp})).status == 200
    assert await is_signed_in(browser)
    assert (await browser.post("/two-factor/verify-otp", {"code": otp})).json["code"] == "OTP_HAS_EXPIRED"


async def test_a_code_dies_of_wrong_tries() -> None:
    app = app_with()
    await enrolled(app)
    browser = await challenged(app)
    await browser.post("/two-factor/send-otp", {})
    answers = [await browser.post("/two-factor/verify-otp", {"code": "wrong"}) for _ in range(6)]
    assert [answer.json["code"] for answer in answers] == ["INVALID_CODE"] * 5 + ["TOO_MANY_ATTEMPTS_REQUEST_NEW_CODE"]
    right = app.mailbox.last("otp").otp
    assert (await browser.post("/two-factor/verify-otp", {"code": right})).json["code"] == "OTP_HAS_EXPIRED"
    await browser.post("/two-factor/send-otp", {})
    assert (await browser.post("/two-factor/verify-otp", {"code": app.mailbox.last("otp").otp})).status == 200


async def test_a_code_dies_of_age() -> None:
    app = app_with()
    await enrolled(app)
    browser = await challenged(app)
    await browser.post("/two-factor/send-otp", {})
    app.clock.advance(minutes=3)
    answer = await browser.post("/two-factor/verify-otp", {"code": app.mailbox.last("otp").otp})
    assert (answer.status, answer.json["code"]) == (400, "OTP_HAS_EXPIRED")


async def test_codes_belong_to_the_browser_that_asked() -> None:
    app = app_with()
    await enrolled(app)
    first, second = await challenged(app), await challenged(app)
    await first.post("/two-factor/send-otp", {})
    otp = app.mailbox.last("otp").otp
    assert (await second.post("/two-factor/verify-otp", {"code": otp})).json["code"] == "OTP_HAS_EXPIRED"
    assert (await first.post("/two-factor/verify-otp", {"code": otp})).status == 200


async def test_nobody_gets_a_code_without_a_challenge() -> None:
    answer = await app_with().browser().post("/two-factor/send-otp", {})
    assert (answer.status, answer.json["code"]) == (401, "INVALID_TWO_FACTOR_COOKIE")


async def test_without_a_sender_there_is_no_code() -> None:
    app = app_with({"otp_options": {}})
    browser, _ = await enrolled(app)
    answer = await browser.post("/two-factor/send-otp", {})
    assert (answer.status, answer.json) == (400, {"message": "otp isn't configured", "code": "OTP_NOT_CONFIGURED"})


async def sent_only(app: Any) -> Any:
    """A user whose only second factor are codes that are sent."""
    browser = await app.signed_up()
    assert (await browser.post("/two-factor/enable", {"password": PASSWORD, "method": "otp"})).status == 200
    return browser


async def guessed(app: Any, code: str = "wrong") -> Any:
    """The answer to a guess in a new challenge."""
    browser = await challenged(app)
    await browser.post("/two-factor/send-otp", {})
    given = app.mailbox.last("otp").otp if code == "right" else code
    return await browser.post("/two-factor/verify-otp", {"code": given})


async def test_rlm_11_ten_wrong_codes_lock_an_account_that_has_codes_sent_and_nothing_else() -> None:
    app = app_with()
    await sent_only(app)
    assert [(await guessed(app)).json["code"] for _ in range(10)] == ["INVALID_CODE"] * 10
    for seconds in (0, 899):
        app.clock.advance(seconds=seconds)
        locked = await guessed(app, "right")
        assert (locked.status, locked.json["code"]) == (429, "ACCOUNT_TEMPORARILY_LOCKED")
    app.clock.advance(seconds=1)
    assert (await guessed(app, "right")).status == 200


async def test_rlm_12_a_right_code_forgets_the_wrong_ones_of_such_an_account() -> None:
    app = app_with({"account_lockout": {"max_failed_attempts": 3}})
    await sent_only(app)
    for _ in range(3):
        assert [(await guessed(app)).status for _ in range(2)] == [401, 401]
        assert (await guessed(app, "right")).status == 200


async def test_without_a_lock_such_an_account_is_not_counted() -> None:
    app = app_with({"account_lockout": {"enabled": False}})
    await sent_only(app)
    assert {(await guessed(app)).status for _ in range(12)} == {401}
    rows = await app.auth.services.database.find_many(Verification)
    assert [row for row in rows if row.identifier.startswith("2fa-account-")] == []


async def test_a_code_that_was_sent_for_one_challenge_works_in_no_other() -> None:
    app = app_with()
    await enrolled(app)
    one, other = await challenged(app), await challenged(app)
    await one.post("/two-factor/send-otp", {})
    code = app.mailbox.last("otp").otp
    await other.post("/two-factor/send-otp", {})
    refused = await other.post("/two-factor/verify-otp", {"code": code})
    assert (refused.status, refused.json["code"]) == (401, "INVALID_CODE")
    assert (await one.post("/two-factor/verify-otp", {"code": code})).status == 200


async def test_the_count_of_an_account_is_no_challenge() -> None:
    app = app_with()
    await sent_only(app)
    await guessed(app)
    (row,) = [
        row
        for row in await app.auth.services.database.find_many(Verification)
        if row.identifier.startswith("2fa-account-")
    ]
    browser = app.browser()
    browser.jar["better-auth.two_factor"] = app.auth.blueprint.plan.signer.sign(row.identifier).replace("=", "%3D")
    answer = await browser.post("/two-factor/verify-otp", {"code": "1"})
    assert answer.json["code"] == "INVALID_TWO_FACTOR_COOKIE"
