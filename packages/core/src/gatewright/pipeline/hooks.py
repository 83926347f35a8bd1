"""Hooks around operations and rows: bound to classes, typed, compiled into the programs they belong to."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from gatewright.model.row import Row
from gatewright.pipeline.call import Call
from gatewright.pipeline.handles import Declares
from gatewright.services.database import RowChange, RowHook, RowStage
from gatewright.wire.operation import Operation

__all__ = (
    "EVERY",
    "Hook",
    "after",
    "before",
    "deleted",
    "deleting",
    "inserted",
    "inserting",
    "updated",
    "updating",
)

R = TypeVar("R")
M = TypeVar("M", bound=Row)
Op = TypeVar("Op", bound=Operation[Any])


class Every(Operation[Any]):
    """Stands for every operation; see :data:`EVERY`."""


EVERY = Every
"""``@before(EVERY)`` and ``@after(EVERY)`` run around every operation."""

Stage: TypeAlias = Literal["before", "after"]


@dataclass(frozen=True, slots=True)
class Hook:
    """A function that runs before or after an operation."""

    operation: type[Operation[Any]]
    stage: Stage
    run: Callable[..., Awaitable[Any]]


class before(Generic[Op]):  # noqa: N801 (a decorator)
    """Runs before ``operation``; may raise, or hand back a changed input."""

    def __init__(self, operation: Declares[Op, Any], /) -> None:
        self._operation: Any = operation

    def __call__(self, function: Callable[[Call[Op]], Awaitable[Op | None]], /) -> Hook:
        return Hook(self._operation, "before", function)


class after(Generic[Op, R]):  # noqa: N801 (a decorator)
    """Runs when ``operation`` has succeeded; may raise, or hand back another result."""

    def __init__(self, operation: Declares[Op, R], /) -> None:
        self._operation: Any = operation

    def __call__(self, function: Callable[[Call[Op], R], Awaitable[R | None]], /) -> Hook:
        return Hook(self._operation, "after", function)


class _RowDecorator(Generic[M]):
    stage: RowStage

    def __init__(self, table: type[M], /) -> None:
        self._table = table


class inserting(_RowDecorator[M]):  # noqa: N801 (a decorator)
    """Runs before a row is written; may raise, or hand back the row to write."""

    stage = "inserting"

    def __call__(self, function: Callable[[M, Call[Any] | None], Awaitable[M | None]], /) -> RowHook:
        return RowHook(self._table, self.stage, function)


class updating(_RowDecorator[M]):  # noqa: N801 (a decorator)
    """Runs before rows change; may raise, or hand back other changes."""

    stage = "updating"

    def __call__(
        self, function: Callable[[RowChange[M], Call[Any] | None], Awaitable[RowChange[M] | None]], /
    ) -> RowHook:
        return RowHook(self._table, self.stage, function)


class _AfterRow(_RowDecorator[M]):
    def __call__(self, function: Callable[[M, Call[Any] | None], Awaitable[None]], /) -> RowHook:
        return RowHook(self._table, self.stage, function)


class inserted(_AfterRow[M]):  # noqa: N801 (a decorator)
    """Runs when a row was written and its transaction has ended well."""

    stage = "inserted"


class updated(_AfterRow[M]):  # noqa: N801 (a decorator)
    """Runs when a row has changed and its transaction has ended well."""

    stage = "updated"


class deleting(_AfterRow[M]):  # noqa: N801 (a decorator)
    """Runs before a row is removed; may raise."""

    stage = "deleting"


class deleted(_AfterRow[M]):  # noqa: N801 (a decorator)
    """Runs when a row was removed and its transaction has ended well."""

    stage = "deleted"
