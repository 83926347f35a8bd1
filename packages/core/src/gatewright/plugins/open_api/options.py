"""Options of the open API plugin."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from gatewright.settings.base import Options

__all__ = ("OpenApiOptions", "Theme")


Theme: TypeAlias = Literal[
    "alternate", "bluePlanet", "deepSpace", "default", "kepler", "laserwave", "mars", "moon", "none", "purple", "saturn",
    "solarized",
]  # fmt: skip
"""The contract's names of themes; here each is a colour of links and headings."""


class OpenApiOptions(Options):
    """Where the page is, whether it is there, and what it looks like.

    Attributes:
        path: Where the page is, below the base path.
        disable_default_reference: There is no page.
        theme: Its colours.
        nonce: Names the page's style in its ``Content-Security-Policy``, in the place of ``'unsafe-inline'``.
    """

    path: str = Field(default="/reference", pattern=r"^/[A-Za-z0-9/_.\-]+$")
    disable_default_reference: bool = False
    theme: Theme = "default"
    nonce: str | None = Field(default=None, pattern=r"^[A-Za-z0-9+/_\-]+={0,2}$")
