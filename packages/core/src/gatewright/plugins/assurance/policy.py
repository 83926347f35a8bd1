"""What is asked of a user by everybody's policy, by their roles and by their organizations; and how they can give it."""

from __future__ import annotations

import inspect

from gatewright.access.assurance import Needed, Proof
from gatewright.access.check import names_in
from gatewright.model.user import User
from gatewright.plugins.assurance.faults import StepUpRequired
from gatewright.plugins.assurance.options import AssuranceOptions, AssurancePolicy
from gatewright.plugins.organization.model import Member
from gatewright.plugins.passkey.model import PasskeyRow
from gatewright.plugins.two_factor.model import TwoFactorUser
from gatewright.plugins.two_factor.plugin import TwoFactor
from gatewright.services.database import Database
from gatewright.services.services import Services

__all__ = ("policy_for", "refusal", "ways_of")


async def policy_for(options: AssuranceOptions, db: Database, user: User) -> AssurancePolicy:
    """The strictest of all policies that are about a user; the organizations' cost a read where there are any."""
    found = options.policy
    if options.roles:
        role = user.get("role")
        for name in names_in(role if isinstance(role, str) else None):
            policy = options.roles.get(name)
            found = found if policy is None else found.stricter(policy)
    if not options.asks_organizations:
        return found
    for member in await db.find_many(Member, Member.user_id.eq(user.id)):
        policy = options.organizations.get(member.organization_id)
        found = found if policy is None else found.stricter(policy)
        if options.organization_policy is not None:
            said = options.organization_policy(member.organization_id)
            own = await said if inspect.isawaitable(said) else said
            found = found if own is None else found.stricter(own)
    return found


async def ways_of(services: Services, db: Database, user: User) -> tuple[str, ...]:
    """What a user can give to raise a session's assurance."""
    plan = services.plan
    found: list[str] = []
    account = await services.accounts.credential(db, user.id)
    if account is not None and account.password is not None:
        found.append("password")
    if plan.has(TwoFactor) and TwoFactorUser.of(user).two_factor_enabled:
        found.extend(await plan.plugin(TwoFactor).ways(services, db, user))
    if PasskeyRow.table in plan.schema and await db.count(PasskeyRow, PasskeyRow.user_id.eq(user.id)):
        found.append("passkey")
    return tuple(found)


async def refusal(services: Services, db: Database, user: User, needed: Needed, proof: Proof) -> StepUpRequired:
    """The answer to a session that does not prove enough."""
    ways = await ways_of(services, db, user)
    if needed.level > 1 and not (needed.max_age is None and proof.level > 1):
        # A password alone is the first factor.
        ways = tuple(way for way in ways if way != "password")
    age = None if needed.max_age is None else int(needed.max_age.total_seconds())
    required = {"level": needed.level, "methods": list(needed.methods), "maxAge": age}
    return StepUpRequired(extra={"required": required, "ways": list(ways)})
