"""What a client plugin is: the counterpart of a server's plugin, the project's own or a third party's.

The calls of the project's own plugins are there on every client. A plugin adds what calls alone do not have: the answers
that may come instead of an operation's own, its faults, and rules for signals beyond those that operations declare.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import msgspec

from gatewright.wire.faults import Fault
from gatewright_client.calls import Group
from gatewright_client.options import Callback

__all__ = ("ClientPlugin", "Listens", "OnInstead", "at", "below")

Listens: TypeAlias = Callable[[str], bool]
"""Whether a success at this path raises a signal; the path is the operation's template."""

OnInstead: TypeAlias = Callable[[Any], Callback]
"""Told of an answer that came instead of an operation's own; it gets the answer's value."""


def at(*paths: str) -> Listens:
    """These paths."""
    return frozenset(paths).__contains__


def below(*beginnings: str) -> Listens:
    """The paths that begin so."""
    return lambda path: path.startswith(beginnings)


class ClientPlugin:
    """What a plugin adds to a client.

    Args:
        id: The server plugin's id, such as ``two-factor``.
        calls: Its group, for ``client.of(plugin.calls)``; ``None`` when it adds no operations of its own.
        instead: Answers that may come in an operation's place, by the member of the JSON body that tells them.
        on_instead: Told of such answers.
        signals: Signals that successes raise, by name, with the rule of paths that do.
        faults: Faults that any operation may raise while the server has the plugin; found by their code.
        paths: Where the server has operations that it can move, by their declared path.
    """

    def __init__(
        self,
        id: str,  # noqa: A002 (the server's plugins have an id as well)
        *,
        calls: type[Group[Any]] | None = None,
        instead: Mapping[str, type[msgspec.Struct]] | None = None,
        on_instead: OnInstead | None = None,
        signals: Mapping[str, Listens] | None = None,
        faults: tuple[type[Fault], ...] = (),
        paths: Mapping[str, str] | None = None,
    ) -> None:
        self.id = id
        self.calls = calls
        self.instead: Mapping[str, type[msgspec.Struct]] = dict(instead or {})
        self.on_instead = on_instead
        self.signals: Mapping[str, Listens] = dict(signals or {})
        self.faults = faults
        self.paths: Mapping[str, str] = dict(paths or {})
