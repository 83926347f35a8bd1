"""Whoever must have a second factor and has none gets a session that waits for one to be set up, and is good for nothing else."""

from __future__ import annotations

from typing import Any

from gatewright.access.assurance import MULTIPLE
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_gates import SessionClaim, SessionGate, Withheld
from gatewright.plugins.assurance.contract import EnrolmentOwed
from gatewright.plugins.assurance.options import AssuranceOptions
from gatewright.plugins.assurance.policy import policy_for
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.plugin import TwoFactor

__all__ = ("OWED", "enrolment_gate")

OWED = "second_factor_enrolment_required"
"""What a browser is told that has to set up a second factor, where the application has no page for it."""


def enrolment_gate(options: AssuranceOptions) -> SessionGate:
    """The gate under the options of an instance."""

    async def ask(call: Call[Any], claim: SessionClaim) -> None:
        if not claim.way.asked or MULTIPLE in claim.proof.amr or TwoFactorUser.of(claim.user).two_factor_enabled:
            return
        if not (await policy_for(options, call.db, claim.user)).second_factor:
            return
        claim.wait(
            Withheld(
                EnrolmentOwed(two_factor_methods=call.plugin(TwoFactor).offered),
                page=options.enrolment_page,
                error=OWED,
            ),
            seconds=options.enrolment_max_age,
        )

    return ask
