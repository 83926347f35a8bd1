"""Handlers: sign in by number, ask for codes, use them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.access.assurance import PASSWORD, PHONE_CODE, Way
from gatewright.contract.faults import FailedToCreateSession, UserNotFound
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.password_session import unless_changed
from gatewright.pipeline.session_reading import begin_session, read_session
from gatewright.plugins.phone_number import contract, faults, flows
from gatewright.plugins.phone_number.model import PhoneUser
from gatewright.plugins.phone_number.numbers import Numbers
from gatewright.plugins.phone_number.options import PhoneNumberOptions, VerifiedPhone
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Refused
from gatewright.services.input_fields import accept_input
from gatewright.wire.result import Done

__all__ = ("endpoints",)


def endpoints(options: PhoneNumberOptions, numbers: Numbers) -> Sequence[Endpoint]:
    """The handlers under the options of an instance."""
    return (*_signing_in(options, numbers), *_codes(options, numbers), *_resetting(options))


def _signing_in(options: PhoneNumberOptions, numbers: Numbers) -> Sequence[Endpoint]:
    @handles(contract.SignInPhoneNumber)
    async def sign_in_phone_number(call: Call[contract.SignInPhoneNumber]) -> contract.PhoneSignedIn:
        asked = call.input
        await numbers.check(asked.phone_number)
        user, hashed = await flows.sign_in_by_number(
            call.services, call.db, call.request, asked.phone_number, asked.password
        )
        if options.require_verification and not user.phone_number_verified:
            # Only whoever knows the password is told, and has a code sent.
            if options.send_otp is not None:
                await flows.send_code(call, options, options.send_otp, asked.phone_number)
            raise faults.PhoneNumberNotVerified
        session = await _begin(call, user, PASSWORD, status=401, passing=asked.remember_me is False)
        await unless_changed(call, session, hashed, faults.InvalidPhoneNumberOrPassword)
        return contract.PhoneSignedIn(token=session.token, user=user)

    return (sign_in_phone_number,)


def _codes(options: PhoneNumberOptions, numbers: Numbers) -> Sequence[Endpoint]:
    async def told(call: Call[Any], user: PhoneUser, phone_number: str) -> None:
        if options.callback_on_verification is not None:
            await options.callback_on_verification(VerifiedPhone(phone_number=phone_number, user=user), call)

    async def change_number(call: Call[contract.VerifyPhoneNumber]) -> contract.PhoneVerified:
        """Give the number to whoever is signed in."""
        phone_number = call.input.phone_number
        # As the store knows the session: a copy may outlive it. The copy itself is left as it is (contract).
        me = await read_session(call, disable_cache=True, copies=False)
        if me is None:
            raise UserNotFound(status=401)
        if await flows.by_number(call.db, phone_number) is not None:
            raise faults.PhoneNumberExist
        values = {"phoneNumber": phone_number, "phoneNumberVerified": True}
        try:
            changed = await call.services.users.update(call.db, me.user.id, values)
        except Conflict:
            raise faults.PhoneNumberExist from None
        if changed is None:
            raise UserNotFound(status=401)
        user = PhoneUser.of(changed)
        await told(call, user, phone_number)
        return contract.PhoneVerified(token=me.session.token, user=user)

    @handles(contract.SendPhoneNumberOTP)
    async def send_phone_number_otp(call: Call[contract.SendPhoneNumberOTP]) -> contract.CodeSent:
        if options.send_otp is None:
            raise faults.SendOtpNotImplemented
        await numbers.check(call.input.phone_number)
        await flows.send_code(call, options, options.send_otp, call.input.phone_number)
        return contract.CodeSent()

    @handles(contract.ConsumePhoneNumberOTP)
    async def consume_phone_number_otp(call: Call[contract.ConsumePhoneNumberOTP]) -> Done:
        await flows.redeem(call, options, call.input.phone_number, call.input.code)
        return Done()

    @handles(contract.VerifyPhoneNumber)
    async def verify_phone_number(call: Call[contract.VerifyPhoneNumber]) -> contract.PhoneVerified:
        asked = call.input
        await flows.redeem(call, options, asked.phone_number, asked.code)
        if asked.update_phone_number is True:
            return await change_number(call)
        known = await flows.by_number(call.db, asked.phone_number)
        if known is None:
            more: dict[str, Any] = {}
            if options.sign_up_on_verification is not None:
                table = call.services.plan.schema[User]
                more = await accept_input(table, asked.extra, core=User.columns, creating=True)
            user = await flows.sign_up_by_number(call, options, asked.phone_number, more)
        else:
            verified = await flows.mark_verified(call.db, known)
            if verified is None:
                raise faults.FailedToUpdateUser
            user = verified
        await told(call, user, asked.phone_number)
        if asked.disable_session is True:
            return contract.PhoneVerified(token=None, user=user)
        session = await _begin(call, user, PHONE_CODE, status=500)
        return contract.PhoneVerified(token=session.token, user=user)

    return (send_phone_number_otp, consume_phone_number_otp, verify_phone_number)


def _resetting(options: PhoneNumberOptions) -> Sequence[Endpoint]:
    @handles(contract.RequestPasswordResetPhoneNumber)
    async def request_password_reset(call: Call[contract.RequestPasswordResetPhoneNumber]) -> Done:
        await flows.send_reset(call, options, call.input.phone_number)
        return Done()

    @handles(contract.ResetPasswordPhoneNumber)
    async def reset_password(call: Call[contract.ResetPasswordPhoneNumber]) -> Done:
        asked = call.input
        await flows.reset_password(call, options, asked.phone_number, asked.otp, asked.new_password)
        return Done()

    return (request_password_reset, reset_password)


async def _begin(call: Call[Any], user: User, by: Way, *, status: int, passing: bool | None = None) -> Session:
    try:
        return await begin_session(call, user, by, passing=passing)
    except Refused:
        raise FailedToCreateSession(status=status) from None
