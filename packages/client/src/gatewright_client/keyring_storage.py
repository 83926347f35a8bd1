"""A storage in the operating system's keyring (extra ``keyring``)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable
from importlib import import_module
from typing import Protocol, cast

from gatewright_client.storage import EMPTY, Saved, decode_saved, encode_saved

__all__ = ("Keyring", "KeyringStorage")


class Keyring(Protocol):
    """The part of the ``keyring`` package that is used; one of its backends does as well."""

    def get_password(self, service: str, username: str, /) -> str | None:
        """The secret, or ``None``."""
        ...

    def set_password(self, service: str, username: str, password: str, /) -> None:
        """Keep a secret."""
        ...


class KeyringStorage:
    """Keeps cookies and tokens as one secret. Writers of one process take turns; of two processes the last one wins.

    Args:
        service: The application's name in the keyring.
        username: The entry's name.
        keyring: Where to keep it; by default the ``keyring`` package, with the backend that it chooses.

    Raises:
        ImportError: The ``keyring`` package is not installed.
    """

    blocking: bool = True

    def __init__(self, service: str, username: str = "session", *, keyring: Keyring | None = None) -> None:
        self._service = service
        self._username = username
        self._keyring = keyring or cast("Keyring", import_module("keyring"))
        self._lock = threading.Lock()

    def load(self) -> Saved:
        """What the keyring holds now."""
        found = self._keyring.get_password(self._service, self._username)
        return EMPTY if found is None else decode_saved(found)

    def update(self, change: Callable[[Saved], Saved]) -> Saved:
        """Replace the secret by ``change`` of it."""
        with self._lock:
            before = self.load()
            after = change(before)
            if after != before:
                self._keyring.set_password(self._service, self._username, encode_saved(after).decode())
            return after

    def version(self) -> Hashable:
        """Keyrings do not tell of changes."""
        return None
