"""The suite for two servers, of plugins: an instance in this process, and the Node reference, with the same options."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.unit.client.plugins.world import World
from tests.unit.client.servers import PASSWORD

from gatewright.contract import faults
from gatewright.contract.results import Done, Success
from gatewright.plugins.admin import faults as admin_faults
from gatewright.plugins.email_otp import faults as otp_faults
from gatewright.plugins.magic_link.contract import MagicLinkSignedIn
from gatewright.plugins.two_factor import faults as factor_faults
from gatewright.plugins.two_factor.contract import SecondFactorOwed
from gatewright.plugins.username import faults as name_faults
from gatewright.wire.faults import OAuthFault
from gatewright.wire.kinds import Redirect
from gatewright_client import Client

pytestmark = pytest.mark.anyio


def code_of(uri: str, client: Client) -> str:
    """The code that an authenticator app shows now (RFC 6238)."""
    secret = parse_qs(urlsplit(uri).query)["secret"][0]
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, (int(client.now().timestamp()) // 30).to_bytes(8), hashlib.sha1).digest()
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4]) & 0x7FFFFFFF) % 1_000_000:06}"


async def test_a_name_signs_in(client: Client, email: str) -> None:
    name = f"ada_{secrets.token_hex(4)}"
    more = {"username": name}
    (await client.sign_up.email(name="Ada", email=email, password=PASSWORD, extra=more)).unwrap()
    assert (await client.is_username_available(username=name)).unwrap().available is False
    await client.sign_out()
    assert client.session.data is None
    wrong = await client.sign_in.username(username=name, password="something-else")
    assert isinstance(wrong.error, name_faults.InvalidUsernameOrPassword)
    signed_in = (await client.sign_in.username(username=name, password=PASSWORD)).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.id == signed_in.user.id
    short = await client.is_username_available(username="a")
    assert isinstance(short.error, name_faults.UsernameTooShort)


async def test_a_link_signs_in_once(world: World, client: Client, email: str) -> None:
    assert (await client.sign_in.magic_link(email=email, name="Ada")).unwrap() == Done()
    token = world.post.last("link")["token"]
    followed = (await client.magic_link.verify(token=token)).unwrap()
    assert isinstance(followed, MagicLinkSignedIn)
    assert client.session.data is not None
    assert client.session.data.user.email == email
    again = (await client.magic_link.verify(token=token)).unwrap()
    assert isinstance(again, Redirect)
    assert "error=" in again.location


async def test_a_mailed_code_signs_in_and_sets_a_password(world: World, client: Client, email: str) -> None:
    def code() -> str:
        delivered: dict[str, str] = world.post.last("code")
        assert delivered["email"] == email
        return delivered["otp"]

    assert (await client.email_otp.send_verification_otp(email=email, type="sign-in")).unwrap() == Success()
    wrong = await client.sign_in.email_otp(email=email, otp="wrong")
    assert isinstance(wrong.error, otp_faults.InvalidOtp)
    wrong = await client.email_otp.check_verification_otp(email=email, type="sign-in", otp="wrong")
    assert wrong.ok is False
    signed_in = (await client.sign_in.email_otp(email=email, otp=code(), name="Ada")).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.id == signed_in.user.id
    for ask in (client.forget_password.email_otp, client.email_otp.request_password_reset):
        assert (await ask(email=email)).unwrap() == Success()
    reset = await client.email_otp.reset_password(email=email, otp=code(), password=PASSWORD)
    assert reset.unwrap() == Success()
    assert (await client.sign_in.email(email=email, password=PASSWORD)).ok
    (await client.email_otp.send_verification_otp(email=email, type="email-verification")).unwrap()
    checked = await client.email_otp.check_verification_otp(email=email, type="email-verification", otp=code())
    assert checked.unwrap() == Success()
    verified = (await client.email_otp.verify_email(email=email, otp=code())).unwrap()
    assert verified.user.email_verified


async def test_a_mailed_code_changes_the_address(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    (await client.email_otp.request_email_change(new_email=f"new-{email}")).unwrap()
    otp = world.post.last("code")["otp"]
    assert (await client.email_otp.change_email(new_email=f"new-{email}", otp=otp)).unwrap() == Success()
    assert client.session.data is not None
    assert client.session.data.user.email == f"new-{email}"


async def test_a_second_factor_is_owed_and_given(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    wrong = await client.two_factor.enable(password="something-else")
    assert isinstance(wrong.error, faults.InvalidPassword)
    enabled = (await client.two_factor.enable(password=PASSWORD)).unwrap()
    assert isinstance(enabled.totp_uri, str)
    assert isinstance(enabled.backup_codes, tuple)
    assert (await client.two_factor.verify_totp(code=code_of(enabled.totp_uri, client))).ok
    assert (await client.two_factor.get_totp_uri(password=PASSWORD)).unwrap().totp_uri == enabled.totp_uri
    await client.sign_out()
    owed = await client.sign_in.email(email=email, password=PASSWORD)
    assert (owed.ok, client.session.data) == (False, None)
    assert owed.instead is not None
    assert isinstance(owed.instead.value, SecondFactorOwed)
    assert "totp" in owed.instead.value.two_factor_methods
    refused = await client.two_factor.verify_totp(code="000")
    assert isinstance(refused.error, factor_faults.InvalidCode)
    verified = (await client.two_factor.verify_backup_code(code=enabled.backup_codes[0])).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.id == verified.user.id
    fresh = (await client.two_factor.generate_backup_codes(password=PASSWORD)).unwrap()
    assert len(fresh.backup_codes) == len(enabled.backup_codes)
    assert (await client.two_factor.disable(password=PASSWORD)).unwrap() == Done()
    await client.sign_out()
    assert (await client.sign_in.email(email=email, password=PASSWORD)).ok


async def test_a_second_factor_may_be_sent(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    assert (await client.two_factor.enable(password=PASSWORD, method="otp")).unwrap().method == "otp"
    await client.sign_out()
    assert (await client.sign_in.email(email=email, password=PASSWORD)).instead is not None
    assert (await client.two_factor.send_otp()).unwrap() == Done()
    code = str(world.post.last("factor")["otp"])
    assert (await client.two_factor.verify_otp(code=code)).unwrap().user.email == email
    assert client.session.data is not None


async def test_an_administrator_creates_changes_and_bans(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    other = f"other-{email}"
    made = (
        await client.admin.create_user(email=other, name="Grace", password=PASSWORD, role="user", data={"image": "i"})
    ).unwrap()
    assert (made.user.name, made.user.image) == ("Grace", "i")
    found = (await client.admin.list_users(search_value=other, search_field="email", limit=5)).unwrap()
    assert ([each.id for each in found.users], found.total) == ([made.user.id], 1)
    assert (await client.admin.get_user(id=made.user.id)).unwrap().email == other
    changed = (await client.admin.update_user(user_id=made.user.id, data={"name": "Grace H."})).unwrap()
    assert changed.name == "Grace H."
    assert (await client.admin.set_role(user_id=made.user.id, role="user")).unwrap().user.id == made.user.id
    assert (await client.admin.has_permission(permissions={"user": ["ban"]})).unwrap().success
    (await client.admin.set_user_password(user_id=made.user.id, new_password="another-password")).unwrap()
    async with world.client() as hers:
        signed_in = (await hers.sign_in.email(email=other, password="another-password")).unwrap()
        (session,) = (await client.admin.list_user_sessions(user_id=made.user.id)).unwrap().sessions
        assert session.token == signed_in.token
        refused = await hers.admin.ban_user(user_id=made.user.id)
        assert isinstance(refused.error, admin_faults.YouAreNotAllowedToBanUsers)
        assert (await client.admin.revoke_user_session(session_token=session.token)).unwrap().success
        assert (await hers.get_session()).unwrap() is None
        (await client.admin.ban_user(user_id=made.user.id, ban_reason="spam")).unwrap()
        banned = await hers.sign_in.email(email=other, password="another-password")
        assert isinstance(banned.error, admin_faults.BannedUser)
    (await client.admin.unban_user(user_id=made.user.id)).unwrap()
    assert (await client.admin.revoke_user_sessions(user_id=made.user.id)).unwrap().success
    assert (await client.admin.remove_user(user_id=made.user.id)).unwrap().success
    missing = await client.admin.get_user(id=made.user.id)
    assert isinstance(missing.error, faults.UserNotFound)


async def test_impersonating_changes_the_session_and_back(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    made = (await client.admin.create_user(email=f"other-{email}", name="Grace", role="user")).unwrap()
    impersonated = (await client.admin.impersonate_user(user_id=made.user.id)).unwrap()
    assert impersonated.user.id == made.user.id
    assert client.session.data is not None
    assert client.session.data.user.id == made.user.id
    assert (await client.admin.stop_impersonating()).unwrap().user.email == email
    assert client.session.data is not None
    assert client.session.data.user.email == email


async def test_a_device_is_let_in_or_sent_away(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    async with world.client() as device:
        issued = (await device.device.code(client_id="cli", scope="openid")).unwrap()

        async def ask() -> Any:
            return await device.device.token(
                grant_type="urn:ietf:params:oauth:grant-type:device_code",
                device_code=issued.device_code,
                client_id="cli",
            )

        pending = await ask()
        assert isinstance(pending.error, OAuthFault)
        assert pending.error.error == "authorization_pending"
        shown = (await client.device(user_code=issued.user_code)).unwrap()
        assert (shown.user_code, shown.status) == (issued.user_code, "pending")
        assert (await client.device.deny(user_code=issued.user_code)).unwrap().success
        other = (await device.device.code(client_id="cli")).unwrap()
        await client.device(user_code=other.user_code)
        assert (await client.device.approve(user_code=other.user_code)).unwrap().success
        token = await device.device.token(
            grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code=other.device_code, client_id="cli"
        )
        assert token.unwrap().token_type == "Bearer"
    async with world.client(bearer=True) as device:
        await device.adopt(token.unwrap().access_token)
        assert device.session.data is not None
        assert device.session.data.user.email == email


async def test_a_token_of_the_session_is_signed_with_a_published_key(client: Client, email: str) -> None:
    assert isinstance((await client.token()).error, faults.Unauthorized)
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    token = (await client.token()).unwrap().token
    assert token.count(".") == 2
    keys = (await client.jwks()).unwrap()
    assert getattr(keys, "keys", ())


async def test_a_one_time_token_hands_the_session_over(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    token = (await client.one_time_token.generate()).unwrap().token
    async with world.client() as other:
        assert (await other.one_time_token.verify(token=token)).unwrap().user.email == email
        assert other.session.data is not None
        assert not (await other.one_time_token.verify(token=token)).ok


async def test_the_server_describes_itself(client: Client) -> None:
    document = (await client.open_api.generate_schema()).unwrap()
    assert "/sign-in/username" in document["paths"]
