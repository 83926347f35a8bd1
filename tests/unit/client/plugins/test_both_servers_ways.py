"""The suite for two servers, of further ways in: guests, keys, wallets, numbers, Google's dialogue, several users at once."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.client.plugins.world import WAYS, Specification, World
from tests.unit.client.servers import PASSWORD

from gatewright.contract import faults
from gatewright.contract.results import Done, Success
from gatewright.contract.sign_in import CallbackOAuth
from gatewright.plugins.anonymous import faults as guest_faults
from gatewright.plugins.api_key import faults as key_faults
from gatewright.plugins.multi_session import faults as session_faults
from gatewright.plugins.passkey import faults as passkey_faults
from gatewright.plugins.phone_number import faults as phone_faults
from gatewright.plugins.phone_number.contract import CodeSent
from gatewright.plugins.phone_number.model import PhoneUser
from gatewright.testing.authenticator import Authenticator
from gatewright.wire.json import plain
from gatewright_client import Client

pytestmark = pytest.mark.anyio

WALLET = "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"


@pytest.fixture(scope="module")
def specification() -> Specification:
    return WAYS


def origin_of(client: Client) -> str:
    """What a page of the server would say of where it is."""
    parts = urlsplit(client.url)
    return f"{parts.scheme}://{parts.netloc}"


def user_of(client: Client) -> str | None:
    """The address of whoever the client's session is of."""
    return None if client.session.data is None else client.session.data.user.email


async def test_a_guest_signs_in_and_leaves(client: Client) -> None:
    assert isinstance((await client.delete_anonymous_user()).error, faults.Unauthorized)
    guest = (await client.sign_in.anonymous()).unwrap()
    assert user_of(client) == guest.user.email
    again = await client.sign_in.anonymous()
    assert isinstance(again.error, guest_faults.AnonymousUsersCannotSignInAgainAnonymously)
    assert (await client.delete_anonymous_user()).unwrap() == Success()
    assert user_of(client) is None


async def test_a_guest_who_signs_up_is_somebody(client: Client, email: str) -> None:
    guest = (await client.sign_in.anonymous()).unwrap()
    (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap()
    assert user_of(client) == email != guest.user.email
    assert isinstance((await client.delete_anonymous_user()).error, guest_faults.UserIsNotAnonymous)


async def test_a_key_is_made_changed_listed_and_deleted(world: World, client: Client, email: str) -> None:
    assert isinstance((await client.api_key.create(name="early")).error, key_faults.UnauthorizedSession)
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    made = (await client.api_key.create(name="first", expires_in=86400 * 3, metadata={"tier": "gold"})).unwrap()
    assert (made.name, made.prefix, made.metadata) == ("first", "gw_", {"tier": "gold"})
    assert made.key.startswith("gw_")
    assert made.expires_at is not None
    assert abs((made.expires_at - made.created_at).total_seconds() - 86400 * 3) < 2
    other = (await client.api_key.create()).unwrap()
    page = (await client.api_key.list(limit=1, sort_by="createdAt", sort_direction="desc")).unwrap()
    assert (len(page.api_keys), page.total, page.limit) == (1, 2, 1)
    assert {each.id for each in (await client.api_key.list()).unwrap().api_keys} == {made.id, other.id}
    assert (await client.api_key.get(id=made.id)).unwrap().name == "first"
    assert (await client.api_key.update(key_id=made.id, name="renamed")).unwrap().name == "renamed"
    assert isinstance((await client.api_key.update(key_id=made.id)).error, key_faults.NoValuesToUpdate)
    assert isinstance((await client.api_key.create(remaining=5)).error, key_faults.ServerOnlyProperty)
    async with world.client() as program:
        keyed = program.with_options(headers={"x-api-key": made.key})
        session = (await keyed.get_session()).unwrap()
        assert session is not None
        assert session.user.email == email
        assert (await client.api_key.delete(key_id=made.id)).unwrap().success
        assert not (await keyed.get_session()).ok
    assert isinstance((await client.api_key.get(id=made.id)).error, key_faults.KeyNotFound)


async def registered(client: Client, key: Authenticator, name: str | None = None) -> str:
    """A new passkey's id."""
    asked = (await client.passkey.generate_register_options()).unwrap()
    response: Any = key.create(plain_of(asked))
    named: dict[str, Any] = {} if name is None else {"name": name}
    return (await client.passkey.verify_registration(response=response, **named)).unwrap().id


def plain_of(options: object) -> dict[str, Any]:
    """The options of a ceremony as the program of an authenticator takes them."""
    found: Any = plain(options)
    assert isinstance(found, dict)
    return found  # pyright: ignore[reportUnknownVariableType]


async def test_a_passkey_signs_in_and_the_list_of_them_keeps_up(client: Client, email: str) -> None:
    key = Authenticator(origin=origin_of(client))
    held = client.passkey.list_passkeys
    assert isinstance((await client.passkey.generate_register_options()).error, faults.Unauthorized)
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert (await held.refetch()).data == []
    kept = await registered(client, key, "Laptop")
    assert [(each.id, each.name) for each in held.data or []] == [(kept, "Laptop")]
    (await client.passkey.update_passkey(id=kept, name="Old laptop")).unwrap()
    assert [each.name for each in held.data or []] == ["Old laptop"]
    await client.sign_out()
    assert not held.data
    asked = (await client.passkey.generate_authenticate_options()).unwrap()
    response = key.get(plain_of(asked))
    signed_in = (await client.passkey.verify_authentication(response=response)).unwrap()
    assert user_of(client) == signed_in.user.email == email
    assert [each.id for each in (await client.passkey.list_user_passkeys()).unwrap()] == [kept]
    assert [each.id for each in held.data or []] == [kept]
    assert (await client.passkey.delete_passkey(id=kept)).unwrap() == Done()
    assert held.data == []
    assert isinstance((await client.passkey.delete_passkey(id=kept)).error, passkey_faults.PasskeyNotFound)
    await client.sign_out()
    asked = (await client.passkey.generate_authenticate_options()).unwrap()
    gone = await client.passkey.verify_authentication(response=key.get(plain_of(asked)))
    assert isinstance(gone.error, passkey_faults.PasskeyNotFound)


async def test_a_passkey_of_another_page_is_refused(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    elsewhere = Authenticator(origin="https://evil.example.com")
    asked = (await client.passkey.generate_register_options()).unwrap()
    refused = await client.passkey.verify_registration(response=elsewhere.create(plain_of(asked)))
    assert isinstance(refused.error, passkey_faults.FailedToVerifyRegistration)
    assert (await client.passkey.list_user_passkeys()).unwrap() == []


async def test_a_number_is_verified_and_signs_in(world: World, client: Client, email: str) -> None:
    number = f"+1555{secrets.randbelow(10**7):07}"
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert (await client.phone_number.send_otp(phone_number=number)).unwrap() == CodeSent()
    code = world.post.last("text")["code"]
    wrong = await client.phone_number.verify(phone_number=number, code="wrong")
    assert isinstance(wrong.error, phone_faults.InvalidOtp)
    verified = await client.phone_number.verify(phone_number=number, code=code, update_phone_number=True)
    assert verified.unwrap().user.email == email
    assert client.session.data is not None
    assert PhoneUser.of(client.session.data.user).phone_number == number
    spent = await client.phone_number.verify(phone_number=number, code=code)
    assert isinstance(spent.error, phone_faults.OtpNotFound)
    await client.sign_out()
    refused = await client.sign_in.phone_number(phone_number=number, password="something-else")
    assert isinstance(refused.error, phone_faults.InvalidPhoneNumberOrPassword)
    (await client.sign_in.phone_number(phone_number=number, password=PASSWORD)).unwrap()
    assert user_of(client) == email


async def test_a_password_is_reset_by_number(world: World, client: Client, email: str) -> None:
    number = f"+1555{secrets.randbelow(10**7):07}"
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    await client.phone_number.send_otp(phone_number=number)
    code = world.post.last("text")["code"]
    (await client.phone_number.verify(phone_number=number, code=code, update_phone_number=True)).unwrap()
    await client.sign_out()
    assert (await client.phone_number.request_password_reset(phone_number=number)).unwrap() == Done()
    otp = world.post.last("reset")["code"]
    for given, fault in (("wrong", phone_faults.InvalidOtp),):
        refused = await client.phone_number.reset_password(phone_number=number, otp=given, new_password="password-5678")
        assert isinstance(refused.error, fault)
    reset = await client.phone_number.reset_password(phone_number=number, otp=otp, new_password="password-5678")
    assert reset.unwrap() == Done()
    assert not (await client.sign_in.phone_number(phone_number=number, password=PASSWORD)).ok
    assert (await client.sign_in.phone_number(phone_number=number, password="password-5678")).ok


def message(nonce: str, domain: str = "wallets.example.com") -> str:
    """What a wallet signs (ERC-4361)."""
    return (
        f"{domain} wants you to sign in with your Ethereum account:\n{WALLET}\n\nSign in.\n\nURI: https://{domain}\n"
        f"Version: 1\nChain ID: 1\nNonce: {nonce}\nIssued At: 2026-01-01T00:00:00.000Z"
    )


async def test_a_wallet_signs_in(world: World, client: Client) -> None:
    world.post.answers["nonce"] = lambda _: secrets.token_hex(8)
    world.post.answers["sign"] = lambda signed: signed["signature"] == "0xgood"
    nonce = (await client.siwe.nonce()).unwrap().nonce
    forged = await client.siwe.verify(message=message(nonce), signature="0xbad")
    assert forged.error is not None
    assert (forged.error.status, user_of(client)) == (401, None)
    nonce = (await client.siwe.get_nonce()).unwrap().nonce
    signed_in = (await client.siwe.verify(message=message(nonce), signature="0xgood")).unwrap()
    assert (signed_in.user.wallet_address, signed_in.user.chain_id) == (WALLET, 1)
    assert client.session.data is not None
    assert client.session.data.user.id == signed_in.user.id
    again = await client.siwe.verify(message=message(nonce), signature="0xgood")
    assert again.error is not None
    assert again.error.message == "Unauthorized: Invalid or expired nonce"
    nonce = (await client.siwe.nonce()).unwrap().nonce
    elsewhere = await client.siwe.verify(message=message(nonce, "evil.example.com"), signature="0xgood")
    assert elsewhere.error is not None
    assert elsewhere.error.status == 401


async def test_google_s_dialogue_signs_in(world: World, client: Client, email: str) -> None:
    google = world.google()
    subject = {"sub": secrets.token_hex(8), "email": email, "name": "Tap"}
    forged = await client.one_tap.callback(id_token=google.sign({**subject, "aud": "somebody-else"}))
    assert forged.error is not None
    assert (forged.error.status, user_of(client)) == (400, None)
    tapped = (await client.one_tap.callback(id_token=google.sign(subject), callback_url="/home")).unwrap()
    assert (tapped.user.email, tapped.user.name) == (email, "Tap")
    assert user_of(client) == email


async def test_a_provider_of_the_application_s_own_signs_in(world: World, client: Client, email: str) -> None:
    corp = world.corp()
    corp.person = {**corp.person, "sub": secrets.token_hex(8), "email": email}
    sent: list[str] = []
    async with world.client(on_redirect=sent.append) as mine:
        begun = (await mine.sign_in.social(provider="corp", callback_url="/home")).unwrap()
        assert (begun.redirect, sent) == (True, [begun.url])
        query = parse_qs(urlsplit(sent[0]).query)
        assert (sent[0].partition("?")[0], query["client_id"]) == ("https://issuer.example/authorize", ["client"])
        corp.nonce = query["nonce"][0] if "nonce" in query else None
        led = (await mine.send(CallbackOAuth(id="corp", code="the-code", state=query["state"][0]))).unwrap()
        assert urlsplit(led.location).path == "/home"
        await mine.session.refetch()
        assert user_of(mine) == email
        (account,) = (await mine.list_accounts()).unwrap()
        assert account.provider_id == "corp"
        assert (await mine.get_access_token(account_id=account.id)).unwrap().access_token.startswith("access-")
    unknown = await client.sign_in.social(provider="nobody")
    assert isinstance(unknown.error, faults.ProviderNotFound)


async def test_several_users_are_signed_in_and_one_is_active(client: Client, email: str) -> None:
    ada, grace = email, f"grace-{email}"
    await client.sign_up.email(name="Ada", email=ada, password=PASSWORD)
    assert client.session.data is not None
    first = client.session.data.session.token
    await client.sign_up.email(name="Grace", email=grace, password=PASSWORD)
    listed = (await client.multi_session.list_device_sessions()).unwrap()
    assert {each.user.email for each in listed} == {ada, grace}
    assert user_of(client) == grace
    assert (await client.multi_session.set_active(session_token=first)).unwrap().user.email == ada
    assert user_of(client) == ada
    unknown = await client.multi_session.set_active(session_token="unknown")
    assert isinstance(unknown.error, session_faults.InvalidSessionToken)
    assert (await client.multi_session.revoke(session_token=first)).unwrap() == Done()
    assert user_of(client) == grace
    (left,) = (await client.multi_session.list_device_sessions()).unwrap()
    assert left.user.email == grace
    await client.sign_out()
    assert (await client.multi_session.list_device_sessions()).unwrap() == []
    assert await client.get_cookie() == ""
