"""A banned user gets no session, whatever the way in."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.unit.plugins.device_authorization.devices import ask, codes, decided
from tests.unit.plugins.passkey.keys import register
from tests.unit.plugins.passkey.keys import sign_in as sign_in_with_key
from tests.unit.plugins.siwe.wallets import sign_in as sign_in_with_wallet
from tests.unit.plugins.two_factor.factor import code_of

import gatewright
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.admin import Admin, AdminUser
from gatewright.plugins.anonymous import Anonymous
from gatewright.plugins.bearer import Bearer
from gatewright.plugins.device_authorization import DeviceAuthorization
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.generic_oauth import GenericOAuth, GenericOAuthOptions
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.multi_session import MultiSession
from gatewright.plugins.one_tap import OneTap
from gatewright.plugins.passkey import Passkey
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.plugins.siwe import Siwe, SiweOptions
from gatewright.plugins.two_factor import TwoFactor
from gatewright.plugins.username import Username
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.authenticator import Authenticator
from gatewright.testing.browser import Browser
from gatewright.testing.identity_provider import FakeGoogle, FakeIssuer, query_of
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

ADA = "ada@example.com"
PASSWORD = "password-1234"
NUMBER = "+12015550123"
ISSUER = "https://issuer.example"


def everything() -> TestApp:
    """An instance with every way in."""
    box = Mailbox()
    corp = {
        "provider_id": "corp",
        "client_id": "client",
        "client_secret": "secret",
        "discovery_url": f"{ISSUER}/.well-known/openid-configuration",
        "scopes": ["email"],
    }
    return make_app(
        {
            "social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}},
            "email_verification": {
                "send_verification_email": box.sender("verification"),
                "auto_sign_in_after_verification": True,
            },
        },
        plugins=[
            Admin(),
            Username(),
            MagicLink(MagicLinkOptions.model_validate({"send_magic_link": box.sender("link")})),
            EmailOTP(EmailOTPOptions.model_validate({"sendVerificationOTP": box.sender("otp")})),
            PhoneNumber(PhoneNumberOptions.model_validate({"sendOTP": box.sender("code")})),
            Passkey(),
            Siwe(SiweOptions.model_validate({"domain": "localhost:3000", "emailDomainName": "wallets.example.com"})),
            OneTap(),
            GenericOAuth(GenericOAuthOptions.model_validate({"config": [corp]})),
            DeviceAuthorization(),
            TwoFactor(),
            MultiSession(),
            Anonymous(),
            Bearer(),
        ],
        mailbox=box,
    )


class Visitor:
    """Somebody who comes back the same way.

    Attributes:
        app: The instance.
        kept: What the visitor keeps from one visit to the next.
    """

    def __init__(self, app: TestApp) -> None:
        self.app = app
        self.kept: dict[str, Any] = {}

    async def account(self) -> Browser:
        """An account with a password, made at the first visit; the browser is signed in then, and never after."""
        if "account" not in self.kept:
            self.kept["account"] = await self.app.signed_up(username="ada")
        return self.kept["account"]


async def by_password(visitor: Visitor) -> Browser:
    await visitor.account()
    browser = visitor.app.browser()
    await browser.post("/sign-in/email", {"email": ADA, "password": PASSWORD})
    return browser


async def by_username(visitor: Visitor) -> Browser:
    await visitor.account()
    browser = visitor.app.browser()
    await browser.post("/sign-in/username", {"username": "ada", "password": PASSWORD})
    return browser


async def by_link(visitor: Visitor) -> Browser:
    browser = visitor.app.browser()
    await browser.post("/sign-in/magic-link", {"email": ADA})
    await browser.get(visitor.app.mailbox.last("link").url)
    return browser


async def by_mailed_code(visitor: Visitor) -> Browser:
    browser = visitor.app.browser()
    await browser.post("/email-otp/send-verification-otp", {"email": ADA, "type": "sign-in"})
    await browser.post("/sign-in/email-otp", {"email": ADA, "otp": visitor.app.mailbox.last("otp").otp})
    return browser


async def by_verifying_an_address(visitor: Visitor) -> Browser:
    await visitor.account()
    await visitor.app.auth.services.database.update_one(User, User.email.eq(ADA), set=[User.email_verified.to(False)])
    browser = visitor.app.browser()
    await browser.post("/send-verification-email", {"email": ADA})
    await browser.get(visitor.app.mailbox.last("verification").url)
    return browser


async def by_phone(visitor: Visitor) -> Browser:
    app, owner = visitor.app, await visitor.account()
    number = {"phoneNumber": NUMBER}
    if "phone" not in visitor.kept:
        await owner.post("/phone-number/send-otp", number)
        await owner.post(
            "/phone-number/verify", {**number, "code": app.mailbox.last("code").code, "updatePhoneNumber": True}
        )
        visitor.kept["phone"] = True
    browser = app.browser()
    await browser.post("/phone-number/send-otp", number)
    await browser.post("/phone-number/verify", {**number, "code": app.mailbox.last("code").code})
    return browser


async def by_phone_and_password(visitor: Visitor) -> Browser:
    await by_phone(visitor)
    browser = visitor.app.browser()
    await browser.post("/sign-in/phone-number", {"phoneNumber": NUMBER, "password": PASSWORD})
    return browser


async def by_passkey(visitor: Visitor) -> Browser:
    owner = await visitor.account()
    if "key" not in visitor.kept:
        visitor.kept["key"] = Authenticator()
        assert (await register(owner, visitor.kept["key"])).status == 200
    browser = visitor.app.browser()
    await sign_in_with_key(browser, visitor.kept["key"])
    return browser


async def by_wallet(visitor: Visitor) -> Browser:
    browser = visitor.app.browser()
    await sign_in_with_wallet(browser)
    return browser


async def by_google(visitor: Visitor) -> Browser:
    FakeGoogle(visitor.app.egress, visitor.app.clock)
    browser = visitor.app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "google", "callbackURL": "/home"})
    await browser.get(f"/callback/google?code=the-code&state={query_of(begun.json['url'])['state']}")
    return browser


async def by_googles_dialogue(visitor: Visitor) -> Browser:
    google = FakeGoogle(visitor.app.egress, visitor.app.clock)
    browser = visitor.app.browser()
    await browser.post("/one-tap/callback", {"idToken": google.sign()})
    return browser


async def by_id_token(visitor: Visitor) -> Browser:
    google = FakeGoogle(visitor.app.egress, visitor.app.clock)
    browser = visitor.app.browser()
    await browser.post("/sign-in/social", {"provider": "google", "idToken": {"token": google.sign()}})
    return browser


async def by_corporate_login(visitor: Visitor) -> Browser:
    issuer = FakeIssuer(visitor.app.egress, visitor.app.clock)
    browser = visitor.app.browser()
    begun = await browser.post("/sign-in/social", {"provider": "corp", "callbackURL": "/home"})
    query = query_of(begun.json["url"])
    issuer.nonce = query.get("nonce")
    await browser.get(f"/callback/corp?code=the-code&state={query['state']}")
    return browser


Way = Callable[[Visitor], Awaitable[Browser]]
WAYS: tuple[Way, ...] = (
    by_password,
    by_username,
    by_link,
    by_mailed_code,
    by_verifying_an_address,
    by_phone,
    by_phone_and_password,
    by_passkey,
    by_wallet,
    by_google,
    by_googles_dialogue,
    by_id_token,
    by_corporate_login,
)


async def user_of(browser: Browser) -> str | None:
    data = (await browser.get("/get-session")).json
    return None if data is None else data["user"]["id"]


async def ban(app: TestApp, user_id: str, banned: bool) -> None:
    db = app.auth.services.database
    await db.update_one(AdminUser, AdminUser.id.eq(user_id), set=[AdminUser.banned.to(banned)])
    if banned:
        await app.auth.services.sessions.end_all(db, user_id)


@pytest.mark.parametrize("way", WAYS)
async def test_adm_06_a_banned_user_gets_no_session(way: Way) -> None:
    visitor = Visitor(everything())
    user_id = await user_of(await way(visitor))
    assert user_id is not None
    await ban(visitor.app, user_id, banned=True)
    assert await user_of(await way(visitor)) is None
    assert await visitor.app.auth.services.database.count(Session, Session.user_id.eq(user_id)) == 0
    await ban(visitor.app, user_id, banned=False)
    assert await user_of(await way(visitor)) == user_id


async def test_adm_06_a_device_that_was_approved_before_the_ban_gets_no_session() -> None:
    app = everything()
    owner = await app.signed_up()
    user_id = await user_of(owner)
    assert user_id is not None
    allowed, kept_out = await codes(app), await codes(app)
    for given in (allowed, kept_out):
        assert (await decided(owner, given)).status == 200
    assert (await ask(app, allowed)).status == 200
    await ban(app, user_id, banned=True)
    assert (await ask(app, kept_out)).status >= 400
    assert await app.auth.services.database.count(Session) == 0


async def test_adm_06_a_second_factor_given_after_the_ban_opens_nothing() -> None:
    app = everything()
    owner = await app.signed_up()
    user_id = await user_of(owner)
    assert user_id is not None
    given = (await owner.post("/two-factor/enable", {"password": PASSWORD})).json
    await owner.post("/two-factor/verify-totp", {"code": code_of(app, given["totpURI"])})
    app.clock.advance(minutes=2)
    browser = app.browser()
    challenge = await browser.post("/sign-in/email", {"email": ADA, "password": PASSWORD})
    assert challenge.json["twoFactorRedirect"] is True
    await ban(app, user_id, banned=True)
    await browser.post("/two-factor/verify-totp", {"code": code_of(app, given["totpURI"])})
    assert await user_of(browser) is None
    await ban(app, user_id, banned=False)


def test_sessions_begin_in_one_place_only() -> None:
    # The hooks that keep the banned out run there; another place would need its way in the list above.
    root = Path(gatewright.__file__).parent
    found = {
        str(path.relative_to(root))
        for path in root.rglob("*.py")
        if re.search(r"sessions\.create\(", path.read_text(encoding="utf-8"))
    }
    assert found == {"pipeline/session_gates.py"}
