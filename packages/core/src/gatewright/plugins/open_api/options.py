"""Options of the open API plugin."""

from __future__ import annotations

from pydantic import Field

from gatewright.settings.base import Options

__all__ = ("OpenApiOptions",)


class OpenApiOptions(Options):
    """Where the page is, and whether it is there."""

    path: str = Field(default="/reference", pattern=r"^/[A-Za-z0-9/_.\-]+$")
    disable_default_reference: bool = False
