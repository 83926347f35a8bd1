"""Options of the custom session plugin."""

from __future__ import annotations

from gatewright.settings.base import Flag, Options

__all__ = ("CustomSessionOptions",)


class CustomSessionOptions(Options):
    """``should_mutate_list_device_sessions_endpoint`` gives the sessions of a browser (multi-session) the same shape."""

    should_mutate_list_device_sessions_endpoint: Flag = False
