"""Options of the multi-session plugin."""

from __future__ import annotations

from pydantic import Field

from gatewright.settings.base import Options, Whole

__all__ = ("MultiSessionOptions",)


class MultiSessionOptions(Options):
    """``maximum_sessions`` is how many users a browser keeps beside each other; further ones are active, but not kept."""

    maximum_sessions: Whole = Field(default=5, ge=1)
