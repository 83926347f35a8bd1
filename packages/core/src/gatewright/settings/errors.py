"""Options of what happens when something fails. Source: contract, options.json ``onAPIError``."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator

from gatewright.http.html import is_css_value
from gatewright.settings.base import Called, Flag, Options
from gatewright.settings.callbacks import OnError

__all__ = ("ErrorPageColors", "ErrorPageFont", "ErrorPageOptions", "ErrorPageSize", "OnApiError")


def _css(value: str) -> str:
    if not is_css_value(value):
        raise ValueError("must be one plain CSS value")
    return value


Css = Annotated[str, AfterValidator(_css)]
"""A CSS value that cannot leave its declaration or load anything."""


class ErrorPageColors(Options):
    """Colours of the built-in error page, as CSS writes them."""

    background: Css | None = None
    foreground: Css | None = None
    primary: Css | None = None
    primary_foreground: Css | None = None
    muted_foreground: Css | None = None
    border: Css | None = None
    destructive: Css | None = None
    title_border: Css | None = None
    title_color: Css | None = None
    grid_color: Css | None = None
    card_background: Css | None = None
    corner_border: Css | None = None


class ErrorPageSize(Options):
    """Sizes of the built-in error page, as CSS writes them."""

    radius_sm: Css | None = None
    radius_md: Css | None = None
    radius_lg: Css | None = None
    text_sm: Css | None = None
    text_2xl: Css | None = None
    text_4xl: Css | None = None
    text_6xl: Css | None = None


class ErrorPageFont(Options):
    """Fonts of the built-in error page, as CSS writes them."""

    default_family: Css | None = None
    mono_family: Css | None = None


class ErrorPageOptions(Options):
    """The look of the built-in error page."""

    colors: ErrorPageColors | None = None
    size: ErrorPageSize | None = None
    font: ErrorPageFont | None = None
    disable_title_border: Flag | None = None
    disable_corner_decorations: Flag | None = None
    disable_background_grid: Flag | None = None

    def variables(self) -> dict[str, str]:
        """What was set, by the name of the page's CSS variable."""
        found: dict[str, str] = {}
        for group in (self.colors, self.size, self.font):
            if group is not None:
                values: dict[str, str] = group.model_dump(exclude_none=True)
                found.update((f"--{name.replace('_', '-')}", value) for name, value in values.items())
        return found

    def decorations(self) -> tuple[str, ...]:
        """The page's decorations that are not switched off."""
        off = {
            "titled": self.disable_title_border,
            "cornered": self.disable_corner_decorations,
            "gridded": self.disable_background_grid,
        }
        return tuple(name for name, disabled in off.items() if not disabled)


class OnApiError(Options):
    """What happens when something fails."""

    throw: Flag = False
    """What nobody expected is raised into the host framework instead of being answered with a bare 500."""
    on_error: Called[OnError] | None = None
    """Told of every 5xx, and of what is refused before an operation is reached: for its origin or its body."""
    error_url: str | None = None
    """Where a browser is sent when something fails on the way; unless set, the built-in page."""
    customize_default_error_page: ErrorPageOptions | None = None
