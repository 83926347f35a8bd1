"""The event loop of synchronous code: one thread for each process, started when it is first needed.

A process that was forked has none of its parent's threads and starts its own.
"""

from __future__ import annotations

import atexit
import os
import threading
from contextlib import AbstractContextManager
from typing import Any

from anyio.from_thread import BlockingPortal, start_blocking_portal

from gatewright.auth import Auth

__all__ = ("Portal", "portal")


class Portal:
    """Runs coroutines for threads that have no event loop, and keeps instances open meanwhile."""

    def __init__(self) -> None:
        self.process = os.getpid()
        self._lock = threading.Lock()
        self._starting = start_blocking_portal(name="gatewright")
        self.loop: BlockingPortal = self._starting.__enter__()
        self._open: dict[int, AbstractContextManager[Any]] = {}

    def open(self, auth: Auth[Any]) -> BlockingPortal:
        """The event loop, once ``auth`` is open on it."""
        if id(auth) not in self._open:
            with self._lock:
                if id(auth) not in self._open:
                    opened = self.loop.wrap_async_context_manager(auth)
                    opened.__enter__()
                    self._open[id(auth)] = opened
        return self.loop

    def close(self, auth: Auth[Any]) -> None:
        """Close an instance, once the work that is under way is done; it opens again when it is used again."""
        with self._lock:
            opened = self._open.pop(id(auth), None)
        if opened is not None:
            opened.__exit__(None, None, None)

    def stop(self) -> None:
        """Close every instance and end the thread."""
        with self._lock:
            opened = list(self._open.values())
            self._open.clear()
        for each in reversed(opened):
            each.__exit__(None, None, None)
        self._starting.__exit__(None, None, None)


_current: Portal | None = None
_lock = threading.Lock()


def portal() -> Portal:
    """The portal of this process."""
    global _current  # noqa: PLW0603 (a process has one)
    found = _current
    if found is not None and found.process == os.getpid():
        return found
    with _lock:
        if _current is None or _current.process != os.getpid():
            _current = Portal()
            atexit.register(_stop, _current)
        return _current


def _stop(ending: Portal) -> None:
    # A child that ends must not wait for a thread that only its parent has.
    if ending.process == os.getpid():
        ending.stop()


def _forked() -> None:
    global _current, _lock  # noqa: PLW0603 (the lock may have been held by a thread that is gone)
    _current = None
    _lock = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forked)
