"""Codes that are sent: stored for whoever asked, tried a few times, used once. Source: contract, ``otp_storage``."""

from __future__ import annotations

from datetime import timedelta

from gatewright.pipeline.call import Call
from gatewright.plugins.two_factor.challenges import Claimant, goes_the_same_way
from gatewright.plugins.two_factor.faults import (
    InvalidCode,
    OtpHasExpired,
    OtpNotConfigured,
    TooManyAttemptsRequestNewCode,
)
from gatewright.plugins.two_factor.lockout import count_try
from gatewright.plugins.two_factor.model import TwoFactor
from gatewright.plugins.two_factor.options import OtpMessage
from gatewright.plugins.two_factor.tools import Tools

__all__ = ("send_code", "use_code")

_PREFIX = "2fa-otp-"


async def send_code(tools: Tools, call: Call[object], who: Claimant) -> None:
    """Send a code; the one before it no longer works.

    Raises:
        OtpNotConfigured: There is no way to send it.
    """
    options, services = tools.options.otp_options, call.services
    send = options.send_otp
    if send is None:
        raise OtpNotConfigured(message="otp isn't configured")
    if await goes_the_same_way(call, who, options.channel):
        raise OtpNotConfigured(because="the first factor came the same way")
    code = tools.otp.make()
    key = _PREFIX + who.key
    await services.verifications.delete(call.db, key)
    await services.verifications.create(
        call.db,
        key,
        f"{await tools.otp.stored(code)}:0",
        expires_at=call.now + timedelta(minutes=options.period),
    )
    message = OtpMessage(who.user, code)

    async def deliver() -> None:
        await send(message, call)

    await services.tasks.spawn(deliver, name="sending a second factor")


async def use_code(tools: Tools, call: Call[object], who: Claimant, factor: TwoFactor | None, code: str) -> None:
    """Use a code that was sent.

    Raises:
        OtpHasExpired: None was sent, or too long ago.
        TooManyAttemptsRequestNewCode: Too many wrong ones; the code is void.
        InvalidCode: It is another one.
        AccountTemporarilyLocked: Too many wrong codes for this user.
    """
    keeper, key, options = call.services.verifications, _PREFIX + who.key, tools.options
    counted = False
    while True:
        row = await keeper.find(call.db, key)
        if row is None:
            raise OtpHasExpired
        stored, _, count = row.value.rpartition(":")
        tries = int(count) if count.isdecimal() else options.otp_options.allowed_attempts
        if tries >= options.otp_options.allowed_attempts:
            await keeper.delete(call.db, key)
            raise TooManyAttemptsRequestNewCode
        if not counted:
            # Before the code is looked at; a right one gives it back.
            await count_try(call, who.user, factor, options.account_lockout)
            counted = True
        # What a try learns or gains, it has only if the row still says what it said: right ones take it, wrong ones count in
        # it, and whoever loses has lost to one of those.
        if await tools.otp.matches(stored, code):
            if await keeper.take(call.db, key, value=row.value) is not None:
                return
        elif await keeper.change(call.db, row, f"{stored}:{tries + 1}") is not None:
            raise InvalidCode
