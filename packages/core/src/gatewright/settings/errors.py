"""Options of what happens when something fails."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from pydantic import SkipValidation

from gatewright.settings.base import Options

__all__ = ("ErrorPageOptions", "OnApiError")


class ErrorPageOptions(Options):
    """The look of the built-in error page: values of CSS, by the contract's names."""

    colors: Mapping[str, str] | None = None
    size: Mapping[str, str] | None = None
    font: Mapping[str, str] | None = None
    disable_title_border: bool | None = None
    disable_corner_decorations: bool | None = None
    disable_background_grid: bool | None = None


class OnApiError(Options):
    """What happens when something fails."""

    throw: bool = False
    on_error: SkipValidation[Callable[[BaseException, Any], Awaitable[None] | None]] | None = None
    error_url: str | None = None
    customize_default_error_page: ErrorPageOptions | None = None
