"""The client's tree of calls, of the core and of the project's own plugins; it follows the paths, as the JavaScript client's.

Two links that mails lead to have a path below that of a call; they are called by their operation's name instead. A group
is loaded when it is asked for.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any, ClassVar, Generic, ParamSpec, overload

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
from gatewright.contract.results import SessionData
from gatewright.contract.session import (
    GetSession,
    ListSessions,
    RevokeOtherSessions,
    RevokeSession,
    RevokeSessions,
    UpdateSession,
)
from gatewright.contract.sign_in import SignOut
from gatewright.contract.user import DeleteUser, DeleteUserCallback, UpdateUser
from gatewright.plugins.anonymous.contract import DeleteAnonymousUser
from gatewright.plugins.jwt.contract import GetJwks, GetToken
from gatewright.plugins.oauth_proxy.contract import OAuthProxyCallback
from gatewright.plugins.username.contract import IsUsernameAvailable
from gatewright.wire.operation import Operation
from gatewright_client.calls import Async, Declared, F, Group, Sender, Sync, action, sending
from gatewright_client.exchange import Server
from gatewright_client.kept import keeping, kept
from gatewright_client.plugins.last_login_method import forget_last_used, is_last_used, last_used
from gatewright_client.result import Result

if TYPE_CHECKING:
    from gatewright_client.plugins.admin import AdminCalls
    from gatewright_client.plugins.api_key import ApiKeyCalls
    from gatewright_client.plugins.assurance import AssuranceCalls
    from gatewright_client.plugins.device_authorization import DeviceCalls
    from gatewright_client.plugins.email_otp import EmailOTPCalls, ForgetPassword
    from gatewright_client.plugins.magic_link import MagicLinkCalls
    from gatewright_client.plugins.multi_session import MultiSessionCalls
    from gatewright_client.plugins.one_tap import OneTapCalls
    from gatewright_client.plugins.one_time_token import OneTimeTokenCalls
    from gatewright_client.plugins.open_api import OpenApiCalls
    from gatewright_client.plugins.organization import OrganizationCalls
    from gatewright_client.plugins.passkey import PasskeyCalls
    from gatewright_client.plugins.phone_number import PhoneNumberCalls
    from gatewright_client.plugins.siwe import SiweCalls
    from gatewright_client.plugins.two_factor import TwoFactorCalls
    from gatewright_client.sign_in import SignIn, SignUp

if sys.version_info >= (3, 13):
    from typing import TypeVar
else:
    from typing_extensions import TypeVar

__all__ = ("CoreCalls",)

D = TypeVar("D", default=SessionData)
"""What a session is read as: the application's own class, where it has one."""
G = TypeVar("G")
P = ParamSpec("P")


class reading_session(Declared, Generic[P]):  # noqa: N801 (reads as a declaration, like ``action``)
    """The call that reads the session: its result is the client's own class of session."""

    def __init__(self, operation: Callable[P, Operation[Any]]) -> None:
        super().__init__(operation)

    @overload
    def __get__(self, owner: None, cls: type[Group[Any]]) -> reading_session[P]: ...
    @overload
    def __get__(
        self, owner: CoreCalls[Async, D], cls: type[Group[Any]]
    ) -> Callable[P, Coroutine[Any, Any, Result[D | None]]]: ...
    @overload
    def __get__(self, owner: CoreCalls[Sync, D], cls: type[Group[Any]]) -> Callable[P, Result[D | None]]: ...
    def __get__(self, owner: CoreCalls[Any, Any] | None, cls: type[Group[Any]]) -> Any:
        if owner is None:
            return self
        return sending(owner, owner.session_operation, self)


class CoreCalls(Group[F], Generic[F, D]):
    """Every operation that clients may call; those of plugins need the server's plugin."""

    session_operation: ClassVar[type[Operation[Any]]] = GetSession
    """What reads the session."""

    account_info = action(AccountInfo)
    change_email = action(ChangeEmail)
    change_password = action(ChangePassword)
    delete_anonymous_user = action(DeleteAnonymousUser)
    delete_user = action(DeleteUser)
    delete_user_callback = action(DeleteUserCallback)
    get_access_token = action(GetAccessToken)
    get_session = reading_session(GetSession)
    is_username_available = action(IsUsernameAvailable)
    jwks = action(GetJwks)
    link_social = action(LinkSocialAccount)
    list_accounts = action(ListUserAccounts)
    list_sessions = action(ListSessions)
    oauth_proxy_callback = action(OAuthProxyCallback)
    refresh_token = action(RefreshToken)
    request_password_reset = action(RequestPasswordReset)
    request_password_reset_callback = action(RequestPasswordResetCallback)
    reset_password = action(ResetPassword)
    revoke_other_sessions = action(RevokeOtherSessions)
    revoke_session = action(RevokeSession)
    revoke_sessions = action(RevokeSessions)
    send_verification_email = action(SendVerificationEmail)
    sign_out = action(SignOut)
    token = action(GetToken)
    unlink_account = action(UnlinkAccount)
    update_session = action(UpdateSession)
    update_user = action(UpdateUser)
    verify_email = action(VerifyEmail)

    clear_last_used_login_method = keeping(forget_last_used, refetch=False)
    get_last_used_login_method = kept(last_used)
    is_last_used_login_method = kept(is_last_used)

    adopt = keeping(Server.with_token)
    forget = keeping(Server.without)
    get_cookie = kept(Server.cookie_in)
    session_token = kept(Server.token_in)

    @property
    def admin(self) -> AdminCalls[F]:
        """Administration of users."""
        from gatewright_client.plugins.admin import AdminCalls  # noqa: PLC0415

        return AdminCalls(self._sender)

    @property
    def device(self) -> DeviceCalls[F]:
        """Device authorization."""
        from gatewright_client.plugins.device_authorization import DeviceCalls  # noqa: PLC0415

        return DeviceCalls(self._sender)

    @property
    def email_otp(self) -> EmailOTPCalls[F]:
        """Codes by mail."""
        from gatewright_client.plugins.email_otp import EmailOTPCalls  # noqa: PLC0415

        return EmailOTPCalls(self._sender)

    @property
    def forget_password(self) -> ForgetPassword[F]:
        """An older path to a new password."""
        from gatewright_client.plugins.email_otp import ForgetPassword  # noqa: PLC0415

        return ForgetPassword(self._sender)

    @property
    def magic_link(self) -> MagicLinkCalls[F]:
        """Links by mail."""
        from gatewright_client.plugins.magic_link import MagicLinkCalls  # noqa: PLC0415

        return MagicLinkCalls(self._sender)

    @property
    def one_time_token(self) -> OneTimeTokenCalls[F]:
        """Handing over a session."""
        from gatewright_client.plugins.one_time_token import OneTimeTokenCalls  # noqa: PLC0415

        return OneTimeTokenCalls(self._sender)

    @property
    def open_api(self) -> OpenApiCalls[F]:
        """The server's description of itself."""
        from gatewright_client.plugins.open_api import OpenApiCalls  # noqa: PLC0415

        return OpenApiCalls(self._sender)

    @property
    def organization(self) -> OrganizationCalls[F]:
        """Organizations."""
        from gatewright_client.plugins.organization import OrganizationCalls  # noqa: PLC0415

        return OrganizationCalls(self._sender)

    @property
    def sign_in(self) -> SignIn[F]:
        """Signing in."""
        from gatewright_client.sign_in import SignIn  # noqa: PLC0415

        return SignIn(self._sender)

    @property
    def sign_up(self) -> SignUp[F]:
        """Signing up."""
        from gatewright_client.sign_in import SignUp  # noqa: PLC0415

        return SignUp(self._sender)

    @property
    def two_factor(self) -> TwoFactorCalls[F]:
        """A second factor."""
        from gatewright_client.plugins.two_factor import TwoFactorCalls  # noqa: PLC0415

        return TwoFactorCalls(self._sender)

    @property
    def assurance(self) -> AssuranceCalls[F]:
        """How surely the user is known."""
        from gatewright_client.plugins.assurance import AssuranceCalls  # noqa: PLC0415

        return AssuranceCalls(self._sender)

    @property
    def api_key(self) -> ApiKeyCalls[F]:
        """Keys for programs."""
        from gatewright_client.plugins.api_key import ApiKeyCalls  # noqa: PLC0415

        return ApiKeyCalls(self._sender)

    @property
    def multi_session(self) -> MultiSessionCalls[F]:
        """Several users in one client."""
        from gatewright_client.plugins.multi_session import MultiSessionCalls  # noqa: PLC0415

        return MultiSessionCalls(self._sender)

    @property
    def one_tap(self) -> OneTapCalls[F]:
        """Google's dialogue."""
        from gatewright_client.plugins.one_tap import OneTapCalls  # noqa: PLC0415

        return OneTapCalls(self._sender)

    @property
    def passkey(self) -> PasskeyCalls[F]:
        """Keys that devices keep."""
        from gatewright_client.plugins.passkey import PasskeyCalls  # noqa: PLC0415

        return PasskeyCalls(self._sender)

    @property
    def phone_number(self) -> PhoneNumberCalls[F]:
        """Codes by text message."""
        from gatewright_client.plugins.phone_number import PhoneNumberCalls  # noqa: PLC0415

        return PhoneNumberCalls(self._sender)

    @property
    def siwe(self) -> SiweCalls[F]:
        """Wallets."""
        from gatewright_client.plugins.siwe import SiweCalls  # noqa: PLC0415

        return SiweCalls(self._sender)

    def of(self, calls: Callable[[Sender[F]], G]) -> G:
        """The calls of a plugin: ``client.of(OrganizationCalls)``."""
        return calls(self._sender)
