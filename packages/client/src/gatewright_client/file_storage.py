"""A storage in one file, readable by its owner only, shared by any number of processes.

Writers take a lock on a file beside it and replace the whole file, so that readers need no lock and never see half of
it. Source: POSIX ``rename`` and ``flock``.
"""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Generator, Hashable
from pathlib import Path

from gatewright_client.storage import EMPTY, Saved, decode_saved, encode_saved

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

__all__ = ("FileStorage",)


class FileStorage:
    """Keeps cookies and tokens in ``path`` with mode 0600; a missing or unreadable content counts as empty.

    Args:
        path: The file. Missing folders are made, for the owner only. A second file, ``<path>.lock``, appears beside it.
    """

    blocking: bool = True

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.path = Path(path).expanduser()
        self._beside = self.path.with_name(self.path.name + ".lock")
        self._mutex = threading.Lock()

    def load(self) -> Saved:
        """What the file holds now."""
        try:
            return decode_saved(self.path.read_bytes())
        except FileNotFoundError:
            return EMPTY

    def update(self, change: Callable[[Saved], Saved]) -> Saved:
        """Replace the content by ``change`` of it, while every other writer waits."""
        with self._locked():
            before = self.load()
            after = change(before)
            if after != before:
                self._replace(encode_saved(after))
            return after

    def version(self) -> Hashable:
        """The identity of the file, which every replacement changes."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return ()
        return (found.st_ino, found.st_mtime_ns, found.st_size)

    def _replace(self, content: bytes) -> None:
        # mkstemp makes the file for its owner only (0600) before anything is written to it.
        handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=f".{self.path.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                Path(name).unlink()
            raise

    @contextlib.contextmanager
    def _locked(self) -> Generator[None]:
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._mutex:
            handle = os.open(self._beside, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                _lock(handle)
                yield
            finally:
                # Closing gives the lock back.
                os.close(handle)


if sys.platform == "win32":

    def _lock(handle: int) -> None:
        while True:
            # LK_LOCK itself waits ten seconds before it gives up.
            with contextlib.suppress(OSError):
                msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
                return

else:

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX)
