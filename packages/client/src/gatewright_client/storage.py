"""Where cookies and tokens are kept between requests: the port, and the storage that forgets.

Files and keyrings have their own modules.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from typing import Protocol

import msgspec

from gatewright_client.cookies import Cookie

__all__ = ("EMPTY", "MemoryStorage", "Saved", "Storage", "decode_saved", "encode_saved")


class Saved(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All that a client keeps.

    Attributes:
        cookies: The jar.
        tokens: Bearer tokens by the base URL that gave them.
        profiles: What is kept under a name (``profiles``); it has no profiles of its own.
    """

    cookies: tuple[Cookie, ...] = ()
    tokens: dict[str, str] = {}
    profiles: dict[str, Saved] = {}

    def __repr__(self) -> str:
        return f"Saved(cookies={len(self.cookies)}, tokens={len(self.tokens)})"


EMPTY = Saved()


class Storage(Protocol):
    """Keeps :class:`Saved`.

    ``update`` is one step: of two callers, in one process or in two, the second one sees what the first one left.
    What cannot be read counts as empty; what cannot be written raises ``OSError`` or the backend's own error.

    Attributes:
        blocking: Its methods may wait for a disk or another process; an asynchronous client calls them in a thread.
    """

    @property
    def blocking(self) -> bool:
        """See above."""
        ...

    def load(self) -> Saved:
        """What is kept now."""
        ...

    def update(self, change: Callable[[Saved], Saved]) -> Saved:
        """Replace what is kept by ``change`` of it; the new value."""
        ...

    def version(self) -> Hashable:
        """Something that differs after any other process has changed what is kept; ``None`` where none can."""
        ...


class MemoryStorage:
    """Keeps everything until the program ends. Clients that share one share their session."""

    blocking: bool = False

    def __init__(self, saved: Saved = EMPTY) -> None:
        self._saved = saved
        self._lock = threading.Lock()

    def load(self) -> Saved:
        """What is kept now."""
        return self._saved

    def update(self, change: Callable[[Saved], Saved]) -> Saved:
        """Replace what is kept by ``change`` of it."""
        with self._lock:
            self._saved = change(self._saved)
            return self._saved

    def version(self) -> Hashable:
        """Nobody else can change it."""
        return None


_decoder = msgspec.json.Decoder(Saved)


def encode_saved(saved: Saved) -> bytes:
    """The stored form: JSON."""
    return msgspec.json.encode(saved)


def decode_saved(data: bytes | str) -> Saved:
    """What was stored; what is no stored form, after a crash or by another program's hand, is empty."""
    try:
        return _decoder.decode(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return EMPTY
