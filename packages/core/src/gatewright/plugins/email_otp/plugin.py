"""The email OTP plugin: options and parts."""

from __future__ import annotations

from gatewright.contract.results import SignedUp
from gatewright.contract.sign_up import SignUpEmail
from gatewright.http.request import Request
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import Hook, after
from gatewright.plugins.base import LimitRule, Parts, Plugin
from gatewright.plugins.email_otp.api import EmailOTPApi
from gatewright.plugins.email_otp.endpoints import endpoints
from gatewright.plugins.email_otp.flows import mail_code, mail_known
from gatewright.plugins.email_otp.options import EmailOTPOptions
from gatewright.services.services import Services
from gatewright.wire.operation import Limit

__all__ = ("EmailOTP",)

PATHS = frozenset(
    {
        "/email-otp/send-verification-otp",
        "/email-otp/check-verification-otp",
        "/email-otp/verify-email",
        "/sign-in/email-otp",
        "/email-otp/request-password-reset",
        "/email-otp/reset-password",
        "/forget-password/email-otp",
        "/email-otp/request-email-change",
        "/email-otp/change-email",
    }
)


class EmailOTP(Plugin[EmailOTPApi]):
    """Codes by mail."""

    id = "email-otp"
    api_type = EmailOTPApi

    def __init__(self, options: EmailOTPOptions) -> None:
        self.options = options

    def parts(self) -> Parts:
        """Eleven operations, nine under one rate rule each; codes at sign-up and in place of links where asked for."""
        options, rule = self.options, self.options.rate_limit
        overrides = options.override_default_email_verification
        mails = options.send_verification_on_sign_up and not overrides
        return Parts(
            endpoints=endpoints(options),
            hooks=(self._on_sign_up(),) if mails else (),
            limits=(LimitRule(PATHS.__contains__, Limit(window=rule.window, max=rule.max)),),
            mails_verification=self._verify if overrides else None,
        )

    async def _verify(self, services: Services, user: User, request: Request | None) -> None:  # noqa: ARG002
        await mail_code(services, self.options, "email-verification", user.email.lower(), call=None)

    def _on_sign_up(self) -> Hook:
        @after(SignUpEmail)
        async def mail_new_user(call: Call[SignUpEmail], result: SignedUp) -> None:
            email = result.user.email.lower()
            await mail_known(call.services, self.options, "email-verification", email, call=call)

        return mail_new_user
