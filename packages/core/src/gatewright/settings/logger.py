"""Options of logging."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import SkipValidation

from gatewright.settings.base import Options

__all__ = ("LoggerOptions",)


class LoggerOptions(Options):
    """How much is logged, and where; without ``log`` the standard library's logger ``gatewright`` is used."""

    disabled: bool = False
    disable_colors: bool | None = None
    level: Literal["debug", "info", "warn", "error"] = "warn"
    log: SkipValidation[Callable[..., None]] | None = None
