"""Options of the bearer plugin."""

from __future__ import annotations

from gatewright.settings.base import Options

__all__ = ("BearerOptions",)


class BearerOptions(Options):
    """``require_signature`` accepts only tokens in the signed form that ``set-auth-token`` hands over."""

    require_signature: bool = False
