"""Send codes, take them, and what they are good for."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from gatewright.contract.faults import FailedToCreateUser
from gatewright.flows.one_time_code import check_code, issue_code, take_code
from gatewright.http.request import Request
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.plugins.phone_number import faults
from gatewright.plugins.phone_number.model import PhoneUser
from gatewright.plugins.phone_number.numbers import identifier_of
from gatewright.plugins.phone_number.options import PhoneCode, PhoneNumberOptions, SendPhoneCode
from gatewright.ports.adapter import Conflict
from gatewright.services.database import Database, Refused
from gatewright.services.services import Services
from gatewright.settings.callbacks import UserOnly
from gatewright.wire.faults import Fault

__all__ = (
    "by_number",
    "mark_verified",
    "redeem",
    "reset_password",
    "send_code",
    "send_reset",
    "sign_in_by_number",
    "sign_up_by_number",
)


async def by_number(db: Database, phone_number: str) -> PhoneUser | None:
    """The user with a number."""
    return await db.find_one(PhoneUser, PhoneUser.phone_number.eq(phone_number))


async def send_code(call: Call[Any], options: PhoneNumberOptions, send: SendPhoneCode, phone_number: str) -> None:
    """Make a code to verify a number with and send it, after the answer."""
    services, identifier = call.services, identifier_of(phone_number)

    async def work() -> None:
        code = await issue_code(services, services.database, options.rules(), identifier)
        await send(PhoneCode(phone_number=phone_number, code=code), call)

    await services.tasks.spawn(work, name="sending a code")


async def send_reset(call: Call[Any], options: PhoneNumberOptions, phone_number: str) -> None:
    """Make a code to set a new password with and send it, after the answer, if the number is a user's.

    A code is made for unknown numbers too, which nobody is told: wrong codes are answered the same for both.
    """
    services, identifier = call.services, identifier_of(phone_number, reset=True)

    async def work() -> None:
        user = await by_number(services.database, phone_number)
        code = await issue_code(services, services.database, options.rules(), identifier)
        send = options.send_password_reset_otp
        if user is not None and send is not None:
            await send(PhoneCode(phone_number=phone_number, code=code), call)

    await services.tasks.spawn(work, name="sending a code to set a new password")


async def redeem(
    call: Call[Any], options: PhoneNumberOptions, phone_number: str, code: str, *, reset: bool = False
) -> None:
    """Use up a code that is right; a wrong one costs a try. Of several callers with one code one succeeds.

    Raises:
        OtpNotFound, OtpExpired, InvalidOtp, TooManyAttempts: It is not right.
    """
    services, db, identifier = call.services, call.db, identifier_of(phone_number, reset=reset)
    if options.verify_otp is not None and not reset:
        if not await options.verify_otp(PhoneCode(phone_number=phone_number, code=code), call):
            raise faults.InvalidOtp
        await services.verifications.delete(db, identifier)
        return
    if await services.verifications.peek(db, identifier) is None:
        raise faults.OtpNotFound
    found = await check_code(services, db, options.rules(), identifier, code)
    if isinstance(found, str):
        refusals: Mapping[str, type[Fault]] = {
            "wrong": faults.InvalidOtp,
            "expired": faults.OtpExpired,
            "spent": faults.TooManyAttempts,
        }
        raise refusals[found]
    if not await take_code(services, db, identifier, found):
        raise faults.OtpNotFound


async def sign_in_by_number(
    services: Services, db: Database, request: Request | None, phone_number: str, password: str
) -> tuple[PhoneUser, str]:
    """The user whose number and password these are, and the hash of the password as it is stored. Unknown numbers cost as much as known ones.

    Raises:
        InvalidPhoneNumberOrPassword: Unknown number, no password, or another one; which is not told.
        TooManyRequests: There were too many wrong passwords.
    """
    user = await by_number(db, phone_number)
    account = await services.accounts.credential_of(db, user)
    hashed = None if account is None else account.password
    # By address, where there is one: a number and an address are two ways to one password.
    target = phone_number if user is None else user.email
    await services.targets.guess(request, target, hashed)
    matches = await services.passwords.verify(password, hashed)
    if user is None or account is None or hashed is None or not matches:
        raise faults.InvalidPhoneNumberOrPassword
    await services.targets.guessed(request, target, hashed)
    if services.passwords.needs_rehash(hashed):
        better = await services.passwords.hash(password)
        if await services.accounts.rehash(db, account, better) is not None:
            hashed = better
    return user, hashed


async def mark_verified(db: Database, user: PhoneUser) -> PhoneUser | None:
    """The user with a verified number; ``None`` when the user has another one by now."""
    return await db.update_one(
        PhoneUser,
        PhoneUser.id.eq(user.id),
        PhoneUser.phone_number.eq(user.phone_number),
        set=[PhoneUser.phone_number_verified.to(True)],
    )


async def sign_up_by_number(
    call: Call[Any], options: PhoneNumberOptions, phone_number: str, more: Mapping[str, Any]
) -> PhoneUser:
    """A new user with a verified number, or whoever was faster to sign up with it.

    Args:
        call: The call.
        options: Of the plugin.
        phone_number: Which was verified.
        more: Further columns by wire name.

    Raises:
        FailedToUpdateUser: Nobody may sign up with a number.
        FailedToCreateUser: A hook does not want the user, or the made-up address is taken.
    """
    made = options.sign_up_on_verification
    if made is None:
        raise faults.FailedToUpdateUser
    address = made.get_temp_email(phone_number)
    email = await address if inspect.isawaitable(address) else address
    name = phone_number
    if made.get_temp_name is not None:
        named = made.get_temp_name(phone_number)
        name = await named if inspect.isawaitable(named) else named
    values = {**more, "email": email.lower(), "name": name, "phoneNumber": phone_number, "phoneNumberVerified": True}
    try:
        return PhoneUser.of(await call.services.users.create(call.db, values))
    except Refused:
        raise FailedToCreateUser(status=500) from None
    except Conflict:
        known = await by_number(call.db, phone_number)
        faster = None if known is None else await mark_verified(call.db, known)
        if faster is None:
            raise FailedToCreateUser(status=500) from None
        return faster


async def reset_password(call: Call[Any], options: PhoneNumberOptions, phone_number: str, code: str, new: str) -> None:
    """Replace the user's password, or give one to a user who has none.

    Raises:
        OtpNotFound, OtpExpired, InvalidOtp, TooManyAttempts: The code is not right.
        PasswordTooShort, PasswordTooLong: Outside the configured bounds.
        UnexpectedError: The number is nobody's, or somebody else has set a password meanwhile.
    """
    services, db = call.services, call.db
    await redeem(call, options, phone_number, code, reset=True)
    user = await by_number(db, phone_number)
    if user is None:
        raise faults.UnexpectedError
    services.passwords.check_length(new)
    account = await services.accounts.credential(db, user.id)
    hashed = await services.passwords.hash(new)
    password = services.plan.settings.email_and_password
    try:
        # Together: whoever was shut out must not stay because the caller has gone, or a store has failed, in between.
        async with db.transaction() as tx:
            if account is None:
                await services.accounts.create_credential(tx, user.id, hashed)
            elif await services.accounts.set_password(tx, account, hashed, only_if=account.password) is None:
                raise faults.UnexpectedError
            if password.revoke_sessions_on_password_reset:
                await services.sessions.end_all(tx, user.id)
    except Conflict:
        raise faults.UnexpectedError from None
    tell = password.on_password_reset
    if tell is not None:
        told = UserOnly(User.of(user))
        await services.tasks.spawn(lambda: tell(told, call.request), name="on_password_reset")
