"""Calls that are answered from what the client keeps: one declaration for both flavours, as ``action`` is for operations.

::

    class Calls(Group[F]):
        session_token = kept(Server.token_in)

    await Calls(async_sender).session_token()  # str | None
    Calls(sync_sender).session_token()  # str | None

Not here: what is kept (``storage``), and what servers say about it (``exchange``).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar, overload

from gatewright_client.calls import Async, Group, Sync
from gatewright_client.exchange import Server
from gatewright_client.storage import Saved

__all__ = ("keeping", "kept")

P = ParamSpec("P")
T = TypeVar("T")


class kept(Generic[P, T]):  # noqa: N801 (reads as a declaration: ``session_token = kept(Server.token_in)``)
    """A call that reads what is kept; the server is not asked.

    Args:
        read: Given the server, what is kept, and the caller's arguments; its docstring is the call's.
    """

    __doc__: str | None

    def __init__(self, read: Callable[Concatenate[Server, Saved, P], T]) -> None:
        self.read = read
        self.__doc__ = read.__doc__

    @overload
    def __get__(self, owner: None, cls: type[Group[Any]]) -> kept[P, T]: ...
    @overload
    def __get__(self, owner: Group[Async], cls: type[Group[Any]]) -> Callable[P, Coroutine[Any, Any, T]]: ...
    @overload
    def __get__(self, owner: Group[Sync], cls: type[Group[Any]]) -> Callable[P, T]: ...
    def __get__(self, owner: Group[Any] | None, cls: type[Group[Any]]) -> Any:
        if owner is None:
            return self
        read, recall = self.read, owner._sender.recall  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return recall(lambda server, saved: read(server, saved, *args, **kwargs))

        call.__doc__ = self.__doc__
        return call


class keeping(Generic[P]):  # noqa: N801 (as above)
    """A call that changes what is kept; the server is not told.

    Args:
        change: Given the server and the caller's arguments, what becomes of what is kept; its docstring is the call's.
        refetch: The session is read again.
    """

    __doc__: str | None

    def __init__(
        self, change: Callable[Concatenate[Server, P], Callable[[Saved], Saved]], *, refetch: bool = True
    ) -> None:
        self.change = change
        self.refetch = refetch
        self.__doc__ = change.__doc__

    @overload
    def __get__(self, owner: None, cls: type[Group[Any]]) -> keeping[P]: ...
    @overload
    def __get__(self, owner: Group[Async], cls: type[Group[Any]]) -> Callable[P, Coroutine[Any, Any, None]]: ...
    @overload
    def __get__(self, owner: Group[Sync], cls: type[Group[Any]]) -> Callable[P, None]: ...
    def __get__(self, owner: Group[Any] | None, cls: type[Group[Any]]) -> Any:
        if owner is None:
            return self
        change, refetch = self.change, self.refetch
        keep = owner._sender.keep  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

        def call(*args: P.args, **kwargs: P.kwargs) -> Any:
            return keep(lambda server: change(server, *args, **kwargs), refetch=refetch)

        call.__doc__ = self.__doc__
        return call
