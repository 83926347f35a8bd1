"""The server method of the custom session plugin."""

from __future__ import annotations

from gatewright.plugins.custom_session.contract import GetCustomSession
from gatewright.wire.calls import Api, method

__all__ = ("CustomSessionApi",)


class CustomSessionApi(Api):
    """What the plugin adds; an operation of the application's own needs a method of the application's own."""

    get_custom_session = method(GetCustomSession)
