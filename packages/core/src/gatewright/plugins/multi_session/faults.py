"""Faults of the multi-session plugin. Source: contract, errors.json."""

from __future__ import annotations

from gatewright.wire.faults import Fault

__all__ = ("InvalidSessionToken",)


class InvalidSessionToken(Fault, status=401):
    """The browser holds no session with this token, or it is over."""

    message = "Invalid session token"
