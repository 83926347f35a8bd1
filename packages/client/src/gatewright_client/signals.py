"""Signals by name, and who listens to them: the store of a client.

Source: contract, client.json ``store``: a signal is a truth value that is flipped; a new listener is told the present
value at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import isawaitable
from typing import TypeAlias

from gatewright_client.options import Callback

__all__ = ("AsyncStore", "Listener", "SyncStore", "Unsubscribe", "told")

Listener: TypeAlias = Callable[[bool], Callback]
"""Told the new value of a signal."""
Unsubscribe: TypeAlias = Callable[[], None]
"""Ends a subscription; a second call does nothing."""


async def told(answer: object) -> None:
    """Wait for what a callback of an asynchronous client gave back, if it can be waited for."""
    if isawaitable(answer):
        await answer


class _Signals:
    def __init__(self) -> None:
        self._values: dict[str, bool] = {}
        self._listeners: dict[str, list[Listener]] = {}

    @property
    def values(self) -> Mapping[str, bool]:
        """The present value of every signal that was ever raised or listened to."""
        return dict(self._values)

    def _add(self, signal: str, listener: Listener) -> Unsubscribe:
        self._values.setdefault(signal, False)
        # A listener of one's own for each subscription: the same function may be subscribed twice.
        entry: Listener = lambda value: listener(value)  # noqa: E731, PLW0108
        listeners = self._listeners.setdefault(signal, [])
        listeners.append(entry)

        def unsubscribe() -> None:
            if entry in listeners:
                listeners.remove(entry)

        return unsubscribe

    def _flip(self, signal: str) -> tuple[bool, tuple[Listener, ...]]:
        value = not self._values.get(signal, False)
        self._values[signal] = value
        return value, tuple(self._listeners.get(signal, ()))


class AsyncStore(_Signals):
    """The signals of an asynchronous client; listeners may be coroutine functions."""

    async def notify(self, signal: str) -> None:
        """Raise ``signal``: its value is flipped and every listener is told, in the order in which they came."""
        value, listeners = self._flip(signal)
        for listener in listeners:
            await told(listener(value))

    async def listen(self, signal: str, listener: Listener) -> Unsubscribe:
        """Tell ``listener`` the present value now, and every later one."""
        unsubscribe = self._add(signal, listener)
        await told(listener(self._values[signal]))
        return unsubscribe

    def on_change(self, signal: str, listener: Listener) -> Unsubscribe:
        """Tell ``listener`` every later value."""
        return self._add(signal, listener)


class SyncStore(_Signals):
    """The signals of a synchronous client."""

    def notify(self, signal: str) -> None:
        """Raise ``signal``: its value is flipped and every listener is told, in the order in which they came."""
        value, listeners = self._flip(signal)
        for listener in listeners:
            listener(value)

    def listen(self, signal: str, listener: Listener) -> Unsubscribe:
        """Tell ``listener`` the present value now, and every later one."""
        unsubscribe = self._add(signal, listener)
        listener(self._values[signal])
        return unsubscribe

    def on_change(self, signal: str, listener: Listener) -> Unsubscribe:
        """Tell ``listener`` every later value."""
        return self._add(signal, listener)
