"""Typed call surfaces derived from operations: the server's methods and the client's."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Generic, ParamSpec, Protocol, Self, TypeAlias, TypeVar, overload

from gatewright.wire.operation import Operation

__all__ = ("Acting", "Api", "Executor", "method", "methods_of")

P = ParamSpec("P")
R = TypeVar("R")

Acting: TypeAlias = Mapping[str, str]
"""Request headers (names in any case) of the caller for whom the server acts."""


class Executor(Protocol):
    """Runs operations for a server API: the same guards and hooks that HTTP goes through."""

    async def execute(self, op: Operation[R], /, headers: Acting | None = None) -> R:
        """The value of ``op``.

        Raises:
            ApiError: The operation failed, in one of the ways that it documents.
        """
        ...


class Api:
    """A group of server-side methods; compose groups by inheritance."""

    __slots__ = ("_executor", "_headers")

    def __init__(self, executor: Executor, headers: Acting | None = None) -> None:
        self._executor = executor
        self._headers = headers

    def on(self, headers: Acting) -> Self:
        """The same methods, acting for the caller who sent ``headers``."""
        return type(self)(self._executor, headers)


class method(Generic[P, R]):  # noqa: N801 (reads as a declaration: ``sign_out = method(SignOut)``)
    """A server-side method whose signature is the operation's own constructor."""

    __doc__: str | None

    def __init__(self, operation: Callable[P, Operation[R]]) -> None:
        self.operation = operation
        self.name = ""
        self.__doc__ = operation.__doc__

    def __set_name__(self, owner: type[Api], name: str) -> None:
        self.name = name

    @overload
    def __get__(self, api: None, owner: type[Api]) -> method[P, R]: ...
    @overload
    def __get__(self, api: Api, owner: type[Api]) -> Callable[P, Awaitable[R]]: ...
    def __get__(self, api: Api | None, owner: type[Api]) -> method[P, R] | Callable[P, Awaitable[R]]:
        if api is None:
            return self
        operation, run, headers = self.operation, api._executor.execute, api._headers  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

        def call(*args: P.args, **kwargs: P.kwargs) -> Awaitable[R]:
            return run(operation(*args, **kwargs), headers)

        call.__name__ = self.name
        call.__doc__ = self.__doc__
        return call


def methods_of(api: type[Api]) -> Iterator[tuple[str, type[Operation[Any]], type[Api]]]:
    """Every method that ``api`` offers: its name, its operation and the class that declares it."""
    for cls in api.__mro__:
        for name, value in vars(cls).items():
            if isinstance(value, method):
                operation: Any = value.operation
                yield name, operation, cls
