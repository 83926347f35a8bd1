"""FLT-21: an application's function that mails or texts raises, hangs, or comes back late."""

from __future__ import annotations

from typing import Any

import anyio
import pytest
from tests.security.attacker import SIGN_IN, SIGN_UP, QuickPasswords, app_on

from gatewright.model.account import Account
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.plugins import PhoneNumber, PhoneNumberOptions
from gatewright.testing.app import TestApp
from gatewright_adapters.memory import MemoryAdapter

pytestmark = pytest.mark.anyio

FAULTS = pytest.mark.parametrize("raises", [True, False], ids=["raises", "hangs"])


class Sender:
    """It raises, or waits until it is let go.

    Attributes:
        given: What it was to send.
        asked: Set when it was asked.
        free: What it waits for.
        done: Set when it came back.
    """

    def __init__(self, *, raises: bool) -> None:
        self._raises = raises
        self.given: list[Any] = []
        self.asked = anyio.Event()
        self.free = anyio.Event()
        self.done = anyio.Event()

    async def __call__(self, given: Any, request: object) -> None:
        self.given.append(given)
        self.asked.set()
        if self._raises:
            raise OSError("the mail server's own secret")
        await self.free.wait()
        self.done.set()


async def _resetting(sender: Sender) -> TestApp:
    passwords = QuickPasswords.options(send_reset_password=sender)
    return await app_on(MemoryAdapter(), {"email_and_password": passwords})


async def _verifying(sender: Sender) -> TestApp:
    passwords = QuickPasswords.options(require_email_verification=True)
    mails = {"send_verification_email": sender, "send_on_sign_up": True}
    return await app_on(MemoryAdapter(), {"email_and_password": passwords, "email_verification": mails})


@FAULTS
async def test_flt_21_a_reset_does_not_tell_through_its_sender_who_is_registered(*, raises: bool) -> None:
    sender = Sender(raises=raises)
    app = await _resetting(sender)
    async with app.auth:
        await app.signed_up()
        with anyio.fail_after(5):
            known, unknown = [
                await app.browser().post("/request-password-reset", {"email": email})
                for email in ("ada@example.com", "nobody@example.com")
            ]
            await sender.asked.wait()
        assert (known.status, known.body, known.cookies) == (200, unknown.body, [])
        assert (unknown.status, unknown.cookies) == (200, [])
        assert [mail.user.email for mail in sender.given] == ["ada@example.com"]
        sender.free.set()
    assert ("mailing a password reset failed" in app.log.text()) is raises


@FAULTS
async def test_flt_21_a_sign_up_does_not_tell_through_its_sender_who_is_registered(*, raises: bool) -> None:
    sender = Sender(raises=raises)
    app = await _verifying(sender)
    async with app.auth:
        with anyio.fail_after(5):
            new, taken = [await app.browser().post("/sign-up/email", SIGN_UP) for _ in range(2)]
            await sender.asked.wait()
        for answer in (new, taken):
            assert (answer.status, answer.json["token"], answer.cookies) == (200, None, [])
            assert b"secret" not in answer.body
        assert new.json["user"].keys() == taken.json["user"].keys()
        assert [mail.user.email for mail in sender.given] == ["ada@example.com"]
        database = app.auth.services.database
        assert (await database.count(User), await database.count(Account)) == (1, 1)
        sender.free.set()
    assert ("mailing a verification link failed" in app.log.text()) is raises


@FAULTS
async def test_flt_21_a_text_message_is_not_waited_for(*, raises: bool) -> None:
    sender = Sender(raises=raises)
    plugin = PhoneNumber(PhoneNumberOptions.model_validate({"sendOTP": sender}))
    app = await app_on(MemoryAdapter(), plugins=[plugin])
    async with app.auth:
        with anyio.fail_after(5):
            answer = await app.browser().post("/phone-number/send-otp", {"phoneNumber": "+12015550123"})
            await sender.asked.wait()
        assert (answer.status, answer.json) == (200, {"message": "code sent"})
        sender.free.set()
    assert ("sending a code failed" in app.log.text()) is raises


async def test_flt_21_a_reset_that_was_not_mailed_is_of_its_user_and_ends() -> None:
    sender = Sender(raises=True)
    app = await _resetting(sender)
    await app.signed_up()
    for email in ("ada@example.com", "nobody@example.com"):
        await app.browser().post("/request-password-reset", {"email": email})
    database = app.auth.services.database
    (user,) = await database.find_many(User)
    (row,) = await database.find_many(Verification)
    assert (row.value, (row.expires_at - app.clock.now()).total_seconds()) == (user.id, 3600)
    app.clock.advance(hours=1, seconds=1)
    body = {"newPassword": "password-5678", "token": sender.given[0].token}
    refused = await app.browser().post("/reset-password", body)
    assert (refused.status, refused.json["code"]) == (400, "INVALID_TOKEN")
    assert await database.count(Verification) == 0


@pytest.mark.parametrize(("minutes", "good"), [(59, True), (61, False)])
async def test_flt_21_a_mail_that_comes_late_is_good_until_its_end(minutes: int, *, good: bool) -> None:
    sender = Sender(raises=False)
    app = await _resetting(sender)
    async with app.auth:
        await app.signed_up()
        with anyio.fail_after(5):
            await app.browser().post("/request-password-reset", {"email": "ada@example.com"})
            await sender.asked.wait()
            app.clock.advance(minutes=minutes)
            sender.free.set()
            await sender.done.wait()
        body = {"newPassword": "password-5678", "token": sender.given[0].token}
        assert (await app.browser().post("/reset-password", body)).status == (200 if good else 400)
        changed = await app.browser().post("/sign-in/email", {**SIGN_IN, "password": "password-5678"})
        kept = await app.browser().post("/sign-in/email", SIGN_IN)
        assert (changed.status, kept.status) == ((200, 401) if good else (401, 200))
