"""What the caller says about calls rather than in them: headers, callbacks, time, and how failure is told."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from gatewright.wire.faults import ApiError

__all__ = ("CallOptions", "Callback", "OnError", "OnRedirect", "OnSuccess", "Success")


@dataclass(frozen=True, slots=True)
class Success:
    """What ``on_success`` is told.

    Attributes:
        operation: The operation's id, such as ``signInEmail``.
        data: What it gave back.
    """

    operation: str
    data: object


Callback: TypeAlias = "Awaitable[object] | object"
"""What a callback returns: whatever is awaitable is awaited by an asynchronous client, anything else is ignored."""


class OnSuccess(Protocol):
    """Told of a success."""

    def __call__(self, success: Success, /) -> Callback:
        """``success`` has happened."""
        ...


class OnError(Protocol):
    """Told of a failure."""

    def __call__(self, error: ApiError, /) -> Callback:
        """``error`` is what the call answers."""
        ...


OnRedirect: TypeAlias = Callable[[str], Any]
"""Told where the user is to be sent (``url`` with ``redirect``); opens a browser, or answers with a redirect."""


@dataclass(frozen=True, slots=True)
class CallOptions:
    """Options of every call of one client.

    Attributes:
        headers: Sent with each request, over the client's own.
        on_success: Told of each success.
        on_error: Told of each failure.
        timeout: Seconds for one attempt; ``None`` leaves it to the HTTP client.
        throw: Failures are raised instead of answered.
        silent: Successes do not refresh the session and raise no signal.
        retries: How often a read is sent again when no answer came.
    """

    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    on_success: OnSuccess | None = None
    on_error: OnError | None = None
    timeout: float | None = None
    throw: bool = False
    silent: bool = False
    retries: int = 2
