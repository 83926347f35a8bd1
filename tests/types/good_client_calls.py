"""Checked, never run: what every call takes at least, and what it gives, in both flavours."""

from __future__ import annotations

from typing import Any, assert_type

from gatewright.contract.account import (
    AccessToken as AccountAccessToken,
)
from gatewright.contract.account import (
    AccountDetails,
    LinkStarted,
    ListedAccount,
    RefreshedToken,
)
from gatewright.contract.email import EmailVerified
from gatewright.contract.password import PasswordChanged, ResetRequested
from gatewright.contract.results import SessionData, SignedIn, SignedOut, SignedUp, Success
from gatewright.contract.session import UpdatedSession
from gatewright.contract.sign_in import SocialSignedIn
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.plugins.admin.contract import ChangedUser, Permission, Removed, UserPage, UserSessions
from gatewright.plugins.anonymous.contract import GuestSignedIn
from gatewright.plugins.api_key.contract import ApiKeyInfo, ApiKeyPage, DeletedApiKey, NewApiKey
from gatewright.plugins.assurance.contract import AssuranceState
from gatewright.plugins.device_authorization.contract import AccessToken, Issued, Processed, Shown
from gatewright.plugins.email_otp.contract import CodeSignedIn, VerifiedByCode
from gatewright.plugins.jwt.contract import KeySet, Token
from gatewright.plugins.magic_link.contract import MagicLinkSignedIn
from gatewright.plugins.one_tap.contract import TappedIn
from gatewright.plugins.one_time_token.contract import NewToken
from gatewright.plugins.organization.contract.invitation import Accepted
from gatewright.plugins.organization.contract.member import MemberPage, MemberRole, RemovedMember
from gatewright.plugins.organization.contract.ownership import HandedOver
from gatewright.plugins.organization.contract.pages import InvitationsFrom, MembersFrom, OrganizationsFrom
from gatewright.plugins.organization.contract.results import Answer
from gatewright.plugins.organization.contract.results import Permission as OrganizationPermission
from gatewright.plugins.organization.contract.role import ChangedRole, MadeRole, RemovedRole
from gatewright.plugins.organization.contract.shown import (
    FoundedOrganization,
    FullOrganization,
    InvitationDetails,
    MemberWithUser,
    OpenOrganization,
    OpenRole,
    UserInvitation,
)
from gatewright.plugins.organization.model import Invitation, Member, OrgRow, Team, TeamMember
from gatewright.plugins.passkey.contract import CreationOptions, PasskeyRegistered, PasskeyUpdated, RequestOptions
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.plugins.phone_number.contract import CodeSent, PhoneSignedIn, PhoneVerified
from gatewright.plugins.siwe.contract import SiweNonce, SiweSignedIn
from gatewright.plugins.two_factor.contract import BackupCodes, Enabled, TotpUri, Verified
from gatewright.plugins.username.contract import UsernameAvailability
from gatewright.wire.kinds import Empty, Redirect
from gatewright.wire.result import Done
from gatewright_client import Client, Result, SyncClient


async def asynchronous(client: Client) -> None:
    assert_type(await client.account_info(), Result[AccountDetails])
    assert_type(await client.admin.ban_user(user_id="x"), Result[ChangedUser])
    assert_type(await client.admin.create_user(email="x", name="x"), Result[ChangedUser])
    assert_type(await client.admin.get_user(id="x"), Result[User])
    assert_type(await client.admin.has_permission(), Result[Permission])
    assert_type(await client.admin.impersonate_user(user_id="x"), Result[SessionData])
    assert_type(await client.admin.list_user_sessions(user_id="x"), Result[UserSessions])
    assert_type(await client.admin.list_users(), Result[UserPage])
    assert_type(await client.admin.remove_user(user_id="x"), Result[Removed])
    assert_type(await client.admin.revoke_user_session(session_token="x"), Result[Removed])
    assert_type(await client.admin.revoke_user_sessions(user_id="x"), Result[Removed])
    assert_type(await client.admin.set_role(user_id="x", role="x"), Result[ChangedUser])
    assert_type(await client.admin.set_user_password(new_password="x", user_id="x"), Result[Done])
    assert_type(await client.admin.stop_impersonating(), Result[SessionData])
    assert_type(await client.admin.unban_user(user_id="x"), Result[ChangedUser])
    assert_type(await client.admin.update_user(user_id="x", data={"a": {"a": 1}}), Result[User])
    assert_type(await client.api_key.create(), Result[NewApiKey])
    assert_type(await client.api_key.delete(key_id="x"), Result[DeletedApiKey])
    assert_type(await client.api_key.get(id="x"), Result[ApiKeyInfo])
    assert_type(await client.api_key.list(), Result[ApiKeyPage])
    assert_type(await client.api_key.update(key_id="x"), Result[ApiKeyInfo])
    assert_type(await client.assurance.state(), Result[AssuranceState])
    assert_type(await client.assurance.verify_passkey(response={}), Result[AssuranceState])
    assert_type(await client.assurance.verify_password(password="x"), Result[AssuranceState])
    assert_type(await client.change_email(new_email="x"), Result[Done])
    assert_type(await client.change_password(new_password="x", current_password="x"), Result[PasswordChanged])
    assert_type(await client.delete_anonymous_user(), Result[Success])
    assert_type(await client.delete_user(), Result[Success])
    assert_type(await client.delete_user_callback(token="x"), Result[Success | Redirect])
    assert_type(await client.device(user_code="x"), Result[Shown])
    assert_type(await client.device.approve(user_code="x"), Result[Processed])
    assert_type(await client.device.code(), Result[Issued])
    assert_type(await client.device.deny(user_code="x"), Result[Processed])
    assert_type(
        await client.device.token(
            grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code="x", client_id="x"
        ),
        Result[AccessToken],
    )
    assert_type(await client.email_otp.change_email(new_email="x", otp="x"), Result[Success])
    assert_type(
        await client.email_otp.check_verification_otp(email="x", type="email-verification", otp="x"), Result[Success]
    )
    assert_type(await client.email_otp.request_email_change(new_email="x"), Result[Success])
    assert_type(await client.email_otp.request_password_reset(email="x"), Result[Success])
    assert_type(await client.email_otp.reset_password(email="x", otp="x", password="x"), Result[Success])
    assert_type(await client.email_otp.send_verification_otp(email="x", type="email-verification"), Result[Success])
    assert_type(await client.email_otp.verify_email(email="x", otp="x"), Result[VerifiedByCode])
    assert_type(await client.forget_password.email_otp(email="x"), Result[Success])
    assert_type(await client.get_access_token(), Result[AccountAccessToken])
    assert_type(await client.get_session(), Result[SessionData | None])
    assert_type(await client.is_username_available(username="x"), Result[UsernameAvailability])
    assert_type(await client.jwks(), Result[KeySet | Empty])
    assert_type(await client.link_social(provider="x"), Result[LinkStarted])
    assert_type(await client.list_accounts(), Result[list[ListedAccount]])
    assert_type(await client.list_sessions(), Result[list[Session]])
    assert_type(await client.magic_link.verify(token="x"), Result[MagicLinkSignedIn | Redirect])
    assert_type(await client.multi_session.list_device_sessions(), Result[list[SessionData]])
    assert_type(await client.multi_session.revoke(session_token="x"), Result[Done])
    assert_type(await client.multi_session.set_active(session_token="x"), Result[SessionData])
    assert_type(await client.oauth_proxy_callback(callback_url="x"), Result[Redirect])
    assert_type(await client.one_tap.callback(id_token="x"), Result[TappedIn])
    assert_type(await client.one_time_token.generate(), Result[NewToken])
    assert_type(await client.one_time_token.verify(token="x"), Result[SessionData])
    assert_type(await client.open_api.generate_schema(), Result[dict[str, Any]])
    assert_type(await client.organization.accept_invitation(invitation_id="x"), Result[Accepted])
    assert_type(await client.organization.add_team_member(team_id="x", user_id="x"), Result[TeamMember])
    assert_type(await client.organization.cancel_invitation(invitation_id="x"), Result[Invitation])
    assert_type(await client.organization.check_slug(slug="x"), Result[Done])
    assert_type(await client.organization.create(name="x", slug="x"), Result[FoundedOrganization])
    assert_type(await client.organization.create_role(role="x", permission={"a": ["x"]}), Result[MadeRole])
    assert_type(await client.organization.create_team(name="x"), Result[Team])
    assert_type(await client.organization.delete(organization_id="x"), Result[OrgRow])
    assert_type(await client.organization.delete_role(), Result[RemovedRole])
    assert_type(await client.organization.get_active_member(), Result[MemberWithUser])
    assert_type(await client.organization.get_active_member_role(), Result[MemberRole])
    assert_type(await client.organization.get_full_organization(), Result[FullOrganization | None])
    assert_type(await client.organization.get_invitation(id="x"), Result[InvitationDetails])
    assert_type(await client.organization.get_organization(), Result[OrgRow | None])
    assert_type(await client.organization.get_role(), Result[OpenRole])
    assert_type(await client.organization.has_permission(), Result[OrganizationPermission])
    assert_type(await client.organization.invite_member(email="x", role="x"), Result[Invitation])
    assert_type(await client.organization.leave(organization_id="x"), Result[MemberWithUser])
    assert_type(await client.organization.list(), Result[list[OrgRow]])
    assert_type(await client.organization.list_invitations(), Result[list[Invitation]])
    assert_type(await client.organization.list_members(), Result[MemberPage])
    assert_type(await client.organization.list_roles(), Result[list[OpenRole]])
    assert_type(await client.organization.list_team_members(), Result[list[TeamMember]])
    assert_type(await client.organization.list_teams(), Result[list[Team]])
    assert_type(await client.organization.list_user_invitations(), Result[list[UserInvitation]])
    assert_type(await client.organization.list_user_teams(), Result[list[Team]])
    assert_type(await client.organization.page_invitations(), Result[InvitationsFrom])
    assert_type(await client.organization.page_members(), Result[MembersFrom])
    assert_type(await client.organization.page_organizations(), Result[OrganizationsFrom])
    assert_type(await client.organization.reject_invitation(invitation_id="x"), Result[Accepted])
    assert_type(await client.organization.remove_member(member_id_or_email="x"), Result[RemovedMember])
    assert_type(await client.organization.remove_team(team_id="x"), Result[Answer])
    assert_type(await client.organization.remove_team_member(team_id="x", user_id="x"), Result[Answer])
    assert_type(await client.organization.set_active(), Result[OrgRow | None])
    assert_type(await client.organization.set_active_team(), Result[Team | None])
    assert_type(await client.organization.transfer_ownership(member_id="x"), Result[HandedOver])
    assert_type(await client.organization.update(data={"a": {"a": 1}}), Result[OpenOrganization])
    assert_type(await client.organization.update_member_role(role="x", member_id="x"), Result[Member])
    assert_type(await client.organization.update_role(data={"a": {"a": 1}}), Result[ChangedRole])
    assert_type(await client.organization.update_team(team_id="x", data={"a": {"a": 1}}), Result[Team])
    assert_type(await client.passkey.delete_passkey(id="x"), Result[Done])
    assert_type(await client.passkey.generate_authenticate_options(), Result[RequestOptions])
    assert_type(await client.passkey.generate_register_options(), Result[CreationOptions])
    assert_type(await client.passkey.list_user_passkeys(), Result[list[PasskeyRow]])
    assert_type(await client.passkey.update_passkey(id="x", name="x"), Result[PasskeyUpdated])
    assert_type(await client.passkey.verify_authentication(response={"a": {"a": 1}}), Result[SessionData])
    assert_type(await client.passkey.verify_registration(response={"a": 1}), Result[PasskeyRegistered])
    assert_type(await client.phone_number.request_password_reset(phone_number="x"), Result[Done])
    assert_type(await client.phone_number.reset_password(otp="x", phone_number="x", new_password="x"), Result[Done])
    assert_type(await client.phone_number.send_otp(phone_number="x"), Result[CodeSent])
    assert_type(await client.phone_number.verify(phone_number="x", code="x"), Result[PhoneVerified])
    assert_type(await client.refresh_token(), Result[RefreshedToken])
    assert_type(await client.request_password_reset(email="x"), Result[ResetRequested])
    assert_type(await client.request_password_reset_callback(token="x", callback_url="x"), Result[Redirect])
    assert_type(await client.reset_password(new_password="x"), Result[Done])
    assert_type(await client.revoke_other_sessions(), Result[Done])
    assert_type(await client.revoke_session(token="x"), Result[Done])
    assert_type(await client.revoke_sessions(), Result[Done])
    assert_type(await client.send_verification_email(email="x"), Result[Done])
    assert_type(await client.sign_in.anonymous(), Result[GuestSignedIn])
    assert_type(await client.sign_in.email(email="x", password="x"), Result[SignedIn])
    assert_type(await client.sign_in.email_otp(email="x", otp="x"), Result[CodeSignedIn])
    assert_type(await client.sign_in.magic_link(email="x"), Result[Done])
    assert_type(await client.sign_in.phone_number(phone_number="x", password="x"), Result[PhoneSignedIn])
    assert_type(await client.sign_in.social(provider="x"), Result[SocialSignedIn])
    assert_type(await client.sign_in.username(username="x", password="x"), Result[SignedIn])
    assert_type(await client.sign_out(), Result[SignedOut])
    assert_type(await client.sign_up.email(name="x", email="x", password="x"), Result[SignedUp])
    assert_type(await client.siwe.get_nonce(), Result[SiweNonce])
    assert_type(await client.siwe.nonce(), Result[SiweNonce])
    assert_type(await client.siwe.verify(message="x", signature="x"), Result[SiweSignedIn])
    assert_type(await client.token(), Result[Token])
    assert_type(await client.two_factor.disable(), Result[Done])
    assert_type(await client.two_factor.enable(), Result[Enabled])
    assert_type(await client.two_factor.generate_backup_codes(), Result[BackupCodes])
    assert_type(await client.two_factor.get_totp_uri(), Result[TotpUri])
    assert_type(await client.two_factor.send_otp(), Result[Done])
    assert_type(await client.two_factor.verify_backup_code(code="x"), Result[Verified])
    assert_type(await client.two_factor.verify_otp(code="x"), Result[Verified])
    assert_type(await client.two_factor.verify_totp(code="x"), Result[Verified])
    assert_type(await client.unlink_account(account_id="x"), Result[Done])
    assert_type(await client.update_session(), Result[UpdatedSession])
    assert_type(await client.update_user(), Result[Done])
    assert_type(await client.verify_email(token="x"), Result[EmailVerified | Redirect])


def synchronous(client: SyncClient) -> None:
    assert_type(client.account_info(), Result[AccountDetails])
    assert_type(client.admin.ban_user(user_id="x"), Result[ChangedUser])
    assert_type(client.admin.create_user(email="x", name="x"), Result[ChangedUser])
    assert_type(client.admin.get_user(id="x"), Result[User])
    assert_type(client.admin.has_permission(), Result[Permission])
    assert_type(client.admin.impersonate_user(user_id="x"), Result[SessionData])
    assert_type(client.admin.list_user_sessions(user_id="x"), Result[UserSessions])
    assert_type(client.admin.list_users(), Result[UserPage])
    assert_type(client.admin.remove_user(user_id="x"), Result[Removed])
    assert_type(client.admin.revoke_user_session(session_token="x"), Result[Removed])
    assert_type(client.admin.revoke_user_sessions(user_id="x"), Result[Removed])
    assert_type(client.admin.set_role(user_id="x", role="x"), Result[ChangedUser])
    assert_type(client.admin.set_user_password(new_password="x", user_id="x"), Result[Done])
    assert_type(client.admin.stop_impersonating(), Result[SessionData])
    assert_type(client.admin.unban_user(user_id="x"), Result[ChangedUser])
    assert_type(client.admin.update_user(user_id="x", data={"a": {"a": 1}}), Result[User])
    assert_type(client.api_key.create(), Result[NewApiKey])
    assert_type(client.api_key.delete(key_id="x"), Result[DeletedApiKey])
    assert_type(client.api_key.get(id="x"), Result[ApiKeyInfo])
    assert_type(client.api_key.list(), Result[ApiKeyPage])
    assert_type(client.api_key.update(key_id="x"), Result[ApiKeyInfo])
    assert_type(client.assurance.state(), Result[AssuranceState])
    assert_type(client.assurance.verify_passkey(response={}), Result[AssuranceState])
    assert_type(client.assurance.verify_password(password="x"), Result[AssuranceState])
    assert_type(client.change_email(new_email="x"), Result[Done])
    assert_type(client.change_password(new_password="x", current_password="x"), Result[PasswordChanged])
    assert_type(client.delete_anonymous_user(), Result[Success])
    assert_type(client.delete_user(), Result[Success])
    assert_type(client.delete_user_callback(token="x"), Result[Success | Redirect])
    assert_type(client.device(user_code="x"), Result[Shown])
    assert_type(client.device.approve(user_code="x"), Result[Processed])
    assert_type(client.device.code(), Result[Issued])
    assert_type(client.device.deny(user_code="x"), Result[Processed])
    assert_type(
        client.device.token(grant_type="urn:ietf:params:oauth:grant-type:device_code", device_code="x", client_id="x"),
        Result[AccessToken],
    )
    assert_type(client.email_otp.change_email(new_email="x", otp="x"), Result[Success])
    assert_type(client.email_otp.check_verification_otp(email="x", type="email-verification", otp="x"), Result[Success])
    assert_type(client.email_otp.request_email_change(new_email="x"), Result[Success])
    assert_type(client.email_otp.request_password_reset(email="x"), Result[Success])
    assert_type(client.email_otp.reset_password(email="x", otp="x", password="x"), Result[Success])
    assert_type(client.email_otp.send_verification_otp(email="x", type="email-verification"), Result[Success])
    assert_type(client.email_otp.verify_email(email="x", otp="x"), Result[VerifiedByCode])
    assert_type(client.forget_password.email_otp(email="x"), Result[Success])
    assert_type(client.get_access_token(), Result[AccountAccessToken])
    assert_type(client.get_session(), Result[SessionData | None])
    assert_type(client.is_username_available(username="x"), Result[UsernameAvailability])
    assert_type(client.jwks(), Result[KeySet | Empty])
    assert_type(client.link_social(provider="x"), Result[LinkStarted])
    assert_type(client.list_accounts(), Result[list[ListedAccount]])
    assert_type(client.list_sessions(), Result[list[Session]])
    assert_type(client.magic_link.verify(token="x"), Result[MagicLinkSignedIn | Redirect])
    assert_type(client.multi_session.list_device_sessions(), Result[list[SessionData]])
    assert_type(client.multi_session.revoke(session_token="x"), Result[Done])
    assert_type(client.multi_session.set_active(session_token="x"), Result[SessionData])
    assert_type(client.oauth_proxy_callback(callback_url="x"), Result[Redirect])
    assert_type(client.one_tap.callback(id_token="x"), Result[TappedIn])
    assert_type(client.one_time_token.generate(), Result[NewToken])
    assert_type(client.one_time_token.verify(token="x"), Result[SessionData])
    assert_type(client.open_api.generate_schema(), Result[dict[str, Any]])
    assert_type(client.organization.accept_invitation(invitation_id="x"), Result[Accepted])
    assert_type(client.organization.add_team_member(team_id="x", user_id="x"), Result[TeamMember])
    assert_type(client.organization.cancel_invitation(invitation_id="x"), Result[Invitation])
    assert_type(client.organization.check_slug(slug="x"), Result[Done])
    assert_type(client.organization.create(name="x", slug="x"), Result[FoundedOrganization])
    assert_type(client.organization.create_role(role="x", permission={"a": ["x"]}), Result[MadeRole])
    assert_type(client.organization.create_team(name="x"), Result[Team])
    assert_type(client.organization.delete(organization_id="x"), Result[OrgRow])
    assert_type(client.organization.delete_role(), Result[RemovedRole])
    assert_type(client.organization.get_active_member(), Result[MemberWithUser])
    assert_type(client.organization.get_active_member_role(), Result[MemberRole])
    assert_type(client.organization.get_full_organization(), Result[FullOrganization | None])
    assert_type(client.organization.get_invitation(id="x"), Result[InvitationDetails])
    assert_type(client.organization.get_organization(), Result[OrgRow | None])
    assert_type(client.organization.get_role(), Result[OpenRole])
    assert_type(client.organization.has_permission(), Result[OrganizationPermission])
    assert_type(client.organization.invite_member(email="x", role="x"), Result[Invitation])
    assert_type(client.organization.leave(organization_id="x"), Result[MemberWithUser])
    assert_type(client.organization.list(), Result[list[OrgRow]])
    assert_type(client.organization.list_invitations(), Result[list[Invitation]])
    assert_type(client.organization.list_members(), Result[MemberPage])
    assert_type(client.organization.list_roles(), Result[list[OpenRole]])
    assert_type(client.organization.list_team_members(), Result[list[TeamMember]])
    assert_type(client.organization.list_teams(), Result[list[Team]])
    assert_type(client.organization.list_user_invitations(), Result[list[UserInvitation]])
    assert_type(client.organization.list_user_teams(), Result[list[Team]])
    assert_type(client.organization.page_invitations(), Result[InvitationsFrom])
    assert_type(client.organization.page_members(), Result[MembersFrom])
    assert_type(client.organization.page_organizations(), Result[OrganizationsFrom])
    assert_type(client.organization.reject_invitation(invitation_id="x"), Result[Accepted])
    assert_type(client.organization.remove_member(member_id_or_email="x"), Result[RemovedMember])
    assert_type(client.organization.remove_team(team_id="x"), Result[Answer])
    assert_type(client.organization.remove_team_member(team_id="x", user_id="x"), Result[Answer])
    assert_type(client.organization.set_active(), Result[OrgRow | None])
    assert_type(client.organization.set_active_team(), Result[Team | None])
    assert_type(client.organization.transfer_ownership(member_id="x"), Result[HandedOver])
    assert_type(client.organization.update(data={"a": {"a": 1}}), Result[OpenOrganization])
    assert_type(client.organization.update_member_role(role="x", member_id="x"), Result[Member])
    assert_type(client.organization.update_role(data={"a": {"a": 1}}), Result[ChangedRole])
    assert_type(client.organization.update_team(team_id="x", data={"a": {"a": 1}}), Result[Team])
    assert_type(client.passkey.delete_passkey(id="x"), Result[Done])
    assert_type(client.passkey.generate_authenticate_options(), Result[RequestOptions])
    assert_type(client.passkey.generate_register_options(), Result[CreationOptions])
    assert_type(client.passkey.list_user_passkeys(), Result[list[PasskeyRow]])
    assert_type(client.passkey.update_passkey(id="x", name="x"), Result[PasskeyUpdated])
    assert_type(client.passkey.verify_authentication(response={"a": {"a": 1}}), Result[SessionData])
    assert_type(client.passkey.verify_registration(response={"a": 1}), Result[PasskeyRegistered])
    assert_type(client.phone_number.request_password_reset(phone_number="x"), Result[Done])
    assert_type(client.phone_number.reset_password(otp="x", phone_number="x", new_password="x"), Result[Done])
    assert_type(client.phone_number.send_otp(phone_number="x"), Result[CodeSent])
    assert_type(client.phone_number.verify(phone_number="x", code="x"), Result[PhoneVerified])
    assert_type(client.refresh_token(), Result[RefreshedToken])
    assert_type(client.request_password_reset(email="x"), Result[ResetRequested])
    assert_type(client.request_password_reset_callback(token="x", callback_url="x"), Result[Redirect])
    assert_type(client.reset_password(new_password="x"), Result[Done])
    assert_type(client.revoke_other_sessions(), Result[Done])
    assert_type(client.revoke_session(token="x"), Result[Done])
    assert_type(client.revoke_sessions(), Result[Done])
    assert_type(client.send_verification_email(email="x"), Result[Done])
    assert_type(client.sign_in.anonymous(), Result[GuestSignedIn])
    assert_type(client.sign_in.email(email="x", password="x"), Result[SignedIn])
    assert_type(client.sign_in.email_otp(email="x", otp="x"), Result[CodeSignedIn])
    assert_type(client.sign_in.magic_link(email="x"), Result[Done])
    assert_type(client.sign_in.phone_number(phone_number="x", password="x"), Result[PhoneSignedIn])
    assert_type(client.sign_in.social(provider="x"), Result[SocialSignedIn])
    assert_type(client.sign_in.username(username="x", password="x"), Result[SignedIn])
    assert_type(client.sign_out(), Result[SignedOut])
    assert_type(client.sign_up.email(name="x", email="x", password="x"), Result[SignedUp])
    assert_type(client.siwe.get_nonce(), Result[SiweNonce])
    assert_type(client.siwe.nonce(), Result[SiweNonce])
    assert_type(client.siwe.verify(message="x", signature="x"), Result[SiweSignedIn])
    assert_type(client.token(), Result[Token])
    assert_type(client.two_factor.disable(), Result[Done])
    assert_type(client.two_factor.enable(), Result[Enabled])
    assert_type(client.two_factor.generate_backup_codes(), Result[BackupCodes])
    assert_type(client.two_factor.get_totp_uri(), Result[TotpUri])
    assert_type(client.two_factor.send_otp(), Result[Done])
    assert_type(client.two_factor.verify_backup_code(code="x"), Result[Verified])
    assert_type(client.two_factor.verify_otp(code="x"), Result[Verified])
    assert_type(client.two_factor.verify_totp(code="x"), Result[Verified])
    assert_type(client.unlink_account(account_id="x"), Result[Done])
    assert_type(client.update_session(), Result[UpdatedSession])
    assert_type(client.update_user(), Result[Done])
    assert_type(client.verify_email(token="x"), Result[EmailVerified | Redirect])
