"""The hook after signing in with a password: no session yet for whoever owes a second factor.

It is the contract's own way, in which hooks of others see the session before it is taken back; ``gate`` is the other.
"""

from __future__ import annotations

from typing import Any

from gatewright.pipeline.call import Call
from gatewright.pipeline.hooks import EVERY, after
from gatewright.plugins.two_factor.challenges import begin_challenge
from gatewright.plugins.two_factor.contract import SecondFactorOwed
from gatewright.plugins.two_factor.gate import PASSWORD_PATHS, methods_of
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.plugin import TwoFactor
from gatewright.plugins.two_factor.trust import is_trusted, trust_device
from gatewright.wire.faults import Instead

__all__ = ("ask_for_second_factor",)


@after(EVERY)
async def ask_for_second_factor(call: Call[Any], result: Any) -> None:  # noqa: ARG001 (every hook is given the result)
    """Take the new session back and ask for the second factor, unless the device is trusted.

    Raises:
        Instead: A second factor is owed.
    """
    begun = call.new_session
    if begun is None or call.input.route.path not in PASSWORD_PATHS:
        return
    user = TwoFactorUser.of(begun.user)
    if not user.two_factor_enabled:
        return
    tools = call.plugin(TwoFactor).tools(call.services)
    if await is_trusted(call, user):
        await trust_device(call, user, tools.options)
        return
    await call.services.sessions.end(call.db, begun.session.token)
    _take_back(call, begun.session.token)
    await begin_challenge(call, user, tools.options)
    raise Instead(SecondFactorOwed(two_factor_methods=await methods_of(call.db, tools, user)))


def _take_back(call: Call[Any], token: str) -> None:
    """Nothing of the session goes out: no cookie, no copy, no header that another plugin has set."""
    cookies = call.services.plan.cookies
    call.out.cookies.pop(cookies.session_token.name, None)
    call.expire_cookie(cookies.session_token)
    call.expire_long_cookie(cookies.session_data)
    call.out.headers[:] = [(name, value) for name, value in call.out.headers if token not in value]
    call.out.copy_of = None
    call.new_session = None
    call.remember(None)
