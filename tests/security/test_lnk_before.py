"""What somebody left under an address before its owner came, and what no provider's placeholder may reach. Rows LNK."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
import pytest
from tests.mailing import mailing_app, requested_reset
from tests.unit.plugins.siwe.wallets import OTHER_KEY, app_with, message, nonce_of, sign_in, signed

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins import Anonymous, EmailOTP, EmailOTPOptions, MagicLink, MagicLinkOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox
from gatewright_adapters.memory_cache import MemoryCache

pytestmark = pytest.mark.anyio

PROVIDERS: Mapping[str, Any] = {"google": {"client_id": "google-id", "client_secret": "google-secret"}}
VICTIM = "grace@example.com"


def ways_in(**options: Any) -> TestApp:
    """An instance where an address can be proven in every way."""
    box = Mailbox()
    return make_app(
        {
            "email_and_password": {"enabled": True, "send_reset_password": box.sender("reset")},
            "email_verification": {"send_verification_email": box.sender("verify")},
            "social_providers": PROVIDERS,
            **options,
        },
        plugins=[
            MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"))),
            EmailOTP(EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("code")})),
            Anonymous(),
        ],
        mailbox=box,
    )


async def arrive(browser: Browser, path: str = "/sign-in/social") -> str | None:
    begun = await browser.post(path, {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops"})
    answer = await browser.get(f"/callback/google?code=c&state={query_of(begun.json['url'])['state']}")
    return answer.header("location")


async def prove(app: TestApp, how: str) -> Browser:
    """The owner of the address signs in, as somebody who can read its mails."""
    browser = app.browser()
    if how == "magic link":
        await browser.post("/sign-in/magic-link", {"email": VICTIM})
        await browser.get(f"/magic-link/verify?token={app.mailbox.last('link').token}")
    elif how == "code":
        await browser.post("/email-otp/send-verification-otp", {"email": VICTIM, "type": "sign-in"})
        await browser.post("/sign-in/email-otp", {"email": VICTIM, "otp": app.mailbox.last("code").otp})
    else:
        await browser.post("/email-otp/request-password-reset", {"email": VICTIM})
        body = {"email": VICTIM, "otp": app.mailbox.last("code").otp, "password": "password-of-the-owner"}
        assert (await browser.post("/email-otp/reset-password", body)).status == 200
        await browser.post("/sign-in/email", {"email": VICTIM, "password": "password-of-the-owner"})
    assert (await browser.get("/get-session")).json["user"]["email"] == VICTIM
    return browser


@pytest.mark.parametrize("place", ["database", "storage", "storage and database"])
async def test_lnk_03_a_reset_ends_the_sessions_of_whoever_used_the_address_before(place: str) -> None:
    app = mailing_app(
        cache=None if place == "database" else MemoryCache(),
        options={"session": {"store_session_in_database": place == "storage and database"}},
    )
    attacker = await app.signed_up(VICTIM)
    token = await requested_reset(app, VICTIM)
    owner = app.browser()
    reset = {"token": token, "newPassword": "password-of-the-owner"}
    assert (await owner.post("/reset-password", reset)).status == 200
    assert (await attacker.get("/get-session")).json is None
    old = {"email": VICTIM, "password": "password-1234"}
    assert (await attacker.post("/sign-in/email", old)).status == 401
    assert (await owner.post("/sign-in/email", {**old, "password": "password-of-the-owner"})).status == 200


async def test_lnk_03_the_session_of_whoever_resets_stays() -> None:
    app = mailing_app()
    owner = await app.signed_up()
    other = app.browser()
    await other.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    reset = {"token": await requested_reset(app), "newPassword": "password-5678"}
    assert (await owner.post("/reset-password", reset)).status == 200
    assert (await owner.get("/get-session")).json["user"]["email"] == "ada@example.com"
    assert (await other.get("/get-session")).json is None


async def test_lnk_03_sessions_of_a_proven_address_stay_unless_the_options_end_them() -> None:
    app = mailing_app()
    owner = await app.signed_up()
    await owner.post("/send-verification-email", {"email": "ada@example.com"})
    await owner.get(f"/verify-email?token={app.mailbox.last('verify').token}")
    reset = {"token": await requested_reset(app), "newPassword": "password-5678"}
    assert (await app.browser().post("/reset-password", reset)).status == 200
    assert (await owner.get("/get-session")).json is not None


@pytest.mark.parametrize("how", ["magic link", "code", "code for a password"])
async def test_lnk_04_an_identity_that_was_there_before_the_owner_is_not_inherited(how: str) -> None:
    app = ways_in()
    google = FakeGoogle(app.egress, app.clock)
    google.claims |= {"email": VICTIM, "email_verified": False}
    attacker = app.browser()
    assert await arrive(attacker) == "/home"
    db = app.auth.services.database
    assert await db.count(Account, Account.provider_id.eq("google")) == 1
    owner = await prove(app, how)
    assert await db.count(Account, Account.provider_id.eq("google")) == 0
    assert (await attacker.get("/get-session")).json is None
    # The attacker's identity comes back with the same unproven claim, and finds a user that it may not join.
    assert await arrive(app.browser()) == "/oops?error=account_not_linked"
    assert (await owner.get("/get-session")).json["user"]["email"] == VICTIM


@pytest.mark.parametrize("how", ["magic link", "code"])
async def test_lnk_04_what_a_guest_left_is_not_inherited(how: str) -> None:
    app = ways_in()
    guest = app.browser()
    await guest.post("/sign-in/anonymous")
    guest_id = (await guest.get("/get-session")).json["user"]["id"]
    owner = await prove(app, how)
    assert (await owner.get("/get-session")).json["user"]["id"] != guest_id
    assert (await guest.get("/get-session")).json["user"]["id"] == guest_id


async def test_lnk_05_a_change_that_was_left_pending_does_not_reach_an_address_with_an_owner() -> None:
    app = mailing_app()
    attacker = await app.signed_up("attacker@example.com")
    assert (await attacker.post("/change-email", {"newEmail": VICTIM})).status == 200
    pending = app.mailbox.last("verify").token
    owner = await app.signed_up(VICTIM)
    for browser in (attacker, app.browser(), owner):
        answer = await browser.get(f"/verify-email?token={pending}")
        assert (400 <= answer.status < 500, answer.cookies) == (True, [])
    db = app.auth.services.database
    assert sorted(user.email for user in await db.find_many(User)) == ["attacker@example.com", VICTIM]
    assert (await attacker.get("/get-session")).json["user"]["email"] == "attacker@example.com"


@pytest.mark.parametrize(("provider", "person"), [("reddit", {"id": "t2_1", "name": "Ada"})])
async def test_lnk_16_a_placeholder_is_at_a_domain_that_nobody_can_have(
    provider: str, person: Mapping[str, object]
) -> None:
    app = make_app({"social_providers": {provider: {"client_id": "an-id", "client_secret": "a-secret"}}})
    app.egress.on("POST", "https://www.reddit.com/api/v1/access_token", b'{"access_token":"a","token_type":"bearer"}')
    app.egress.on("GET", "https://oauth.reddit.com/api/v1/me", msgspec.json.encode(person))
    browser = app.browser()
    begun = await browser.post("/sign-in/social", {"provider": provider, "callbackURL": "/home"})
    answer = await browser.get(f"/callback/{provider}?code=c&state={query_of(begun.json['url'])['state']}")
    assert answer.header("location") == "/home"
    user = (await browser.get("/get-session")).json["user"]
    assert (user["email"].rsplit(".", 1)[1], user["emailVerified"]) == ("invalid", False)


@pytest.mark.parametrize(
    "said",
    [
        {"domain": "evil.test"},
        {"address": "0x" + "11" * 20},
        {"chain": 5, "tail": "\nNonce: another00"},
        {"tail": "\nExpiration Time: 2020-01-01T00:00:00Z"},
        {"tail": "\nNot Before: 2099-01-01T00:00:00Z"},
    ],
)
async def test_lnk_18_a_message_that_says_something_else_signs_nobody_in(said: dict[str, Any]) -> None:
    app = app_with()
    answer = await sign_in(app.browser(), **said)
    assert (answer.status, answer.cookies) == (401, [])
    assert await app.auth.services.database.count(Session) == 0


async def test_lnk_18_a_nonce_that_was_not_given_out_or_was_used_signs_nobody_in() -> None:
    app = app_with()
    foreign = message("0123456789abcdef0")
    used = message(await nonce_of(app.browser()))
    assert (await app.browser().post("/siwe/verify", {"message": used, "signature": signed(used)})).status == 200
    for text, signature in ((foreign, signed(foreign)), (used, signed(used)), (used, signed(used, OTHER_KEY))):
        answer = await app.browser().post("/siwe/verify", {"message": text, "signature": signature})
        assert (answer.status, answer.cookies) == (401, [])


async def test_lnk_20_the_last_way_in_and_the_accounts_of_others_cannot_be_unlinked() -> None:
    app = make_app()
    ada, bob = await app.signed_up(), await app.signed_up("bob@example.com")
    (mine,) = (await ada.get("/list-accounts")).json
    (theirs,) = (await bob.get("/list-accounts")).json
    last = await ada.post("/unlink-account", {"accountId": mine["id"]})
    foreign = await ada.post("/unlink-account", {"accountId": theirs["id"]})
    assert (last.status, last.json["code"]) == (400, "FAILED_TO_UNLINK_LAST_ACCOUNT")
    assert foreign.status == 400
    assert await app.auth.services.database.count(Account) == 2
