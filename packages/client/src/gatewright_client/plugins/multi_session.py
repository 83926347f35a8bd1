"""The counterpart of the multi-session plugin."""

from __future__ import annotations

from gatewright.plugins.multi_session.contract import (
    ListDeviceSessions,
    RevokeDeviceSession,
    SetActiveSession,
)
from gatewright.wire.operation import SESSION
from gatewright_client.calls import F, Group, action
from gatewright_client.plugins.base import ClientPlugin, at

__all__ = ("MultiSessionCalls", "MultiSessionClient")


class MultiSessionCalls(Group[F]):
    """``/multi-session``."""

    list_device_sessions = action(ListDeviceSessions)
    revoke = action(RevokeDeviceSession)
    set_active = action(SetActiveSession)


class MultiSessionClient(ClientPlugin):
    """Several users in one client."""

    def __init__(self) -> None:
        super().__init__(
            "multi-session", calls=MultiSessionCalls, signals={SESSION.name: at("/multi-session/set-active")}
        )
