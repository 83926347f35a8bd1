"""A stricter rule for mail addresses, by the library that knows the RFCs."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from gatewright.crypto.libraries import MissingLibrary
from gatewright.plugins.magic_link import MagicLink, MagicLinkOptions
from gatewright.settings import AddressPolicy
from gatewright.testing.app import TestApp, make_app
from gatewright.testing.identity_provider import FakeGoogle, query_of
from gatewright.testing.mailbox import Mailbox

pytestmark = pytest.mark.anyio


def test_without_the_library_there_is_no_policy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "email_validator", None)
    with pytest.raises(MissingLibrary, match=r"install gatewright\[email\]"):
        AddressPolicy()


@pytest.fixture
def library() -> None:
    pytest.importorskip("email_validator", reason="email-validator is not installed")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(
    ("email", "taken"),
    [
        ("ada@example.com", True),
        ("ada+tag@sub.example.com", True),
        ("ada@bücher.example.com", True),
        ("ada..b@example.com", False),
        (".ada@example.com", False),
        ("ada@example", False),
        ("ada@-example.com", False),
        ("ada@example.test", False),
        (f"{'a' * 65}@example.com", False),
        ("ada@a.spam.example.org", False),
        ("ada@spam.example.org", False),
        ("ada@notspam.example.org", True),
    ],
)
def test_what_mail_can_be_sent_to_is_taken(email: str, taken: bool) -> None:
    assert AddressPolicy(blocked_domains=["Spam.example.org"]).accepts(email) is taken


@pytest.mark.usefixtures("library")
def test_names_that_never_resolve_are_for_tests() -> None:
    assert AddressPolicy(special_domains=True).accepts("ada@example.test") is True


def strict(**more: Any) -> TestApp:
    box = Mailbox()
    link = MagicLink(MagicLinkOptions(send_magic_link=box.sender("link")))
    settings = {"user": {"validate_user_info": AddressPolicy()}, **more}
    return make_app(settings, plugins=[link], mailbox=box)


@pytest.mark.usefixtures("library")
async def test_it_stands_on_top_of_the_contracts_own_rule_in_every_way() -> None:
    google = {"client_id": "google-id", "client_secret": "google-secret"}
    app = strict(social_providers={"google": google})
    body = {"name": "Ada", "email": "ada@a.invalid", "password": "password-1234"}
    refused = await app.browser().post("/sign-up/email", body)
    assert (refused.status, refused.json["code"]) == (403, "INVALID_EMAIL")
    no_address = await app.browser().post("/sign-up/email", {**body, "email": "no address"})
    assert (no_address.status, no_address.json["code"]) == (400, "VALIDATION_ERROR")
    assert (await app.browser().post("/sign-up/email", {**body, "email": "ada@example.com"})).status == 200

    await app.browser().post("/sign-in/magic-link", {"email": "bob@a.invalid"})
    token = app.mailbox.last("link").token
    followed = await app.browser().get(f"/magic-link/verify?token={token}")
    assert "error=INVALID_EMAIL" in (followed.header("location") or "")

    FakeGoogle(app.egress, app.clock).claims["email"] = "eve@a.invalid"
    browser = app.browser()
    asked = await browser.post("/sign-in/social", {"provider": "google", "errorCallbackURL": "/oops"})
    back = await browser.get(f"/callback/google?code=c&state={query_of(asked.json['url'])['state']}")
    assert back.header("location") == "/oops?error=INVALID_EMAIL&error_description=Invalid+email"
