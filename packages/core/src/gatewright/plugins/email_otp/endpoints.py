"""Handlers: ask for codes and use them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.access.assurance import EMAIL_CODE
from gatewright.contract.faults import Unauthorized, UserNotFound
from gatewright.contract.results import SessionData, Success
from gatewright.flows.email_change import write_email
from gatewright.flows.email_verification import verify
from gatewright.flows.one_time_code import check_code, issue_code, read_code
from gatewright.flows.proven_address import create_proven, prove_address
from gatewright.flows.sign_up import check_image
from gatewright.flows.verification_mail import Caller
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, maybe_signed_in, stored_session
from gatewright.pipeline.handles import Endpoint, handles
from gatewright.pipeline.session_reading import begin_session, send_session
from gatewright.plugins.email_otp import contract
from gatewright.plugins.email_otp.faults import InvalidOtp
from gatewright.plugins.email_otp.flows import (
    address,
    check,
    identifier_of,
    mail_code,
    mail_known,
    refused,
    set_password,
    use,
)
from gatewright.plugins.email_otp.options import EmailOTPOptions
from gatewright.ports.adapter import Conflict
from gatewright.services.input_fields import accept_input
from gatewright.wire.faults import ApiError

__all__ = ("endpoints",)


def endpoints(options: EmailOTPOptions) -> Sequence[Endpoint]:
    """The handlers under the options of an instance."""
    return (*_asking(options), *_signing_in(options), *_resetting(options), *_changing(options))


def _asking(options: EmailOTPOptions) -> Sequence[Endpoint]:
    @handles(contract.SendVerificationOTP)
    async def send_verification_otp(call: Call[contract.SendVerificationOTP]) -> Success:
        email, kind = address(call.input.email), call.input.type
        if kind == "change-email":
            raise ApiError(400, message="Invalid OTP type")
        strangers = kind == "sign-in" and not options.disable_sign_up
        await call.services.targets.message(call.request, email)
        await mail_known(call.services, options, kind, email, call=call, strangers=strangers)
        return Success()

    @handles(contract.CreateVerificationOTP)
    async def create_verification_otp(call: Call[contract.CreateVerificationOTP]) -> str:
        email, kind = address(call.input.email), call.input.type
        return await issue_code(call.services, call.db, options.rules(email, kind), identifier_of(kind, email))

    @handles(contract.GetVerificationOTP)
    async def get_verification_otp(call: Call[contract.GetVerificationOTP]) -> contract.KnownCode:
        email, kind = address(call.input.email), call.input.type
        storage = options.store_otp
        if storage == "hashed" or (not isinstance(storage, str) and not hasattr(storage, "decrypt")):
            raise ApiError(400, message="OTP is hashed, cannot return the plain text OTP")
        rules = options.rules(email, kind)
        return contract.KnownCode(otp=await read_code(call.services, call.db, rules, identifier_of(kind, email)))

    @handles(contract.CheckVerificationOTP)
    async def check_verification_otp(call: Call[contract.CheckVerificationOTP]) -> Success:
        email = address(call.input.email)
        await check(call, options, call.input.type, email, call.input.otp)
        if await call.services.users.by_email(call.db, email) is None:
            raise UserNotFound
        return Success()

    return (send_verification_otp, create_verification_otp, get_verification_otp, check_verification_otp)


def _signing_in(options: EmailOTPOptions) -> Sequence[Endpoint]:
    @handles(contract.VerifyEmailOTP)
    async def verify_email_otp(call: Call[contract.VerifyEmailOTP]) -> contract.VerifiedByCode:
        services, email = call.services, address(call.input.email)
        row = await check(call, options, "email-verification", email, call.input.otp)
        await use(services, call.db, identifier_of("email-verification", email), row)
        user = await services.users.by_email(call.db, email)
        if user is None:
            raise UserNotFound
        verified = await verify(services, call.db, Caller(call.base.url, call.request), user) or user
        if services.plan.settings.email_verification.auto_sign_in_after_verification:
            session = await begin_session(call, verified, EMAIL_CODE)
            return contract.VerifiedByCode(token=session.token, user=verified)
        me = await maybe_signed_in(call)
        if me is not None and me.user.id == verified.id and services.plan.session_cache is not None:
            send_session(call, SessionData(session=me.session, user=verified))
        return contract.VerifiedByCode(token=None, user=verified)

    @handles(contract.SignInEmailOTP)
    async def sign_in_email_otp(call: Call[contract.SignInEmailOTP]) -> contract.CodeSignedIn:
        services, asked, email = call.services, call.input, address(call.input.email)
        row = await check(call, options, "sign-in", email, asked.otp)
        user = await services.users.by_email(call.db, email)
        values: dict[str, Any] = {}
        if user is None:
            if options.disable_sign_up:
                raise InvalidOtp
            check_image(asked.image)
            table = services.plan.schema[User]
            values = {"name": asked.name or "", "image": asked.image}
            values |= await accept_input(table, asked.extra, core=User.columns, creating=True)
        await use(services, call.db, identifier_of("sign-in", email), row)
        if user is None:
            user, _ = await create_proven(services, call.db, email, values, method="email-otp")
        else:
            user = await prove_address(services, call.db, user)
        session = await begin_session(call, user, EMAIL_CODE)
        return contract.CodeSignedIn(token=session.token, user=user)

    return (verify_email_otp, sign_in_email_otp)


def _resetting(options: EmailOTPOptions) -> Sequence[Endpoint]:
    @handles(contract.RequestPasswordResetEmailOTP)
    async def request_password_reset(call: Call[contract.RequestPasswordResetEmailOTP]) -> Success:
        await call.services.targets.message(call.request, call.input.email)
        await mail_known(call.services, options, "forget-password", call.input.email.lower(), call=call)
        return Success()

    @handles(contract.ForgetPasswordEmailOTP)
    async def forget_password(call: Call[contract.ForgetPasswordEmailOTP]) -> Success:
        await call.services.targets.message(call.request, call.input.email)
        await mail_known(call.services, options, "forget-password", call.input.email.lower(), call=call)
        return Success()

    @handles(contract.ResetPasswordEmailOTP)
    async def reset_password(call: Call[contract.ResetPasswordEmailOTP]) -> Success:
        asked = call.input
        await set_password(call, options, asked.email.lower(), asked.otp, asked.password)
        return Success()

    return (request_password_reset, forget_password, reset_password)


def _changing(options: EmailOTPOptions) -> Sequence[Endpoint]:
    def wanted(me: Signed, new_email: str) -> str:
        if not options.change_email.enabled:
            raise ApiError(400, message="Change email with OTP is disabled")
        email = address(new_email)
        if email == me.user.email.lower():
            raise ApiError(400, message="Email is the same")
        return email

    @handles(contract.RequestEmailChangeEmailOTP, stored_session)
    async def request_email_change(call: Call[contract.RequestEmailChangeEmailOTP], me: Signed) -> Success:
        services, email, present = call.services, wanted(me, call.input.new_email), me.user.email
        if options.change_email.verify_current_email:
            if not call.input.otp:
                raise ApiError(400, message="OTP is required to verify current email")
            row = await check(call, options, "email-verification", present, call.input.otp)
            await use(services, call.db, identifier_of("email-verification", present), row)

        async def work() -> None:
            # To the owner of a taken address nothing is mailed, and nobody is told that it is taken.
            if await services.users.by_email(services.database, email) is None:
                await mail_code(services, options, "change-email", email, call=call, present=present)

        await services.tasks.spawn(work, name="mailing a code to a new address")
        return Success()

    @handles(contract.ChangeEmailEmailOTP, stored_session)
    async def change_email(call: Call[contract.ChangeEmailEmailOTP], me: Signed) -> Success:
        services, email = call.services, wanted(me, call.input.new_email)
        identifier = identifier_of("change-email", me.user.email, email)
        rules = options.rules(email, "change-email")
        row = await check_code(services, call.db, rules, identifier, call.input.otp)
        if isinstance(row, str):
            raise refused(row)
        verification = services.plan.settings.email_verification
        if verification.before_email_verification is not None:
            await verification.before_email_verification(me.user, call.request)
        await use(services, call.db, identifier, row)
        try:
            caller = Caller(call.base.url, call.request)
            changed = await write_email(services, call.db, caller, me.user, email, verified=True)
        except Conflict:
            raise ApiError(400, message="Email already in use") from None
        if changed is None:
            raise Unauthorized
        if verification.after_email_verification is not None:
            await verification.after_email_verification(changed, call.request)
        send_session(call, SessionData(session=me.session, user=changed))
        return Success()

    return (request_email_change, change_email)
