"""The server-side methods of the core: one line per operation."""

from __future__ import annotations

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
    SetPassword,
    VerifyPassword,
)
from gatewright.contract.session import (
    GetSession,
    ListSessions,
    RevokeOtherSessions,
    RevokeSession,
    RevokeSessions,
    UpdateSession,
)
from gatewright.contract.sign_in import CallbackOAuth, SignInEmail, SignInSocial, SignOut
from gatewright.contract.sign_up import SignUpEmail
from gatewright.contract.system import Error, Ok
from gatewright.contract.user import DeleteUser, DeleteUserCallback, UpdateUser
from gatewright.wire.calls import Api, method

__all__ = ("CoreApi",)


class CoreApi(Api):
    """What every instance can do."""

    sign_up_email = method(SignUpEmail)
    sign_in_email = method(SignInEmail)
    sign_out = method(SignOut)

    sign_in_social = method(SignInSocial)
    callback_oauth = method(CallbackOAuth)
    link_social_account = method(LinkSocialAccount)
    get_access_token = method(GetAccessToken)
    refresh_token = method(RefreshToken)
    account_info = method(AccountInfo)

    get_session = method(GetSession)
    list_sessions = method(ListSessions)
    revoke_session = method(RevokeSession)
    revoke_sessions = method(RevokeSessions)
    revoke_other_sessions = method(RevokeOtherSessions)
    update_session = method(UpdateSession)

    request_password_reset = method(RequestPasswordReset)
    request_password_reset_callback = method(RequestPasswordResetCallback)
    reset_password = method(ResetPassword)
    change_password = method(ChangePassword)
    set_password = method(SetPassword)
    verify_password = method(VerifyPassword)

    send_verification_email = method(SendVerificationEmail)
    verify_email = method(VerifyEmail)
    change_email = method(ChangeEmail)

    update_user = method(UpdateUser)
    delete_user = method(DeleteUser)
    delete_user_callback = method(DeleteUserCallback)

    list_user_accounts = method(ListUserAccounts)
    unlink_account = method(UnlinkAccount)

    ok = method(Ok)
    error = method(Error)
