"""Handlers: functions bound to an operation, with guards that hand over evidence.

The type checker ties a handler to its operation: another input, another evidence or another result is refused.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, overload

from gatewright.pipeline.call import Call
from gatewright.wire.operation import Operation

__all__ = ("Declares", "Endpoint", "Guard", "handles")

R = TypeVar("R")
G = TypeVar("G")
Op = TypeVar("Op", bound=Operation[Any])
Op_co = TypeVar("Op_co", covariant=True)
Op_contra = TypeVar("Op_contra", contravariant=True)
R_co = TypeVar("R_co", covariant=True)
G_co = TypeVar("G_co", covariant=True)


class Declares(Protocol[Op_co, R_co]):
    """An operation class seen as a value: it takes ``Op`` and promises ``R``."""

    def promise(self) -> tuple[Op_co, R_co]:
        """Type-level only."""
        ...


class Guard(Protocol[Op_contra, G_co]):
    """Turns a call into evidence, or raises. It may ask for members that the input must have."""

    async def __call__(self, call: Call[Op_contra], /) -> G_co:
        """The evidence.

        Raises:
            ApiError: The call may not go on.
        """
        ...


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A handler with its operation; ``run`` includes the guard."""

    operation: type[Operation[Any]]
    run: Callable[[Call[Any]], Awaitable[Any]]
    guard: Guard[Any, Any] | None
    handler: Callable[..., Awaitable[Any]]


class _Plain(Generic[Op, R]):
    def __init__(self, operation: Any) -> None:
        self.operation = operation

    def __call__(self, handler: Callable[[Call[Op]], Awaitable[R]], /) -> Endpoint:
        return Endpoint(self.operation, handler, None, handler)


class _Guarded(Generic[Op, R, G]):
    def __init__(self, operation: Any, guard: Guard[Op, G]) -> None:
        self.operation = operation
        self.guard = guard

    def __call__(self, handler: Callable[[Call[Op], G], Awaitable[R]], /) -> Endpoint:
        guard = self.guard

        async def run(call: Call[Op]) -> R:
            return await handler(call, await guard(call))

        return Endpoint(self.operation, run, guard, handler)


@overload
def handles(operation: Declares[Op, R], /) -> _Plain[Op, R]: ...
@overload
def handles(operation: Declares[Op, R], guard: Guard[Op, G], /) -> _Guarded[Op, R, G]: ...
def handles(operation: Declares[Op, R], guard: Guard[Op, G] | None = None, /) -> _Plain[Op, R] | _Guarded[Op, R, G]:
    """Bind a function to ``operation``; with a guard, its evidence is the second argument."""
    return _Plain(operation) if guard is None else _Guarded(operation, guard)
