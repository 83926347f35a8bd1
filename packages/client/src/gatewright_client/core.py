"""The client's calls for the core operations; the tree follows their paths, as the JavaScript client's does.

Two links that mails lead to have a path below that of a call; they are called by their operation's name instead.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gatewright.contract.account import (
    AccountInfo,
    GetAccessToken,
    LinkSocialAccount,
    ListUserAccounts,
    RefreshToken,
    UnlinkAccount,
)
from gatewright.contract.email import ChangeEmail, SendVerificationEmail, VerifyEmail
from gatewright.contract.password import (
    ChangePassword,
    RequestPasswordReset,
    RequestPasswordResetCallback,
    ResetPassword,
)
from gatewright.contract.session import (
    GetSession,
    ListSessions,
    RevokeOtherSessions,
    RevokeSession,
    RevokeSessions,
    UpdateSession,
)
from gatewright.contract.sign_in import SignInEmail, SignInSocial, SignOut
from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.user import DeleteUser, DeleteUserCallback, UpdateUser
from gatewright_client.calls import F, Group, Sender, action

__all__ = ("CoreCalls", "SignIn", "SignUp")

G = TypeVar("G")


class SignUp(Group[F]):
    """``/sign-up``."""

    email = action(SignUpEmail)


class SignIn(Group[F]):
    """``/sign-in``."""

    email = action(SignInEmail)
    social = action(SignInSocial)


class CoreCalls(Group[F]):
    """Every core operation that clients may call."""

    account_info = action(AccountInfo)
    change_email = action(ChangeEmail)
    change_password = action(ChangePassword)
    delete_user = action(DeleteUser)
    delete_user_callback = action(DeleteUserCallback)
    get_access_token = action(GetAccessToken)
    get_session = action(GetSession)
    link_social = action(LinkSocialAccount)
    list_accounts = action(ListUserAccounts)
    list_sessions = action(ListSessions)
    refresh_token = action(RefreshToken)
    request_password_reset = action(RequestPasswordReset)
    request_password_reset_callback = action(RequestPasswordResetCallback)
    reset_password = action(ResetPassword)
    revoke_other_sessions = action(RevokeOtherSessions)
    revoke_session = action(RevokeSession)
    revoke_sessions = action(RevokeSessions)
    send_verification_email = action(SendVerificationEmail)
    sign_out = action(SignOut)
    unlink_account = action(UnlinkAccount)
    update_session = action(UpdateSession)
    update_user = action(UpdateUser)
    verify_email = action(VerifyEmail)

    @property
    def sign_in(self) -> SignIn[F]:
        """Signing in."""
        return SignIn(self._sender)

    @property
    def sign_up(self) -> SignUp[F]:
        """Signing up."""
        return SignUp(self._sender)

    def of(self, calls: Callable[[Sender[F]], G]) -> G:
        """The calls of a plugin: ``client.of(OrganizationCalls)``."""
        return calls(self._sender)
