"""What a terminal shows while a device waits for its user: with Rich where it is installed, else in plain lines."""

from __future__ import annotations

import importlib
import sys
from datetime import timedelta
from typing import Any, TextIO

from gatewright.plugins.device_authorization.contract import Issued
from gatewright_client.device import DeviceProgress

__all__ = ("PlainProgress", "RichProgress", "terminal_progress")


def terminal_progress(stream: TextIO | None = None) -> DeviceProgress:
    """For ``stream``, by default the standard error: the program's own output stays clean."""
    out = stream or sys.stderr
    try:
        console = importlib.import_module("rich.console")
    except ImportError:
        return PlainProgress(out)
    return RichProgress(console.Console(file=out))


def readable(text: str) -> str:
    """``text`` without what would move a terminal's cursor: it comes from a server."""
    return "".join(char for char in text if char.isprintable())


class PlainProgress:
    """Two lines, and nothing more."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def show(self, issued: Issued) -> None:
        """Say where to go and what to type."""
        self._stream.write(f"Open {readable(issued.verification_uri)} and enter {readable(issued.user_code)}\n")
        self._stream.write(f"or open {readable(issued.verification_uri_complete)}\n")
        self._stream.flush()

    def wait(self, left: timedelta) -> None:
        """Nothing: the lines stay on the screen."""

    def end(self) -> None:
        """Nothing is to be taken away."""


class RichProgress:
    """The code in a panel, and a spinner with the time that is left.

    Args:
        console: A ``rich.console.Console``.
    """

    def __init__(self, console: Any) -> None:
        self._console = console
        self._status: Any = None

    def show(self, issued: Issued) -> None:
        """Say where to go and what to type."""
        text = importlib.import_module("rich.text").Text
        panel = importlib.import_module("rich.panel").Panel
        said = text.assemble(
            "Open ",
            (readable(issued.verification_uri), "bold"),
            " and enter ",
            (readable(issued.user_code), "bold green"),
            "\nor open ",
            readable(issued.verification_uri_complete),
        )
        self._console.print(panel(said, title="Sign in", expand=False))

    def wait(self, left: timedelta) -> None:
        """Show the time that is left."""
        minutes, seconds = divmod(max(int(left.total_seconds()), 0), 60)
        said = f"Waiting for you: {minutes}:{seconds:02} left"
        if self._status is None:
            self._status = self._console.status(said)
            self._status.start()
        else:
            self._status.update(said)

    def end(self) -> None:
        """Take the spinner away."""
        if self._status is not None:
            self._status.stop()
            self._status = None
