"""Options: functions around requests and around rows. Not the hooks of plugins, which are typed by operation.

Source: contract, options.json ``hooks`` and ``databaseHooks``.
"""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from gatewright.settings.base import Called, Options

if TYPE_CHECKING:
    from gatewright.http.request import Request
    from gatewright.model.session import Session
    from gatewright.model.user import User

__all__ = (
    "AfterWrite",
    "BeforeWrite",
    "DatabaseHooks",
    "HookAnswer",
    "HookContext",
    "ModelHooks",
    "RequestHook",
    "RequestHooks",
    "StageHooks",
)


@dataclass(frozen=True, slots=True)
class HookContext:
    """A call as a hook sees it: what was sent, before it was validated.

    Attributes:
        path: The operation's own, as ``/callback/:id``.
        method: HTTP method, or that of the operation when the server called it itself.
        headers: By lower-case name.
        body, query, params: What was sent, by wire name.
        session, user: Who calls, where that is known already.
        new_session, new_user: Who was signed in by the operation; only after it.
        returned: The operation's result, or the error that it ended with; only after it.
        response_headers: What the answer carries so far; only after it.
        request: The HTTP request; ``None`` where the server itself calls.
    """

    path: str
    method: str
    headers: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    body: Mapping[str, object] | None = field(default=None, repr=False)
    query: Mapping[str, object] | None = field(default=None, repr=False)
    params: Mapping[str, str] = field(default_factory=dict[str, str], repr=False)
    session: Session | None = field(default=None, repr=False)
    user: User | None = field(default=None, repr=False)
    new_session: Session | None = field(default=None, repr=False)
    new_user: User | None = field(default=None, repr=False)
    returned: object = field(default=None, repr=False)
    response_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    request: Request | None = field(default=None, repr=False)

    def having(self, **changes: Any) -> HookContext:
        """The same context with some members replaced."""
        return replace(self, **changes)


@dataclass(frozen=True, slots=True)
class HookAnswer:
    """What a hook changes. Everything left out stays as it is.

    Attributes:
        body, query, headers: Merged into the request; only before the operation.
        response: Before the operation, answers in its place; after it, replaces its result.
        response_headers: Added to the answer.
    """

    body: Mapping[str, object] | None = field(default=None, repr=False)
    query: Mapping[str, object] | None = field(default=None, repr=False)
    headers: Mapping[str, str] | None = field(default=None, repr=False)
    response: object | None = field(default=None, repr=False)
    response_headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)


class RequestHook(Protocol):
    """Runs around every operation."""

    def __call__(self, context: HookContext, /) -> Awaitable[HookAnswer | None]:
        """What to change; an ``ApiError`` that it raises is the answer."""
        ...


class BeforeWrite(Protocol):
    """Runs before rows are written, inside the transaction if there is one.

    It is given what is about to be written, by wire name: a new row without its identifier and without what is null, the
    changed values of an update, or the whole row that is about to go.
    """

    def __call__(
        self, values: Mapping[str, object], context: HookContext | None, /
    ) -> Awaitable[Mapping[str, object] | Literal[False] | None]:
        """Values to change, by wire name, also as ``{"data": values}``; ``False`` refuses, ``None`` lets it be.

        Whatever it raises undoes the transaction: an ``ApiError`` is the answer, anything else a bare 500.
        """
        ...


class AfterWrite(Protocol):
    """Runs when rows have been written for good; what it raises does not undo them, but is the answer."""

    def __call__(self, row: Mapping[str, object], context: HookContext | None, /) -> Awaitable[None]:
        """Look at the row, by wire name, with the columns that never leave the server."""
        ...


class RequestHooks(Options):
    """Functions around every operation, on what was sent before it is validated."""

    before: Called[RequestHook] | None = None
    after: Called[RequestHook] | None = None


class StageHooks(Options):
    """``before`` may change the values or refuse with ``False``; ``after`` runs when they are stored for good."""

    before: Called[BeforeWrite] | None = None
    after: Called[AfterWrite] | None = None


class ModelHooks(Options):
    """Functions around the rows of one table."""

    create: StageHooks = StageHooks()
    update: StageHooks = StageHooks()
    delete: StageHooks = StageHooks()


class DatabaseHooks(Options):
    """Functions around rows."""

    user: ModelHooks = ModelHooks()
    session: ModelHooks = ModelHooks()
    account: ModelHooks = ModelHooks()
    verification: ModelHooks = ModelHooks()
