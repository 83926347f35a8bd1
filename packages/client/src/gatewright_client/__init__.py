"""The typed client of Gatewright and better-auth servers.

Here belong the calls, the session, its storage and signals. No server room: of ``gatewright`` only ``wire``, ``model``,
``contract`` and the contracts of plugins are imported. What needs a browser, a keyring or an ``Auth`` class is loaded when it is
asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from gatewright_client.calls import Async, F, Group, Sender, Sync, action, group
from gatewright_client.client import Client, SyncClient
from gatewright_client.faults import GivenUp, NoAnswer, TimedOut, UnexpectedAnswer
from gatewright_client.live import AsyncLive, Snapshot, SyncLive, live
from gatewright_client.options import Success
from gatewright_client.plugins.base import ClientPlugin
from gatewright_client.result import Result
from gatewright_client.storage import MemoryStorage, Storage

if TYPE_CHECKING:
    from gatewright_client.auth import ApiKeyAuth as ApiKeyAuth
    from gatewright_client.auth import JwtAuth as JwtAuth
    from gatewright_client.auth import SessionAuth as SessionAuth
    from gatewright_client.browser import NativeProvider as NativeProvider
    from gatewright_client.browser import sign_in_with_browser as sign_in_with_browser
    from gatewright_client.device import DeviceProgress as DeviceProgress
    from gatewright_client.device import sign_in_with_device as sign_in_with_device
    from gatewright_client.device import sign_in_with_device_sync as sign_in_with_device_sync
    from gatewright_client.file_storage import FileStorage as FileStorage
    from gatewright_client.keyring_storage import KeyringStorage as KeyringStorage
    from gatewright_client.profiles import Profiles as Profiles

_HOMES = {
    "ApiKeyAuth": "auth",
    "DeviceProgress": "device",
    "FileStorage": "file_storage",
    "JwtAuth": "auth",
    "KeyringStorage": "keyring_storage",
    "NativeProvider": "browser",
    "Profiles": "profiles",
    "SessionAuth": "auth",
    "sign_in_with_browser": "browser",
    "sign_in_with_device": "device",
    "sign_in_with_device_sync": "device",
}

__all__ = (
    "ApiKeyAuth",
    "Async",
    "AsyncLive",
    "Client",
    "ClientPlugin",
    "DeviceProgress",
    "F",
    "FileStorage",
    "GivenUp",
    "Group",
    "JwtAuth",
    "KeyringStorage",
    "MemoryStorage",
    "NativeProvider",
    "NoAnswer",
    "Profiles",
    "Result",
    "Sender",
    "SessionAuth",
    "Snapshot",
    "Storage",
    "Success",
    "Sync",
    "SyncClient",
    "SyncLive",
    "TimedOut",
    "UnexpectedAnswer",
    "action",
    "group",
    "live",
    "sign_in_with_browser",
    "sign_in_with_device",
    "sign_in_with_device_sync",
)


def __getattr__(name: str) -> object:
    try:
        home = _HOMES[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None
    value: object = getattr(import_module(f"gatewright_client.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
