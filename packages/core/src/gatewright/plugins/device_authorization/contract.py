"""Operations and results of device authorization, and its errors. Source: contract; RFC 8628 §3."""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from gatewright.wire.operation import FORM, JSON, SESSION, Operation, get, post
from gatewright.wire.result import Result

__all__ = ("DeviceApprove", "DeviceCodes", "DeviceDeny", "DeviceToken", "DeviceVerify", "Issued", "Processed", "Shown")


class Issued(Result, rename=None):
    """RFC 8628 §3.2: what the device shows and asks with."""

    device_code: str
    user_code: str
    verification_uri: str
    verification_uri_complete: str
    expires_in: int
    interval: int


class AccessToken(Result, rename=None):
    """RFC 6749 §5.1: the token is that of a session."""

    access_token: str
    token_type: str = "Bearer"  # noqa: S105 (the name of a kind of token)
    expires_in: int
    scope: str


class Shown(Result, rename=None):
    """What a code is for; who asks and for what only to those who are signed in."""

    user_code: str
    status: str
    client_id: str | UnsetType | None = UNSET
    scope: str | UnsetType | None = UNSET


class Processed(Result):
    """It is decided."""

    success: bool = True


@post("/device/code", name="deviceCode", media=(JSON, FORM), no_store=True)
class DeviceCodes(Operation[Issued], rename=None):
    """Codes for a device."""

    client_id: str | UnsetType = UNSET
    user_id: str | UnsetType = UNSET
    scope: str | UnsetType = UNSET


@post("/device/token", no_store=True)
class DeviceToken(Operation[AccessToken], rename=None):
    """Ask whether the device was approved."""

    grant_type: Literal["urn:ietf:params:oauth:grant-type:device_code"]
    device_code: str
    client_id: str


@get("/device")
class DeviceVerify(Operation[Shown], rename=None):
    """Look at a code; whoever is signed in claims it, and only they can decide about it."""

    user_code: str


@post("/device/approve", signals=SESSION, needs_headers=True)
class DeviceApprove(Operation[Processed]):
    """Sign the device in."""

    user_code: str


@post("/device/deny", signals=SESSION, needs_headers=True)
class DeviceDeny(Operation[Processed]):
    """Send the device away."""

    user_code: str
