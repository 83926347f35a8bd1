"""Typed client calls derived from operations: one declaration, read as an awaitable call or as a plain one.

A group is generic in its flavour. ``action`` reads the flavour off the group that it is asked on, so that no call is
written down twice::

    class SignIn(Group[F]):
        email = action(SignInEmail)

    await SignIn(async_sender).email(email="ada@example.com", password="...")  # Result[SignedIn]
    SignIn(sync_sender).email(email="ada@example.com", password="...")  # Result[SignedIn]

Not here: how an operation is sent (``senders``).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterator
from typing import TYPE_CHECKING, Any, Generic, ParamSpec, Self, TypeVar, overload

from gatewright.wire.operation import Operation
from gatewright_client.result import Result

if TYPE_CHECKING:
    from gatewright_client.exchange import Server
    from gatewright_client.options import CallOptions
    from gatewright_client.storage import Saved

__all__ = ("Async", "Declared", "F", "Group", "Sender", "Sync", "action", "actions_of", "group", "sending")


class Async:
    """The flavour of groups whose calls are awaited."""


class Sync:
    """The flavour of groups whose calls return."""


F = TypeVar("F", bound="Async | Sync")
"""The flavour of a group: :class:`Async` or :class:`Sync`."""
P = ParamSpec("P")
R = TypeVar("R")
G = TypeVar("G")
T = TypeVar("T")


class Sender(Generic[F]):
    """Sends operations; the flavour says whether what comes back is awaited."""

    def send(self, op: Operation[Any], /) -> Any:  # noqa: ARG002 (the flavours override it)
        """Send ``op``: a :class:`Result`, or an awaitable of one. Groups type it exactly."""
        raise TypeError("a sender is asynchronous or synchronous")

    def live(self, operation: Callable[[], Operation[Any]], signals: tuple[str, ...]) -> Any:  # noqa: ARG002 (as above)
        """The live value that ``operation`` reads; ``live`` types it exactly."""
        raise TypeError("a sender is asynchronous or synchronous")

    def recall(self, read: Callable[[Server, Saved], Any]) -> Any:  # noqa: ARG002 (as above)
        """What ``read`` finds in what the client keeps; ``kept`` types it exactly."""
        raise TypeError("a sender is asynchronous or synchronous")

    def keep(self, change: Callable[[Server], Callable[[Saved], Saved]], *, refetch: bool) -> Any:  # noqa: ARG002 (as above)
        """Change what the client keeps, and read the session again if need be; ``keeping`` types it exactly."""
        raise TypeError("a sender is asynchronous or synchronous")

    def plugin(self, kind: type[T]) -> T | None:  # noqa: ARG002 (as above)
        """The client's plugin of this class, or ``None``."""
        return None

    def with_options(self, options: CallOptions) -> Self:  # noqa: ARG002 (as above)
        """The same with other options."""
        raise TypeError("a sender is asynchronous or synchronous")


class Group(Generic[F]):
    """A node of the client's tree of calls; the tree follows the paths of the operations."""

    def __init__(self, sender: Sender[F]) -> None:
        self._sender = sender


class group(Generic[G]):  # noqa: N801 (reads as a declaration: ``organization = group(OrganizationCalls[Async])``)
    """A group below a client or a group of one flavour."""

    def __init__(self, make: Callable[[Sender[Any]], G]) -> None:
        self._make = make

    @overload
    def __get__(self, owner: None, cls: type[Group[Any]]) -> group[G]: ...
    @overload
    def __get__(self, owner: Group[Any], cls: type[Group[Any]]) -> G: ...
    def __get__(self, owner: Group[Any] | None, cls: type[Group[Any]]) -> group[G] | G:
        if owner is None:
            return self
        return self._make(owner._sender)  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]


class Declared:
    """A call of a group, as it stands in the class: ``operation`` is what it sends."""

    __doc__: str | None

    def __init__(self, operation: Callable[..., Operation[Any]]) -> None:
        self.operation = operation
        self.name = ""
        self.__doc__ = operation.__doc__

    def __set_name__(self, owner: type[Group[Any]], name: str) -> None:
        self.name = name


class action(Declared, Generic[P, R]):  # noqa: N801 (reads as a declaration: ``sign_out = action(SignOut)``)
    """A call whose signature is the operation's own constructor and whose flavour is that of its group."""

    def __init__(self, operation: Callable[P, Operation[R]]) -> None:
        super().__init__(operation)

    @overload
    def __get__(self, owner: None, cls: type[Group[Any]]) -> action[P, R]: ...
    @overload
    def __get__(self, owner: Group[Async], cls: type[Group[Any]]) -> Callable[P, Coroutine[Any, Any, Result[R]]]: ...
    @overload
    def __get__(self, owner: Group[Sync], cls: type[Group[Any]]) -> Callable[P, Result[R]]: ...
    def __get__(self, owner: Group[Any] | None, cls: type[Group[Any]]) -> Any:
        if owner is None:
            return self
        return sending(owner, self.operation, self)


def sending(owner: Group[Any], operation: Callable[..., Operation[Any]], declared: Declared) -> Callable[..., Any]:
    """The call that sends ``operation`` as ``owner`` does, under the declaration's name."""
    send = owner._sender.send  # noqa: SLF001  # pyright: ignore[reportPrivateUsage]

    def call(*args: Any, **kwargs: Any) -> Any:
        return send(operation(*args, **kwargs))

    call.__name__ = declared.name
    call.__doc__ = declared.__doc__
    return call


def actions_of(cls: type[Group[Any]]) -> Iterator[tuple[str, type[Operation[Any]]]]:
    """Every call that ``cls`` and the groups below it offer: its dotted name and its operation."""
    seen: set[str] = set()
    for base in cls.__mro__:
        for name, value in vars(base).items():
            if name in seen:
                continue
            if isinstance(value, Declared):
                operation: Any = value.operation
                yield name, operation
            elif isinstance(value, property) and value.fget is not None:
                below = _group_of(value.fget)
                if below is not None:
                    yield from (
                        (name if inner == "__call__" else f"{name}.{inner}", operation)
                        for inner, operation in actions_of(below)
                    )
            else:
                continue
            seen.add(name)


def _group_of(getter: Callable[[Any], Any]) -> type[Group[Any]] | None:
    """The group that a property leads to: those of the tree are annotated with the flavour, and need a sender only."""
    written: object = getter.__annotations__.get("return")
    if not isinstance(written, str) or not written.endswith("[F]"):
        return None
    sender: Sender[Any] = Sender()
    found: Group[Any] = getter(Group(sender))
    return type(found)
