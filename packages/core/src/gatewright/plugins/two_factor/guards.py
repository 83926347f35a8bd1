"""Guards: the password again, before a second factor is changed or shown."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.contract.faults import InvalidPassword, ValidationError
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.guards import Signed, stored_session
from gatewright.pipeline.session_gates import proof_of
from gatewright.plugins.assurance.faults import StepUpRequired
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.plugin import TwoFactor

__all__ = ("check_password", "has_no_password", "strong_enough")


async def strong_enough(call: Call[object], me: Signed) -> None:
    """Where sessions say what has proven their users: only the second factor itself leads to another one.

    Raises:
        StepUpRequired: The user has one, and has not given it in this session.
    """
    plan = call.services.plan
    if not plan.assures or not plan.has(TwoFactor):
        return
    if call.vouched is None:
        me = await stored_session(call)  # a copy may not know that there is one by now
    if not TwoFactorUser.of(me.user).two_factor_enabled:
        return
    if proof_of(me.session).level < 2:
        required = {"level": 2, "methods": list[str](), "maxAge": None}
        ways = await call.plugin(TwoFactor).ways(call.services, call.db, me.user)
        raise StepUpRequired(extra={"required": required, "ways": list(ways)})


async def check_password(
    call: Call[object], user: User, password: str | UnsetType, *, allow_passwordless: bool
) -> None:
    """Compare with the user's password; users who have none need none, where that is allowed.

    Raises:
        ValidationError: There has to be a password.
        InvalidPassword: It is another one, or there is none to compare with.
        TooManyRequests: There were too many wrong ones.
    """
    if password is UNSET and not allow_passwordless:
        raise ValidationError(message="[body.password] Invalid input: expected string, received undefined")
    account = await call.services.accounts.credential(call.db, user.id)
    hashed = None if account is None else account.password
    if hashed is None and allow_passwordless:
        return
    targets = call.services.targets
    await targets.own_guess(call.request, user.id, hashed)
    if password is UNSET or not await call.services.passwords.verify(password, hashed) or hashed is None:
        raise InvalidPassword
    await targets.own_guessed(call.request, user.id, hashed)


async def has_no_password(call: Call[object], user: User, *, allow_passwordless: bool) -> None:
    """Let only users pass who have no password to give.

    Raises:
        InvalidPassword: The user has one, or a password is always needed.
    """
    account = await call.services.accounts.credential(call.db, user.id)
    if not allow_passwordless or (account is not None and account.password is not None):
        raise InvalidPassword
