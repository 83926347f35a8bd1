"""Attacks on magic links: followed by many at once, forged from other flows' values, used to share an account."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import quote

import pytest
from tests.mailing import all_at_once

from gatewright.model.account import Account
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio

REFUSED = "http://localhost:3000/?error=INVALID_TOKEN"


def linked() -> TestApp:
    box = Mailbox()
    return make_app(plugins=[MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))], mailbox=box)


async def mailed(app: TestApp, email: str = "ada@example.com") -> str:
    assert (await app.browser().post("/sign-in/magic-link", {"email": email})).status == 200
    token: str = app.mailbox.last("link").token
    return token


async def test_one_01_of_fifty_who_follow_a_link_one_is_signed_in() -> None:
    app = linked()
    token = await mailed(app)
    answers = await all_at_once([lambda: app.browser().get(f"/magic-link/verify?token={token}")] * 50)
    assert sorted(answer.status for answer in answers) == [200] + [302] * 49
    assert {answer.header("location") for answer in answers if answer.status == 302} == {REFUSED}
    database = app.auth.services.database
    assert (await database.count(Session), await database.count(User)) == (1, 1)


@pytest.mark.parametrize(
    "value",
    [
        '{"callbackURL":"/","codeVerifier":"v","expiresAt":1,"email":"ada@example.com"}',
        '{"email":"ada@example.com","name":"Ada","link":null}',
        '{"email":7}',
        '"ada@example.com"',
        "ada@example.com",
        "123456:0",
    ],
)
async def test_one_12_a_value_of_another_flow_is_refused_and_stays(value: str) -> None:
    app = linked()
    await app.signed_up()
    services = app.auth.services
    expires_at = services.clock.now() + timedelta(minutes=5)
    await services.verifications.create(services.database, "of-another-flow", value, expires_at=expires_at)
    browser = app.browser()
    answer = await browser.get("/magic-link/verify?token=of-another-flow")
    assert (answer.header("location"), browser.jar) == (REFUSED, {})
    assert await services.verifications.find(services.database, "of-another-flow") is not None
    user = await services.users.by_email(services.database, "ada@example.com")
    assert user is not None
    assert user.email_verified is False


async def test_lnk_01_who_signed_up_with_an_address_of_somebody_else_is_out() -> None:
    app = linked()
    attacker = await app.signed_up()
    token = await mailed(app)
    assert (await app.browser().get(f"/magic-link/verify?token={token}")).status == 200
    assert (await attacker.get("/get-session")).json is None
    again = await attacker.post("/sign-in/email", {"email": "ada@example.com", "password": "password-1234"})
    assert again.status == 401
    assert await app.auth.services.database.count(Account) == 0


async def test_lnk_01_a_proven_address_keeps_what_is_its_own() -> None:
    app = linked()
    owner = app.browser()
    await owner.get(f"/magic-link/verify?token={await mailed(app)}")
    assert (await app.browser().get(f"/magic-link/verify?token={await mailed(app)}")).status == 200
    assert (await owner.get("/get-session")).json["user"]["email"] == "ada@example.com"


async def test_enu_05_asking_tells_nothing_of_who_is_registered() -> None:
    app = linked()
    await app.signed_up()
    known, unknown = [
        await app.browser().post("/sign-in/magic-link", {"email": email})
        for email in ("ada@example.com", "nobody@example.com")
    ]
    assert (known.status, known.body, known.headers) == (unknown.status, unknown.body, unknown.headers)
    assert len(app.mailbox.all("link")) == 2


async def test_one_13_a_state_that_names_an_address_makes_no_user() -> None:
    """A state whose additional data name the victim, made by whoever asks for it, and presented as a link's token."""
    box = Mailbox()
    app = make_app(
        {"social_providers": {"google": {"client_id": "google-id", "client_secret": "google-secret"}}},
        plugins=[MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))],
        mailbox=box,
    )
    FakeGoogle(app.egress, app.clock)
    attacker = app.browser()
    begun = await attacker.post(
        "/sign-in/social",
        {"provider": "google", "callbackURL": "/home", "additionalData": {"email": "victim@example.com"}},
    )
    state = query_of(begun.json["url"])["state"]
    database = app.auth.services.database
    for row in await database.find_many(Verification):
        for token in {state, row.identifier, row.value}:
            browser = app.browser()
            answer = await browser.get(f"/magic-link/verify?token={quote(token)}")
            assert (answer.header("location"), browser.jar) == (REFUSED, {})
    assert (await database.count(User), await database.count(Session)) == (0, 0)
    # The attempt at the provider is still good.
    came = await attacker.get(f"/callback/google?code=c&state={state}")
    assert came.header("location") == "/home"


@pytest.mark.parametrize(
    ("identifier", "value"),
    [
        ("sign-in-otp-ada@example.com", "123456:0"),
        ("email-verification-otp-ada@example.com", "123456:0"),
        ("forget-password-otp-ada@example.com", "123456:0"),
        ("reset-password:abcdefghijklmnopqrstuvwx", "a-user"),
        ("delete-account-abcdefghijklmnopqrstuvwxyz012345", "a-user"),
        ("+4930123456", "123456:0"),
        ("2fa-abcdefghijklmnopqrst", "a-user"),
    ],
)
@pytest.mark.parametrize("storage", ["plain", "hashed"])
async def test_one_14_identifiers_that_can_be_guessed_are_no_tokens(identifier: str, value: str, storage: str) -> None:
    box = Mailbox()
    options = MagicLinkOptions.model_validate({"sendMagicLink": box.sender("link"), "storeToken": storage})
    app = make_app({"verification": {"store_identifier": storage}}, plugins=[MagicLink(options)], mailbox=box)
    await app.signed_up()
    services = app.auth.services
    expires_at = services.clock.now() + timedelta(minutes=5)
    await services.verifications.create(services.database, identifier, value, expires_at=expires_at)
    for token in (identifier, identifier.upper(), value):
        browser = app.browser()
        answer = await browser.get(f"/magic-link/verify?token={quote(token)}")
        assert (answer.header("location"), browser.jar) == (REFUSED, {})
    kept = await services.verifications.take(services.database, identifier)
    assert kept is not None
    assert kept.value == value
