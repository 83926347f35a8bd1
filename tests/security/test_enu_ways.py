"""Who is registered: neither sending nor refusing tells, in the ways that plugins add. Work is counted, not timed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.mailing import CountingPasswords
from tests.security.test_enu import CountingStore, LaterTasks, seen

from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.plugins.username import Username
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Answer
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

KNOWN = {"email": "ada@example.com", "phoneNumber": "+12015550123", "username": "ada_l"}
UNKNOWN = {"email": "bob@example.com", "phoneNumber": "+12015550199", "username": "bob_l"}
PASSWORD = "password-1234"

SENDING: list[tuple[str, str, dict[str, str]]] = [
    ("/sign-in/magic-link", "email", {}),
    ("/email-otp/send-verification-otp", "email", {"type": "sign-in"}),
    ("/email-otp/send-verification-otp", "email", {"type": "email-verification"}),
    ("/email-otp/send-verification-otp", "email", {"type": "forget-password"}),
    ("/email-otp/request-password-reset", "email", {}),
    ("/forget-password/email-otp", "email", {}),
    ("/phone-number/send-otp", "phoneNumber", {}),
    ("/phone-number/request-password-reset", "phoneNumber", {}),
]
REFUSING: list[tuple[str, str, dict[str, str]]] = [
    ("/sign-in/email-otp", "email", {"otp": "000000"}),
    ("/email-otp/check-verification-otp", "email", {"type": "sign-in", "otp": "000000"}),
    ("/email-otp/verify-email", "email", {"otp": "000000"}),
    ("/email-otp/reset-password", "email", {"otp": "000000", "password": "password-5678"}),
    ("/phone-number/verify", "phoneNumber", {"code": "000000"}),
    ("/phone-number/reset-password", "phoneNumber", {"otp": "000000", "newPassword": "password-5678"}),
    ("/sign-in/phone-number", "phoneNumber", {"password": "another-password"}),
    ("/sign-in/username", "username", {"password": "another-password"}),
    ("/sign-in/email", "email", {"password": "another-password"}),
]


class Watched:
    """An instance with one user, whose work per request is known."""

    def __init__(self, *, sign_up: bool) -> None:
        box, self.scheme, self.store, self.later = Mailbox(), CountingPasswords(), CountingStore(), LaterTasks()
        own = {"enabled": True, "password": {"hash": self.scheme.hash, "verify": self.scheme.verify}}
        mails = {"sendVerificationOTP": box.sender("mail"), "disableSignUp": not sign_up}
        phones = {"sendOTP": box.sender("code"), "sendPasswordResetOTP": box.sender("reset")}
        self.app: TestApp = make_app(
            {"email_and_password": own},
            adapter=self.store,
            mailbox=box,
            plugins=[
                MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"), disable_sign_up=not sign_up)),
                EmailOTP(EmailOTPOptions.model_validate(mails)),
                PhoneNumber(PhoneNumberOptions.model_validate(phones)),
                Username(),
            ],
        )

    async def ready(self) -> None:
        await self.app.signed_up(KNOWN["email"], phoneNumber=KNOWN["phoneNumber"], username=KNOWN["username"])
        self.app.auth.services.tasks = self.later

    async def post(self, path: str, body: dict[str, str]) -> tuple[Answer, tuple[int, int, int]]:
        """The answer, and what it cost: hashes, visits to the store, jobs for later."""
        self.scheme.work, self.store.visits = 0, 0
        self.later.jobs.clear()
        answer = await self.app.browser().post(path, body)
        return answer, (self.scheme.work, self.store.visits, len(self.later.jobs))


@pytest.mark.parametrize("sign_up", [True, False], ids=["open", "closed"])
@pytest.mark.parametrize(("path", "member", "more"), SENDING)
async def test_enu_05_08_14_sending_looks_and_costs_the_same_and_nobody_waits_for_it(
    path: str, member: str, more: dict[str, str], sign_up: bool
) -> None:
    watched = Watched(sign_up=sign_up)
    await watched.ready()
    found: list[Any] = []
    for whom in (KNOWN, UNKNOWN):
        answer, cost = await watched.post(path, {member: whom[member], **more})
        assert answer.status == 200, answer
        assert watched.app.mailbox.sent == []
        found.append((seen(answer), cost))
    assert found[0] == found[1]


@pytest.mark.parametrize("pending", [False, True], ids=["nothing asked for", "a code was sent"])
@pytest.mark.parametrize(("path", "member", "more"), REFUSING)
async def test_enu_02_05_06_08_refusing_looks_and_costs_the_same(
    path: str, member: str, more: dict[str, str], pending: bool
) -> None:
    watched = Watched(sign_up=True)
    await watched.ready()
    if pending:
        for sending, asked, kind in SENDING:
            for whom in (KNOWN, UNKNOWN):
                await watched.app.browser().post(sending, {asked: whom[asked], **kind})
        while watched.later.jobs:
            await watched.later.jobs.pop(0)()
        if path in {"/phone-number/reset-password", "/email-otp/verify-email", "/email-otp/reset-password"}:
            watched.app.mailbox.sent.clear()
    found: list[Any] = []
    for whom in (KNOWN, UNKNOWN):
        answer, cost = await watched.post(path, {member: whom[member], **more})
        assert 400 <= answer.status < 500, answer
        found.append((seen(answer), cost))
    assert found[0][0] == found[1][0]
    assert found[0][1][0] == found[1][1][0], "hashes"
    if not pending:
        assert found[0] == found[1]


async def test_enu_14_nobody_waits_for_the_code_of_a_second_factor() -> None:
    box, later = Mailbox(), LaterTasks()
    factor = TwoFactor(
        TwoFactorOptions.model_validate(
            {"otpOptions": {"sendOTP": box.sender("otp")}, "skipVerificationOnEnable": True}
        )
    )
    app = make_app(plugins=[factor], mailbox=box)
    owner = await app.signed_up()
    await owner.post("/two-factor/enable", {"password": PASSWORD})
    browser = app.browser()
    await browser.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})
    app.auth.services.tasks = later
    assert (await browser.post("/two-factor/send-otp")).status == 200
    assert (box.sent, len(later.jobs)) == ([], 1)
    await later.jobs[0]()
    assert len(box.all("otp")) == 1
