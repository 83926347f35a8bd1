"""A log that keeps what it is told."""

from __future__ import annotations

__all__ = ("RecordingLog",)


class RecordingLog:
    """Satisfies ``gatewright.ports.log.Log``; ``lines`` holds level, message, facts and error of each entry."""

    def __init__(self) -> None:
        self.lines: list[tuple[str, str, dict[str, object], BaseException | None]] = []

    def debug(self, message: str, /, **facts: object) -> None:
        """Keep a line."""
        self.lines.append(("debug", message, facts, None))

    def info(self, message: str, /, **facts: object) -> None:
        """Keep a line."""
        self.lines.append(("info", message, facts, None))

    def warning(self, message: str, /, **facts: object) -> None:
        """Keep a line."""
        self.lines.append(("warning", message, facts, None))

    def error(self, message: str, /, *, error: BaseException | None = None, **facts: object) -> None:
        """Keep a line."""
        self.lines.append(("error", message, facts, error))

    def text(self) -> str:
        """Everything as one text, to look for what must not be in it."""
        return "\n".join(f"{level} {message} {facts} {error!r}" for level, message, facts, error in self.lines)
