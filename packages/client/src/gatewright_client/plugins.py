"""Client plugins: the counterpart of a server's plugin, the project's own or a third party's.

A plugin brings its group of calls, the answers that may come instead of an operation's own, and rules for signals
beyond those that operations declare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from gatewright_client.calls import Group

__all__ = ("ClientPlugin", "Listens")

Listens = Callable[[str], bool]
"""Whether a success below this path raises a signal; the path is the operation's template."""


@dataclass(frozen=True, slots=True)
class ClientPlugin:
    """What a plugin adds to a client.

    Attributes:
        id: The server plugin's id, such as ``two-factor``.
        calls: Its group, for ``client.of(plugin.calls)``; ``None`` when it adds no operations.
        instead: Answers that may come in an operation's place, by the member of the JSON body that tells them.
        signals: Signals that successes raise, by name, with the rule of paths that do.
    """

    id: str
    calls: type[Group[Any]] | None = None
    instead: Mapping[str, type[msgspec.Struct]] = field(default_factory=dict[str, type[msgspec.Struct]])
    signals: Mapping[str, Listens] = field(default_factory=dict[str, Listens])
