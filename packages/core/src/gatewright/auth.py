"""The composition root: settings, plugins and a database become a running instance.

:class:`~gatewright.blueprint.Blueprint` does all that depends only on settings and plugins, once. :class:`Auth` binds it
to a database, in microseconds, so that it can also be done for every request where the platform hands over the database
inside the request. Requests go through :mod:`gatewright.door`; the application's own calls are here.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Coroutine, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Generic, Literal, TypeVar, cast, overload

import typing_extensions as te

from gatewright.api import CoreApi
from gatewright.binding import Ports, kept_in_cache, limits_of, no_database, services_of
from gatewright.blueprint import Blueprint
from gatewright.contract import faults
from gatewright.door import Door, as_fault
from gatewright.http.base_url import BaseURL, normalize_base_path
from gatewright.http.headers import Headers
from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.pipeline.call import Call
from gatewright.pipeline.raw_hooks import FromServer
from gatewright.plugins.base import Plugin
from gatewright.ports.adapter import Adapter, Conflict, InvalidValue, StoreUnavailable, TellsMissing
from gatewright.ports.cache import CacheUnavailable
from gatewright.ports.clock import SystemClock
from gatewright.ports.egress import Egress, HttpxEgress
from gatewright.ports.random import SystemRandom
from gatewright.ports.tasks import Tasks
from gatewright.services.background import BackgroundTasks, HandedTasks
from gatewright.services.logs import log_of
from gatewright.settings.settings import Settings
from gatewright.wire.calls import Acting, Api
from gatewright.wire.faults import ApiError, ConfigError
from gatewright.wire.kinds import Empty, Html, Raw, Redirect
from gatewright.wire.operation import Operation

__all__ = ("Auth", "Reply")

R = TypeVar("R")
PA = TypeVar("PA", bound=Api)
A = te.TypeVar("A", bound=CoreApi, default=CoreApi)
_PORTS = frozenset(Ports.__annotations__)


@dataclass(frozen=True, slots=True)
class Reply(Generic[R]):
    """A result with what HTTP would send beside it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    value: R


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
        **ports: te.Unpack[Ports],
    ) -> None: ...
    @overload
    def __init__(
        self,
        settings: Settings,
        adapter: Adapter | None = None,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        api: type[A],
        **ports: te.Unpack[Ports],
    ) -> None: ...
    def __init__(
        self,
        settings: Settings,
        adapter: Adapter | None = None,
        *,
        plugins: Sequence[Plugin[Any]] = (),
        api: Any = CoreApi,
        **ports: te.Unpack[Ports],
    ) -> None:
        stateless = adapter is None and ports.get("cache") is None
        blueprint: Blueprint[Any] = Blueprint(settings, plugins=plugins, api=api, stateless=stateless)
        adapter = adapter or no_database()
        self._bind(blueprint, adapter, **ports)
        self._missing_tables = settings.advanced.database.missing_tables

    @classmethod
    def bound(
        cls,
        blueprint: Blueprint[A],
        adapter: Adapter,
        **ports: te.Unpack[Ports],
    ) -> Auth[A]:
        """An instance of ``blueprint`` on a database; see :meth:`Blueprint.bind`."""
        self: Auth[A] = object.__new__(cls)
        self._bind(blueprint, adapter, **ports)
        return self

    def rebind(self, blueprint: Blueprint[A], adapter: Adapter, **ports: te.Unpack[Ports]) -> None:
        """Make the same object an instance of another blueprint, on another database: what tests do with an application.

        Nothing may be in flight; what the instance was is gone, its lifespan included.
        """
        self._bind(blueprint, adapter, **ports)

    def _bind(self, blueprint: Blueprint[A], adapter: Adapter, **ports: te.Unpack[Ports]) -> None:
        if unknown := ports.keys() - _PORTS:
            raise TypeError(f"unexpected keyword argument: {', '.join(sorted(unknown))}")
        settings = blueprint.settings
        cache, tasks, egress = ports.get("cache"), ports.get("tasks"), ports.get("egress")
        log = ports.get("log") or log_of(settings.logger)
        background = settings.advanced.background_tasks
        if tasks is None and background is not None:
            tasks = HandedTasks(background.handler, log)
        self.blueprint = blueprint
        self._own_tasks = BackgroundTasks(log) if tasks is None else None
        self._own_egress = HttpxEgress() if egress is None else None
        self.services = services_of(
            blueprint,
            adapter,
            cache=cache,
            clock=ports.get("clock") or SystemClock(),
            random=ports.get("random") or SystemRandom(),
            workers=ports.get("workers"),
            tasks=tasks or cast("Tasks", self._own_tasks),
            egress=egress or cast("Egress", self._own_egress),
            log=log,
        )
        self.adapter = adapter
        self.tables = blueprint.plan.schema.without(frozenset() if cache is None else kept_in_cache(settings))
        self.api: A = blueprint.api_type(self)
        self._door = Door(blueprint, self.services, limits_of(blueprint, self.services))
        self._stack: AsyncExitStack | None = None
        # What is bound to a database within a request does not look at its tables each time.
        self._missing_tables: Literal["refuse", "create", "ignore"] = "ignore"

    # Lifespan --------------------------------------------------------------------------------------------------------

    async def __aenter__(self) -> te.Self:
        """Open the database, look whether it has the tables, and start the task group.

        Raises:
            ConfigError: It lacks some (``advanced.database.missing_tables``).
        """
        stack = AsyncExitStack()
        async with AsyncExitStack() as opening:
            await self.adapter.open()
            opening.push_async_callback(self.adapter.close)
            if self._missing_tables == "create":
                await self.create_tables()
            elif self._missing_tables == "refuse":
                await self.check_tables()
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

    @asynccontextmanager
    async def unchecked(self) -> AsyncGenerator[te.Self]:
        """The same lifespan, whatever the database lacks: for what looks at its tables, or makes them."""
        kept, self._missing_tables = self._missing_tables, "ignore"
        try:
            async with self:
                yield self
        finally:
            self._missing_tables = kept

    async def create_tables(self) -> None:
        """Create what the database lacks of this instance's tables; for tests, demos and first starts.

        Before the instance is opened, which refuses a database that lacks them.
        """
        await self.adapter.create_tables(self.tables)

    async def check_tables(self) -> None:
        """Look whether the database has this instance's tables and columns: one read, where the adapter can tell.

        Raises:
            ConfigError: It lacks those that are named.
        """
        adapter = self.adapter
        lacking = await adapter.missing(self.tables) if isinstance(adapter, TellsMissing) else ()
        if lacking:
            raise ConfigError(
                f"the database lacks {', '.join(lacking)}: run `gatewright migrate`, or let them be made at the start"
                " with advanced.database.missing_tables = 'create'"
            )

    # HTTP ------------------------------------------------------------------------------------------------------------

    def handle(self, request: Request) -> Coroutine[Any, Any, Response]:
        """The answer to a request.

        Raises:
            Exception: Only with ``on_api_error.throw``: what nobody expected.
        """
        return self._door.handle(request)

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
        base = self.blueprint.plan.base or self._unknown_base()
        raw = self.blueprint.raw_hooks
        if raw is not None:
            sent = FromServer(op, Headers.of(headers or ()), self.services, base, trusted=headers is None)
            try:
                outcome = await raw.run(program, sent)
            except ApiError as error:
                if not self.blueprint.refusals:
                    raise
                raise await self._door.reworded(error, sent) from error.__cause__
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
                reworded = await self._door.reworded(error, sent, call)
                raise reworded.with_headers(tuple(call.out.lines())) from error.__cause__
            raise error.with_headers(tuple(call.out.lines())) from error.__cause__
        except (InvalidValue, Conflict, StoreUnavailable, CacheUnavailable) as error:
            raise cast("ApiError", as_fault(error)) from error
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
