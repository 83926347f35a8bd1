"""The suite for two servers, of what the core mails, and of accounts at providers."""

from __future__ import annotations

import secrets
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.client.plugins.world import ACCOUNTS, Specification, World
from tests.unit.client.servers import PASSWORD

from gatewright.contract import faults
from gatewright.contract.results import Done, Success
from gatewright.contract.sign_in import CallbackOAuth, IdToken
from gatewright.wire.kinds import Redirect
from gatewright_client import Client

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def specification() -> Specification:
    return ACCOUNTS


async def test_a_forgotten_password_is_set_anew(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    await client.sign_out()
    asked = (await client.request_password_reset(email=email, redirect_to="/new-password")).unwrap()
    assert asked.status is True
    token = world.post.last("reset")["token"]
    led = (await client.request_password_reset_callback(token=token, callback_url="/new-password")).unwrap()
    assert parse_qs(urlsplit(led.location).query) == {"token": [token]}
    short = await client.reset_password(new_password="x", token=token)
    assert isinstance(short.error, faults.PasswordTooShort)
    assert (await client.reset_password(new_password="password-5678", token=token)).unwrap() == Done()
    again = await client.reset_password(new_password="password-5678", token=token)
    assert isinstance(again.error, faults.InvalidToken)
    assert not (await client.sign_in.email(email=email, password=PASSWORD)).ok
    assert (await client.sign_in.email(email=email, password="password-5678")).ok


async def test_a_mailed_link_verifies_the_address_in_the_session(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert (await client.send_verification_email(email=email)).unwrap() == Done()
    assert client.session.data is not None
    assert client.session.data.user.email_verified is False
    verified = (await client.verify_email(token=world.post.last("verify")["token"])).unwrap()
    assert not isinstance(verified, Redirect)
    assert client.session.data.user.email_verified is True
    again = await client.send_verification_email(email=email)
    assert isinstance(again.error, faults.EmailAlreadyVerified)


async def test_a_mailed_link_deletes_the_user(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    asked = (await client.delete_user(password=PASSWORD)).unwrap()
    assert isinstance(asked, Success)
    assert client.session.data is not None
    wrong = await client.delete_user_callback(token="wrong")
    assert isinstance(wrong.error, faults.InvalidToken)
    gone = (await client.delete_user_callback(token=world.post.last("leave")["token"])).unwrap()
    assert isinstance(gone, Success)
    await client.session.refetch()
    assert client.session.data is None
    assert not (await client.sign_in.email(email=email, password=PASSWORD)).ok


async def test_columns_of_the_session_are_changed(client: Client, email: str) -> None:
    assert isinstance((await client.update_session(extra={"device": "phone"})).error, faults.Unauthorized)
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    changed = (await client.update_session(extra={"device": "phone"})).unwrap()
    assert changed.session.get("device") == "phone"
    assert client.session.data is not None
    assert client.session.data.session.get("device") == "phone"


async def test_an_account_at_a_provider_is_linked_renewed_read_and_unlinked(
    world: World, client: Client, email: str
) -> None:
    corp = world.corp()
    corp.person = {**corp.person, "sub": secrets.token_hex(8), "email": email}
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    begun = (await client.link_social(provider="corp", callback_url="/linked", disable_redirect=True)).unwrap()
    assert begun.redirect is False
    query = parse_qs(urlsplit(begun.url).query)
    corp.nonce = query["nonce"][0] if "nonce" in query else None
    led = (await client.send(CallbackOAuth(id="corp", code="the-code", state=query["state"][0]))).unwrap()
    assert (urlsplit(led.location).path, urlsplit(led.location).query) == ("/linked", "")
    accounts = {each.provider_id: each for each in (await client.list_accounts()).unwrap()}
    assert accounts.keys() == {"credential", "corp"}
    account = accounts["corp"].id
    token = (await client.get_access_token(account_id=account)).unwrap()
    renewed = (await client.refresh_token(account_id=account)).unwrap()
    assert renewed.access_token != token.access_token
    told = (await client.account_info(account_id=account)).unwrap()
    assert told.user.email == email
    assert (await client.unlink_account(account_id=account)).unwrap() == Done()
    missing = await client.account_info(account_id=account)
    assert isinstance(missing.error, faults.AccountNotFound)
    assert [each.provider_id for each in (await client.list_accounts()).unwrap()] == ["credential"]


async def test_an_account_is_linked_with_an_identity_token(world: World, client: Client, email: str) -> None:
    google = world.google()
    token = google.sign({"sub": secrets.token_hex(8), "email": email})
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    linked = (await client.link_social(provider="google", id_token=IdToken(token=token))).unwrap()
    assert linked.redirect is False
    assert {each.provider_id for each in (await client.list_accounts()).unwrap()} == {"credential", "google"}
    await client.sign_out()
    signed_in = (await client.sign_in.social(provider="google", id_token=IdToken(token=token))).unwrap()
    assert signed_in.redirect is False
    assert client.session.data is not None
    assert client.session.data.user.email == email


async def test_a_profile_that_was_not_handed_over_signs_nobody_in(client: Client) -> None:
    for profile, code in ((None, "missing_profile"), ("nonsense", "invalid_profile")):
        led = (await client.oauth_proxy_callback(callback_url="/home", profile=profile)).unwrap()
        assert parse_qs(urlsplit(led.location).query)["error"] == [code]
    elsewhere = await client.oauth_proxy_callback(callback_url="https://evil.example.com", profile="nonsense")
    assert isinstance(elsewhere.error, faults.InvalidCallbackUrl)
    assert (await client.session.refetch()).data is None
