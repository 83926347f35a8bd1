"""Options of logging and telemetry. Source: contract, options.json ``logger`` and ``telemetry``."""

from __future__ import annotations

from typing import Literal

from gatewright.settings.base import Called, Flag, Options
from gatewright.settings.callbacks import LogSink

__all__ = ("LoggerOptions", "TelemetryOptions")


class LoggerOptions(Options):
    """How much is logged, and where; without ``log`` the standard library's logger ``gatewright`` is used."""

    disabled: Flag = False
    disable_colors: Flag | None = None
    """Accepted: no log of ours has colours."""
    level: Literal["debug", "info", "warn", "error"] = "warn"
    log: Called[LogSink] | None = None


class TelemetryOptions(Options):
    """Accepted, so that options written for the contract fit. Nothing is ever reported to anybody."""

    enabled: Flag = False
    debug: Flag = False
