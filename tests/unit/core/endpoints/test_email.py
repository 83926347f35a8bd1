"""Proving and changing e-mail addresses, through the HTTP door."""

from typing import Any

import pytest
from tests.mailing import ADA, mailing_app, signed_in

from gatewright.settings.callbacks import ChangeEmailMail
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.mailbox import Mailbox
from gatewright.wire.faults import ApiError

pytestmark = pytest.mark.anyio

VERIFIED: dict[str, Any] = {"status": True, "user": None}


async def me(browser: Browser) -> tuple[str, bool]:
    user = (await browser.get("/get-session")).json["user"]
    return user["email"], user["emailVerified"]


async def verified(app: TestApp) -> Browser:
    """A signed-in browser of a user whose address is proven."""
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    answer = await browser.get(f"/verify-email?token={app.mailbox.last('verify').token}")
    assert (answer.status, answer.json) == (200, VERIFIED)
    return browser


# Sending ----------------------------------------------------------------------------------------------------------


async def test_the_mail_has_a_link_that_verifies_and_leads_on() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    answer = await browser.post("/send-verification-email", {"email": "Ada@example.com", "callbackURL": "/a?b=c"})
    assert (answer.status, answer.json) == (200, {"status": True})
    mail = app.mailbox.last("verify")
    assert mail.url == f"http://localhost:3000/api/auth/verify-email?token={mail.token}&callbackURL=%2Fa%3Fb%3Dc"
    followed = await browser.get(mail.url)
    assert (followed.status, followed.header("location"), followed.cookies) == (302, "/a?b=c", [])
    assert await me(browser) == ("ada@example.com", True)
    assert [user.email_verified for user in app.mailbox.all("verified")] == [True]


async def test_the_signed_in_user_is_told_what_is_wrong() -> None:
    app = mailing_app()
    browser = await verified(app)
    mismatch = await browser.post("/send-verification-email", {"email": "bob@example.com"})
    assert (mismatch.status, mismatch.json) == (400, {"message": "Email mismatch", "code": "EMAIL_MISMATCH"})
    done = await browser.post("/send-verification-email", {"email": "ada@example.com"})
    assert (done.status, done.json) == (
        400,
        {"message": "Email is already verified", "code": "EMAIL_ALREADY_VERIFIED"},
    )
    assert len(app.mailbox.all("verify")) == 1


async def test_strangers_are_told_nothing() -> None:
    app = mailing_app()
    await verified(app)
    await app.signed_up("bob@example.com")
    for email in ("ada@example.com", "bob@example.com", "nobody@example.com"):
        answer = await app.browser().post("/send-verification-email", {"email": email})
        assert (answer.status, answer.json, answer.cookies) == (200, {"status": True}, [])
    # The first one is from the time before it was proven.
    assert [mail.user.email for mail in app.mailbox.all("verify")] == ["ada@example.com", "bob@example.com"]


async def test_without_a_sender_nothing_can_be_verified() -> None:
    answer = await make_app().browser().post("/send-verification-email", {"email": "ada@example.com"})
    assert (answer.status, answer.json) == (
        400,
        {"message": "Verification email isn't enabled", "code": "VERIFICATION_EMAIL_NOT_ENABLED"},
    )


# Following --------------------------------------------------------------------------------------------------------


async def test_a_link_that_was_followed_does_nothing_more() -> None:
    app = mailing_app()
    browser = await verified(app)
    again = await browser.get(app.mailbox.last("verify").url)
    assert (again.status, again.header("location")) == (302, "/")
    assert len(app.mailbox.all("verified")) == 1


@pytest.mark.parametrize(
    ("seconds", "status", "body"),
    [(3599, 200, VERIFIED), (3600, 401, {"message": "Token expired", "code": "TOKEN_EXPIRED"})],
)
async def test_a_link_lives_as_long_as_configured(seconds: int, status: int, body: object) -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    app.clock.advance(seconds=seconds)
    answer = await app.browser().get(f"/verify-email?token={app.mailbox.last('verify').token}")
    assert (answer.status, answer.json) == (status, body)


async def test_errors_are_told_to_the_place_the_link_leads_to() -> None:
    app = mailing_app()
    plain = await app.browser().get("/verify-email?token=nonsense")
    assert (plain.status, plain.json) == (401, {"message": "Invalid token", "code": "INVALID_TOKEN"})
    leading = await app.browser().get("/verify-email?token=nonsense&callbackURL=/welcome%3Fa%3D1")
    assert (leading.status, leading.header("location")) == (302, "/welcome?a=1&error=INVALID_TOKEN")


async def test_a_link_of_a_user_who_is_gone_finds_nobody() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    token = app.mailbox.last("verify").token
    assert (await browser.post("/delete-user")).status == 200
    answer = await browser.get(f"/verify-email?token={token}")
    assert (answer.status, answer.json) == (401, {"message": "User not found", "code": "USER_NOT_FOUND"})
    # Nor is it good for somebody who signs up with the address afterwards.
    app.clock.advance(seconds=1)
    await app.signed_up()
    assert (await browser.get(f"/verify-email?token={token}")).status == 401


async def test_following_signs_in_if_configured() -> None:
    app = mailing_app(verification={"auto_sign_in_after_verification": True})
    mine = await app.signed_up()
    await mine.post("/send-verification-email", {"email": "ada@example.com"})
    phone = app.browser()
    answer = await phone.get(app.mailbox.last("verify").url)
    assert answer.status == 302
    assert await me(phone) == ("ada@example.com", True)
    assert phone.jar["better-auth.session_token"] != mine.jar["better-auth.session_token"]
    # A second visit is no second way in.
    tablet = app.browser()
    assert (await tablet.get(app.mailbox.last("verify").url)).cookies == []


async def test_following_in_a_browser_that_is_not_to_remember_signs_in_for_as_long_as_it_runs() -> None:
    app = mailing_app(verification={"auto_sign_in_after_verification": True})
    await (await app.signed_up()).post("/send-verification-email", {"email": "ada@example.com"})
    shared = app.browser()
    who = {"email": "ada@example.com", "password": "password-1234", "rememberMe": False}
    await shared.post("/sign-in/email", who)
    del shared.jar["better-auth.session_token"]
    answer = await shared.get(app.mailbox.last("verify").url)
    assert [line.split("; ", 1)[1] for line in answer.cookies] == ["Path=/; HttpOnly; SameSite=Lax"] * 2
    assert list(shared.jar) == ["better-auth.dont_remember", "better-auth.session_token"]


async def test_following_in_the_users_own_browser_keeps_the_session() -> None:
    app = mailing_app(verification={"auto_sign_in_after_verification": True})
    browser = await app.signed_up()
    before = browser.jar["better-auth.session_token"]
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    answer = await browser.get(app.mailbox.last("verify").url)
    assert len(answer.cookies) == 1
    assert browser.jar["better-auth.session_token"] == before


async def test_the_application_may_refuse_a_verification() -> None:
    async def no(user: object, request: object) -> None:
        raise ApiError(403, code="NOT_TODAY", message="Not today")

    app = mailing_app(verification={"before_email_verification": no})
    browser = await app.signed_up()
    await browser.post("/send-verification-email", {"email": "ada@example.com"})
    answer = await browser.get(app.mailbox.last("verify").url)
    assert (answer.status, answer.json) == (403, {"message": "Not today", "code": "NOT_TODAY"})
    assert await me(browser) == ("ada@example.com", False)


# Changing ---------------------------------------------------------------------------------------------------------


async def test_a_proven_address_agrees_before_the_new_one_proves_itself() -> None:
    confirmations = Mailbox()
    app = mailing_app(change_email={"send_change_email_confirmation": confirmations.sender("confirm")})
    browser = await verified(app)
    answer = await browser.post("/change-email", {"newEmail": "New@example.com", "callbackURL": "/settings"})
    assert (answer.status, answer.json, answer.cookies) == (200, {"status": True}, [])
    ask = confirmations.last("confirm")
    assert isinstance(ask, ChangeEmailMail)
    assert (ask.user.email, ask.new_email) == ("ada@example.com", "new@example.com")
    agreed = await browser.get(ask.url)
    assert (agreed.status, agreed.header("location"), agreed.cookies) == (302, "/settings", [])
    assert await me(browser) == ("ada@example.com", True)
    prove = app.mailbox.last("verify")
    assert prove.user.email == "new@example.com"
    proven = await browser.get(prove.url)
    assert (proven.status, proven.header("location"), len(proven.cookies)) == (302, "/settings", 1)
    assert await me(browser) == ("new@example.com", True)
    assert (await signed_in(app, "password-1234"))[0] == 401
    assert (await signed_in(app, "password-1234", "new@example.com"))[0] == 200


async def test_agreeing_without_a_place_to_go_says_so_and_no_more() -> None:
    confirmations = Mailbox()
    app = mailing_app(change_email={"send_change_email_confirmation": confirmations.sender("confirm")})
    browser = await verified(app)
    await browser.post("/change-email", {"newEmail": "new@example.com"})
    answer = await app.browser().get(f"/verify-email?token={confirmations.last('confirm').token}")
    assert (answer.status, answer.json) == (200, {"status": True})


async def test_an_unproven_address_is_changed_when_the_new_one_is_proven() -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await browser.post("/change-email", {"newEmail": "new@example.com"})
    assert await me(browser) == ("ada@example.com", False)
    answer = await browser.get(f"/verify-email?token={app.mailbox.last('verify').token}")
    assert answer.status == 200
    assert answer.json["status"] is True
    assert (answer.json["user"]["email"], answer.json["user"]["emailVerified"]) == ("new@example.com", True)
    assert await me(browser) == ("new@example.com", True)


async def test_an_unproven_address_is_changed_at_once_if_configured() -> None:
    app = mailing_app(change_email={"update_email_without_verification": True})
    browser = await app.signed_up()
    answer = await browser.post("/change-email", {"newEmail": "NEW@example.com", "callbackURL": "/s"})
    assert (answer.status, answer.json, len(answer.cookies)) == (200, {"status": True}, 1)
    assert await me(browser) == ("new@example.com", False)
    mail = app.mailbox.last("verify")
    assert mail.user.email == "new@example.com"
    await browser.get(mail.url)
    assert await me(browser) == ("new@example.com", True)
    # From now on the address is proven, and so must the next one be.
    await browser.post("/change-email", {"newEmail": "third@example.com"})
    assert await me(browser) == ("new@example.com", True)


@pytest.mark.parametrize(
    ("email", "status", "body"),
    [
        ("ADA@example.com", 400, {"message": "Email is the same"}),
        ("taken@example.com", 200, {"status": True}),
        ("nonsense", 400, {"message": "[body.newEmail] Invalid email address", "code": "VALIDATION_ERROR"}),
    ],
)
async def test_what_changing_an_address_answers(email: str, status: int, body: object) -> None:
    app = mailing_app()
    browser = await app.signed_up()
    await app.signed_up("taken@example.com")
    answer = await browser.post("/change-email", {"newEmail": email})
    assert (answer.status, answer.json) == (status, body)
    assert app.mailbox.all("verify") == []


async def test_addresses_cannot_be_changed_where_that_is_off_or_nobody_could_prove_them() -> None:
    browser = await make_app().signed_up()
    answer = await browser.post("/change-email", {"newEmail": "new@example.com"})
    assert (answer.status, answer.json["code"]) == (400, "CHANGE_EMAIL_DISABLED")
    browser = await make_app({"user": {"change_email": {"enabled": True}}}).signed_up()
    answer = await browser.post("/change-email", {"newEmail": "new@example.com"})
    assert (answer.status, answer.json) == (400, {"message": "Verification email isn't enabled"})
    stranger = await mailing_app().browser().post("/change-email", {"newEmail": "new@example.com"})
    assert (stranger.status, stranger.json) == (401, {"message": "Unauthorized", "code": "UNAUTHORIZED"})


# Signing up and in ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("passwords", "verification", "mails"),
    [
        ({}, {}, 0),
        ({}, {"send_on_sign_up": True}, 1),
        ({"require_email_verification": True}, {}, 1),
        ({"require_email_verification": True}, {"send_on_sign_up": False}, 0),
    ],
)
async def test_signing_up_mails_the_link_as_configured(
    passwords: dict[str, object], verification: dict[str, object], mails: int
) -> None:
    app = mailing_app(passwords=passwords, verification=verification)
    answer = await app.browser().post("/sign-up/email", {**ADA, "callbackURL": "/welcome"})
    assert answer.status == 200
    assert (answer.json["token"] is None) is bool(passwords)
    assert len(app.mailbox.all("verify")) == mails
    if mails:
        assert app.mailbox.last("verify").url.endswith("&callbackURL=%2Fwelcome")


@pytest.mark.parametrize("sends", [False, True])
async def test_an_unproven_address_does_not_sign_in_where_it_must_be_proven(sends: bool) -> None:
    app = mailing_app(passwords={"require_email_verification": True}, verification={"send_on_sign_in": sends})
    await app.browser().post("/sign-up/email", ADA)
    body = {"email": "ada@example.com", "password": "password-1234", "callbackURL": "/home"}
    answer = await app.browser().post("/sign-in/email", body)
    assert (answer.status, answer.json) == (403, {"message": "Email not verified", "code": "EMAIL_NOT_VERIFIED"})
    assert len(app.mailbox.all("verify")) == 1 + sends
    wrong = await app.browser().post("/sign-in/email", {**body, "password": "password-9999"})
    assert wrong.status == 401
    assert len(app.mailbox.all("verify")) == 1 + sends
    await app.browser().get(app.mailbox.last("verify").url)
    assert (await app.browser().post("/sign-in/email", body)).status == 200
