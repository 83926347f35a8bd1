"""The log that an application's options describe: how much, and where it goes.

Source: contract, options.json ``logger``.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

from gatewright.ports.log import Log, StandardLog, one_line
from gatewright.settings.callbacks import LogSink
from gatewright.settings.logger import LoggerOptions

__all__ = ("OptionLog", "SinkLog", "log_of")

Level: TypeAlias = Literal["debug", "info", "warn", "error"]

_WEIGHTS: Mapping[Level, int] = {"debug": 0, "info": 1, "warn": 2, "error": 3}


def log_of(options: LoggerOptions) -> Log:
    """The log of an instance."""
    inner: Log = StandardLog() if options.log is None else SinkLog(options.log)
    return OptionLog(inner, None if options.disabled else options.level)


class OptionLog:
    """Passes on what is at least as grave as ``level``; nothing at all where that is ``None``."""

    __slots__ = ("_inner", "_least")

    def __init__(self, inner: Log, level: Level | None) -> None:
        self._inner = inner
        self._least = len(_WEIGHTS) if level is None else _WEIGHTS[level]

    def debug(self, message: str, /, **facts: object) -> None:
        """Of interest while developing."""
        if self._least <= _WEIGHTS["debug"]:
            self._inner.debug(message, **facts)

    def info(self, message: str, /, **facts: object) -> None:
        """Worth a line."""
        if self._least <= _WEIGHTS["info"]:
            self._inner.info(message, **facts)

    def warning(self, message: str, /, **facts: object) -> None:
        """Somebody should look some time."""
        if self._least <= _WEIGHTS["warn"]:
            self._inner.warning(message, **facts)

    def error(self, message: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Somebody should look now."""
        if self._least <= _WEIGHTS["error"]:
            self._inner.error(message, error=error, **facts)


class SinkLog:
    """Hands each entry to the application's own function: level, message, then the facts and the error if any.

    Where the function fails, the entry and the failure go to the standard log: logging breaks no request.
    """

    __slots__ = ("_fallback", "_sink")

    def __init__(self, sink: LogSink) -> None:
        self._sink = sink
        self._fallback = StandardLog()

    def debug(self, message: str, /, **facts: object) -> None:
        """Of interest while developing."""
        self._write("debug", message, facts, None)

    def info(self, message: str, /, **facts: object) -> None:
        """Worth a line."""
        self._write("info", message, facts, None)

    def warning(self, message: str, /, **facts: object) -> None:
        """Somebody should look some time."""
        self._write("warn", message, facts, None)

    def error(self, message: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Somebody should look now."""
        self._write("error", message, facts, error)

    def _write(self, level: Level, message: str, facts: Mapping[str, object], error: BaseException | None) -> None:
        told = {name: one_line(value) if isinstance(value, str) else value for name, value in facts.items()}
        details = [each for each in (told, error) if each]
        try:
            self._sink(level, one_line(message), *details)
        except Exception as failure:  # noqa: BLE001 (whatever the function does, the request goes on)
            self._fallback.error("logger.log failed", error=failure)
            self._fallback.error(message, error=error, **facts)
