"""The calls below ``/sign-in`` and ``/sign-up``: of the core, and of the project's own plugins."""

from __future__ import annotations

from gatewright.contract.sign_in import SignInEmail, SignInSocial
from gatewright.contract.sign_up import SignUpEmail
from gatewright.plugins.anonymous.contract import SignInAnonymous
from gatewright.plugins.email_otp.contract import SignInEmailOTP
from gatewright.plugins.magic_link.contract import SignInMagicLink
from gatewright.plugins.phone_number.contract import SignInPhoneNumber
from gatewright.plugins.username.contract import SignInUsername
from gatewright_client.calls import F, Group, action

__all__ = ("SignIn", "SignUp")


class SignUp(Group[F]):
    """``/sign-up``."""

    email = action(SignUpEmail)


class SignIn(Group[F]):
    """``/sign-in``; what is not the core's needs the server's plugin."""

    anonymous = action(SignInAnonymous)
    email = action(SignInEmail)
    email_otp = action(SignInEmailOTP)
    magic_link = action(SignInMagicLink)
    phone_number = action(SignInPhoneNumber)
    social = action(SignInSocial)
    username = action(SignInUsername)
