"""The counterpart of the one tap plugin."""

from __future__ import annotations

from gatewright.plugins.one_tap.contract import (
    OneTapCallback,
)
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin

__all__ = ("OneTapCalls", "OneTapClient")


class OneTapCalls(Group[F]):
    """``/one-tap``."""

    callback = action(OneTapCallback)


class OneTapClient(ClientPlugin):
    """Signing in with the ID token of Google's dialogue."""

    def __init__(self) -> None:
        super().__init__("one-tap", calls=OneTapCalls)
