"""A blueprint on a database: the keepers of the tables and the counters of rates, made of the ports that were given.

Cheap enough to be done for every request; what can be shared by all instances of a process is shared.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any, cast

import typing_extensions as te

from gatewright.blueprint import Blueprint
from gatewright.model.session import Session
from gatewright.model.verification import Verification
from gatewright.pipeline.limits import Limits
from gatewright.pipeline.row_hooks import within
from gatewright.ports.adapter import Adapter
from gatewright.ports.cache import Cache
from gatewright.ports.clock import Clock
from gatewright.ports.egress import Egress
from gatewright.ports.log import Log
from gatewright.ports.random import Random
from gatewright.ports.tasks import Tasks
from gatewright.ports.workers import ThreadWorkers, Workers
from gatewright.services.absent_tables import without_tables
from gatewright.services.accounts import AccountKeeper
from gatewright.services.cache_deadline import CacheDeadline
from gatewright.services.cached_sessions import CachedSessionKeeper
from gatewright.services.cached_verifications import CachedVerificationKeeper, MirroredVerificationKeeper
from gatewright.services.database import Database, Reading
from gatewright.services.ids import id_source
from gatewright.services.passwords import PasswordKeeper
from gatewright.services.patience import bounded
from gatewright.services.plan import Plan
from gatewright.services.provider_accounts import ProviderAccounts
from gatewright.services.rate_limiter import CacheCounter, Counter, CustomCounter, DatabaseCounter, MemoryCounter
from gatewright.services.services import Services
from gatewright.services.sessions import SessionKeeper
from gatewright.services.target_limits import TargetLimits
from gatewright.services.totals import Totals
from gatewright.services.user_admission import UserAdmission
from gatewright.services.users import UserKeeper
from gatewright.services.verifications import VerificationKeeper
from gatewright.settings.derived import rate_limit_storage
from gatewright.settings.rate_limit import AccountLimits
from gatewright.settings.settings import Settings
from gatewright.wire.faults import ConfigError

__all__ = ("Ports", "kept_in_cache", "limits_of", "no_database", "services_of")


class Ports(te.TypedDict, total=False):
    """What an instance reaches the outside world through; whatever is left out is the real thing."""

    cache: Cache | None
    """The secondary storage: keeps sessions, one-time values and counters."""
    clock: Clock | None
    random: Random | None
    workers: Workers | None
    """Threads for slow work."""
    tasks: Tasks | None
    """Runs what happens after the answer."""
    egress: Egress | None
    """Outbound HTTP."""
    log: Log | None


def services_of(
    blueprint: Blueprint[Any],
    adapter: Adapter,
    *,
    cache: Cache | None,
    clock: Clock,
    random: Random,
    workers: Workers | None,
    tasks: Tasks,
    egress: Egress,
    log: Log,
) -> Services:
    """The keepers of the tables of ``adapter``, and the ports."""
    plan, settings = blueprint.plan, blueprint.settings
    sessions, row_hooks = SessionKeeper(settings.session, clock, random), blueprint.row_hooks
    verifications = VerificationKeeper(settings.verification, clock, tasks)
    if cache is not None:
        cache = CacheDeadline(cache)
        verifications = _cached_verifications(settings, clock, tasks, cache=cache, plan=plan, log=log)
        sessions = CachedSessionKeeper(settings.session, clock, random, cache=cache, schema=plan.schema, log=log)
        row_hooks = row_hooks.including(sessions.hooks())
    absent = frozenset[str]() if cache is None else kept_in_cache(settings)
    return Services(
        plan=plan,
        database=Database(
            without_tables(bounded(adapter, settings.advanced.database.statement_timeout), absent),
            plan.schema,
            clock,
            id_source(settings.advanced.database.generate_id, random, clock),
            row_hooks,
            reading=Reading(settings.advanced.database.default_find_many_limit, settings.advanced.database.joins),
        ),
        clock=clock,
        random=random,
        tasks=tasks,
        egress=egress,
        log=log,
        passwords=PasswordKeeper(settings.email_and_password, blueprint.schemes, workers or _default_workers()),
        users=UserKeeper(UserAdmission(settings.user.validate_user_info, within, log), blueprint.farewells),
        sessions=sessions,
        accounts=AccountKeeper(),
        verifications=verifications,
        provider_accounts=ProviderAccounts(plan.cipher, random, encrypts=plan.social.encrypts_tokens),
        targets=TargetLimits(None, AccountLimits(), clock),
        totals=Totals(),
        cache=cache,
    )


def limits_of(blueprint: Blueprint[Any], services: Services) -> Limits | None:
    """The limits of rates by address; those by account are given to ``services``."""
    if blueprint.limits is None:
        return None
    per_account = blueprint.settings.rate_limit.per_account
    if per_account:
        counter = _counter(blueprint, services, blueprint.target_counter)
        services.targets = TargetLimits(counter, per_account, services.clock)
    return Limits(
        blueprint.limits,
        _counter(blueprint, services, blueprint.counter),
        blueprint.plan.limited_address,
        clock=services.clock,
        log=services.log,
        hardened=blueprint.hardened,
    )


def _counter(blueprint: Blueprint[Any], services: Services, here: MemoryCounter) -> Counter:
    options = blueprint.settings
    if options.rate_limit.custom_storage is not None:
        return CustomCounter(options.rate_limit.custom_storage.consume)
    storage = rate_limit_storage(options, has_cache=services.cache is not None)
    if storage == "database":
        longest = 0 if blueprint.limits is None else blueprint.limits.longest_seconds
        return DatabaseCounter(services.database, services.tasks, longest)
    if storage == "memory":
        return here
    if services.cache is None:
        raise ConfigError("rate_limit.storage is secondary-storage, but there is no cache")
    return CacheCounter(services.cache)


def kept_in_cache(settings: Settings) -> frozenset[str]:
    """Tables that the database does not need where there is a secondary storage."""
    stored = {
        Session.table: settings.session.store_session_in_database,
        Verification.table: settings.verification.store_in_database,
    }
    return frozenset(table for table, is_stored in stored.items() if not is_stored)


def _cached_verifications(
    settings: Settings, clock: Clock, tasks: Tasks, *, cache: Cache, plan: Plan, log: Log
) -> VerificationKeeper:
    options = settings.verification
    if options.store_in_database:
        return MirroredVerificationKeeper(options, clock, tasks, cache=cache, schema=plan.schema, log=log)
    return CachedVerificationKeeper(options, clock, tasks, cache=cache, schema=plan.schema)


def no_database() -> Adapter:
    """What an instance without a database keeps for the time being: a database in this process."""
    try:
        # By name: the core depends on no adapter, and only an instance without a database needs this one.
        module = import_module("gatewright_adapters.memory")
    except ImportError:
        raise ConfigError("an instance without a database needs the package gatewright-adapters") from None
    return cast("Adapter", module.MemoryAdapter(sparse=True))


_workers: Workers | None = None


def _default_workers() -> Workers:
    """One pool for the process: instances share its threads and its bound."""
    global _workers  # noqa: PLW0603 (a process has one set of cores)
    if _workers is None:
        _workers = ThreadWorkers()
    return _workers
