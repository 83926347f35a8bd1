"""The server methods of the multi-session plugin."""

from __future__ import annotations

from gatewright.plugins.multi_session.contract import ListDeviceSessions, RevokeDeviceSession, SetActiveSession
from gatewright.wire.calls import Api, method

__all__ = ("MultiSessionApi",)


class MultiSessionApi(Api):
    """What the plugin adds to ``auth.api``."""

    list_device_sessions = method(ListDeviceSessions)
    set_active_session = method(SetActiveSession)
    revoke_device_session = method(RevokeDeviceSession)
