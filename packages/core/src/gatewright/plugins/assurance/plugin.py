"""The assurance plugin: options and parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gatewright.access.assurance import Needed, Proof
from gatewright.contract.results import SessionData
from gatewright.model.assurance import AssuredSession
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.session_gates import proof_of
from gatewright.plugins.assurance.api import AssuranceApi
from gatewright.plugins.assurance.contract import GetAssurance
from gatewright.plugins.assurance.options import AssuranceOptions
from gatewright.plugins.assurance.policy import policy_for, refusal
from gatewright.plugins.base import Parts, Plugin
from gatewright.plugins.organization.plugin import Organization
from gatewright.plugins.two_factor import contract as two_factor
from gatewright.plugins.two_factor.plugin import TwoFactor
from gatewright.services.database import Database
from gatewright.services.services import Services
from gatewright.wire.faults import ConfigError

__all__ = ("Assurance",)

_ENROLLING = (
    two_factor.EnableTwoFactor,
    two_factor.GetTOTPURI,
    two_factor.SendTwoFactorOTP,
    two_factor.VerifyTOTP,
    two_factor.VerifyTwoFactorOTP,
    GetAssurance,
)
"""What a session can do that waits for a second factor to be set up."""


class Assurance(Plugin[AssuranceApi]):
    """Sessions say how surely their users are who they say, and policies and routes ask for it."""

    id = "assurance"
    api_type = AssuranceApi

    def __init__(self, options: AssuranceOptions | None = None) -> None:
        self.options = options or AssuranceOptions()

    def adopt(self, installed: Sequence[Plugin[Any]]) -> None:
        """Have the two factor plugin ask whomever a policy is about.

        Raises:
            ConfigError: A policy needs a plugin that is not installed.
        """
        if self.options.asks_organizations and not any(isinstance(each, Organization) for each in installed):
            raise ConfigError("assurance: policies of organizations need the organization plugin")
        factor = next((each for each in installed if isinstance(each, TwoFactor)), None)
        if factor is not None:
            factor.oblige(self._obliges)
        elif self.options.obliges:
            raise ConfigError("assurance: a policy with second_factor needs the two factor plugin")

    def parts(self) -> Parts:
        """Operations, columns, and a gate where somebody may have to have a second factor."""
        # The handlers ask for this class.
        from gatewright.plugins.assurance.endpoints import ALL  # noqa: PLC0415
        from gatewright.plugins.assurance.gate import enrolment_gate  # noqa: PLC0415

        return Parts(
            endpoints=ALL,
            tables=(AssuredSession,),
            gates=(enrolment_gate(self.options),) if self.options.obliges else (),
            enrolling=_ENROLLING,
            believed=self.options.trusted_providers,
        )

    async def check(self, services: Services, db: Database, data: SessionData, needed: Needed) -> Proof:
        """What has proven a session's user, if that is enough for ``needed`` and for the user's policy.

        Raises:
            StepUpRequired: It is not.
        """
        needed = needed.also((await policy_for(self.options, db, data.user)).needed)
        proof = proof_of(data.session)
        if not needed.met_by(proof, services.clock.now()):
            raise await refusal(services, db, data.user, needed, proof)
        return proof

    async def _obliges(self, call: Call[Any], user: User) -> bool:
        return self.options.obliges and (await policy_for(self.options, call.db, user)).second_factor
