"""Checked, never run: what the client's calls take and give, in both flavours. Every ``assert_type`` is a proof."""

from __future__ import annotations

from typing import Any, assert_type

import httpx

from gatewright.access.statements import AccessControl
from gatewright.contract.account import (
    AccessToken,
    AccountDetails,
    LinkStarted,
    ListedAccount,
    RefreshedToken,
)
from gatewright.contract.email import EmailVerified
from gatewright.contract.password import PasswordChanged, ResetRequested
from gatewright.contract.results import Done, SessionData, SignedIn, SignedOut, SignedUp, Success
from gatewright.contract.session import GetSession, UpdatedSession
from gatewright.contract.sign_in import IdToken, SocialSignedIn
from gatewright.contract.sign_up import SignUpEmail
from gatewright.model.column import Column, column
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.admin.contract import ChangedUser, UserPage
from gatewright.plugins.custom_session import custom_get_session
from gatewright.plugins.device_authorization.contract import Issued, Processed, Shown
from gatewright.plugins.email_otp.contract import CodeSignedIn, VerifiedByCode
from gatewright.plugins.jwt.contract import KeySet, Token
from gatewright.plugins.magic_link.contract import MagicLinkSignedIn
from gatewright.plugins.one_time_token.contract import NewToken
from gatewright.plugins.organization.contract.member import MemberRole
from gatewright.plugins.organization.contract.shown import FoundedOrganization
from gatewright.plugins.organization.model import Member, OrgRow
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.plugins.two_factor.contract import Enabled, SecondFactorOwed, Verified
from gatewright.plugins.username.contract import UsernameAvailability
from gatewright.wire.kinds import Empty, Redirect
from gatewright.wire.operation import Operation, get
from gatewright.wire.result import Result as Struct
from gatewright_client import (
    Async,
    AsyncLive,
    Client,
    F,
    FileStorage,
    Group,
    JwtAuth,
    KeyringStorage,
    Profiles,
    Result,
    SessionAuth,
    Snapshot,
    Sync,
    SyncClient,
    SyncLive,
    action,
    group,
    live,
)
from gatewright_client.plugins import NamedOrganizationClient, OrganizationClient, TwoFactorClient
from gatewright_client.sign_in import SignIn


@get("/things/list")
class ListThings(Operation[list[str]]):
    """A third party's operation."""

    kind: str
    limit: int = 10

    @classmethod
    def newest(cls) -> ListThings:
        """The newest ones."""
        return cls(kind="new")


class ThingCalls(Group[F]):
    """A third party's group."""

    list = action(ListThings)
    newest = live(ListThings.newest, "$things")


class AppClient(Client):
    """An application's client."""

    things = group(ThingCalls[Async])


class AppUser(User):
    """An application's user."""

    plan: Column[str] = column(default="free")


class AppSession(Struct):
    """An application's session."""

    user: AppUser
    session: Session
    roles: list[str]


@custom_get_session
class GetAppSession(Operation[AppSession | None]):
    """What the application says of who is calling."""


class AppSignUp(SignUpEmail):
    """Signing up with what the application asks for."""

    plan: str = "free"


class AccountCalls(Group[F]):
    """An application's spelling of a core call."""

    join = action(AppSignUp)


class OwnClient(Client[AppSession], session=GetAppSession):
    """A client with the application's session."""

    account = group(AccountCalls[Async])


class OwnSyncClient(SyncClient[AppSession], session=GetAppSession):
    """The same, waiting."""

    account = group(AccountCalls[Sync])


async def own_session(client: OwnClient) -> None:
    assert_type((await client.get_session()).data, AppSession | None)
    assert_type(await client.get_session(disable_cookie_cache=True), Result[AppSession | None])
    assert_type(client.session.data, AppSession | None)
    assert_type(await client.session.refetch(), Snapshot[AppSession])
    assert_type(client.with_options(throw=True), OwnClient)
    assert_type(await client.account.join(name="A", email="a@b.c", password="pw", plan="gold"), Result[SignedUp])
    if client.session.data is not None:
        assert_type(client.session.data.user.plan, str)
        assert_type(client.session.data.roles, list[str])
    SessionAuth(client, "https://api.example.com")


def own_session_synchronous(client: OwnSyncClient) -> None:
    assert_type(client.get_session(), Result[AppSession | None])
    assert_type(client.session.data, AppSession | None)
    assert_type(client.account.join(name="A", email="a@b.c", password="pw", plan="gold"), Result[SignedUp])
    SessionAuth(client, "https://api.example.com")


async def asynchronous(client: Client, app: AppClient) -> None:
    assert_type(await client.sign_up.email(name="A", email="a@b.c", password="pw"), Result[SignedUp])
    assert_type(
        await client.sign_up.email(name="A", email="a@b.c", password="pw", extra={"plan": "x"}), Result[SignedUp]
    )
    assert_type(await client.sign_in.email(email="a@b.c", password="pw", remember_me=False), Result[SignedIn])
    assert_type(await client.sign_in.social(provider="google", id_token=IdToken(token="t")), Result[SocialSignedIn])
    assert_type(await client.sign_out(), Result[SignedOut])
    assert_type(await client.get_session(), Result[SessionData | None])
    assert_type(await client.get_session(disable_cookie_cache=True), Result[SessionData | None])
    assert_type(await client.list_sessions(), Result[list[Session]])
    assert_type(await client.revoke_session(token="t"), Result[Done])
    assert_type(await client.revoke_sessions(), Result[Done])
    assert_type(await client.revoke_other_sessions(), Result[Done])
    assert_type(await client.update_session(extra={"theme": "dark"}), Result[UpdatedSession])
    assert_type(await client.update_user(name="A", image=None), Result[Done])
    assert_type(await client.change_password(new_password="a", current_password="b"), Result[PasswordChanged])
    assert_type(await client.change_email(new_email="a@b.c"), Result[Done])
    assert_type(await client.delete_user(password="pw"), Result[Success])
    assert_type(await client.delete_user_callback(token="t"), Result[Success | Redirect])
    assert_type(await client.request_password_reset(email="a@b.c"), Result[ResetRequested])
    assert_type(await client.request_password_reset_callback(token="t", callback_url="/"), Result[Redirect])
    assert_type(await client.reset_password(new_password="pw", token="t"), Result[Done])
    assert_type(await client.send_verification_email(email="a@b.c"), Result[Done])
    assert_type(await client.verify_email(token="t"), Result[EmailVerified | Redirect])
    assert_type(await client.list_accounts(), Result[list[ListedAccount]])
    assert_type(await client.link_social(provider="google"), Result[LinkStarted])
    assert_type(await client.unlink_account(account_id="a"), Result[Done])
    assert_type(await client.get_access_token(account_id="a"), Result[AccessToken])
    assert_type(await client.refresh_token(use_account_cookie=True), Result[RefreshedToken])
    assert_type(await client.account_info(account_id="a"), Result[AccountDetails])
    assert_type((await client.sign_in.email(email="a@b.c", password="pw")).unwrap(), SignedIn)
    assert_type((await client.get_session()).data, SessionData | None)
    assert_type(await client.send(GetSession()), Result[SessionData | None])
    assert_type(client.sign_in, SignIn[Async])
    assert_type(client.of(ThingCalls), ThingCalls[Async])
    assert_type(await client.of(ThingCalls).list(kind="x"), Result[list[str]])
    assert_type(await app.things.list(kind="x", limit=3), Result[list[str]])
    assert_type(app.with_options(headers={"a": "b"}, throw=True), AppClient)
    assert_type(client.session.data, SessionData | None)
    assert_type(await client.session.refetch(), Snapshot[SessionData])
    assert_type(await client.get_cookie(), str)
    assert_type(await client.session_token(), str | None)
    assert_type(await client.adopt("token"), None)
    assert_type(await client.get_last_used_login_method(), str | None)
    assert_type(await client.is_last_used_login_method("email"), bool)
    assert_type(await client.clear_last_used_login_method(), None)
    async for snapshot in client.session.changes():
        assert_type(snapshot, Snapshot[SessionData])
    if client.session.data is not None:
        assert_type(client.session.data.user.email_verified, bool)
        assert_type(AppUser.of(client.session.data.user).plan, str)


async def plugins_asynchronous(client: Client) -> None:
    assert_type(await client.sign_in.username(username="ada", password="pw"), Result[SignedIn])
    assert_type(await client.is_username_available(username="ada"), Result[UsernameAvailability])
    assert_type(await client.oauth_proxy_callback(callback_url="/home", profile="x"), Result[Redirect])
    assert_type(await client.sign_in.magic_link(email="a@b.c", metadata={"a": 1}), Result[Done])
    assert_type(await client.magic_link.verify(token="t"), Result[MagicLinkSignedIn | Redirect])
    assert_type(await client.sign_in.email_otp(email="a@b.c", otp="1", extra={"plan": "x"}), Result[CodeSignedIn])
    assert_type(await client.email_otp.send_verification_otp(email="a@b.c", type="sign-in"), Result[Success])
    assert_type(await client.email_otp.verify_email(email="a@b.c", otp="1"), Result[VerifiedByCode])
    assert_type(await client.forget_password.email_otp(email="a@b.c"), Result[Success])
    assert_type(await client.two_factor.enable(password="pw", method="totp"), Result[Enabled])
    assert_type(await client.two_factor.verify_totp(code="1", trust_device=True), Result[Verified])
    assert_type(await client.admin.list_users(limit=10, sort_direction="asc"), Result[UserPage])
    assert_type(await client.admin.set_role(user_id="u", role=["admin"]), Result[ChangedUser])
    assert_type(client.admin.check_role_permission(role="admin", permissions={"user": ["ban"]}), bool)
    assert_type(await client.organization.create(name="A", slug="a"), Result[FoundedOrganization])
    assert_type(await client.organization.set_active(organization_id=None), Result[OrgRow | None])
    assert_type(await client.organization.list(), Result[list[OrgRow]])
    assert_type(await client.organization.update_member_role(member_id="m", role="admin"), Result[Member])
    assert_type(client.organization.list_organizations, AsyncLive[list[OrgRow]])
    assert_type(client.organization.list_organizations.data, list[OrgRow] | None)
    assert_type(await client.organization.active_member_role.refetch(), Snapshot[MemberRole])
    households = NamedOrganizationClient("household")
    assert_type(await client.of(households.here).create(name="A", slug="a"), Result[FoundedOrganization])
    assert_type(client.of(households.here).list_organizations, AsyncLive[list[OrgRow]])
    assert_type(await client.device(user_code="A"), Result[Shown])
    assert_type(await client.device.code(client_id="cli"), Result[Issued])
    assert_type(await client.device.approve(user_code="A"), Result[Processed])
    assert_type(await client.token(), Result[Token])
    assert_type(await client.jwks(), Result[KeySet | Empty])
    assert_type(await client.one_time_token.generate(), Result[NewToken])
    assert_type(await client.one_time_token.verify(token="t"), Result[SessionData])
    assert_type(await client.open_api.generate_schema(), Result[dict[str, Any]])


def plugins_synchronous(client: SyncClient) -> None:
    assert_type(client.sign_in.username(username="ada", password="pw"), Result[SignedIn])
    assert_type(client.organization.set_active(organization_slug="a"), Result[OrgRow | None])
    households = NamedOrganizationClient("household")
    assert_type(client.of(households.here).list(), Result[list[OrgRow]])
    assert_type(client.organization.list_organizations, SyncLive[list[OrgRow]])
    assert_type(client.organization.active_member_role.refetch(), Snapshot[MemberRole])
    assert_type(client.two_factor.get_totp_uri(password="pw").unwrap().totp_uri, str)
    assert_type(client.device(user_code="A"), Result[Shown])
    assert_type(client.of(ThingCalls).newest, SyncLive[list[str]])
    assert_type(client.passkey.list_passkeys.data, list[PasskeyRow] | None)


def synchronous(client: SyncClient) -> None:
    assert_type(client.sign_up.email(name="A", email="a@b.c", password="pw"), Result[SignedUp])
    assert_type(client.sign_in.email(email="a@b.c", password="pw"), Result[SignedIn])
    assert_type(client.sign_in.email(email="a@b.c", password="pw").unwrap().user, User)
    assert_type(client.get_session(), Result[SessionData | None])
    assert_type(client.list_sessions().data, list[Session] | None)
    assert_type(client.sign_out(), Result[SignedOut])
    assert_type(client.sign_in, SignIn[Sync])
    assert_type(client.of(ThingCalls), ThingCalls[Sync])
    assert_type(client.of(ThingCalls).list(kind="x").unwrap(), list[str])
    assert_type(client.with_options(silent=True), SyncClient)
    assert_type(client.send(GetSession()), Result[SessionData | None])
    assert_type(client.session.refetch(), Snapshot[SessionData])
    assert_type(client.session_token(), str | None)
    assert_type(client.get_cookie(), str)
    assert_type(client.forget(), None)
    assert_type(client.is_last_used_login_method(method="email"), bool)


def put_together(keyring: Any) -> None:
    client = Client("https://example.com", http=httpx.AsyncClient(), storage=FileStorage("x"))
    sync = SyncClient("https://example.com", http=httpx.Client(), storage=KeyringStorage("app", keyring=keyring))
    profiles = Profiles(FileStorage("x"))
    Client("https://example.com", storage=profiles["work"])
    assert_type(profiles.names(), tuple[str, ...])
    httpx.AsyncClient(auth=SessionAuth(client, "https://api.example.com"))
    httpx.Client(auth=JwtAuth(sync, "https://api.example.com"))
    editor = AccessControl({"project": ["edit"]}).new_role({"project": ["edit"]})
    Client("https://example.com", plugins=(OrganizationClient(roles={"editor": editor}), TwoFactorClient(_owed)))


def _owed(owed: SecondFactorOwed) -> None:
    assert_type(owed.two_factor_methods, tuple[str, ...])
