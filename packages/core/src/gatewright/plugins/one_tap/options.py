"""Options of the one tap plugin. Source: contract, options.json ``one-tap``."""

from __future__ import annotations

from pydantic import Field

from gatewright.settings.base import Flag, Options

__all__ = ("OneTapOptions",)


class OneTapOptions(Options):
    """How one tap works.

    Attributes:
        disable_signup: Unknown addresses do not become users.
        client_id: For whom Google must have made the token; by default the client of ``social_providers.google``.
    """

    disable_signup: Flag = False
    client_id: str | None = Field(default=None, min_length=1)
