"""The server method of the one tap plugin."""

from __future__ import annotations

from gatewright.plugins.one_tap.contract import OneTapCallback
from gatewright.wire.calls import Api, method

__all__ = ("OneTapApi",)


class OneTapApi(Api):
    """What the plugin adds to ``auth.api``."""

    one_tap_callback = method(OneTapCallback)
