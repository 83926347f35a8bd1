"""Functions that run around writes to a table, and the quiet way in which they refuse one.

Not when they run: that is the database's.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from gatewright.model.query import Where
from gatewright.model.row import Row

__all__ = ("Refused", "RowChange", "RowHook", "RowStage", "TableHooks")

M = TypeVar("M", bound=Row)

RowStage: TypeAlias = Literal["inserting", "inserted", "updating", "updated", "deleting", "deleted"]


class Refused(Exception):
    """A hook has refused a write, quietly: nothing was written, and nothing went wrong.

    Attributes:
        table: The model whose row it was.
        verb: What was refused: ``create``, ``update`` or ``delete``.
    """

    def __init__(self, table: str = "row", verb: Literal["create", "update", "delete"] = "create") -> None:
        super().__init__(f"a hook does not want to {verb} this {table}")
        self.table = table
        self.verb = verb


@dataclass(frozen=True, slots=True)
class RowChange(Generic[M]):
    """What an update is about to do: new values by wire name, and which rows it means."""

    table: type[M]
    values: Mapping[str, Any]
    where: tuple[Where[Any], ...]


@dataclass(frozen=True, slots=True)
class RowHook:
    """A function that runs around a write to a table."""

    table: type[Row]
    stage: RowStage
    run: Callable[..., Awaitable[Any]]


class TableHooks:
    """The hooks of one instance by table and stage."""

    __slots__ = ("_hooks",)

    def __init__(self, hooks: Sequence[RowHook] = ()) -> None:
        self._hooks: dict[tuple[str, str], tuple[RowHook, ...]] = {}
        for hook in hooks:
            key = (hook.table.table, hook.stage)
            self._hooks[key] = (*self._hooks.get(key, ()), hook)

    def including(self, more: Sequence[RowHook]) -> TableHooks:
        """These hooks and then some more."""
        return TableHooks([*(hook for hooks in self._hooks.values() for hook in hooks), *more])

    def of(self, table: str, stage: RowStage) -> tuple[RowHook, ...]:
        """The hooks to run."""
        return self._hooks.get((table, stage), ())
