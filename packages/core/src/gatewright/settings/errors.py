"""Options of what happens when something fails. Source: contract, options.json ``onAPIError``."""

from __future__ import annotations

from gatewright.settings.base import Called, Flag, Options
from gatewright.settings.callbacks import OnError

__all__ = ("ErrorPageColors", "ErrorPageFont", "ErrorPageOptions", "ErrorPageSize", "OnApiError")


class ErrorPageColors(Options):
    """Colours of the built-in error page, as CSS writes them."""

    background: str | None = None
    foreground: str | None = None
    primary: str | None = None
    primary_foreground: str | None = None
    muted_foreground: str | None = None
    border: str | None = None
    destructive: str | None = None
    title_border: str | None = None
    title_color: str | None = None
    grid_color: str | None = None
    card_background: str | None = None
    corner_border: str | None = None


class ErrorPageSize(Options):
    """Sizes of the built-in error page, as CSS writes them."""

    radius_sm: str | None = None
    radius_md: str | None = None
    radius_lg: str | None = None
    text_sm: str | None = None
    text_2xl: str | None = None
    text_4xl: str | None = None
    text_6xl: str | None = None


class ErrorPageFont(Options):
    """Fonts of the built-in error page, as CSS writes them."""

    default_family: str | None = None
    mono_family: str | None = None


class ErrorPageOptions(Options):
    """The look of the built-in error page."""

    colors: ErrorPageColors | None = None
    size: ErrorPageSize | None = None
    font: ErrorPageFont | None = None
    disable_title_border: Flag | None = None
    disable_corner_decorations: Flag | None = None
    disable_background_grid: Flag | None = None


class OnApiError(Options):
    """What happens when something fails."""

    throw: Flag = False
    """Raise into the host framework instead of answering."""
    on_error: Called[OnError] | None = None
    error_url: str | None = None
    """Where a browser is sent when something fails on the way; unless set, the built-in page."""
    customize_default_error_page: ErrorPageOptions | None = None
