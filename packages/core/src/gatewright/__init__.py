"""Gatewright: authentication for Python backends over the better-auth HTTP contract.

The names that applications need are exported here, lazily: importing this package loads nothing but this file.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatewright.api import CoreApi as CoreApi
    from gatewright.auth import Auth as Auth
    from gatewright.auth import Reply as Reply
    from gatewright.blueprint import Blueprint as Blueprint
    from gatewright.contract.results import SessionData as SessionData
    from gatewright.http.request import Request as Request
    from gatewright.http.response import Response as Response
    from gatewright.model.account import Account as Account
    from gatewright.model.session import Session as Session
    from gatewright.model.user import User as User
    from gatewright.model.verification import Verification as Verification
    from gatewright.settings.settings import Settings as Settings
    from gatewright.wire.faults import ApiError as ApiError
    from gatewright.wire.faults import ConfigError as ConfigError
    from gatewright.wire.faults import Fault as Fault

_HOMES = {
    "Account": "gatewright.model.account",
    "ApiError": "gatewright.wire.faults",
    "Auth": "gatewright.auth",
    "Blueprint": "gatewright.blueprint",
    "ConfigError": "gatewright.wire.faults",
    "CoreApi": "gatewright.api",
    "Fault": "gatewright.wire.faults",
    "Reply": "gatewright.auth",
    "Request": "gatewright.http.request",
    "Response": "gatewright.http.response",
    "Session": "gatewright.model.session",
    "SessionData": "gatewright.contract.results",
    "Settings": "gatewright.settings.settings",
    "User": "gatewright.model.user",
    "Verification": "gatewright.model.verification",
}

__all__ = (
    "Account",
    "ApiError",
    "Auth",
    "Blueprint",
    "ConfigError",
    "CoreApi",
    "Fault",
    "Reply",
    "Request",
    "Response",
    "Session",
    "SessionData",
    "Settings",
    "User",
    "Verification",
)


def __getattr__(name: str) -> object:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value: object = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
