"""The keepers and ports of one running instance, in one place; handlers reach them through their call."""

from __future__ import annotations

from dataclasses import dataclass

from gatewright.ports.cache import Cache
from gatewright.ports.clock import Clock
from gatewright.ports.egress import Egress
from gatewright.ports.log import Log
from gatewright.ports.random import Random
from gatewright.ports.tasks import Tasks
from gatewright.services.accounts import AccountKeeper
from gatewright.services.database import Database
from gatewright.services.passwords import PasswordKeeper
from gatewright.services.plan import Plan
from gatewright.services.provider_accounts import ProviderAccounts
from gatewright.services.sessions import SessionKeeper
from gatewright.services.target_limits import TargetLimits
from gatewright.services.totals import Totals
from gatewright.services.users import UserKeeper
from gatewright.services.verifications import VerificationKeeper

__all__ = ("Services",)


@dataclass(slots=True)
class Services:
    """Everything that a handler may use."""

    plan: Plan
    database: Database
    clock: Clock
    random: Random
    tasks: Tasks
    egress: Egress
    log: Log
    passwords: PasswordKeeper
    users: UserKeeper
    sessions: SessionKeeper
    accounts: AccountKeeper
    verifications: VerificationKeeper
    provider_accounts: ProviderAccounts
    targets: TargetLimits
    totals: Totals
    cache: Cache | None = None
