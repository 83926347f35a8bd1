"""What comes with a row on the wire and is no column of it: rows of other tables, a document read from its text.

::

    class MemberWithUser(Member):
        user: Beside[MemberUser | None] = beside()

The server puts it there by wire name (``with_values``); a client reads it as the annotation says. Not here: columns (``column``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from gatewright.wire.names import camel

if TYPE_CHECKING:
    from gatewright.model.row import Row

__all__ = ("Beside", "beside")

T = TypeVar("T")


class Beside(Generic[T]):
    """A member beside the columns; ``None`` where the row came without it."""

    def __init__(self) -> None:
        self.name = ""

    def __set_name__(self, owner: type[Row], name: str) -> None:
        self.name = camel(name)

    @overload
    def __get__(self, row: None, owner: type[Row]) -> Beside[T]: ...
    @overload
    def __get__(self, row: Row, owner: type[Row]) -> T: ...
    def __get__(self, row: Row | None, owner: type[Row]) -> Beside[T] | T:
        return self if row is None else row.raw.get(self.name)  # pyright: ignore[reportReturnType] (the annotation says)

    def __set__(self, row: Row, value: T) -> None:
        raise AttributeError(f"a row does not change: {self.name}")


def beside() -> Any:
    """Declare a member beside the columns; its annotation is a :class:`Beside`."""
    return Beside[Any]()
