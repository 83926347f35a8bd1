"""Whether a second factor is owed, asked before a session begins, in whatever way somebody signs in.

By default the contract's narrower rule holds: after a password (``hooks``). The gate is there with ``everywhere``, and
where another plugin obliges users. Nothing of a session exists until the factor is given. Source: NIST SP 800-63B-4 §2.2.
"""

from __future__ import annotations

from typing import Any

from gatewright.access.assurance import MULTIPLE, TRUSTED_DEVICE, Proof
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_gates import SessionClaim, SessionGate, Withheld
from gatewright.plugins.two_factor import flows
from gatewright.plugins.two_factor.challenges import begin_challenge
from gatewright.plugins.two_factor.contract import SecondFactorOwed
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.options import TwoFactorOptions
from gatewright.plugins.two_factor.plugin import TwoFactor
from gatewright.plugins.two_factor.tools import Tools
from gatewright.plugins.two_factor.trust import is_trusted, trust_device
from gatewright.services.database import Database

__all__ = ("OWED", "PASSWORD_PATHS", "methods_of", "second_factor_gate")

PASSWORD_PATHS = frozenset({"/sign-in/email", "/sign-in/username", "/sign-in/phone-number"})
"""Where passwords are given (contract): by default other ways of signing in owe no second factor."""

OWED = "second_factor_required"
"""What a browser is told that owes the second factor, where the application has no page for it."""


def second_factor_gate(options: TwoFactorOptions) -> SessionGate:
    """The gate under the options of an instance."""

    async def ask(call: Call[Any], claim: SessionClaim) -> None:
        user = TwoFactorUser.of(claim.user)
        if not user.two_factor_enabled or not claim.way.asked or MULTIPLE in claim.proof.amr:
            return
        plugin = call.plugin(TwoFactor)
        by_password = call.input.route.path in PASSWORD_PATHS
        if not (options.everywhere or by_password or await plugin.is_obliged(call, user)):
            return
        if await is_trusted(call, user):
            await trust_device(call, user, options)
            claim.proof = claim.proof.having(TRUSTED_DEVICE, call.now)
            return
        _forget_others(call)
        if claim.passing:
            call.set_signed_cookie(call.services.plan.cookies.dont_remember, "true", session=True)
        await begin_challenge(call, user, options, claim.proof, await plugin.notes_of(call))
        methods = await methods_of(call.db, plugin.tools(call.services), user, claim.proof)
        raise Withheld(
            SecondFactorOwed(two_factor_methods=methods),
            page=options.two_factor_page,
            error=OWED,
            query={"methods": ",".join(methods)},
        )

    return ask


async def methods_of(db: Database, tools: Tools, user: User, proof: Proof | None = None) -> tuple[str, ...]:
    """The second factors that a user can give.

    Args:
        db: Where.
        tools: Of the plugin.
        user: Who.
        proof: What was proven before; a code that goes the same way is no second factor.
    """
    methods: list[str] = []
    if not tools.options.totp_options.disable:
        factor = await flows.factor_of(db, user)
        if factor is not None and factor.verified is not False:
            methods.append("totp")
    given = tools.options.otp_options
    if given.send_otp is not None and (proof is None or given.channel not in proof.amr):
        methods.append("otp")
    return tuple(methods)


def _forget_others(call: Call[Any]) -> None:
    """Whoever was signed in before is not who gives the second factor now."""
    plan = call.services.plan
    call.expire_cookie(plan.cookies.session_token)
    call.expire_long_cookie(plan.cookies.session_data)
    if plan.social.account_box is not None:
        call.expire_long_cookie(plan.cookies.account_data)
    call.out.copy_of = None
    call.new_session = None
    call.remember(None)
