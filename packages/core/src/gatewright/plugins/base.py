"""What a plugin is: a function from its options to parts.

A plugin adds operations, tables, columns, hooks, cookies and rate rules. It is compiled into the programs of an
instance at construction; no request loops over plugins.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic

from typing_extensions import TypeVar

from gatewright.http.request import Request
from gatewright.http.response import Response
from gatewright.model.row import Row
from gatewright.model.schema import TableOptions
from gatewright.model.user import User
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Endpoint
from gatewright.pipeline.hooks import Hook
from gatewright.pipeline.session_gates import SessionGate
from gatewright.services.cookies import CookieSpec
from gatewright.services.database import RowHook
from gatewright.services.session_cache import CopySigner
from gatewright.services.social import ProviderMaker
from gatewright.services.users import Farewell
from gatewright.settings.hooks import HookContext
from gatewright.wire.calls import Api, Executor
from gatewright.wire.faults import ApiError
from gatewright.wire.operation import Limit, Operation

if TYPE_CHECKING:
    from gatewright.services.services import Services

__all__ = ("LimitRule", "OnRefusal", "OnRequest", "OnResponse", "Parts", "Plugin")

A = TypeVar("A", bound=Api, default=Api)

OnRequest = Callable[[Request, "Services"], Awaitable["Request | Response | None"]]
"""Sees a request before it is routed: may change it, or answer it."""

OnResponse = Callable[[Request, Response, "Services"], Awaitable["Response | None"]]
"""Sees an answer before it is sent: may replace it."""

OnRefusal = Callable[[HookContext, ApiError], Awaitable["ApiError | None"]]
"""Sees how an operation was refused, after the application's own hooks: may say it differently."""


@dataclass(frozen=True, slots=True)
class LimitRule:
    """A rate rule for every path that ``matches``; it replaces the core's."""

    matches: Callable[[str], bool]
    limit: Limit


@dataclass(frozen=True, slots=True)
class Parts:
    """What a plugin adds.

    Attributes:
        endpoints: Handlers with their operations.
        tables: Row classes: tables of its own, or columns for tables of others.
        table_options: Names and further columns that the plugin's own options give to tables, by model name.
        hooks: Around operations.
        row_hooks: Around rows.
        cookies: By the name under which the plugin asks for them.
        limits: Rate rules; the first that matches a path replaces the core's.
        replaces: Operations whose handlers this plugin's take over, by the operation that takes over. Hooks around the
            one that is replaced run around it, and are given its input and its result.
        on_request, on_response: Around raw requests.
        refusals: See operations that were refused.
        farewells: Asked and told of users who are deleted.
        providers: Social providers that have to be asked about themselves first, by name.
        aliases: Further paths for operations: method, path, operation.
        signs_copies: Signs the copies of sessions that their owners carry, where ``session.cookie_cache.strategy`` is
            ``jwt``.
        gates: Asked before a session of a user begins, in whatever way; what they raise is answered in its place.
        enrolling: Operations that a session may call that waits for a second factor to be set up; others see no session.
        believed: Providers whose word about how they have proven a user (``amr``) is believed.
        mails_verification: Has a user's address proven in place of the mailed link: given services, user and request.
    """

    endpoints: Sequence[Endpoint] = ()
    tables: Sequence[type[Row]] = ()
    table_options: Mapping[str, TableOptions] = field(default_factory=dict[str, TableOptions])
    hooks: Sequence[Hook] = ()
    row_hooks: Sequence[RowHook] = ()
    cookies: Mapping[str, CookieSpec] = field(default_factory=dict[str, CookieSpec])
    limits: Sequence[LimitRule] = ()
    replaces: Mapping[type[Operation[Any]], type[Operation[Any]]] = field(
        default_factory=dict[type[Operation[Any]], type[Operation[Any]]]
    )
    on_request: Sequence[OnRequest] = ()
    on_response: Sequence[OnResponse] = ()
    refusals: Sequence[OnRefusal] = ()
    farewells: Sequence[Farewell] = ()
    providers: Mapping[str, ProviderMaker] = field(default_factory=dict[str, ProviderMaker])
    aliases: Sequence[tuple[str, str, type[Operation[Any]]]] = ()
    gates: Sequence[SessionGate] = ()
    enrolling: Sequence[type[Operation[Any]]] = ()
    believed: Sequence[str] = ()
    mails_verification: Callable[[Services, User, Request | None], Awaitable[None]] | None = None
    signs_copies: CopySigner[Call[Any]] | None = None


class Plugin(Generic[A]):
    """A bundle of parts; ``A`` types the server methods that it adds.

    Attributes:
        id: The contract's name of the plugin.
        api_type: The mixin with its server methods.
    """

    id: str
    api_type: type[A]

    def parts(self) -> Parts:
        """What the plugin adds; asked once, at construction."""
        return Parts()

    def adopt(self, installed: Sequence[Plugin[Any]]) -> None:
        """A chance to adjust to the other plugins, once, at construction, in the order of the list."""

    def complete(self, endpoints: Sequence[Endpoint]) -> None:
        """Told once, at construction, what the instance handles when everything is in place."""

    def api(self, executor: Executor) -> A:
        """The plugin's server methods, bound to a running instance."""
        return self.api_type(executor)
