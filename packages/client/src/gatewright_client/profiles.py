"""Several named profiles in one storage: a program whose user is signed in as different people, or at different servers.

What is kept without a name stays what it was, so that a program may begin to have profiles later.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable

import msgspec

from gatewright.wire.faults import ConfigError
from gatewright_client.storage import EMPTY, Saved, Storage

__all__ = ("ProfileStorage", "Profiles")


class ProfileStorage:
    """The part of a storage that is kept under one name.

    Args:
        storage: Where.
        name: Which.

    Raises:
        ConfigError: The name is empty, or the storage is a profile itself.
    """

    def __init__(self, storage: Storage, name: str) -> None:
        if not name or isinstance(storage, ProfileStorage):
            raise ConfigError("a profile has a name, and no profiles of its own")
        self.name = name
        self._storage = storage

    @property
    def blocking(self) -> bool:
        """Whether the storage blocks."""
        return self._storage.blocking

    def load(self) -> Saved:
        """What the profile holds now."""
        return self._storage.load().profiles.get(self.name, EMPTY)

    def update(self, change: Callable[[Saved], Saved]) -> Saved:
        """Replace what the profile holds by ``change`` of it; the others stay as they are."""

        def within(saved: Saved) -> Saved:
            after = change(saved.profiles.get(self.name, EMPTY))
            others = {name: held for name, held in saved.profiles.items() if name != self.name}
            return msgspec.structs.replace(saved, profiles=others if after == EMPTY else {**others, self.name: after})

        return self._storage.update(within).profiles.get(self.name, EMPTY)

    def version(self) -> Hashable:
        """Something that differs after another process has changed any profile."""
        return self._storage.version()


class Profiles:
    """The profiles of a storage.

    ::

        profiles = Profiles(FileStorage("~/.config/app/session.json"))
        work = Client("https://example.com", storage=profiles["work"])
        print(profiles.names())

    Args:
        storage: Where they are kept.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def __getitem__(self, name: str) -> ProfileStorage:
        """The storage of one profile; it comes to be when something is kept in it."""
        return ProfileStorage(self._storage, name)

    def names(self) -> tuple[str, ...]:
        """Those in which something is kept, in order."""
        return tuple(sorted(self._storage.load().profiles))

    def remove(self, name: str) -> None:
        """Drop what one profile holds, without telling any server."""
        self[name].update(lambda _: EMPTY)
