"""An application's own senders, put aside for a mailbox: what would have been mailed or texted stays in the test.

Every option whose name begins with ``send_`` and that holds a function is one, in settings and in plugins alike. Those
that are not set stay unset: whether there is a sender changes what an instance does.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, TypeVar

from gatewright.plugins.base import Plugin
from gatewright.settings.base import Options
from gatewright.testing.mailbox import Mailbox

__all__ = ("caught", "caught_plugins")

O = TypeVar("O", bound=Options)  # noqa: E741 (read as a type, not as a digit)


def caught(options: O, mailbox: Mailbox) -> O:
    """The same options, with ``mailbox`` in the place of every sender; the kind is the option's name."""
    changes: dict[str, Any] = {}
    for name in type(options).model_fields:
        value: object = getattr(options, name)
        if isinstance(value, Options):
            inner = caught(value, mailbox)
            if inner is not value:
                changes[name] = inner
        elif name.startswith("send_") and callable(value):
            changes[name] = mailbox.sender(name)
    # A copy that keeps which options were given: some defaults depend on it.
    return options.model_copy(update=changes) if changes else options


def caught_plugins(plugins: Sequence[Plugin[Any]], mailbox: Mailbox) -> list[Plugin[Any]]:
    """The same plugins; those with senders are copies."""
    found: list[Plugin[Any]] = []
    for plugin in plugins:
        options: object = getattr(plugin, "options", None)
        inner = caught(options, mailbox) if isinstance(options, Options) else options
        if inner is not options:
            plugin = copy.copy(plugin)  # noqa: PLW2901 (the one that is kept)
            vars(plugin)["options"] = inner
        found.append(plugin)
    return found
