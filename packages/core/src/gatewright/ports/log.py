"""The log port."""

from __future__ import annotations

import logging
from typing import Protocol

__all__ = ("Log", "StandardLog", "one_line")


class Log(Protocol):
    """Takes what operators should know. Messages never hold passwords, tokens, codes or cookies."""

    def debug(self, message: str, /, **facts: object) -> None:
        """Of interest while developing."""
        ...

    def info(self, message: str, /, **facts: object) -> None:
        """Worth a line."""
        ...

    def warning(self, message: str, /, **facts: object) -> None:
        """Somebody should look some time."""
        ...

    def error(self, message: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Somebody should look now; ``error`` is logged with its traceback."""
        ...


def one_line(text: str) -> str:
    """``text`` with everything escaped that could end a line or steer a terminal, so that it cannot forge an entry."""
    return text if text.isprintable() else "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


class StandardLog:
    """The standard library's logging, under ``gatewright``. Facts are escaped, so that they cannot forge a line."""

    __slots__ = ("_logger",)

    def __init__(self, name: str = "gatewright") -> None:
        self._logger = logging.getLogger(name)

    def debug(self, message: str, /, **facts: object) -> None:
        """Of interest while developing."""
        self._write(logging.DEBUG, message, facts, None)

    def info(self, message: str, /, **facts: object) -> None:
        """Worth a line."""
        self._write(logging.INFO, message, facts, None)

    def warning(self, message: str, /, **facts: object) -> None:
        """Somebody should look some time."""
        self._write(logging.WARNING, message, facts, None)

    def error(self, message: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Somebody should look now."""
        self._write(logging.ERROR, message, facts, error)

    def _write(self, level: int, message: str, facts: dict[str, object], error: BaseException | None) -> None:
        if self._logger.isEnabledFor(level):
            details = " ".join(f"{name}={value!r}" for name, value in facts.items())
            shown = f" ({details})" if details else ""
            self._logger.log(level, "%s%s", one_line(message), shown, exc_info=error)
