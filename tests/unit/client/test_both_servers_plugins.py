"""The suite for two servers, of plugins: an instance in this process, and the Node reference, with the same options."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.conformance.plugins import create_plugin
from tests.unit.client.servers import KIT, PASSWORD, Post, async_client, reference

from gatewright.contract import faults
from gatewright.contract.results import Done, Success
from gatewright.plugins.admin import faults as admin_faults
from gatewright.plugins.email_otp import faults as otp_faults
from gatewright.plugins.magic_link.contract import MagicLinkSignedIn
from gatewright.plugins.organization import faults as org_faults
from gatewright.plugins.two_factor import faults as factor_faults
from gatewright.plugins.two_factor.contract import SecondFactorOwed
from gatewright.plugins.username import faults as name_faults
from gatewright.testing.app import SECRET, TestApp, make_app
from gatewright.wire.faults import OAuthFault
from gatewright.wire.json import Json
from gatewright.wire.kinds import Redirect
from gatewright_client import Client, ClientPlugin
from gatewright_client import plugins as ours

pytestmark = pytest.mark.anyio

OPTIONS: dict[str, Any] = {
    "secret": SECRET,
    "emailAndPassword": {"enabled": True},
    "rateLimit": {"enabled": False},
}

DEFAULT: dict[str, Json] = {
    "organization": ["update", "delete"],
    "member": ["create", "update", "delete"],
    "invitation": ["create", "cancel"],
    "team": ["create", "update", "delete"],
    "ac": ["create", "read", "update", "delete"],
}

PLUGINS: list[dict[str, Json]] = [
    {"name": "bearer"},
    {"name": "username"},
    {"name": "magicLink", "options": {"sendMagicLink": {"$fn": "link"}}},
    {"name": "emailOTP", "options": {"sendVerificationOTP": {"$fn": "code"}, "changeEmail": {"enabled": True}}},
    {"name": "twoFactor", "options": {"otpOptions": {"sendOTP": {"$fn": "factor"}}}},
    {"name": "admin", "options": {"defaultRole": "admin"}},
    {
        "name": "organization",
        "options": {
            "teams": {"enabled": True},
            "sendInvitationEmail": {"$fn": "invitation"},
            "dynamicAccessControl": {"enabled": True},
            "ac": {"$ac": {"statements": {**DEFAULT, "tea": ["taste"]}}},
        },
    },
    {"name": "deviceAuthorization", "options": {"verificationUri": "/device", "interval": "1s"}},
    {"name": "jwt"},
    {"name": "oneTimeToken"},
    {"name": "openAPI"},
]


def every() -> list[ClientPlugin]:
    return [
        ours.AdminClient(),
        ours.DeviceAuthorizationClient(),
        ours.EmailOTPClient(),
        ours.JwtClient(),
        ours.MagicLinkClient(),
        ours.OneTimeTokenClient(),
        ours.OrganizationClient(),
        ours.TwoFactorClient(),
        ours.UsernameClient(),
    ]


@dataclass
class World:
    """A server, what it delivers, and clients of it."""

    post: Post
    origin: str | None = None
    app: TestApp | None = None

    def client(self, **more: Any) -> Client:
        """Another client."""
        if self.app is not None:
            return async_client(self.app, plugins=every(), **more)
        return Client(self.origin, plugins=every(), **more)

    async def signed_up(self, email: str, **more: Any) -> Client:
        """Another client, with a user of its own."""
        client = self.client(**more)
        (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap()
        return client


@pytest.fixture(scope="session")
def node() -> Iterator[World]:
    if KIT not in os.environ:
        pytest.skip(f"the Node reference is not here: {KIT} names the conformance kit's folder")
    post = Post()
    with reference(OPTIONS, PLUGINS, post) as origin:
        yield World(post, origin)


@pytest.fixture(params=["gatewright", "reference"])
def world(request: pytest.FixtureRequest) -> World:
    if request.param == "reference":
        found: World = request.getfixturevalue("node")
        return found
    post = Post()
    plugins = [create_plugin(each, post.function, index) for index, each in enumerate(PLUGINS)]
    return World(post, app=make_app({"rateLimit": {"enabled": False}}, plugins=plugins))


@pytest.fixture
async def client(world: World, anyio_backend: str) -> AsyncIterator[Client]:
    async with world.client() as client:
        yield client


@pytest.fixture
def email() -> str:
    return f"ada-{secrets.token_hex(6)}@example.com"


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
    assert (await client.email_otp.check_verification_otp(email=email, type="sign-in", otp=code())).ok is False
    signed_in = (await client.sign_in.email_otp(email=email, otp=code(), name="Ada")).unwrap()
    assert client.session.data is not None
    assert client.session.data.user.id == signed_in.user.id
    for ask in (client.forget_password.email_otp, client.email_otp.request_password_reset):
        assert (await ask(email=email)).unwrap() == Success()
    reset = await client.email_otp.reset_password(email=email, otp=code(), password=PASSWORD)
    assert reset.unwrap() == Success()
    assert (await client.sign_in.email(email=email, password=PASSWORD)).ok
    (await client.email_otp.send_verification_otp(email=email, type="email-verification")).unwrap()
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


async def test_an_organization_is_founded_joined_and_left(world: World, client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    held = client.organization
    assert (await held.list_organizations.refetch()).data == []
    assert (await held.active_organization.refetch()).data is None
    slug = f"tea-{secrets.token_hex(4)}"
    assert (await held.check_slug(slug=slug)).unwrap() == Done()
    made = (await held.create(name="Tea", slug=slug, metadata={"leaf": "green"})).unwrap()
    assert [each.slug for each in held.list_organizations.data or []] == [slug]
    assert held.active_organization.data is not None
    assert held.active_organization.data["id"] == made["id"]
    taken = await held.check_slug(slug=slug)
    assert isinstance(taken.error, org_faults.OrganizationSlugAlreadyTaken)
    assert (await held.has_permission(permissions={"member": ["create"]})).unwrap().success
    assert (await held.active_member_role.refetch()).data is not None
    invited = (await held.invite_member(email=f"other-{email}", role="member")).unwrap()
    assert [each.id for each in (await held.list_invitations()).unwrap()] == [invited.id]
    assert world.post.last("invitation")["email"] == f"other-{email}"
    async with await world.signed_up(f"other-{email}") as hers:
        await hers.email_otp.send_verification_otp(email=f"other-{email}", type="email-verification")
        await hers.email_otp.verify_email(email=f"other-{email}", otp=world.post.last("code")["otp"])
        (mine,) = (await hers.organization.list_user_invitations()).unwrap()
        assert mine["id"] == invited.id
        assert (await hers.organization.get_invitation(id=invited.id)).unwrap()["email"] == f"other-{email}"
        (await hers.organization.accept_invitation(invitation_id=invited.id)).unwrap()
        page = (await held.list_members(limit=10)).unwrap()
        assert page.total == 2
        (member,) = (each for each in page.members if each["role"] == "member")
        (await held.update_member_role(member_id=member["id"], role="admin")).unwrap()
        assert (await hers.organization.get_active_member_role()).unwrap().role == "admin"
        assert (await hers.organization.get_active_member()).unwrap()["role"] == "admin"
        assert (await hers.organization.leave(organization_id=made["id"])).ok
    assert (await held.update(data={"name": "Coffee"})).unwrap()["name"] == "Coffee"
    assert held.active_organization.data["name"] == "Coffee"
    assert (await held.set_active(organization_id=None)).unwrap() is None
    assert held.active_organization.data is None
    assert (await held.delete(organization_id=made["id"])).ok
    assert held.list_organizations.data == []


async def test_invitations_are_refused_and_withdrawn_and_members_removed(
    world: World, client: Client, email: str
) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    made = (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    async with await world.signed_up(f"other-{email}") as hers:
        await hers.email_otp.send_verification_otp(email=f"other-{email}", type="email-verification")
        await hers.email_otp.verify_email(email=f"other-{email}", otp=world.post.last("code")["otp"])

        async def invited() -> str:
            return (await client.organization.invite_member(email=f"other-{email}", role="member")).unwrap().id

        rejected = (await hers.organization.reject_invitation(invitation_id=await invited())).unwrap()
        assert rejected.invitation.status == "rejected"
        canceled = (await client.organization.cancel_invitation(invitation_id=await invited())).unwrap()
        assert canceled.status == "canceled"
        (await hers.organization.accept_invitation(invitation_id=await invited())).unwrap()
    removed = (await client.organization.remove_member(member_id_or_email=f"other-{email}")).unwrap()
    assert removed.member["role"] == "member"
    full = (await client.organization.get_full_organization()).unwrap()
    assert full is not None
    assert [each["role"] for each in full["members"]] == ["owner"]
    plain = (await client.organization.get_organization(organization_id=made["id"])).unwrap()
    assert plain is not None
    assert plain.name == "Tea"


async def test_roles_are_made_while_the_server_runs(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    made = (await client.organization.create_role(role="taster", permission={"member": ["create"]})).unwrap()
    assert made.role_data["role"] == "taster"
    assert [each["role"] for each in (await client.organization.list_roles()).unwrap()] == ["taster"]
    changed = await client.organization.update_role(role_name="taster", data={"permission": {"member": ["delete"]}})
    assert changed.unwrap().success
    assert (await client.organization.get_role(role_name="taster")).unwrap()["permission"] == {"member": ["delete"]}
    assert (await client.organization.delete_role(role_name="taster")).unwrap().success
    missing = await client.organization.get_role(role_name="taster")
    assert isinstance(missing.error, org_faults.RoleNotFound)


async def test_teams_are_made_and_unmade(client: Client, email: str) -> None:
    user = (await client.sign_up.email(name="Ada", email=email, password=PASSWORD)).unwrap().user
    (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    team = (await client.organization.create_team(name="Green")).unwrap()
    assert team.id in {each.id for each in (await client.organization.list_teams()).unwrap()}
    assert (await client.organization.add_team_member(team_id=team.id, user_id=user.id)).unwrap().team_id == team.id
    chosen = (await client.organization.set_active_team(team_id=team.id)).unwrap()
    assert chosen is not None
    assert chosen.id == team.id
    assert team.id in {each.id for each in (await client.organization.list_user_teams()).unwrap()}
    members = (await client.organization.list_team_members(team_id=team.id)).unwrap()
    assert [each.user_id for each in members] == [user.id]
    renamed = (await client.organization.update_team(team_id=team.id, data={"name": "Black"})).unwrap()
    assert renamed.name == "Black"
    assert (await client.organization.set_active_team(team_id=None)).unwrap() is None
    assert (await client.organization.remove_team_member(team_id=team.id, user_id=user.id)).ok
    assert (await client.organization.remove_team(team_id=team.id)).ok


async def test_what_is_held_is_dropped_with_the_session(client: Client, email: str) -> None:
    await client.sign_up.email(name="Ada", email=email, password=PASSWORD)
    (await client.organization.create(name="Tea", slug=f"tea-{secrets.token_hex(4)}")).unwrap()
    held = client.organization
    assert len((await held.list_organizations.refetch()).data or []) == 1
    assert (await held.active_member.refetch()).data is not None
    await client.sign_out()
    assert (held.list_organizations.data, held.active_member.data) == (None, None)
    await client.sign_up.email(name="Grace", email=f"other-{email}", password=PASSWORD)
    assert held.list_organizations.data == []


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
