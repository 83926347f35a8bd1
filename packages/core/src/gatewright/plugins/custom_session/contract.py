"""The operation that takes the place of the core's, and how an application declares one of its own."""

from __future__ import annotations

from msgspec import UNSET, UnsetType

from gatewright.contract.faults import FailedToGetSession
from gatewright.wire.operation import Operation, route

__all__ = ("GetCustomSession", "custom_get_session")

custom_get_session = route(
    ("GET",),
    "/get-session",
    name="getSession",
    raises=(FailedToGetSession,),
    media=(),
    needs_headers=True,
)
"""Declares an operation that answers ``GET /get-session``; the fields ``disable_cookie_cache`` and ``disable_refresh``
mean what they mean in the core's."""


@custom_get_session
class GetCustomSession(Operation[object]):
    """The application's own answer about the session that the caller's cookies prove, or null."""

    disable_cookie_cache: bool | UnsetType = UNSET
    disable_refresh: bool | UnsetType = UNSET
