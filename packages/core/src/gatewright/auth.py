"""The composition root: settings, plugins and a database become a running instance.

:class:`Blueprint` does all that depends only on settings and plugins, once: tables, router, programs, cookies.
:class:`Auth` binds it to a database, in microseconds, so that it can also be done for every request where the platform
hands over the database inside the request.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from importlib import import_module
from ipaddress import ip_network
from types import TracebackType
from typing import Any, Generic, TypeVar, cast, overload

import typing_extensions as te

from gatewright.api import CoreApi
from gatewright.contract import faults
from gatewright.crypto.passwords import Argon2id, Passwords, Scrypt
from gatewright.endpoints import CORE
from gatewright.http.base_url import BaseURL, DynamicBaseURL, InvalidHost, normalize_base_path, resolve
from gatewright.http.headers import Headers
from gatewright.http.origin import TrustedOrigins
from gatewright.http.paths import strip_base
from gatewright.http.proxies import PROXIES, Network
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.model.account import Account
from gatewright.model.rate_limit import RateLimit
from gatewright.model.schema import Schema, TableOptions
from gatewright.model.session import Session
from gatewright.model.user import User
from gatewright.model.verification import Verification
from gatewright.pipeline.call import Call
from gatewright.pipeline.decode import parse_query
from gatewright.pipeline.handles import Endpoint
from gatewright.pipeline.hook_context import with_sessions
from gatewright.pipeline.limits import LimitPlan, Limits
from gatewright.pipeline.origin_check import (
    PLACES,
    OriginPolicy,
    check_form,
    check_origin,
    check_place,
    names_a_place,
)
from gatewright.pipeline.program import ERROR_HEADERS, Program, error_response
from gatewright.pipeline.raw_hooks import FromRequest, FromServer, RawHooks
from gatewright.pipeline.router import Router
from gatewright.pipeline.row_hooks import row_hooks as application_row_hooks
from gatewright.pipeline.row_hooks import within
from gatewright.plugins.base import Parts, Plugin
from gatewright.ports.adapter import Adapter, Conflict, InvalidValue, StoreUnavailable
from gatewright.ports.cache import Cache, CacheUnavailable
from gatewright.ports.clock import Clock, SystemClock
from gatewright.ports.egress import Egress, HttpxEgress
from gatewright.ports.log import Log
from gatewright.ports.random import Random, SystemRandom
from gatewright.ports.tasks import Tasks
from gatewright.ports.workers import ThreadWorkers, Workers
from gatewright.services.absent_tables import without_tables
from gatewright.services.accounts import AccountKeeper
from gatewright.services.background import BackgroundTasks, HandedTasks
from gatewright.services.cache_deadline import CacheDeadline
from gatewright.services.cached_sessions import CachedSessionKeeper
from gatewright.services.cached_verifications import CachedVerificationKeeper, MirroredVerificationKeeper
from gatewright.services.cookies import Cookies
from gatewright.services.database import Database, Reading, TableHooks
from gatewright.services.ids import id_source
from gatewright.services.logs import log_of
from gatewright.services.passwords import PasswordKeeper
from gatewright.services.patience import bounded
from gatewright.services.plan import Plan
from gatewright.services.provider_accounts import ProviderAccounts
from gatewright.services.rate_limiter import CacheCounter, Counter, CustomCounter, DatabaseCounter, MemoryCounter
from gatewright.services.services import Services
from gatewright.services.sessions import SessionKeeper
from gatewright.services.target_limits import TargetLimits
from gatewright.services.user_admission import UserAdmission
from gatewright.services.users import UserKeeper
from gatewright.services.verifications import VerificationKeeper
from gatewright.settings.derived import rate_limit_storage, rate_limited, secret_set, session_copy
from gatewright.settings.rate_limit import AccountLimits
from gatewright.settings.settings import Settings
from gatewright.wire.calls import Acting, Api, methods_of
from gatewright.wire.faults import ApiError, ConfigError, Instead
from gatewright.wire.json import JsonError, decode
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import FORM, Operation

__all__ = ("Auth", "Blueprint", "Reply")

R = TypeVar("R")
PA = TypeVar("PA", bound=Api)
A = te.TypeVar("A", bound=CoreApi, default=CoreApi)

_NOT_FOUND = Response(404, (), b"")
_DISABLED = Response(404, (("content-type", "text/plain"),), b"Not Found")


@dataclass(frozen=True, slots=True)
class Reply(Generic[R]):
    """A result with what HTTP would send beside it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    value: R


class Blueprint(Generic[A]):
    """Everything of an instance that does not depend on its database; immutable, made once.

    Args:
        settings: Validated options.
        plugins: In the order in which they see requests.
        api: The class of the server's methods, where plugins add some.
        stateless: It will be bound to no store at all but the memory of a process.

    Raises:
        ConfigError: Settings, plugins and methods do not fit together.
    """

    @overload
    def __init__(
        self: Blueprint[CoreApi], settings: Settings, *, plugins: Sequence[Plugin[Any]] = (), stateless: bool = False
    ) -> None: ...
    @overload
    def __init__(
        self, settings: Settings, *, plugins: Sequence[Plugin[Any]] = (), api: type[A], stateless: bool = False
    ) -> None: ...
    def __init__(
        self,
        settings: Settings,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        api: Any = CoreApi,
        stateless: bool = False,
    ) -> None:
        for plugin in plugins:
            plugin.adopt(plugins)
        parts = [plugin.parts() for plugin in plugins]
        self.settings = settings
        self.plugins = tuple(plugins)
        self.api_type: type[A] = api
        schema = Schema.build(
            [
                *(User, Session, Account, Verification),
                *((RateLimit,) if settings.rate_limit.storage == "database" else ()),
                *(row for part in parts for row in part.tables),
            ],
            _table_options(settings, parts),
            naming=settings.advanced.database.naming,
            serial=settings.advanced.database.generate_id == "serial",
        )
        settings.check_secret()
        secrets = secret_set(settings)
        cookies = Cookies(settings, session_copy(settings.session, stateless=stateless))
        base, dynamic_base = _bases(settings)
        own = settings.trusted_origins
        always = [
            *([base.origin] if base is not None else dynamic_base.trusted_origins()),
            *(() if callable(own) else own),
        ]
        self.plan = Plan(
            settings,
            schema,
            cookies,
            secrets=secrets,
            base=base,
            dynamic_base=dynamic_base,
            origins=TrustedOrigins(always),
            plugins={type(plugin): plugin for plugin in reversed(plugins)},
            stateless=stateless,
            mails_verification=next((part.mails_verification for part in parts if part.mails_verification), None),
            plugin_cookies={name: spec for part in parts for name, spec in part.cookies.items()},
            makers={name: maker for part in parts for name, maker in part.providers.items()},
        )
        endpoints = [*CORE, *(endpoint for part in parts for endpoint in part.endpoints)]
        hooks = [hook for part in parts for hook in part.hooks]
        replaced = {old: new for part in parts for new, old in part.replaces.items()}
        self.hardened = settings.advanced.security_headers
        self.fixed_headers = ERROR_HEADERS if self.hardened else ERROR_HEADERS[:1]
        self.programs = _compile(endpoints, hooks, replaced, hardened=self.hardened)
        self.by_name: dict[str, Program] = {program.name: program for program in self.programs.values()}
        self.router = _route(self.programs, replaced, [alias for part in parts for alias in part.aliases])
        self.row_hooks = TableHooks(
            [*application_row_hooks(settings.database_hooks), *(hook for part in parts for hook in part.row_hooks)]
        )
        self.raw_hooks = RawHooks.of(settings.hooks)
        self.on_request = tuple(hook for part in parts for hook in part.on_request)
        self.on_response = tuple(hook for part in parts for hook in part.on_response)
        self.refusals = tuple(hook for part in parts for hook in part.refusals)
        self.origin_policy = OriginPolicy(settings.advanced.disable_csrf_check, settings.advanced.disable_origin_check)
        self.disabled = frozenset(settings.disabled_paths)
        self.limits: LimitPlan | None = None
        if rate_limited(settings):
            self.limits = LimitPlan(settings.rate_limit, [rule for part in parts for rule in part.limits])
        # The counters of a process are shared by all that is bound in it.
        self.counter, self.target_counter = MemoryCounter(), MemoryCounter()
        self.schemes = Passwords(Scrypt() if settings.email_and_password.password_hash == "scrypt" else Argon2id())  # noqa: S105 (a scheme)
        _check_api(api, self.programs)
        for plugin in plugins:
            plugin.complete([each.endpoint for operation, each in self.programs.items() if operation not in replaced])

    def bind(
        self,
        adapter: Adapter,
        *,
        cache: Cache | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        workers: Workers | None = None,
        tasks: Tasks | None = None,
        egress: Egress | None = None,
        log: Log | None = None,
    ) -> Auth[A]:
        """An instance on a database. Cheap enough to be done for every request."""
        return Auth[A].bound(
            self,
            adapter,
            cache=cache,
            clock=clock,
            random=random,
            workers=workers,
            tasks=tasks,
            egress=egress,
            log=log,
        )


class Auth(Generic[A]):
    """A running instance: answers requests, and the application's own calls.

    Args:
        settings: Validated options.
        adapter: The database; without one, what there is to store lives and ends with this process. Without a cache
            too, sessions are what their owners' cookies say (contract: ``stateless_defaults``).
        plugins: In the order in which they see requests.
        api: The class of the server's methods, where plugins add some.
        cache: The secondary storage: keeps sessions, one-time values and counters.
        clock, random, workers, tasks, egress, log: The ports; the defaults are the real ones.

    Attributes:
        api: The server's own methods.
        blueprint: What was worked out once.
        services: The keepers of the tables, and the ports.
        adapter: The database.
        tables: Those that the database has to have.
    """

    @overload
    def __init__(
        self: Auth[CoreApi],
        settings: Settings,
        adapter: Adapter | None = None,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        cache: Cache | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        workers: Workers | None = None,
        tasks: Tasks | None = None,
        egress: Egress | None = None,
        log: Log | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        settings: Settings,
        adapter: Adapter | None = None,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        api: type[A],
        cache: Cache | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        workers: Workers | None = None,
        tasks: Tasks | None = None,
        egress: Egress | None = None,
        log: Log | None = None,
    ) -> None: ...
    def __init__(
        self,
        settings: Settings,
        adapter: Adapter | None = None,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        api: Any = CoreApi,
        cache: Cache | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        workers: Workers | None = None,
        tasks: Tasks | None = None,
        egress: Egress | None = None,
        log: Log | None = None,
    ) -> None:
        stateless = adapter is None and cache is None
        blueprint: Blueprint[Any] = Blueprint(settings, plugins=plugins, api=api, stateless=stateless)
        adapter = adapter or _no_database()
        self._bind(blueprint, adapter, cache, clock, random, workers, tasks, egress, log)

    @classmethod
    def bound(
        cls,
        blueprint: Blueprint[A],
        adapter: Adapter,
        *,
        cache: Cache | None = None,
        clock: Clock | None = None,
        random: Random | None = None,
        workers: Workers | None = None,
        tasks: Tasks | None = None,
        egress: Egress | None = None,
        log: Log | None = None,
    ) -> Auth[A]:
        """An instance of ``blueprint`` on a database; see :meth:`Blueprint.bind`."""
        self: Auth[A] = object.__new__(cls)
        self._bind(blueprint, adapter, cache, clock, random, workers, tasks, egress, log)
        return self

    def _bind(  # noqa: PLR0917 (private, and called with everything)
        self,
        blueprint: Blueprint[A],
        adapter: Adapter,
        cache: Cache | None,
        clock: Clock | None,
        random: Random | None,
        workers: Workers | None,
        tasks: Tasks | None,
        egress: Egress | None,
        log: Log | None,
    ) -> None:
        plan = blueprint.plan
        settings = blueprint.settings
        clock = clock or SystemClock()
        random = random or SystemRandom()
        log = log or log_of(settings.logger)
        self.blueprint = blueprint
        background = settings.advanced.background_tasks
        if tasks is None and background is not None:
            tasks = HandedTasks(background.handler, log)
        self._own_tasks = BackgroundTasks(log) if tasks is None else None
        self._own_egress = HttpxEgress() if egress is None else None
        tasks = tasks or cast("Tasks", self._own_tasks)
        sessions, row_hooks = SessionKeeper(settings.session, clock, random), blueprint.row_hooks
        verifications = VerificationKeeper(settings.verification, clock, tasks)
        if cache is not None:
            cache = CacheDeadline(cache)
            verifications = _cached_verifications(settings, clock, tasks, cache=cache, plan=plan, log=log)
            sessions = CachedSessionKeeper(settings.session, clock, random, cache=cache, schema=plan.schema, log=log)
            row_hooks = row_hooks.including(sessions.hooks())
        absent = frozenset[str]() if cache is None else _kept_in_cache(settings)
        self.services = Services(
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
            egress=egress or cast("Egress", self._own_egress),
            log=log,
            passwords=PasswordKeeper(settings.email_and_password, blueprint.schemes, workers or _default_workers()),
            users=UserKeeper(UserAdmission(settings.user.validate_user_info, within, log)),
            sessions=sessions,
            accounts=AccountKeeper(),
            verifications=verifications,
            provider_accounts=ProviderAccounts(plan.cipher, random, encrypts=plan.social.encrypts_tokens),
            targets=TargetLimits(None, AccountLimits(), clock),
            cache=cache,
        )
        self.adapter = adapter
        self.tables = plan.schema.without(absent)
        self.api: A = blueprint.api_type(self)
        self._router = blueprint.router
        self._limits: Limits | None = None
        if blueprint.limits is not None:
            self._limits = Limits(
                blueprint.limits,
                self._counter(blueprint.limits, blueprint.counter),
                plan.limited_address,
                clock=clock,
                log=log,
                hardened=blueprint.hardened,
            )
            per_account = settings.rate_limit.per_account
            if per_account:
                counter = self._counter(blueprint.limits, blueprint.target_counter)
                self.services.targets = TargetLimits(counter, per_account, clock)
        self._base = plan.base
        self._stack: AsyncExitStack | None = None

    def _counter(self, limits: LimitPlan, here: MemoryCounter) -> Counter:
        options, services = self.blueprint.settings, self.services
        if options.rate_limit.custom_storage is not None:
            return CustomCounter(options.rate_limit.custom_storage.consume)
        storage = rate_limit_storage(options, has_cache=services.cache is not None)
        if storage == "database":
            return DatabaseCounter(services.database, services.tasks, limits.longest_seconds)
        if storage == "memory":
            return here
        if services.cache is None:
            raise ConfigError("rate_limit.storage is secondary-storage, but there is no cache")
        return CacheCounter(services.cache)

    # Lifespan --------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> te.Self:
        """Open the database and start the task group."""
        stack = AsyncExitStack()
        async with AsyncExitStack() as opening:
            await self.adapter.open()
            opening.push_async_callback(self.adapter.close)
            if self._own_egress is not None:
                opening.push_async_callback(self._own_egress.close)
            if self._own_tasks is not None:
                await opening.enter_async_context(self._own_tasks)
            await self.blueprint.plan.social.providers.make_all(self.services)
            stack = opening.pop_all()
        self._stack = stack
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Wait for work that is under way, then close what was opened."""
        stack, self._stack = self._stack, None
        if stack is not None:
            await stack.__aexit__(kind, error, trace)

    async def create_tables(self) -> None:
        """Create what the database lacks of this instance's tables; for tests, demos and first starts."""
        await self.adapter.create_tables(self.tables)

    # HTTP ------------------------------------------------------------------------------------------------------------

    async def handle(self, request: Request) -> Response:
        """The answer to a request.

        Raises:
            Exception: Only with ``on_api_error.throw``: what nobody expected.
        """
        try:
            response = await self._handle(request)
        except Exception as error:  # noqa: BLE001 (the edge: whatever went wrong, the caller gets an answer)
            response = await self._failed(error, request)
        for hook in self.blueprint.on_response:
            try:
                response = await hook(request, response, self.services) or response
            except Exception as error:  # noqa: BLE001 (likewise)
                response = await self._failed(error, request)
        return response

    async def _failed(self, error: Exception, request: Request) -> Response:
        """The answer when something was raised, after operators were told what they should know."""
        known = _as_fault(error)
        if known is None:
            await self._tell("a request failed unexpectedly", error, request)
            if self.blueprint.settings.on_api_error.throw:
                raise error
            return self._fail(faults.InternalServerError())
        if known.status >= 500:
            await self._tell("a request failed" if known is error else "a store is not available", error, request)
        return self._fail(known)

    async def _tell(self, message: str, error: Exception, request: Request) -> None:
        """Tell the operators, and the application where it wants to know."""
        log = self.services.log
        because = {"because": error.because} if isinstance(error, ApiError) else {}
        log.error(message, error=error, path=request.path, **because)
        tell = self.blueprint.settings.on_api_error.on_error
        if tell is None:
            return
        try:
            told = tell(error, request)
            if told is not None:
                await told
        except Exception as failure:  # noqa: BLE001 (its failure changes nothing for the caller)
            log.error("on_api_error.on_error failed", error=failure)

    def _fail(self, error: ApiError) -> Response:
        return error_response(error, fixed=self.blueprint.fixed_headers)

    async def _handle(self, request: Request) -> Response:
        blueprint = self.blueprint
        for hook in blueprint.on_request:
            changed = await hook(request, self.services)
            if isinstance(changed, Response):
                return changed
            request = changed or request
        base = self._base
        if base is None:
            base = self._resolve(request)
            request = self._as_sent(request)
        path = strip_base(
            request.path, base.base_path, skip_trailing_slashes=blueprint.settings.advanced.skip_trailing_slashes
        )
        if path is None:
            return _NOT_FOUND
        if path in blueprint.disabled:
            return _DISABLED
        found = self._router.find(request.method, path)
        if found is None:
            return _NOT_FOUND
        program, parameters = found
        if self._limits is not None:
            # Parameters do not make another path: requests for all of them are counted together.
            template = path if not parameters else program.operation.route.path or path
            refusal = await self._limits.refusal(request, path, program.operation, template)
            if refusal is not None:
                return refusal
        if len(request.body) > blueprint.settings.advanced.max_body_bytes:
            raise faults.PayloadTooLarge
        headers = request.headers
        if request.method != "GET":
            trusted = await self._trusted(request, base)
            policy = blueprint.origin_policy
            if policy.checks_origin(path):
                check_origin(headers, trusted)
                if program.operation.route.origin == "form":
                    check_form(headers, trusted)
            if policy.checks_places(path):
                self._check_places(request, trusted)
        elif request.query and names_a_place(request.query) and blueprint.origin_policy.checks_places(path):
            self._check_places(request, await self._trusted(request, base))
        if blueprint.raw_hooks is not None:
            sent = FromRequest(program, request, parameters, self.services, base)
            try:
                outcome = await blueprint.raw_hooks.run(program, sent.check())
            except ApiError as refused:
                error = await self._reworded(refused, sent) if blueprint.refusals else refused
                if error.status >= 500:
                    await self._tell("a request failed", error, request)
                return program.respond_to_error(error)
            if outcome.own:
                return program.respond(outcome.value, outcome.out)
            return program.respond_with(outcome.value, outcome.out)
        call: Call[Any] | None = None
        try:
            operation = program.decoder.read(
                request.method,
                request.media_type,
                request.body,
                request.query,
                parameters,
                headers.get("content-type") or "",
            )
            call = Call(operation, self.services, headers, request, base)
            result = await program.run(call)
        except ApiError as refused:
            error = refused
            if blueprint.refusals:
                error = await self._reworded(
                    refused, FromRequest(program, request, parameters, self.services, base), call
                )
            if call is None:
                return self._fail(error)
            if error.status >= 500:
                await self._tell("a request failed", error, request)
            return program.respond_to_error(error, call.out)
        return program.respond(result, call.out)

    async def _reworded(
        self, error: ApiError, sent: FromRequest | FromServer, call: Call[Any] | None = None
    ) -> ApiError:
        """The error as plugins say it."""
        if isinstance(error, Instead):
            return error
        context = sent.context() if call is None else with_sessions(sent.context(), call)
        context = context.having(returned=error)
        for hook in self.blueprint.refusals:
            error = await hook(context, error) or error
        return error

    def _as_sent(self, request: Request) -> Request:
        """The request as its sender knows it: with the scheme that a trusted proxy reports."""
        said = self.blueprint.plan.dynamic_base.forwarded_scheme(request)
        return request if said is None or said == request.scheme else replace(request, scheme=said)

    def _resolve(self, request: Request) -> BaseURL:
        try:
            base = resolve(request, self.blueprint.plan.dynamic_base)
        except InvalidHost:
            base = None
        if base is None:
            raise faults.BadRequest(message="Invalid host")
        return base

    async def _trusted(self, request: Request | None, base: BaseURL) -> TrustedOrigins:
        plan = self.blueprint.plan
        more = self.blueprint.settings.trusted_origins
        if not callable(more):
            if plan.base is not None:
                return plan.origins
            return plan.origins.including((base.origin,))
        answer = more(request)
        origins = await answer if inspect.isawaitable(answer) else answer
        return plan.origins.including((base.origin, *(each for each in origins or () if each)))

    def _check_places(self, request: Request, trusted: TrustedOrigins) -> None:
        """Check every place that the body or the query names, before the operation is read."""
        query = parse_query(request.query) if request.query and names_a_place(request.query) else {}
        body: Mapping[str, object] = {}
        if request.body and names_a_place(request.body):
            body = _members(request)
        for name in PLACES:
            for values in (body, query):
                value = values.get(name)
                if values is query and isinstance(value, list):
                    # Sent twice: neither may lead elsewhere, whichever is read.
                    for each in cast("list[str]", value):
                        check_place(name, each, trusted)
                else:
                    check_place(name, value, trusted)

    # The server's own calls ------------------------------------------------------------------------------------------

    async def execute(self, op: Operation[R], /, headers: Acting | None = None) -> R:
        """The value of ``op``, run by the application itself: no routing, origins or rate limits.

        Args:
            op: What to do.
            headers: Of the caller for whom the application acts.

        Raises:
            ApiError: The operation failed, in one of the ways that it documents.
            ConfigError: No installed part handles the operation.
        """
        return (await self.reply(op, headers)).value

    async def reply(self, op: Operation[R], /, headers: Acting | Headers | None = None) -> Reply[R]:
        """The same as :meth:`execute`, with status and headers.

        Args:
            op: What to do.
            headers: Of the caller for whom the application acts: a mapping, or header fields as they were received.

        Raises:
            ApiError: The operation failed; what was set before rides along in its headers.
            ConfigError: No installed part handles the operation.
        """
        program = self.blueprint.programs.get(type(op))
        if program is None:
            raise ConfigError(f"no installed part handles {type(op).__name__}")
        if headers is None and program.operation.route.needs_headers:
            raise faults.ValidationError(message="Headers is required")
        base = self._base or self._unknown_base()
        raw = self.blueprint.raw_hooks
        if raw is not None:
            sent = FromServer(op, Headers.of(headers or ()), self.services, base, trusted=headers is None)
            try:
                outcome = await raw.run(program, sent)
            except ApiError as error:
                if not self.blueprint.refusals:
                    raise
                raise await self._reworded(error, sent) from error.__cause__
            out = outcome.out
            return Reply(out.status or 200, tuple(out.lines()), cast("R", outcome.value))
        call: Call[Any] = Call(
            program.decoder.of(op), self.services, Headers.of(headers or ()), None, base, trusted=headers is None
        )
        try:
            value = await program.run(call)
        except ApiError as error:
            if self.blueprint.refusals:
                sent = FromServer(op, call.headers, self.services, base, trusted=call.trusted)
                reworded = await self._reworded(error, sent, call)
                raise reworded.with_headers(tuple(call.out.lines())) from error.__cause__
            raise error.with_headers(tuple(call.out.lines())) from error.__cause__
        except (InvalidValue, Conflict, StoreUnavailable, CacheUnavailable) as error:
            raise cast("ApiError", _as_fault(error)) from error
        status = call.out.status or (value.status if isinstance(value, (Redirect, Html, Raw, Empty)) else 200)
        return Reply(status, tuple(call.out.lines()), cast("R", value))

    def _unknown_base(self) -> BaseURL:
        """What a server call without a request acts under where every request decides: the fallback, or nothing."""
        settings = self.blueprint.settings
        dynamic = settings.base_url
        if dynamic is not None and not isinstance(dynamic, str) and dynamic.fallback is not None:
            return BaseURL.parse(dynamic.fallback, settings.base_path)
        return BaseURL("", normalize_base_path(settings.base_path))

    def of(self, plugin: Plugin[PA]) -> PA:
        """The methods that a plugin adds, typed by the plugin."""
        return plugin.api(self)


def _as_fault(error: Exception) -> ApiError | None:
    """What callers are told of an error, or ``None`` for one that nobody foresaw."""
    match error:
        case ApiError():
            return error
        case InvalidValue():
            return faults.ValidationError(message=f"Invalid input: {error}")
        case Conflict():
            return faults.AlreadyInUse(because=str(error))
        case StoreUnavailable() | CacheUnavailable():
            return faults.ServiceUnavailable(headers=(("retry-after", "1"),))
        case _:
            return None


def _table_options(settings: Settings, parts: Sequence[Parts]) -> dict[str, TableOptions]:
    """What plugins say about their tables, under what the settings say."""
    found = {model: options for part in parts for model, options in part.table_options.items()}
    for model, options in settings.table_options().items():
        known = found.get(model)
        found[model] = options if known is None else known.merged(options)
    return found


def _bases(settings: Settings) -> tuple[BaseURL | None, DynamicBaseURL]:
    said = settings.base_url
    proxied = settings.advanced.trusted_proxy_headers
    proxies = _proxies(settings)
    try:
        if isinstance(said, str):
            base = BaseURL.parse(said, settings.base_path)
            return base, DynamicBaseURL.of(None, base_path=base.base_path)
        if said is None:
            return None, DynamicBaseURL.of(
                None, base_path=settings.base_path, trusted_proxy_headers=bool(proxied), proxies=proxies
            )
        return None, DynamicBaseURL.of(
            said.allowed_hosts,
            protocol=said.protocol,
            fallback=said.fallback,
            base_path=settings.base_path,
            # A known proxy passes the host on as it is; without one the contract's default holds.
            trusted_proxy_headers=proxies is None if proxied is None else proxied,
            proxies=proxies,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from None


def _proxies(settings: Settings) -> tuple[Network, ...] | None:
    """Where connections of the proxy in front come from, where it is a known one."""
    name = settings.advanced.proxy
    if name is None:
        return None
    return (
        *PROXIES[name].networks,
        *(ip_network(each, strict=False) for each in settings.advanced.ip_address.trusted_proxies),
    )


def _members(request: Request) -> Mapping[str, object]:
    """The members of a body, as far as it has any; what is wrong with it is said when it is decoded."""
    if request.media_type == FORM:
        return parse_query(request.body.decode(errors="replace"))
    try:
        value = decode(request.body)
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}


def _compile(
    endpoints: Sequence[Endpoint],
    hooks: Sequence[Any],
    replaced: Mapping[type[Operation[Any]], type[Operation[Any]]],
    *,
    hardened: bool,
) -> dict[type[Operation[Any]], Program]:
    programs: dict[type[Operation[Any]], Program] = {}
    for endpoint in endpoints:
        if endpoint.operation in programs:
            raise ConfigError(f"two handlers answer {endpoint.operation.__name__}")
        old = [each for each, new in replaced.items() if new is endpoint.operation]
        programs[endpoint.operation] = Program(endpoint, hooks, hardened=hardened, replaces=old)
    for old, new in replaced.items():
        if new not in programs:
            raise ConfigError(f"{new.__name__} replaces {old.__name__}, but nothing handles it")
        programs[old] = programs[new]
    return programs


def _route(
    programs: Mapping[type[Operation[Any]], Program],
    replaced: Mapping[type[Operation[Any]], type[Operation[Any]]],
    aliases: Sequence[tuple[str, str, type[Operation[Any]]]],
) -> Router[Program]:
    router: Router[Program] = Router()
    for operation, program in programs.items():
        route = operation.route
        if operation in replaced or not route.served or route.path is None:
            continue
        for method in route.methods:
            router.add(method, route.path, program)
    for method, path, operation in aliases:
        if operation not in programs:
            raise ConfigError(f"{method} {path} leads to {operation.__name__}, but nothing handles it")
        router.add(method, path, programs[operation])
    return router


def _check_api(api: type[Api], programs: Mapping[type[Operation[Any]], Program]) -> None:
    seen: dict[str, tuple[type[Operation[Any]], type[Api]]] = {}
    for name, operation, declared_in in methods_of(api):
        if operation not in programs:
            raise ConfigError(f"{api.__name__}.{name} needs a plugin that handles {operation.__name__}")
        known = seen.setdefault(name, (operation, declared_in))
        if known[0] is not operation and not issubclass(known[1], declared_in):
            raise ConfigError(
                f"{api.__name__}.{name} is {known[0].__name__} in {known[1].__name__} "
                f"and {operation.__name__} in {declared_in.__name__}"
            )


def _kept_in_cache(settings: Settings) -> frozenset[str]:
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


def _no_database() -> Adapter:
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
