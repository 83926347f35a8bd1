"""An instance with every way to sign in, and the ways: each signs the same person in when it is used again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import parse_qs, urlsplit

from tests.mailing import CountingPasswords
from tests.unit.plugins.passkey.keys import register
from tests.unit.plugins.passkey.keys import sign_in as sign_in_with_key
from tests.unit.plugins.phone_number.phones import NUMBER, SIGN_UP
from tests.unit.plugins.siwe.wallets import sign_in as sign_in_with_wallet
from tests.unit.plugins.two_factor.factor import is_signed_in

from gatewright.plugins.admin import Admin
from gatewright.plugins.anonymous import Anonymous
from gatewright.plugins.assurance import Assurance, AssuranceOptions
from gatewright.plugins.base import Plugin
from gatewright.plugins.device_authorization import DeviceAuthorization
from gatewright.plugins.email_otp import EmailOTP, EmailOTPOptions
from gatewright.plugins.generic_oauth.options import GenericOAuthConfig, GenericOAuthOptions
from gatewright.plugins.generic_oauth.plugin import GenericOAuth
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.plugins.one_tap import OneTap
from gatewright.plugins.one_time_token import OneTimeToken
from gatewright.plugins.organization import Organization
from gatewright.plugins.passkey import Passkey
from gatewright.plugins.phone_number import PhoneNumber, PhoneNumberOptions
from gatewright.plugins.siwe import Siwe, SiweOptions
from gatewright.plugins.two_factor import TwoFactor, TwoFactorOptions
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.username import Username
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.authenticator import Authenticator
from gatewright.testing.browser import Answer, Browser
from gatewright.testing.identity_provider import FakeGoogle, FakeIssuer, query_of
from gatewright.testing.mailbox import Mailbox

__all__ = (
    "JSON_WAYS",
    "PASSWORD",
    "REDIRECTS",
    "WAYS",
    "World",
    "beside",
    "is_signed_in",
    "world",
)

PASSWORD = "password-1234"


class World:
    """The instance, whoever stands outside of it, and one person's things."""

    def __init__(self, app: TestApp) -> None:
        self.app = app
        self.google = FakeGoogle(app.egress, app.clock)
        self.issuer = FakeIssuer(app.egress, app.clock)
        self.key = Authenticator()

    async def owe_factor(self) -> None:
        """From now on everybody has a second factor: codes that are sent."""
        db = self.app.auth.services.database
        for user in await db.find_many(TwoFactorUser):
            await db.update_one(
                TwoFactorUser, TwoFactorUser.id.eq(user.id), set=[TwoFactorUser.two_factor_enabled.to(True)]
            )

    async def give_factor(self, browser: Browser, **more: object) -> Answer:
        """Have a code sent and give it."""
        assert (await browser.post("/two-factor/send-otp", {})).status == 200
        return await browser.post("/two-factor/verify-otp", {"code": self.app.mailbox.last("factor").otp, **more})


def world(
    factor: Mapping[str, Any] | None = None,
    *,
    assurance: Mapping[str, Any] | None = None,
    settings: Mapping[str, Any] | None = None,
    adapter: Adapter | None = None,
    cache: Cache | None = None,
    first: tuple[Plugin[Any], ...] = (),
    more: tuple[Plugin[Any], ...] = (),
    api: Any = None,
) -> World:
    """An instance; ``assurance`` installs the plugin of that name, ``first`` and ``more`` are before and after the others."""
    box, scheme = Mailbox(), CountingPasswords()
    given = {"otp_options": {"send_otp": box.sender("factor")}, **(factor or {})}
    phone: dict[str, Any] = {"sendOTP": box.sender("phone"), "signUpOnVerification": SIGN_UP}
    corp = {
        "provider_id": "corp",
        "client_id": "client",
        "client_secret": "secret",
        "discovery_url": "https://issuer.example/.well-known/openid-configuration",
    }
    plugins: tuple[Plugin[Any], ...] = (
        *first,
        Username(),
        PhoneNumber(PhoneNumberOptions.model_validate(phone)),
        MagicLink(MagicLinkOptions(send_magic_link=box.sender("link"))),
        EmailOTP(EmailOTPOptions.model_validate({"send_verification_otp": box.sender("code")})),
        Siwe(SiweOptions.model_validate({"domain": "localhost:3000", "emailDomainName": "wallets.example.com"})),
        OneTap(),
        GenericOAuth(GenericOAuthOptions(config=[GenericOAuthConfig.model_validate(corp)])),
        Passkey(),
        DeviceAuthorization(),
        Anonymous(),
        OneTimeToken(),
        Admin(),
        Organization(),
        TwoFactor(TwoFactorOptions.model_validate(given)),
        *(() if assurance is None else (Assurance(AssuranceOptions.model_validate(assurance)),)),
        *more,
    )
    own = {"hash": scheme.hash, "verify": scheme.verify}
    made = make_app(
        {
            "email_and_password": {"enabled": True, "password": own},
            "email_verification": {
                "send_verification_email": box.sender("verify"),
                "auto_sign_in_after_verification": True,
            },
            "social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}},
            **(settings or {}),
        },
        plugins=plugins,
        adapter=adapter,
        cache=cache,
        mailbox=box,
        api=api,
    )
    return World(made)


def beside(other: World, factor: Mapping[str, Any] | None = None, **more: Any) -> World:
    """Another instance on the database of one, for the same people; what it draws is not what the other has drawn."""
    made = world(factor, adapter=other.app.adapter, **more)
    for _ in range(10_000):
        made.app.auth.services.random.bytes(1)
    made.key = other.key
    return made


async def _known(world: World) -> None:
    """Ada signs up, once, with all that a password can go with."""
    body = {"name": "Ada", "email": "ada@example.com", "password": PASSWORD, "username": "ada_l"}
    await world.app.browser().post("/sign-up/email", body)


async def password(world: World, browser: Browser) -> Answer:
    await _known(world)
    return await browser.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})


async def username(world: World, browser: Browser) -> Answer:
    await _known(world)
    return await browser.post("/sign-in/username", {"username": "ada_l", "password": PASSWORD})


async def phone_code(world: World, browser: Browser) -> Answer:
    assert (await browser.post("/phone-number/send-otp", {"phoneNumber": NUMBER})).status == 200
    code = world.app.mailbox.last("phone").code
    return await browser.post("/phone-number/verify", {"phoneNumber": NUMBER, "code": code})


async def mailed_code(world: World, browser: Browser) -> Answer:
    asked = {"email": "mail@example.com", "type": "sign-in"}
    assert (await browser.post("/email-otp/send-verification-otp", asked)).status == 200
    return await browser.post(
        "/sign-in/email-otp", {"email": "mail@example.com", "otp": world.app.mailbox.last("code").otp}
    )


async def verified_by_code(world: World, browser: Browser) -> Answer:
    await _known(world)
    asked = {"email": "ada@example.com", "type": "email-verification"}
    assert (await browser.post("/email-otp/send-verification-otp", asked)).status == 200
    otp = world.app.mailbox.last("code").otp
    return await browser.post("/email-otp/verify-email", {"email": "ada@example.com", "otp": otp})


async def link(world: World, browser: Browser, callback: str | None = None) -> Answer:
    asked = {"email": "link@example.com", **({} if callback is None else {"callbackURL": callback})}
    assert (await browser.post("/sign-in/magic-link", asked)).status == 200
    token = world.app.mailbox.last("link").token
    more = "" if callback is None else f"&callbackURL={callback}"
    return await browser.get(f"/magic-link/verify?token={token}{more}")


async def link_with_callback(world: World, browser: Browser) -> Answer:
    return await link(world, browser, "/home")


async def verification_link(world: World, browser: Browser, callback: str = "") -> Answer:
    await _known(world)
    db = world.app.auth.services.database
    await db.update_one(
        TwoFactorUser, TwoFactorUser.email.eq("ada@example.com"), set=[TwoFactorUser.email_verified.to(False)]
    )
    assert (await browser.post("/send-verification-email", {"email": "ada@example.com"})).status == 200
    url: str = world.app.mailbox.last("verify").url
    token = parse_qs(urlsplit(url).query)["token"][0]
    return await browser.get(f"/verify-email?token={token}{callback}")


async def verification_link_with_callback(world: World, browser: Browser) -> Answer:
    return await verification_link(world, browser, "&callbackURL=/home")


async def wallet(world: World, browser: Browser) -> Answer:
    return await sign_in_with_wallet(browser)


async def one_tap(world: World, browser: Browser) -> Answer:
    return await browser.post("/one-tap/callback", {"idToken": world.google.sign()})


async def id_token(world: World, browser: Browser) -> Answer:
    return await browser.post("/sign-in/social", {"provider": "google", "idToken": {"token": world.google.sign()}})


async def social(world: World, browser: Browser) -> Answer:
    given = {"provider": "google", "callbackURL": "/home", "errorCallbackURL": "/oops"}
    begun = await browser.post("/sign-in/social", given)
    return await browser.get(f"/callback/google?code=the-code&state={query_of(begun.json['url'])['state']}")


async def generic(world: World, browser: Browser) -> Answer:
    given = {"provider": "corp", "callbackURL": "/home", "errorCallbackURL": "/oops"}
    begun = query_of((await browser.post("/sign-in/social", given)).json["url"])
    world.issuer.nonce = begun.get("nonce")
    return await browser.get(f"/callback/corp?code=the-code&state={begun['state']}")


async def has_passkey(world: World) -> None:
    """Ada has a passkey, if she has none yet."""
    if not world.key.credentials:
        await _known(world)
        owner = world.app.browser()
        await owner.post("/sign-in/email", {"email": "ada@example.com", "password": PASSWORD})
        assert (await register(owner, world.key)).status == 200


async def weak_passkey(world: World, browser: Browser) -> Answer:
    await has_passkey(world)
    world.key.user_verified = False
    return await sign_in_with_key(browser, world.key)


async def passkey(world: World, browser: Browser) -> Answer:
    await has_passkey(world)
    world.key.user_verified = True
    return await sign_in_with_key(browser, world.key)


Enter: TypeAlias = Callable[[World, Browser], Awaitable[Answer]]

JSON_WAYS: Mapping[str, Enter] = {
    "password": password,
    "username": username,
    "code to a phone": phone_code,
    "mailed code": mailed_code,
    "address proven by code": verified_by_code,
    "magic link of a script": link,
    "verification link of a script": verification_link,
    "wallet": wallet,
    "one tap": one_tap,
    "presented ID token": id_token,
    "passkey without its user": weak_passkey,
}
"""Ways whose answer is JSON."""

REDIRECTS: Mapping[str, Enter] = {
    "magic link": link_with_callback,
    "verification link": verification_link_with_callback,
    "social": social,
    "generic OAuth": generic,
}
"""Ways whose answer sends a browser on."""

WAYS: Mapping[str, Enter] = {**JSON_WAYS, **REDIRECTS}
