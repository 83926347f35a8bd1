"""Room 7: plugins, one folder each, with the same rooms in small. Public names are exported lazily."""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gatewright.plugins.base import Parts as Parts
    from gatewright.plugins.base import Plugin as Plugin
    from gatewright.plugins.bearer import Bearer as Bearer
    from gatewright.plugins.bearer import BearerOptions as BearerOptions
    from gatewright.plugins.device_authorization import DeviceAuthorization as DeviceAuthorization
    from gatewright.plugins.device_authorization import DeviceAuthorizationApi as DeviceAuthorizationApi
    from gatewright.plugins.device_authorization import DeviceAuthorizationOptions as DeviceAuthorizationOptions
    from gatewright.plugins.jwt import Jwt as Jwt
    from gatewright.plugins.jwt import JwtApi as JwtApi
    from gatewright.plugins.jwt import JwtOptions as JwtOptions
    from gatewright.plugins.open_api import OpenApi as OpenApi
    from gatewright.plugins.open_api import OpenApiApi as OpenApiApi
    from gatewright.plugins.open_api import OpenApiOptions as OpenApiOptions
    from gatewright.plugins.two_factor import TwoFactor as TwoFactor
    from gatewright.plugins.two_factor import TwoFactorApi as TwoFactorApi
    from gatewright.plugins.two_factor import TwoFactorOptions as TwoFactorOptions

_HOMES = {
    "Bearer": "gatewright.plugins.bearer",
    "BearerOptions": "gatewright.plugins.bearer",
    "DeviceAuthorizationOptions": "gatewright.plugins.device_authorization",
    "DeviceAuthorizationApi": "gatewright.plugins.device_authorization",
    "DeviceAuthorization": "gatewright.plugins.device_authorization",
    "Jwt": "gatewright.plugins.jwt",
    "JwtApi": "gatewright.plugins.jwt",
    "JwtOptions": "gatewright.plugins.jwt",
    "OpenApi": "gatewright.plugins.open_api",
    "OpenApiApi": "gatewright.plugins.open_api",
    "OpenApiOptions": "gatewright.plugins.open_api",
    "Parts": "gatewright.plugins.base",
    "Plugin": "gatewright.plugins.base",
    "TwoFactor": "gatewright.plugins.two_factor",
    "TwoFactorApi": "gatewright.plugins.two_factor",
    "TwoFactorOptions": "gatewright.plugins.two_factor",
}

__all__ = (
    "Bearer",
    "BearerOptions",
    "DeviceAuthorization",
    "DeviceAuthorizationApi",
    "DeviceAuthorizationOptions",
    "Jwt",
    "JwtApi",
    "JwtOptions",
    "OpenApi",
    "OpenApiApi",
    "OpenApiOptions",
    "Parts",
    "Plugin",
    "TwoFactor",
    "TwoFactorApi",
    "TwoFactorOptions",
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
