"""Mail codes to those who may have them, and take them."""

from __future__ import annotations

from typing import Any

from gatewright.contract.faults import InvalidEmail, UserNotFound
from gatewright.flows.one_time_code import CodeRefusal, check_code, issue_code, take_code
from gatewright.flows.proven_address import prove_address
from gatewright.model.verification import Verification
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_reading import proven_token
from gatewright.plugins.email_otp.contract import CodeType
from gatewright.plugins.email_otp.faults import InvalidOtp, OtpExpired, TooManyAttempts
from gatewright.plugins.email_otp.options import EmailOTPOptions, MailedCode
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.settings.callbacks import UserOnly
from gatewright.wire.faults import ApiError
from gatewright.wire.text import is_email

__all__ = ("address", "check", "identifier_of", "mail_code", "mail_known", "refused", "set_password", "use")


def address(email: str) -> str:
    """The form in which an address is stored.

    Raises:
        InvalidEmail: It is none.
    """
    lowered = email.lower()
    if not is_email(lowered):
        raise InvalidEmail
    return lowered


def identifier_of(kind: CodeType, email: str, new_email: str | None = None) -> str:
    """Under which a code is kept: bound to what it is for, and for whom."""
    return f"{kind}-otp-{email}" if new_email is None else f"{kind}-otp-{email}-{new_email}"


async def mail_code(
    services: Services,
    options: EmailOTPOptions,
    kind: CodeType,
    email: str,
    *,
    call: Call[Any] | None,
    present: str | None = None,
) -> None:
    """Make a code and mail it, after the answer.

    Args:
        services: Of the instance.
        options: Of the plugin.
        kind: What it is for.
        email: To whom, as it is stored.
        call: What asked for it.
        present: The address that the user has, where ``email`` is the one that is wanted.
    """
    identifier = identifier_of(kind, email) if present is None else identifier_of(kind, present, email)

    async def work() -> None:
        code = await issue_code(services, services.database, options.rules(email, kind), identifier)
        await options.send_verification_otp(MailedCode(email=email, otp=code, type=kind), call)

    await services.tasks.spawn(work, name="mailing a code")


async def mail_known(
    services: Services,
    options: EmailOTPOptions,
    kind: CodeType,
    email: str,
    *,
    call: Call[Any] | None,
    strangers: bool = False,
) -> None:
    """Mail a code if the address is a user's, or to ``strangers`` too; the caller does not wait to find out."""

    async def work() -> None:
        if strangers or await services.users.by_email(services.database, email) is not None:
            await mail_code(services, options, kind, email, call=call)

    await services.tasks.spawn(work, name="looking for whom to mail a code")


async def check(call: Call[Any], options: EmailOTPOptions, kind: CodeType, email: str, code: str) -> Verification:
    """The row of a code that is right.

    Raises:
        InvalidOtp, OtpExpired, TooManyAttempts: It is not.
    """
    found = await check_code(call.services, call.db, options.rules(email, kind), identifier_of(kind, email), code)
    if isinstance(found, str):
        raise refused(found)
    return found


def refused(why: CodeRefusal) -> ApiError:
    """The fault of a refusal."""
    return {"wrong": InvalidOtp, "expired": OtpExpired, "spent": TooManyAttempts}[why]()


async def use(services: Services, db: Database, identifier: str, row: Verification) -> None:
    """Use up a code that was found right.

    Raises:
        InvalidOtp: Somebody was faster.
    """
    if not await take_code(services, db, identifier, row):
        raise InvalidOtp


async def set_password(call: Call[Any], options: EmailOTPOptions, email: str, code: str, new: str) -> None:
    """Replace the user's password, or give one to a user who has none; the address is proven with it.

    A password that is refused does not use up the code. Of several callers with one code one succeeds.

    Raises:
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        InvalidOtp, OtpExpired, TooManyAttempts: The code is not right.
        UserNotFound: The address is nobody's.
    """
    services, db = call.services, call.db
    services.passwords.check_length(new)
    row = await check(call, options, "forget-password", email, code)
    user = await services.users.by_email(db, email)
    if user is None:
        raise UserNotFound
    hashed = await services.passwords.hash(new)
    await use(services, db, identifier_of("forget-password", email), row)
    await prove_address(services, db, user, own_session=proven_token(call))
    account = await services.accounts.credential(db, user.id)
    password = services.plan.settings.email_and_password
    try:
        # Together: whoever was shut out must not stay because the caller has gone, or a store has failed, in between.
        async with db.transaction() as tx:
            if account is None:
                await services.accounts.create_credential(tx, user.id, hashed)
            elif await services.accounts.set_password(tx, account, hashed, only_if=account.password) is None:
                raise InvalidOtp
            if password.revoke_sessions_on_password_reset:
                await services.sessions.end_all(tx, user.id)
    except Conflict:
        raise InvalidOtp from None
    tell = password.on_password_reset
    if tell is not None:
        await services.tasks.spawn(lambda: tell(UserOnly(user), call.request), name="on_password_reset")
